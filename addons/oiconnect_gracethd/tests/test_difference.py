from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import new_test_user

from odoo.addons.queue_job.tests.common import trap_jobs

from .cases import made
from .common import BASE, GracethdCase
from .networks import X, Y, network_2, network_3

#: the second delivery: a bigger cable, a node further, a box given up, a bay more
CHANGES = {
    "t_cable": {0: {"cb_capafo": "24", "cb_codeext": "C-1"}},
    "t_noeud": {1: {"geom": (X + 90, Y)}},
    "t_ebp": {1: {"bp_abddate": "2026-01-05"}},
    "t_cableline": {0: {"geom": [(X + 90, Y), (X, Y)]}},
}


class TestDifference(GracethdCase):
    """Two deliveries are compared row by row; nothing of the network changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._upload(network_2(), "avant.zip")
        tables = made(network_2, CHANGES)
        tables["t_baie"].append({"ba_code": "BA2", "ba_etiquet": "B02"})
        tables["t_fibre"].pop()
        cls.second = cls._upload(tables, "après.zip")
        cls.difference = cls._compared(cls.second, cls.first)

    @classmethod
    def _compared(cls, new, old):
        differences = cls.env["oiconnect.gracethd.difference"].with_user(cls.user)
        found = differences.create({"import_id": new.id, "other_id": old.id})
        return cls._worked(found, "action_compare")

    def test_rows(self):
        self.assertEqual(self.difference.state, "done")
        self.assertFalse(self.difference.message)
        rows = {
            (line.table_name, line.code): (line.what, line.column_names or "")
            for line in self.difference.line_ids
        }
        self.assertEqual(
            rows,
            {
                ("t_baie", "BA2"): ("created", ""),
                ("t_cable", "CB1"): ("changed", "cb_capafo, cb_codeext"),
                ("t_cableline", "CL1"): ("changed", "geom"),
                ("t_ebp", "BP2"): ("abandoned", "bp_abddate"),
                ("t_fibre", "FO2"): ("absent", ""),
                ("t_noeud", "ND2"): ("changed", "geom"),
            },
        )
        counts = [
            self.difference[f"{what}_count"]
            for what in ("created", "changed", "abandoned", "absent")
        ]
        self.assertEqual(counts, [1, 3, 1, 1])

    def test_values_and_places(self):
        lines = {line.table_name: line for line in self.difference.line_ids}
        cable = lines["t_cable"]
        self.assertEqual(cable.reference, "C-1")
        self.assertEqual(
            cable.changes_text, "cb_capafo: 12 → 24\ncb_codeext: void → C-1"
        )
        self.assertEqual(lines["t_noeud"].changes_text, "Place or line: moved")
        self.assertEqual(lines["t_baie"].reference, "B02")
        # By its cable, in the delivery that has it
        self.assertAlmostEqual(lines["t_fibre"].latitude, 48.86, 1)
        self.assertIn("LineString", lines["t_cableline"].line)
        self.assertEqual(cable.line, lines["t_cableline"].line)
        action = cable.action_show_on_map()
        self.assertEqual(action["params"]["focus"]["difference"], self.difference.id)

    def test_nothing_of_the_network_and_no_table_is_left(self):
        self.assertFalse(self._own("pm"))
        self.env.cr.execute(
            "SELECT count(*) FROM pg_class WHERE relname LIKE %s",
            ["oiconnect\\_gracethd\\_difference\\_%\\_t\\_%"],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_the_same_twice_and_other_versions(self):
        same = self._compared(self._upload(network_2(), "encore.zip"), self.first)
        self.assertFalse(same.line_ids)
        other = self._compared(self._upload(network_3(), "v3.zip"), self.first)
        self.assertIn("t_suf", other.message)
        tables = set(other.line_ids.mapped("table_name"))
        self.assertFalse(tables & {"t_suf", "t_site", "t_local", "t_sitetech"})
        # Again: the rows of before are gone
        count = len(self.difference.line_ids)
        self.difference.sudo()._perform()
        self.assertEqual(len(self.difference.line_ids), count)

    def test_the_former_delivery_is_proposed(self):
        action = self.second.action_view_difference()
        self.assertEqual(action["res_id"], self.difference.id)
        third = self._upload(network_2(), "suite.zip")
        action = third.action_view_difference()
        found = self.env["oiconnect.gracethd.difference"].browse(action["res_id"])
        self.assertEqual(found.other_id, self.second)
        network = self._make_network("GT_04")
        alone = self._upload(network_2(), "seule.zip", network_id=network.id)
        with self.assertRaises(UserError):
            alone.action_view_difference()
        with self.assertRaises(ValidationError):
            found.other_id = alone
        with self.assertRaises(ValidationError):
            found.other_id = third

    def test_who_may(self):
        difference = self.difference.with_user(self.reader)
        self.assertEqual(len(difference.line_ids), 6)
        with self.assertRaises(AccessError):
            difference.action_compare()
        with self.assertRaises(AccessError):
            difference.action_show_on_map()
        with self.assertRaises(AccessError):
            self.difference.with_user(self.stranger).line_ids.mapped("code")
        with trap_jobs():
            self.difference.action_compare()
        with self.assertRaises(UserError):
            self.difference.other_id = self.second
        self.difference.action_cancel()
        self.assertEqual(self.difference.state, "cancelled")

    def test_on_the_map(self):
        south, west, north, east = self.difference.action_show_on_map()["params"][
            "focus"
        ]["bounds"]
        bounds = [south - 0.001, west - 0.001, north + 0.001, east + 0.001]
        shown = self.env["oiconnect.map"].with_user(self.user)
        kinds = ["difference", "pm"]
        filters = {"difference_ids": [self.difference.id]}
        answer = shown._view(bounds, 18, kinds, filters)
        # The box that is given up; the bay and the fibre are in what stands there
        [point] = answer["points"]["difference"]
        self.assertEqual(point[3:], ["abandoned", "PTO-1"])
        states = {what for _id, places, what, _label in answer["differences"] if places}
        self.assertEqual(states, {"changed"})
        self.assertEqual(answer["totals"]["difference"], 3)
        self.assertNotIn("difference", shown._view(bounds, 18, kinds, {})["totals"])
        card = shown._card("oiconnect.gracethd.difference.line", point[0])
        self.assertEqual((card["title"], card["state"]), ("BP2", "abandoned"))
        states = shown._settings()["states"]["difference"]
        self.assertEqual(len({style[2] for style in states}), 4)
        stranger = new_test_user(self.env, "no_import", f"{BASE}infra_read")
        answer = (
            self.env["oiconnect.map"]
            .with_user(stranger)
            ._view(bounds, 18, kinds, filters)
        )
        self.assertNotIn("difference", answer["totals"])
