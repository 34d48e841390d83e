from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.queue_job.tests.common import trap_jobs

from .cases import made
from .common import NAME, GracethdCase
from .delivery_files import files_of, zip_bytes
from .networks import network_2

OWN = ("nro", "pm", "pbo", "pto", "building", "pbo.cable", "pbo.fibre", "route")


class TestUndo(GracethdCase):
    """An applied delivery is undone while nothing depends on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.delivery = cls._deliver(network_2())

    @classmethod
    def _deliver(cls, tables, name=NAME):
        record = cls._upload(tables, name, cls.manager)
        cls._worked(record, "action_start")
        assert record.state in ("done", "done_errors"), record.message
        return record

    def _undo(self, record):
        self._worked(record, "action_undo")

    def _refused(self, record=None):
        """Return the message when a delivery cannot be undone; nothing changed."""
        counts = {model: len(self._own(model)) for model in OWN}
        with trap_jobs() as trap, self.assertRaises(UserError) as refusal:
            (record or self.delivery).action_undo()
        trap.assert_jobs_count(0)
        self.assertEqual(counts, {model: len(self._own(model)) for model in OWN})
        return str(refusal.exception)

    def test_all_goes_and_twice_is_refused(self):
        self.assertTrue(all(map(self._own, OWN)))
        self._undo(self.delivery)
        self.assertFalse(any(map(self._own, OWN)))
        self.assertEqual(self.delivery.state, "undone")
        self.assertIn("was undone already on", self._refused())
        changes = self.env["oiconnect.change"].search(
            [("network_id", "=", self.network.id), ("kind", "=", "unlink")]
        )
        self.assertEqual(set(changes.mapped("user_id")), {self.manager})
        self.assertEqual(set(changes.mapped("reason")), {"Undoing of livraison.zip"})
        [gone] = changes.filtered(lambda change: change.res_model == "oiconnect.pm")
        self.assertEqual(gone.reference, "PM-99001-0001")
        self.assertEqual(gone.snapshot["reference"], "PM-99001-0001")
        self._worked(self.delivery, "action_start")
        self.assertEqual(self.delivery.state, "done")
        self.assertTrue(all(map(self._own, OWN)))

    def test_who_may(self):
        with self.assertRaises(UserError):
            self.delivery.with_user(self.user).action_undo()
        with self.assertRaises(AccessError):
            self.delivery.with_user(self.reader).action_undo()
        journal = self.env["oiconnect.gracethd.journal"]
        self.assertTrue(journal.with_user(self.manager).search([], limit=1))
        with self.assertRaises(AccessError):
            journal.with_user(self.user).search([])

    def test_what_people_made_since(self):
        self.env["oiconnect.pto"].create(
            {
                "network_id": self.network.id,
                "reference": "ZT-0000-0001",
                "building_id": self._own("building").id,
            }
        )
        self._own("pm").message_post(body="À revoir")
        reasons = self._refused().splitlines()
        self.assertIn("PTO: 1", reasons)
        self.assertIn("Message: 1", reasons)

    def test_what_people_changed_since(self):
        self._own("pm").max_capacity = 12
        self.assertIn("PM, changed since: 1", self._refused().splitlines())

    def test_a_line_of_an_operator(self):
        operator = self.env["oiconnect.operator"].create(
            {"name": "Opérateur", "interop_code": "OCGT", "arcep_code": "OCGT"}
        )
        route = self._own("route")[0]
        route.write({"state": "reserved", "operator_id": operator.id})
        self.assertIn("Optical route, changed since: 1", self._refused().splitlines())
        route.write({"state": "used"})
        self.assertIn("Lines that operators hold: 1", self._refused().splitlines())

    def test_an_address_that_operators_were_told(self):
        buildings = self.env["oiconnect.building"]
        published = SQL("SELECT id FROM oiconnect_building")
        with patch.object(type(buildings), "_published_ids", return_value=published):
            reasons = self._refused().splitlines()
        self.assertIn("Addresses that operators were told: 1", reasons)

    def test_what_came_while_it_waited(self):
        with trap_jobs():
            self.delivery.action_undo()
        self._own("pm").max_capacity = 12
        self.delivery.sudo()._perform()
        self.assertEqual(self.delivery.state, "done")
        self.assertIn("PM, changed since: 1", self.delivery.message)
        self.assertTrue(self._own("pm"))

    def test_an_undoing_that_waits_is_cancelled(self):
        with trap_jobs():
            self.delivery.action_undo()
        self.assertEqual(self.delivery.state, "queued")
        self.delivery.action_cancel()
        self.assertEqual(self.delivery.state, "done")
        # Begun, and its job lost
        with trap_jobs():
            self.delivery.action_undo()
        self.delivery.sudo().state = "running"
        self.assertIn("wait for it", self._refused())
        self.delivery.action_cancel()
        self.assertEqual(self.delivery.state, "done")
        self._undo(self.delivery)
        self.assertFalse(self._own("pm"))

    def test_only_the_last_delivery_of_a_scope(self):
        changes = {"t_zsro": {0: {"zs_capamax": "500"}}}
        later = self._deliver(made(network_2, changes), "suite.zip")
        self.assertIn("undo that one first", self._refused())
        self.assertEqual(self._own("pm").max_capacity, 500)
        self._undo(later)
        self.assertEqual(self._own("pm").max_capacity, 0)
        rows = self._own("gracethd.object")
        self.assertEqual(set(rows.mapped("import_id")), {self.delivery})

    def test_an_earlier_delivery_after_the_later_ones(self):
        """Each is undone in turn, the last first, though all are of one scope."""
        capacities = {"500": None, "600": None}
        for capacity in capacities:
            changes = {"t_zsro": {0: {"zs_capamax": capacity}}}
            name = f"suite-{capacity}.zip"
            capacities[capacity] = self._deliver(made(network_2, changes), name)
        second, third = capacities.values()
        self.assertEqual(self.delivery.gracethd_later_id, second)
        self.assertIn("suite-600.zip", self._refused(second))
        self._undo(third)
        self.assertTrue(second.gracethd_can_undo)
        self.assertIn("suite-500.zip", self._refused())
        self._undo(second)
        # Looked at again: it stays undone
        self._checked(second)
        self.assertEqual(self._own("pm").max_capacity, 0)
        self._undo(self.delivery)
        self.assertFalse(any(map(self._own, OWN)))

    def test_tables_that_the_standard_does_not_know(self):
        """They come and go with their delivery, their layout too."""
        narrow = self._with_own_table(b"code;note\nA;1\nB;2\n")
        self._undo(self._deliver(narrow))
        self.assertFalse(self._stored_cells())
        self.assertTrue(self._own("pm"), "of the delivery before")
        self._deliver(narrow)
        stored = self._stored_cells()
        self.assertEqual(len(stored), 3, "two rows and the layout")
        wider = self._with_own_table(b"code;note;mot\nA;7;x\nC;3;y\n")
        later = self._deliver(wider, "suite.zip")
        self.assertNotEqual(self._stored_cells(), stored)
        self._undo(later)
        self.assertEqual(self._stored_cells(), stored)

    def _with_own_table(self, content):
        return zip_bytes(files_of(network_2()) | {"t_perso.csv": content})

    def _stored_cells(self):
        rows = self._own("gracethd.object").filtered(
            lambda row: "t_perso" in (row.table_name, row.code)
        )
        return {(row.table_name, row.code): row.cells for row in rows}

    def test_what_was_there_names_again_what_it_named(self):
        tables = network_2()
        [address] = tables["t_adresse"]
        tables["t_adresse"].append(
            address
            | {
                "ad_code": "AD2",
                "ad_ban_id": "99001_0001_00002",
                "ad_hexacle": "990010001B",
                "ad_numero": "2",
            }
        )
        tables["t_suf"][0]["sf_ad_code"] = "AD2"
        pto = self._own("pto")
        before = pto.building_id
        later = self._deliver(tables, "suite.zip")
        self.assertEqual(pto.building_id.identifier, "AD2")
        self._undo(later)
        self.assertEqual(pto.building_id, before)
        self.assertEqual(self._own("building"), before)

    def test_an_update_that_people_changed_since(self):
        changes = {"t_zsro": {0: {"zs_capamax": "500"}}}
        later = self._deliver(made(network_2, changes), "suite.zip")
        self._own("pm").max_capacity = 12
        self.assertIn("PM, changed since: 1", self._refused(later).splitlines())
