import re

from lxml import etree

from odoo.fields import Domain
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import InfraCase

# Screen: the filters of the user guide, by the label that users see
GUIDE = {
    "prdm": {"Reference", "State", "Minimum of dwellings"},
    "pm": {"Reference", "State", "Ordering"},
    "pm_link": {"Reference", "PM", "PRDM", "State"},
    "pbo": {"Reference", "Type", "Path to the socket", "PM"},
    "building": {"Identifier", "State", "Address", "Dwellings", "Type", "PM"},
    "pto": {"Reference", "Building", "PBO"},
    "pm_module": {"Name", "Position", "Cable reference"},
    "pbo_cable": {"Module", "Position", "Cable reference", "PM"},
    "route": {
        "Name",
        "Position",
        "PBO",
        "Cable at the module",
        "Cable at the PBO",
        "Tube",
        "Fibre",
        "PTO",
        "Building",
    },
}
# Other screens of objects that have a reference, or a place, of their own
COPYLESS = (
    "nro",
    "technical_pm",
    "lot",
    "manager",
    "pb_batch",
    "pm_position",
    "pbo_fibre",
    "pm_link_fibre",
    "splice",
    "zone",
)
SCREENS = (
    *GUIDE,
    "pm_position",
    "pbo_fibre",
    "pbo_type",
    "pbo_connection_type",
    "fibre_colour",
    "change",
)


@tagged("post_install", "-at_install")
class TestScreens(InfraCase):
    """Each screen opens, and each of its filters finds what it should."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.routes = cls.net.routes(cls.pbo, 2)
        cls.pto = cls.net.pto(cls.building, "ZZ-0000-0001", pbo_id=cls.pbo.id)
        cls.routes[0].write(
            {
                "pto_id": cls.pto.id,
                "connector_number": 1,
                "state": "used",
                "operator_id": cls.ocaa.id,
            }
        )
        cls.prdm = cls.net.make(
            "oiconnect.prdm", reference="OICN-PRDM-0001", min_dwellings=300
        )
        cls.link = cls.net.make(
            "oiconnect.pm.link",
            reference="OICN-LNP-0001",
            pm_id=cls.pm.id,
            prdm_id=cls.prdm.id,
        )

    def action(self, screen):
        return self.env.ref(f"oiconnect_infra.{screen}_action")

    def search_view(self, screen):
        model = self.env[self.action(screen).res_model]
        views = model.get_views([(False, "search")])
        return model, etree.fromstring(views["views"]["search"]["arch"])

    def label(self, model, node):
        return node.get("string") or model._fields[node.get("name")].string

    def filter_domain(self, node, text):
        if node.get("filter_domain"):
            return safe_eval(node.get("filter_domain"), {"self": text})
        return [(node.get("name"), node.get("operator", "ilike"), text)]

    def find(self, screen, label, text):
        """Return what typing ``text`` in the filter ``label`` finds."""
        model, view = self.search_view(screen)
        [node] = [
            node for node in view.iter("field") if self.label(model, node) == label
        ]
        domain = Domain(self.filter_domain(node, text))
        return model.search(domain & Domain("network_id", "=", self.net.network.id))

    def test_filters_of_the_guide(self):
        for screen, expected in GUIDE.items():
            model, view = self.search_view(screen)
            labels = {self.label(model, node) for node in view.iter("field")}
            self.assertLessEqual(expected, labels, screen)

    def test_typed_filters_find(self):
        other = self.net.building("IMB/99001/X/0002", dwelling_count=12)
        self.building.write(
            {"street_number": "12", "street_type": "RUE", "street_name": "DES TILLEULS"}
        )
        for screen, label, text, expected in (
            ("prdm", "Reference", "prdm-0001", self.prdm),
            ("prdm", "Minimum of dwellings", 300, self.prdm),
            ("pm", "Reference", "99001-0001", self.pm),
            ("pm_link", "PM", "99001-0001", self.link),
            ("pm_link", "PRDM", "PRDM-0001", self.link),
            ("pbo", "PM", "99001-0001", self.pbo),
            ("building", "Identifier", "X/0001", self.building),
            ("building", "Address", "12 rue des tilleuls", self.building),
            ("building", "Dwellings", 12, other),
            ("building", "PM", "99001-0001", self.building),
            ("pto", "Building", "X/0001", self.pto),
            ("pto", "PBO", "001-0001", self.pto),
            ("pm_module", "Position", "P2", self.routes.module_id),
            ("pm_module", "Cable reference", "CB-PBO", self.routes.module_id),
            ("pbo_cable", "Module", "TIROIR PBO", self.routes.cable_id),
            ("pbo_cable", "Position", "P2", self.routes.cable_id),
            ("route", "Position", "p2", self.routes[1]),
            ("route", "Position", "P%", self.routes),
            ("route", "Fibre", "2", self.routes[1]),
            ("route", "Cable at the module", "CB-PBO", self.routes),
            ("route", "Cable at the PBO", "CB-PBO", self.routes),
            ("route", "PTO", "ZZ-0000", self.routes[0]),
            ("route", "Building", "X/0001", self.routes[0]),
            ("route", "PBO", "001-0001", self.routes),
        ):
            with self.subTest(f"{screen}: {label} {text}"):
                self.assertEqual(self.find(screen, label, text), expected)

    def test_used_or_not(self):
        _model, view = self.search_view("route")
        found = {
            node.get("name"): self.env["oiconnect.route"].search(
                safe_eval(node.get("domain"))
                + [("network_id", "=", self.net.network.id)]
            )
            for node in view.iter("filter")
            if node.get("name") in ("used", "not_used")
        }
        self.assertEqual(found, {"used": self.routes[0], "not_used": self.routes[1]})

    def test_every_filter_and_group_works_alone_and_with_all_others(self):
        for screen in SCREENS:
            model, view = self.search_view(screen)
            domains = [
                Domain(safe_eval(node.get("domain")))
                for node in view.iter("filter")
                if node.get("domain")
            ]
            for domain in [*domains, Domain.AND(domains)]:
                model.search(domain, limit=1)
            for context in re.findall(
                r"'group_by': *'([^']+)'", etree.tostring(view, encoding="unicode")
            ):
                with self.subTest(f"{screen} by {context}"):
                    self.assertIsInstance(
                        model.formatted_read_group([], [context], ["__count"]), list
                    )

    def test_every_enumerated_field_can_be_grouped(self):
        for screen in GUIDE:
            model, view = self.search_view(screen)
            grouped = etree.tostring(view, encoding="unicode")
            for name, field in model._fields.items():
                shown = name in ("state", "authorisation", "building_type", "type_id")
                if shown and field.store:
                    self.assertIn(f"'group_by': '{name}'", grouped, screen)

    def test_empty_lists_say_what_to_do(self):
        for screen in SCREENS:
            text = self.action(screen).help
            self.assertIn("o_view_nocontent_smiling_face", text, screen)

    def test_nothing_offers_a_copy(self):
        """Every object has a reference of its own: a copy would only be refused."""
        for screen in (*COPYLESS, *GUIDE):
            views = self.env[self.action(screen).res_model].get_views(
                [(False, "list"), (False, "form")]
            )
            for kind, view in views["views"].items():
                root = etree.fromstring(view["arch"])
                allowed = root.get("create") != "0" and root.get("duplicate") != "0"
                with self.subTest(f"{screen}: {kind}"):
                    self.assertFalse(allowed)

    def test_who_only_reads_is_offered_no_change(self):
        groups = ("infra_read", "link_read")
        groups = ",".join(f"oiconnect_base.group_{name}" for name in groups)
        reader = new_test_user(self.env, "lecteur", groups)
        for screen in (*GUIDE, "nro", "technical_pm", "lot", "manager", "pb_batch"):
            model = self.env[self.action(screen).res_model].with_user(reader)
            views = model.get_views([(False, "list"), (False, "form")])
            for kind, view in views["views"].items():
                root = etree.fromstring(view["arch"])
                for change in ("create", "edit", "delete"):
                    with self.subTest(f"{screen}: {kind}, {change}"):
                        self.assertIn(root.get(change), ("0", "False"))

    def test_what_the_guide_does_not_delete_has_no_such_button(self):
        for screen in ("pm", "pbo"):
            views = self.env[self.action(screen).res_model].get_views(
                [(False, "list"), (False, "form")]
            )
            for kind, view in views["views"].items():
                with self.subTest(f"{screen}: {kind}"):
                    root = etree.fromstring(view["arch"])
                    self.assertEqual(root.get("delete"), "0")

    def test_forms_open_for_each_right_that_shows_them(self):
        link = new_test_user(self.env, "lien", "oiconnect_base.group_link_user")
        infra = new_test_user(self.env, "infra", "oiconnect_base.group_infra_user")
        reader = new_test_user(self.env, "acces", "oiconnect_base.group_access_read")
        plant = (self.pbo, self.building, self.pto, self.routes, self.routes.cable_id)
        for user, records in (
            (link, (self.prdm, self.pm, self.link)),
            (infra, (self.pm, *plant, self.routes.module_id)),
            (reader, (self.pm, *plant)),
        ):
            for record in records:
                with self.subTest(f"{user.login}: {record._name}"):
                    Form(record[0].with_user(user))

    def test_a_connector_is_required_with_its_pto(self):
        route = self.routes[1]
        with Form(route) as form:
            with self.assertRaisesRegex(AssertionError, "invisible"):
                form.connector_number = 2
            form.pto_id = self.pto
            form.connector_number = 2
        self.assertEqual((route.pto_id, route.connector_number), (self.pto, 2))
        self.assertEqual(route.connector_colour, "BLEU")

    def test_an_object_is_found_by_what_people_know(self):
        self.building.write({"street_number": "12", "street_name": "DES TILLEULS"})
        for model, text, expected in (
            ("oiconnect.building", "tilleuls", self.building),
            ("oiconnect.building", "X/0001", self.building),
            ("oiconnect.pm", "99001-0001", self.pm),
        ):
            found = self.env[model].name_search(
                text, [("network_id", "=", self.net.network.id)]
            )
            self.assertEqual([pair[0] for pair in found], expected.ids)
