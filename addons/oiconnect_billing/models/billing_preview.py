from odoo import api, fields, models

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

ANOMALIES = [
    ("customer", "Customer incomplete"),
    ("unbilled", "No product applies"),
    ("jump", "Unusual change"),
]


class BillingPreview(models.Model):
    """What a run would bill an operator for a product, beside the month before."""

    _name = "oiconnect.billing.preview"
    _description = "Expected amount of a billing run"
    _order = "anomaly, operator_id, product_id, id"
    _rec_name = "operator_id"
    _event_fields = EVERY_FIELD

    run_id = fields.Many2one(
        "oiconnect.billing.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "oiconnect.billing.product", "Billing product", ondelete="cascade"
    )
    last_amount = fields.Monetary("Month before")
    amount = fields.Monetary("This month")
    difference = fields.Monetary()
    anomaly = fields.Selection(ANOMALIES)
    record_count = fields.Integer("Accesses without product")
    # The first of them: what a person looks at
    record_ids = fields.Json()
    what_to_do = fields.Char("What to do", compute="_compute_what_to_do")
    accepted_by_id = fields.Many2one(
        "res.users", "Accepted by", readonly=True, ondelete="restrict"
    )

    @api.depends("anomaly", "record_count")
    @api.depends_context("lang")
    def _compute_what_to_do(self):
        texts = {
            "customer": self.env._("Complete the address of the customer."),
            "unbilled": self.env._("Make a product that bills them, or accept."),
            "jump": self.env._("Check the amounts, then accept."),
        }
        labels = dict(self._fields["anomaly"]._description_selection(self.env))
        for row in self:
            said = texts.get(row.anomaly)
            row.what_to_do = said and f"{labels[row.anomaly]}. {said}"

    def _place(self):
        """Return what makes the line the same in another preview."""
        return self.operator_id, self.product_id, self.anomaly, self.difference

    def action_open(self):
        """Open what fixes the anomaly, or what the amount is made of."""
        self.ensure_one()
        if self.anomaly == "customer":
            return open_form(self.operator_id)
        if self.anomaly == "unbilled":
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "oiconnect_orders.access_order_action"
            )
            return action | {"domain": [("id", "in", self.record_ids)], "context": {}}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_billing.billing_item_action"
        )
        domain = [
            ("operator_id", "=", self.operator_id.id),
            ("product_id", "=", self.product_id.id),
            ("network_id", "=", self.run_id.network_id.id),
        ]
        return action | {"domain": domain, "context": {}}

    def action_accept(self):
        """Accept the anomalies: they bar the run no more."""
        self.run_id.check_access("write")
        barring = self.sudo().filtered(lambda row: row.anomaly in ("unbilled", "jump"))
        barring.write({"accepted_by_id": self.env.uid})
