from odoo import SUPERUSER_ID
from odoo.tests.common import TransactionCase, new_test_user, tagged

from odoo.addons.oiconnect_orders.tests.common import make_network


@tagged("post_install", "-at_install")
class TestCompanyRules(TransactionCase):
    """Who works for one company reads nothing of another, in any list."""

    def _models(self):
        """Yield what somebody reads by a right."""
        rights = self.env["ir.model.access"].search([("perm_read", "=", True)])
        for name in set(rights.model_id.mapped("model")):
            model = self.env.get(name)
            if name.startswith("oiconnect.") and not model._transient:
                yield model

    def _holds_company_data(self, model):
        # Operators, who are partners, are the same for all companies.
        own = {name for name, field in model._fields.items() if not field.inherited}
        pointers = {"res_model", "res_id"}
        return bool(own & {"company_id", "network_id"}) or pointers <= own

    def _has_rule(self, model):
        rules = self.env["ir.rule"].search(
            [("model_id.model", "=", model._name), ("perm_read", "=", True)]
        )
        everyone = rules.filtered(lambda rule: not rule.groups)
        return any("company_ids" in (rule.domain_force or "") for rule in everyone)

    def test_every_model_with_data_of_a_company_has_its_rule(self):
        held = [model for model in self._models() if self._holds_company_data(model)]
        self.assertGreater(len(held), 30)
        lacking = [model._name for model in held if not self._has_rule(model)]
        self.assertEqual(lacking, [])

    def test_steps_of_a_company_are_read_in_that_company(self):
        made = make_network(self.env, code="OIZ9", prefix="Z9")
        other = self.env["res.company"].create({"name": "Autre réseau"})
        history = self.env["oiconnect.workflow.step"]
        history._append(
            [
                {
                    "res_id": made["network"].id,
                    "company_id": made["network"].company_id.id,
                }
            ],
            res_model="oiconnect.access.order",
            event="create",
            channel="ui",
            user_id=SUPERUSER_ID,
        )
        for company, count in ((made["network"].company_id, 1), (other, 0)):
            user = new_test_user(
                self.env,
                f"lecteur_{company.id}",
                "oiconnect_base.group_access_read",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            steps = history.with_user(user).search(
                [("res_id", "=", made["network"].id), ("event", "=", "create")]
            )
            self.assertEqual(len(steps), count, company.name)
