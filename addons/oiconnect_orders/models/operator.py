from odoo import fields, models


class Operator(models.Model):
    _inherit = "oiconnect.operator"

    access_order_count = fields.Integer(
        "Access orders", compute="_compute_access_order_count"
    )
    pm_service_ids = fields.One2many(
        "oiconnect.pm.service", "operator_id", "PM services"
    )

    def _compute_access_order_count(self):
        counts = dict(
            self.env["oiconnect.access.order"]._read_group(
                [("operator_id", "in", self.ids)], ["operator_id"], ["__count"]
            )
        )
        for operator in self:
            operator.access_order_count = counts.get(operator, 0)

    def action_view_access_orders(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "oiconnect.access.order",
            "view_mode": "list,form",
            "domain": [("operator_id", "=", self.id)],
            "name": self.env._("Access orders"),
        }
