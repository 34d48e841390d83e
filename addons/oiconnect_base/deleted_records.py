"""Display and open records that were deleted while other rows still name them."""

from functools import wraps

from odoo.exceptions import MissingError, UserError


def display_name_of_deleted(compute):
    """Decorate ``_compute_display_name`` so that deleted records have a name.

    No foreign key keeps what a ``Many2oneWithoutForeignKey`` names. A list that fails
    for one such line is left by the web client and opened again, which fails: without
    end.
    """

    @wraps(compute)
    def named(self):
        try:
            compute(self)
        except MissingError:
            found = self.exists()
            compute(found)
            for lost in self - found:
                lost.display_name = self.env._("Deleted (no. %s)", lost.id)

    return named


def open_form(record):
    """Return the action that opens the form of ``record``.

    :raises UserError: it was deleted
    """
    if not record.exists():
        raise UserError(
            record.env._(
                "What this line is about was deleted: there is nothing left to open."
            )
        )
    return {
        "type": "ir.actions.act_window",
        "res_model": record._name,
        "res_id": record.id,
        "view_mode": "form",
        "views": [(False, "form")],
    }
