import json

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_orders.tests.common import (
    make_network,
    make_operator,
    open_pm,
)

END = ".then(() => console.log('test successful'), (e) => console.error(e.message))"


@needs_browser
@tagged("post_install", "-at_install")
class TestFormTitles(HttpCase):
    """The title of a form is read whole beside its buttons, at 1400 px."""

    browser_size = "1400x900"

    def test_long_references_are_not_cut_by_smart_buttons(self):
        made = make_network(self.env)
        operator = make_operator(self.env, "OCT1")
        operator.name = "Opérateur Commercial d'Essai"
        open_pm(self.env, made, operator)
        made["pm"].reference = "OICN-99001-PMZ-00001"
        made["pbo"].reference = "PBO-99-001-001-0001-AB"
        category = self.env.ref("oiconnect_base.category_oiconnect")
        levels = self.env["res.groups"].search(
            [("privilege_id.category_id", "=", category.id)]
        )
        user = new_test_user(self.env, "tour_titres", "base.group_user")
        user.write({"lang": "fr_FR", "group_ids": [(4, group.id) for group in levels]})
        records = (made["pm"], made["pbo"], made["building"], operator)
        shown = json.dumps(
            [
                {
                    "model": record._name,
                    "id": record.id,
                    "title": record.display_name,
                }
                for record in records
            ]
        )
        self.browser_js(
            "/odoo",
            f"oiconnectForms.checkTitles({shown}){END}",
            ready="Boolean(odoo.isReady && window.oiconnectForms)",
            login=user.login,
            timeout=60,
        )
