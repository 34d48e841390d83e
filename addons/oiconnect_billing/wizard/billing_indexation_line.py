from odoo import api, fields, models


class BillingIndexationLine(models.TransientModel):
    """A price as it is, and as it would be: what a person looks at before."""

    _name = "oiconnect.billing.indexation.line"
    _description = "Indexed price"

    indexation_id = fields.Many2one(
        "oiconnect.billing.indexation", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="indexation_id.currency_id")
    product_id = fields.Many2one("oiconnect.billing.product", "Billing product")
    operator_id = fields.Many2one("oiconnect.operator")
    network_id = fields.Many2one("oiconnect.network")
    old_price = fields.Monetary("Price before")
    exact_price = fields.Float("Before rounding", digits=(16, 6))
    new_price = fields.Monetary("New price")
    rounding = fields.Float(
        "Rounding effect", digits=(16, 6), compute="_compute_rounding"
    )
    is_taken = fields.Boolean("Has a price from then on")

    @api.depends("exact_price", "new_price")
    def _compute_rounding(self):
        for line in self:
            line.rounding = line.new_price - line.exact_price
