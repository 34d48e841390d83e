from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.tests.common import OrderCase


@tagged("post_install", "-at_install")
class TestSmartButtons(OrderCase):
    """From an operator to its API keys and its webhooks."""

    def test_each_button_opens_what_it_counts(self):
        values = {"operator_id": self.operator.id, "name": "SI"}
        self.env["oiconnect.api.key"]._make(
            values
            | {
                "company_id": self.network.company_id.id,
                "network_ids": [(6, 0, self.network.ids)],
            }
        )
        self.env["oiconnect.webhook"].create(
            values | {"network_id": self.network.id, "url": "https://oct1.invalid/"}
        )
        for name, count in (("api_key", "api_key_count"), ("webhook", "webhook_count")):
            action = self.env.ref(f"oiconnect_api.{name}_action_operator")
            domain = [("operator_id", "=", self.operator.id)]
            self.assertEqual(action.domain, '[("operator_id", "=", active_id)]')
            found = self.env[action.res_model].search_count(domain)
            self.assertEqual((found, self.operator[count]), (1, 1))
