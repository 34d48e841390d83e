from odoo import api, fields, models


class InfraOrderDecision(models.TransientModel):
    """The day of a PB, and the PBO that was laid."""

    _inherit = "oiconnect.infra.order.decision"

    pb_event = fields.Char("Decision on PB orders", compute="_compute_pb_event")
    pb_pm_ids = fields.Many2many(
        "oiconnect.pm", string="PMs of the PB orders", compute="_compute_pb_event"
    )
    pb_date = fields.Date("Day", default=fields.Date.context_today)
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "PBO", help="Left empty, the one that serves each building"
    )

    @api.depends("res_model", "res_ids", "event")
    def _compute_pb_event(self):
        """Tell what is decided of PB orders, and the PMs that they are behind."""
        for decision in self:
            ours = decision.res_model == "oiconnect.pb.order"
            decision.pb_event = ours and decision.event
            decision.pb_pm_ids = ours and decision._orders().pm_id

    def _event_values(self):
        values = super()._event_values()
        if self.pb_event == "plan":
            return values | {"date": self.pb_date}
        if self.pb_event == "lay":
            return values | {"date": self.pb_date, "pbo": self.sudo().pbo_id}
        return values
