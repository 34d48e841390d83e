from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oiconnect_billing_preview = fields.Boolean(
        related="company_id.oiconnect_billing_preview", readonly=False
    )
    oiconnect_billing_jump = fields.Integer(
        related="company_id.oiconnect_billing_jump", readonly=False
    )
    oiconnect_billing_second = fields.Boolean(
        related="company_id.oiconnect_billing_second", readonly=False
    )
    oiconnect_dispute_days = fields.Integer(
        related="company_id.oiconnect_dispute_days", readonly=False
    )
    oiconnect_dispute_answer_days = fields.Integer(
        related="company_id.oiconnect_dispute_answer_days", readonly=False
    )
