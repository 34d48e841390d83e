from odoo import api, fields, models
from odoo.exceptions import UserError


class PublicationNow(models.TransientModel):
    """Wizard: publish a plan now."""

    _name = "oiconnect.publication.now"
    _description = "Publish now"

    plan_id = fields.Many2one(
        "oiconnect.publication.plan", required=True, ondelete="cascade"
    )
    delta = fields.Boolean(default=True)
    full = fields.Boolean()
    histo = fields.Boolean("History")
    recipients = fields.Char("Sent to", compute="_compute_recipients")
    versions = fields.Char("Versions made", compute="_compute_recipients")

    @api.depends("plan_id")
    def _compute_recipients(self):
        self.recipients = self.versions = False
        for wizard in self.filtered("plan_id"):
            plan = wizard.plan_id
            wizard.recipients = ", ".join(plan._recipients().mapped("interop_code"))
            wizard.versions = ", ".join(plan._formats().mapped("display_name"))

    def action_publish(self):
        self.ensure_one()
        self.env["oiconnect.publication"]._check_may_publish()
        steps = [step for step in ("delta", "full", "histo") if self[step]]
        if not steps:
            raise UserError(self.env._("Tick what is to be published."))
        self.plan_id._check_formats()
        self.plan_id.sudo()._publish(steps)
        return self.plan_id.action_view_publications()
