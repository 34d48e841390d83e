from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.time_zone import local_today


class PbBatch(models.Model):
    """A batch is notified to the operators of its PM, again when it is corrected."""

    _inherit = "oiconnect.pb.batch"
    _event_fields = ("told_date",)

    told_date = fields.Datetime("Operators told on", readonly=True, copy=False)
    is_told = fields.Boolean("Operators are told", compute="_compute_is_told")

    @api.depends("told_date", "write_date")
    def _compute_is_told(self):
        """A batch that changed after its notification is to be notified again."""
        for batch in self:
            notified, changed = batch.told_date, batch.write_date
            batch.is_told = bool(notified) and not (changed and changed > notified)

    def action_tell_operators(self):
        """Send an up-to-date report to every operator of the PM of each batch."""
        self.check_access("read")
        self.env["oiconnect.pm.order"].check_access("write")
        today = local_today()
        for batch in self:
            if not batch.delivery_date or batch.delivery_date > today:
                raise UserError(
                    self.env._(
                        "%s is not available yet: give the day on which it is, then "
                        "tell the operators.",
                        batch.display_name,
                    )
                )
        # A click that came twice, or a list in which some are notified already
        batches = self.sudo().filtered(lambda batch: not batch.is_told)
        batches.pm_id._tell_update()
        # The very time of this change: one of the next second is another.
        batches.write({"told_date": self.env.cr.now()})
