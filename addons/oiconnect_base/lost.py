"""Records that are gone though lines still name them."""

from functools import wraps

from odoo.exceptions import MissingError


def named_when_lost(compute):
    """Let ``_compute_display_name`` name a record that was deleted, too.

    No foreign key keeps what a ``WarrantedMany2one`` names. A list that fails for one
    such line is left by the web client and opened again, which fails: without end.
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
