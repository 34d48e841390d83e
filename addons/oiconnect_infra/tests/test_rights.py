from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import InfraCase

LINKS = (
    "oiconnect.nro",
    "oiconnect.prdm",
    "oiconnect.pm",
    "oiconnect.technical.pm",
    "oiconnect.lot",
    "oiconnect.pm.link",
)
PLANT = (
    "oiconnect.pbo",
    "oiconnect.splice.box",
    "oiconnect.building",
    "oiconnect.building.level",
    "oiconnect.pto",
    "oiconnect.pm.module",
    "oiconnect.pm.position",
    "oiconnect.pbo.cable",
    "oiconnect.pbo.fibre",
    "oiconnect.route",
    "oiconnect.manager",
    "oiconnect.pb.batch",
)
# What access orders do not show of it
NOT_ORDERED = ("oiconnect.pb.batch",)
MENUS = {
    "link_read": {
        "network_map",
        "nro",
        "prdm",
        "pm",
        "technical_pm",
        "lot",
        "pm_link",
        "zone",
        "change",
    },
    "infra_read": {
        "network_map",
        "splice",
        "pm_link_fibre",
        "pb_batch",
        "manager",
        "pbo",
        "splice_box",
        "building",
        "pto",
        "rule",
        "pm_module",
        "pbo_cable",
        "route",
        "zone",
        "change",
    },
    "access_user": set(),
    "billing_manager": set(),
}
TABLES = {"pbo_type", "pbo_connection_type", "fibre_colour"}

# What users delete, in their daily work; of the rest, only administrators do.
DELETED = {
    "oiconnect.prdm",
    "oiconnect.pm.link",
    "oiconnect.building",
    "oiconnect.building.level",
}


@tagged("post_install", "-at_install")
class TestRights(InfraCase):
    """Who sees and does what, whatever the path."""

    def user(self, *groups):
        names = ",".join(f"oiconnect_base.group_{group}" for group in groups)
        return new_test_user(self.env, "-".join(groups) or "personne", names)

    def can(self, user, model, operation):
        return self.env[model].with_user(user).has_access(operation)

    def menus(self, user):
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "oiconnect_infra"),
                ("model", "=", "ir.ui.menu"),
                ("res_id", "in", list(visible)),
            ]
        )
        return {name.removeprefix("menu_") for name in data.mapped("name")}

    def test_menus_of_each_right(self):
        for group, expected in MENUS.items():
            with self.subTest(group):
                self.assertEqual(self.menus(self.user(group)), expected)

    def test_tables_are_configured_by_the_administrator_of_the_network(self):
        user = self.user("infra_manager")
        menus = self.menus(user)
        self.assertLessEqual(TABLES | {"network_tables"}, menus)
        self.assertTrue(self.can(user, "oiconnect.pbo.type", "create"))
        self.assertFalse(
            self.can(self.user("infra_user"), "oiconnect.pbo.type", "write")
        )

    def test_the_right_on_links_opens_prdm_pm_and_links_only(self):
        reader, user, manager = map(
            self.user, ("link_read", "link_user", "link_manager")
        )
        for model in LINKS:
            with self.subTest(model):
                self.assertTrue(self.can(reader, model, "read"))
                self.assertFalse(self.can(reader, model, "write"))
                self.assertTrue(self.can(user, model, "create"))
                self.assertEqual(self.can(user, model, "unlink"), model in DELETED)
                self.assertTrue(self.can(manager, model, "unlink"))
        for model in PLANT:
            self.assertFalse(self.can(manager, model, "read"), model)

    def test_the_right_on_the_infrastructure(self):
        reader, user, manager = map(
            self.user, ("infra_read", "infra_user", "infra_manager")
        )
        for model in PLANT:
            with self.subTest(model):
                self.assertTrue(self.can(reader, model, "read"))
                self.assertFalse(self.can(reader, model, "write"))
                self.assertTrue(self.can(user, model, "create"))
                self.assertEqual(self.can(user, model, "unlink"), model in DELETED)
                self.assertTrue(self.can(manager, model, "unlink"))
        for model in LINKS:
            self.assertTrue(self.can(reader, model, "read"), model)
            self.assertFalse(self.can(manager, model, "write"), model)

    def test_orders_show_their_line_but_not_the_network(self):
        user = self.user("access_user")
        for model in ("oiconnect.pm", "oiconnect.technical.pm", *PLANT):
            if model in NOT_ORDERED:
                continue
            self.assertTrue(self.can(user, model, "read"), model)
            self.assertFalse(self.can(user, model, "write"), model)
        hidden = ("oiconnect.nro", "oiconnect.prdm", "oiconnect.lot", *NOT_ORDERED)
        for model in (*hidden, "oiconnect.pm.link", "oiconnect.change"):
            self.assertFalse(self.can(user, model, "read"), model)

    def test_other_rights_open_nothing_here(self):
        user = self.user("billing_manager", "lexicon_manager")
        for model in (*LINKS, *PLANT, "oiconnect.change"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])

    def test_the_history_follows_the_right(self):
        self.building.state = "deploying"
        self.pm.state = "deployed"
        lines = self.env["oiconnect.change"].search(
            [("network_id", "=", self.net.network.id)]
        )
        links = lines.with_user(self.user("link_read")).search(
            [("id", "in", lines.ids)]
        )
        self.assertEqual(set(links.mapped("res_model")), {"oiconnect.pm"})
        every = lines.with_user(self.user("infra_read")).search(
            [("id", "in", lines.ids)]
        )
        self.assertEqual(every, lines)

    def test_companies_do_not_see_each_other(self):
        user = self.user("infra_manager", "link_manager")
        other = self.env["res.company"].create({"name": "Autre OI"})
        self.net.network.company_id = other
        self.net.routes(self.pbo, 1)
        self.net.pto(self.building, "ZZ-0000-0001")
        for model in (*LINKS, *PLANT, "oiconnect.change"):
            domain = [("network_id", "=", self.net.network.id)]
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(user).search(domain))
        user.company_ids += other
        seen = self.env["oiconnect.pm"].with_user(user).with_company(other)
        self.assertEqual(
            seen.search([("network_id", "=", self.net.network.id)]), self.pm
        )

    def test_numbers_of_neighbours_tell_nothing_of_what_is_hidden(self):
        pm = self.pm.with_user(self.user("link_read"))
        self.assertEqual((pm.building_count, pm.pbo_count), (0, 0))
        pm = self.pm.with_user(self.user("infra_read"))
        self.assertEqual((pm.building_count, pm.pbo_count), (1, 1))

    def test_neither_does_the_zone_of_a_pm(self):
        zone = self.env["oiconnect.zone"].create(
            {
                "pm_id": self.pm.id,
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[2, 48], [3, 48], [3, 49], [2, 48]]],
                },
            }
        )
        for right, expected in {"link_read": 0, "infra_read": 1}.items():
            seen = zone.with_user(self.user(right))
            self.assertEqual(seen.building_count, expected, right)
