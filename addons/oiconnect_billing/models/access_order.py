from odoo import fields, models


class AccessOrder(models.Model):
    _inherit = "oiconnect.access.order"

    billing_line_count = fields.Integer(
        "Billed months",
        compute="_compute_billing_line_count",
        groups="oiconnect_base.group_billing_read",
    )

    def _compute_billing_line_count(self):
        counts = dict(
            self.env["oiconnect.billing.line"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.billing_line_count = counts.get(order, 0)

    def action_view_billing_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "oiconnect.billing.line",
            "view_mode": "list",
            "domain": [("order_id", "=", self.id)],
            "name": self.env._("Billed months"),
        }
