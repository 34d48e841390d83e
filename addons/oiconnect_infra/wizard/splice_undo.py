from odoo import api, fields, models
from odoo.exceptions import UserError


class SpliceUndo(models.TransientModel):
    """Undo splices; those that carry a service stay."""

    _name = "oiconnect.splice.undo"
    _description = "Undo splices"

    splice_ids = fields.Many2many(
        "oiconnect.splice", string="Splices", default=lambda self: self._chosen()
    )
    splice_count = fields.Integer("Splices to undo", compute="_compute_routes")
    route_ids = fields.Many2many(
        "oiconnect.route", string="Routes in service", compute="_compute_routes"
    )
    reason = fields.Char(help="Kept in the history of changes")

    @api.model
    def _chosen(self):
        """Return the splices of the list, or those of the cable, that were chosen."""
        ids = self.env.context.get("active_ids", [])
        model = self.env.context.get("active_model")
        if model == "oiconnect.pbo.cable":
            return self.env["oiconnect.splice"].search(
                [
                    "|",
                    ("upstream_cable_id", "in", ids),
                    ("downstream_cable_id", "in", ids),
                ]
            )
        return self.env["oiconnect.splice"].browse(
            ids if model == "oiconnect.splice" else []
        )

    @api.depends("splice_ids")
    def _compute_routes(self):
        for wizard in self:
            wizard.splice_count = len(wizard.splice_ids)
            wizard.route_ids = wizard.splice_ids._held_routes()

    def action_undo(self):
        self.ensure_one()
        if not self.splice_ids:
            raise UserError(
                self.env._(
                    "No splice is left to undo: they are undone already, or none was "
                    "chosen."
                )
            )
        splices = self.splice_ids.with_context(oiconnect_reason=self.reason)
        # Not from the relation of the wizard, which would keep what is deleted.
        self.splice_ids = False
        splices.unlink()
        return {"type": "ir.actions.act_window_close"}
