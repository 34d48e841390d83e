from odoo import fields, models


class Operator(models.Model):
    _inherit = "oiconnect.operator"

    oiconnect_invoice_count = fields.Integer(
        "Invoice count",
        compute="_compute_oiconnect_invoice_count",
        groups="oiconnect_base.group_billing_read",
    )

    def _compute_oiconnect_invoice_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("oiconnect_operator_id", "in", self.ids)],
                ["oiconnect_operator_id"],
                ["__count"],
            )
        )
        for operator in self:
            operator.oiconnect_invoice_count = counts.get(operator, 0)

    def action_view_oiconnect_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_billing.account_move_action"
        )
        return action | {
            "domain": [("oiconnect_operator_id", "=", self.id)],
            "context": {"create": False},
        }
