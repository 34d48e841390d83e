from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

MAX_NAMED = 40


class Bulk(models.AbstractModel):
    """Change of many objects at once: shown before, refused as a whole or done.

    All conflicts are reported at once. The history keeps the reason, and
    the batch that binds the changes together.
    """

    _name = "oiconnect.bulk"
    _description = "Change of many objects"

    # Fields that the preview tells of
    _preview_depends = ()

    reason = fields.Char(help="Kept in the history of each object")
    preview = fields.Text("What will be done", compute="_compute_preview")
    conflict = fields.Text("What stands in the way", compute="_compute_preview")

    @api.depends(lambda self: self._preview_depends)
    def _compute_preview(self):
        for wizard in self:
            conflicts = list(filter(None, wizard._conflicts()))
            wizard.conflict = "\n".join(conflicts)
            wizard.preview = not conflicts and wizard._summary()

    def action_apply(self):
        self.ensure_one()
        conflicts = list(filter(None, self._conflicts()))
        if conflicts:
            raise UserError("\n".join(conflicts))
        contended = self._contended()
        if contended:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = now() AT TIME ZONE 'UTC'"
                    " WHERE id = ANY(%s)",
                    SQL.identifier(contended._table),
                    contended.ids,
                )
            )
        return self.with_context(
            oiconnect_batch=f"{self._name.removeprefix('oiconnect.')}:{self.id}",
            oiconnect_reason=self.reason,
            tracking_disable=True,
            mail_create_nosubscribe=True,
        )._apply()

    def _contended(self):
        """Return the records to lock when no index refuses concurrent changes.

        Of two at the same time, the second starts again and sees what stands in
        the way since then.
        """
        return self.env["oiconnect.infra.mixin"]

    # What each tool says and does
    def _conflicts(self):
        """Return the conflicts as sentences; without any the action is allowed."""
        raise NotImplementedError

    def _summary(self):
        """Return what will be done."""
        raise NotImplementedError

    def _apply(self):
        """Do it; return an action or nothing."""
        raise NotImplementedError

    def _named(self, names):
        """Return names in one text, the number of those that are too many."""
        shown = ", ".join(names[:MAX_NAMED])
        left = len(names) - MAX_NAMED
        if left > 0:
            return self.env._("%(names)s and %(count)s more", names=shown, count=left)
        return shown
