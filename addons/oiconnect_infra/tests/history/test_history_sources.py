from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..common import InfraCase, wire_new

# Stored columns of the network that have no line of their own in the history
UNTRACKED = {
    "last_change_date": "dates the changes that are in the history",
    "commune_id": "follows the INSEE code, which has its line",
    "latitude": "follows the coordinates as they are given, which have their lines",
    "longitude": "follows the coordinates as they are given",
    "manager_id": "follows the columns of the manager, which have their lines",
    "abandoned_date": "the day of the change of state, which has its line",
    "connector_colour": "follows the connector's number",
    "access_order_id": "an order keeps its own steps",
    "told_date": "orders of the notified operators keep the step",
    "references": "never changes after the creation",
    "line": "points by the hundred, which surveys give; its ends have their lines",
    "plan_file": "a file: its attachment tells who gave it, and when",
}
# By model too: the place of a line in a list that people sort by hand
ORDER = {"oiconnect.pbo.fibre", "oiconnect.pm.position"}
# Values of columns that have a form
FORMS = {
    "insee_code": "99001",
    "postal_code": "99100",
    "rivoli_code": "0123",
    "street_number": "14",
    "street_number_suffix": "B",
    "manager_postal_code": "99100",
    "manager_street_number_suffix": "B",
    "manager_siret": "73282932000074",
    "address_code": "990012AB01",
    "manager_address_code": "990012AB01",
    "street_code": "990012ABV0",
    "connector_count": 2,
    "used_fibre_count": 7,
    "rnb_code": "RNB1",
}
# Columns that a rule binds to others: they have tests of their own
HELD = {"operator_id", "connector_number"}
ALWAYS = {
    "id",
    "create_uid",
    "create_date",
    "write_uid",
    "write_date",
    "network_id",
    "company_id",
}


def tracked_models(env):
    return {
        name: model
        for name, model in env.items()
        if not model._abstract and hasattr(model, "_tracked_fields")
    }


@tagged("post_install", "-at_install")
class TestHistorySources(InfraCase):
    """Whatever the path of a change, the history tells it before and after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "chief",
            "oiconnect_base.group_infra_manager,oiconnect_base.group_link_manager",
        )
        cls.pto = cls.net.pto(cls.building, "ZZ-0000-0001")
        cls.cable = cls.net.cable(cls.pm)
        cls.module = cls.net.module(cls.pm)
        cls.routes = cls.net.routes(cls.pbo, 3, cls.cable, cls.module)
        cls.prdm = cls.net.make("oiconnect.prdm", reference="PRDM-1")
        cls.link = cls.net.make(
            "oiconnect.pm.link",
            reference="LNP-1",
            pm_id=cls.pm.id,
            prdm_id=cls.prdm.id,
            capacity=24,
        )
        cls.level = cls.env["oiconnect.building.level"].create(
            {"building_id": cls.building.id, "floor": "1"}
        )

    # ------------------------------------------------------------------
    # No column without a history
    # ------------------------------------------------------------------

    def test_every_column_is_tracked_or_said_why_not(self):
        for name, model in tracked_models(self.env).items():
            untold = {
                field.name
                for field in model._fields.values()
                if field.store
                and field.column_type
                and not ((field.compute or field.related) and field.readonly)
                and field.name not in ALWAYS
                and field.name not in model._tracked_fields
                and field.name not in UNTRACKED
            }
            if name in ORDER:
                untold.discard("sequence")
            with self.subTest(name):
                self.assertFalse(untold)
                self.assertFalse(set(model._tracked_fields) - set(model._fields))
                self.assertLessEqual(
                    set(model._undated_fields), set(model._tracked_fields)
                )

    def test_links_between_buildings_and_pbos_are_tracked_on_both_sides(self):
        for name, model in tracked_models(self.env).items():
            links = {
                field.name
                for field in model._fields.values()
                if field.type == "many2many"
                and field.store
                and not field.compute
                and field.comodel_name in tracked_models(self.env)
            }
            with self.subTest(name):
                self.assertLessEqual(links - {"batch_ids"}, set(model._tracked_fields))

    # ------------------------------------------------------------------
    # Each tracked column of the objects, as the web client and programs save it
    # ------------------------------------------------------------------

    def records(self):
        """One object of each kind."""
        return [
            self.pm,
            self.pbo,
            self.building,
            self.level,
            self.pto,
            self.prdm,
            self.link,
            self.cable,
            self.module,
            self.routes[0],
            self.routes[0].fibre_id,
            self.routes[0].position_id,
        ]

    def new_value(self, record, name):
        """Return another value of a column and its text in the history."""
        field, value = record._fields[name], record[name]
        if name in FORMS:
            return FORMS[name], str(FORMS[name])
        if name in self.links:
            return self.links[name]
        if field.type == "boolean":
            return not value, str(not value).lower()
        if field.type in ("integer", "float"):
            return value + 1, str(value + 1).removesuffix(".0")
        if field.type == "selection":
            key = next(key for key in field.get_values(self.env) if key != value)
            return key, key
        if field.type == "date":
            return "2026-03-14", "2026-03-14"
        return "AUTRE", "AUTRE"

    def call(self, record, method, name, value):
        """Change one column as a request of a user does it."""
        args = [[record.id], {name: value}]
        if method == "web_save":
            args.append({"id": {}})
        model = self.env[record._name].with_user(self.user)
        call_kw(model, method, args, {})
        self.env.flush_all()

    def test_each_tracked_column_by_the_screen_and_by_rpc(self):
        self.links = {
            "prdm_id": (self.prdm.id, "PRDM-1"),
            "operator_id": (self.ocaa.id, "OCAA"),
            "building_ids": (
                [Command.link(self.building.id)],
                self.building.identifier,
            ),
            "pbo_ids": ([Command.link(self.pbo.id)], self.pbo.reference),
            "level_id": (self.level.id, self.level.display_name),
        }
        seen = 0
        for record in self.records():
            for rank, name in enumerate(record._tracked_fields):
                field = record._fields[name]
                if field.type == "many2one" and (
                    name not in self.links or record[name]
                ):
                    continue
                if name in ("state", "x", "y", "projection") or name in HELD:
                    continue
                method = ("web_save", "write")[rank % 2]
                value, text = self.new_value(record, name)
                before = record._tracked_text(record, name)
                with self.subTest(f"{record._name}.{name} by {method}"):
                    savepoint = self.cr.savepoint()
                    self.call(record, method, name, value)
                    self.assertIn(("write", name, before, text), self.changes(record))
                    savepoint.close(rollback=True)
                    seen += 1
        self.assertGreater(seen, 120)

    def test_the_states_and_places(self):
        for record, values, lines in (
            (self.pm, {"state": "deploying"}, [("state", "planned", "deploying")]),
            (self.building, {"state": "deploying"}, [("state", "target", "deploying")]),
            (self.pto, {"state": "existing"}, [("state", "to_build", "existing")]),
            (
                self.pbo,
                {"projection": "WGS84", "x": 5.25, "y": 46.5},
                [
                    ("projection", None, "WGS84"),
                    ("x", "0", "5.25"),
                    ("y", "0", "46.5"),
                ],
            ),
        ):
            with self.subTest(record._name):
                record.with_user(self.user).web_save(values, {"id": {}})
                found = {line[1:] for line in self.changes(record)}
                self.assertLessEqual(set(lines), found)

    def test_a_pto_moved_a_fibre_moved_a_module_given(self):
        other = self.net.pbo(self.pm, "PBO-2")
        for record, name, value, before, after in (
            (self.pto, "pbo_id", other, None, "PBO-2"),
            (
                self.routes[0].fibre_id,
                "pbo_id",
                other,
                self.pbo.reference,
                "PBO-2",
            ),
            (self.module, "operator_id", self.ocbb, None, "OCBB"),
            (self.building, "pm_id", self.net.pm("PM-2"), self.pm.reference, "PM-2"),
        ):
            with self.subTest(f"{record._name}.{name}"):
                self.call(record, "web_save", name, value.id)
                self.assertEqual(
                    self.changes(record)[-1], ("write", name, before, after)
                )

    def test_creation_and_deletion_by_rpc(self):
        model = self.env["oiconnect.pbo"].with_user(self.user)
        values = {
            "reference": "PBO-NEUF",
            "pm_id": self.pm.id,
            "network_id": self.net.network.id,
        }
        [record_id] = call_kw(model, "create", [[values]], {})
        record = self.pbo.browse(record_id)
        call_kw(model, "unlink", [[record_id]], {})
        kinds = [change[0] for change in self.changes(record)]
        self.assertEqual(kinds, ["create", "unlink"])
        line = self.env["oiconnect.change"].search(
            [("res_model", "=", "oiconnect.pbo"), ("res_id", "=", record_id)], limit=1
        )
        self.assertEqual(line.snapshot["reference"], "PBO-NEUF")
        self.assertEqual(line.user_id, self.user)

    # ------------------------------------------------------------------
    # Set-based reservation
    # ------------------------------------------------------------------

    def route_lines(self, route, since):
        return [change[1:] for change in self.changes(route)[since:]]

    def test_the_life_of_a_route(self):
        route = self.routes[0]
        since = len(self.changes(route))
        self.env["oiconnect.route"]._reserve_free(self.pbo, self.ocaa, self.pto)
        self.assertCountEqual(
            self.route_lines(route, since),
            [
                ("state", "free", "reserved"),
                ("operator_id", None, "OCAA"),
                ("pto_id", None, "ZZ-0000-0001"),
                ("connector_number", "0", "1"),
            ],
        )
        since = len(self.changes(route))
        route._use()
        self.assertEqual(
            self.route_lines(route, since), [("state", "reserved", "used")]
        )
        since = len(self.changes(route))
        route._release()
        self.assertCountEqual(
            self.route_lines(route, since),
            [
                ("state", "used", "free"),
                ("operator_id", "OCAA", None),
                ("pto_id", "ZZ-0000-0001", None),
                ("connector_number", "1", "0"),
            ],
        )

    def test_routes_wired_to_new_ptos(self):
        other = self.net.pto(self.building, "ZZ-0000-0002")
        routes = self.routes[:2]
        wire_new(routes, self.pto | other)
        for route, pto in zip(routes, self.pto | other, strict=True):
            self.assertCountEqual(
                self.route_lines(route, 1),
                [
                    ("pto_id", None, pto.reference),
                    ("connector_number", "0", "1"),
                ],
            )

    # ------------------------------------------------------------------
    # Bulk tools
    # ------------------------------------------------------------------

    def test_each_bulk_tool_leaves_a_batch_with_its_reason(self):
        self.building.dwelling_count = 3
        tools = (
            (
                "oiconnect.cable.fibres",
                {
                    "cable_id": self.net.cable(self.pm, "CB-2").id,
                    "tube_count": 1,
                    "fibres_per_tube": 2,
                },
                {
                    ("oiconnect.pbo.fibre", "create"): 2,
                    ("oiconnect.pbo.cable", "write"): 2,
                },
            ),
            (
                "oiconnect.module.positions",
                {"module_id": self.module.id, "count": 2},
                {("oiconnect.pm.position", "create"): 2},
            ),
            (
                "oiconnect.pto.generation",
                {"building_id": self.building.id},
                {("oiconnect.pto", "create"): 2},
            ),
            (
                "oiconnect.bulk.range",
                {
                    "cable_id": self.cable.id,
                    "first": 1,
                    "last": 2,
                    "pbo_id": self.net.pbo(self.pm, "PBO-2").id,
                },
                {("oiconnect.pbo.fibre", "write"): 2},
            ),
            (
                "oiconnect.bulk.range",
                {
                    "module_id": self.module.id,
                    "operation": "delete",
                    "first": 1,
                    "last": 2,
                },
                {("oiconnect.pm.position", "unlink"): 2},
            ),
        )
        for model, values, expected in tools:
            with self.subTest(model, **values):
                wizard = (
                    self.env[model]
                    .with_user(self.user)
                    .create(values | {"reason": "Chantier 7"})
                )
                wizard.action_apply()
                batch = f"{model.removeprefix('oiconnect.')}:{wizard.id}"
                lines = self.env["oiconnect.change"].search([("batch", "=", batch)])
                found = lines.grouped(lambda line: (line.res_model, line.kind))
                self.assertEqual(
                    {key: len(group) for key, group in found.items()}, expected
                )
                self.assertEqual(set(lines.mapped("reason")), {"Chantier 7"})
                self.assertEqual(lines.user_id, self.user)

    # ------------------------------------------------------------------
    # No user rewrites it
    # ------------------------------------------------------------------

    def test_no_right_lets_anybody_change_the_history(self):
        accesses = self.env["ir.model.access"].search(
            [("model_id.model", "=", "oiconnect.change")]
        )
        self.assertTrue(accesses)
        for access in accesses:
            self.assertFalse(
                access.perm_write or access.perm_create or access.perm_unlink
            )
