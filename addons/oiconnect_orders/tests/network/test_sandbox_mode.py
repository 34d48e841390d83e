import json

from odoo.fields import Domain
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.controllers.sandbox import SEARCHES

from ..common import make_network, make_operator

CONTEXT = {"oiconnect_sandbox": True}
ORDERS = "oiconnect.access.order"
GROUPS = "oiconnect_base.group_access_manager,oiconnect_base.group_infra_read"


@tagged("post_install", "-at_install")
class TestSandboxMode(HttpCase):
    """A screen shows real networks, or sandboxes in their colour: never both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.real = make_network(cls.env, "OIR1", "ZR")
        cls.sandbox = make_network(cls.env, "OIS1", "ZS", is_sandbox=True)
        cls.operator = make_operator(cls.env, "OCS1")
        cls.sides = {False: cls.real, True: cls.sandbox}
        cls.orders = {side: cls._order(made) for side, made in cls.sides.items()}
        cls.user = new_test_user(cls.env, "essai_mode", GROUPS, password="essai_mode")

    @classmethod
    def _order(cls, made):
        return cls.env[ORDERS].create(
            {
                "network_id": made["network"].id,
                "operator_id": cls.operator.id,
                "oc_reference": f"MODE-{made['network'].oi_code}",
                "building_id": made["building"].id,
                "pm_id": made["pm"].id,
            }
        )

    def setUp(self):
        super().setUp()
        self.authenticate("essai_mode", "essai_mode")

    def call(self, sandbox, model, method, *arguments, **named):
        named["context"] = CONTEXT if sandbox else {}
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": arguments, "kwargs": named},
        )

    def found(self, sandbox, model, domain):
        answer = self.call(
            sandbox, model, "web_search_read", domain=domain, specification={}
        )
        return {row["id"] for row in answer["records"]}

    # ------------------------------------------------------------------
    # Lists, counts, choices
    # ------------------------------------------------------------------

    def test_each_way_of_searching_shows_one_side(self):
        groups = {"groupby": ["state"], "aggregates": ["__count"]}
        sets = {"grouping_sets": [["state"]], "aggregates": ["__count"]}
        bar = {"field": "state", "colors": {self.orders[True].state: "info"}}
        asked = {
            "web_search_read": {"specification": {"oc_reference": {}}},
            "search_read": {"fields": ["oc_reference"]},
            "search": {},
            "search_count": {},
            "web_read_group": groups,
            "formatted_read_group": groups,
            "formatted_read_grouping_sets": sets,
            "read_progress_bar": {"group_by": "state", "progress_bar": bar},
            "name_search": {"name": "MODE-"},
            "web_name_search": {"name": "MODE-", "specification": {}},
        }
        self.assertEqual(asked.keys(), SEARCHES.keys())
        both = [("oc_reference", "like", "MODE-")]
        for method, named in asked.items():
            for sandbox, order in self.orders.items():
                with self.subTest(method, sandbox=sandbox):
                    shown = self.call(sandbox, ORDERS, method, domain=both, **named)
                    alone = [("id", "=", order.id)]
                    wanted = self.call(sandbox, ORDERS, method, domain=alone, **named)
                    self.assertEqual(shown, wanted)
                    self.assertTrue(shown)

    def test_a_domain_may_come_by_its_place(self):
        for sandbox, order in self.orders.items():
            both = [["oc_reference", "like", "MODE-"]]
            found = self.call(sandbox, ORDERS, "search", both)
            self.assertEqual(found, order.ids)
            named = self.call(sandbox, ORDERS, "name_search", "MODE-", [])
            self.assertEqual([one[0] for one in named], order.ids)

    def test_all_that_belongs_to_a_network_is_on_one_side(self):
        """Each model that has a network, of today and of tomorrow."""
        networks, narrowed, by_nature = self.env["oiconnect.network"], 0, []
        for model in self.env.values():
            field = model._fields.get("network_id")
            if not field or field.comodel_name != networks._name:
                continue
            if model._abstract or not field._description_searchable:
                continue
            if getattr(model, "_on_sandboxes_only", False):
                by_nature.append(model._name)
                continue
            domain = networks._domain_of_screen(model, [])
            self.assertIn("network_id", str(domain), model._name)
            narrowed += 1
        self.assertGreater(narrowed, 30)
        self.assertLessEqual(set(by_nature), {"oiconnect.conformance.run"})

    def test_what_is_asked_for_by_name_is_found(self):
        """A link in a message, what belongs to one building, one network chosen."""
        order, made = self.orders[True], self.sandbox
        for domain in (
            [("id", "=", order.id)],
            [("network_id", "=", made["network"].id)],
            [("building_id", "in", made["building"].ids)],
            [("pm_id", "=", made["pm"].id), ("state", "!=", False)],
        ):
            self.assertEqual(self.found(False, ORDERS, domain), {order.id}, domain)
        for domain in (
            [("network_id", "!=", self.real["network"].id)],
            [("building_id", "!=", False)],
            [("building_id", "=", False)],
            [("pm_id", "ilike", "OIS1")],
        ):
            found = self.found(False, ORDERS, domain)
            self.assertNotIn(order.id, found, domain)

    def test_a_choice_of_a_network_offers_those_of_the_screen(self):
        for sandbox, made in self.sides.items():
            offered = self.call(sandbox, "oiconnect.network", "name_search", "Réseau")
            ids = [one[0] for one in offered]
            self.assertIn(made["network"].id, ids)
            self.assertNotIn(self.sides[not sandbox]["network"].id, ids)
        domain = [["is_sandbox", "=", True]]
        asked = self.call(False, "oiconnect.network", "name_search", "", domain)
        self.assertIn(self.sandbox["network"].id, [one[0] for one in asked])
        everything = self.found(False, "oiconnect.network", [])
        networks = {made["network"].id for made in self.sides.values()}
        self.assertLessEqual(networks, everything, "the list where they are set up")

    # ------------------------------------------------------------------
    # Search, home, exports
    # ------------------------------------------------------------------

    def test_the_quick_search_finds_what_the_screen_shows(self):
        search = "oiconnect.quick.search"
        for sandbox, made in self.sides.items():
            hidden = self.sides[not sandbox]["building"].identifier
            shown = self.call(sandbox, search, "find", made["building"].identifier)
            self.assertEqual(
                shown["groups"][0]["records"][0]["id"], made["building"].id
            )
            self.assertEqual(self.call(sandbox, search, "find", hidden)["groups"], [])

    def test_home_counts_what_the_screen_shows(self):
        home = self.env["oiconnect.home"]
        orders, ours = self.env[ORDERS], Domain("oc_reference", "like", "MODE-")
        for sandbox, order in self.orders.items():
            asked = home.with_context(**CONTEXT) if sandbox else home
            self.assertEqual(orders.search(asked._on_screen(orders, ours)), order)

    def test_the_map_draws_what_the_screen_shows(self):
        for sandbox, made in self.sides.items():
            shown = (
                self.env["oiconnect.map"]
                .with_context(oiconnect_sandbox=sandbox)
                ._networks([])
            )
            self.assertIn(made["network"].id, shown)
            self.assertNotIn(self.sides[not sandbox]["network"].id, shown)

    def test_an_export_has_the_rows_of_its_list(self):
        for sandbox, order in self.orders.items():
            rows = self.exported(sandbox, [], [["oc_reference", "like", "MODE-"]])
            self.assertEqual(rows, [order.oc_reference])
        chosen = self.exported(False, self.orders[True].ids, [])
        self.assertEqual(chosen, [self.orders[True].oc_reference])

    def exported(self, sandbox, ids, domain):
        asked = {
            "model": ORDERS,
            "fields": [{"name": "oc_reference", "label": "Reference", "type": "char"}],
            "ids": ids,
            "domain": domain,
            "context": CONTEXT if sandbox else {},
            "import_compat": False,
            "groupby": [],
        }
        form = {"data": json.dumps(asked), "csrf_token": Request.csrf_token(self)}
        answer = self.url_open("/web/export/csv", data=form)
        self.assertEqual(answer.status_code, 200)
        return [line.strip('"') for line in answer.text.splitlines()[1:]]

    def test_tour(self):
        self.start_tour("/odoo", "oiconnect_sandbox", login="essai_mode")
