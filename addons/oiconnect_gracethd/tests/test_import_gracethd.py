import csv
import io
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import new_test_user

from ..checks import CHECKS
from ..models.map_errors import ERRORS
from ..reading import others
from .cases import made
from .common import BASE, NAME, GracethdCase
from .delivery_files import delivery_zip, files_of, zip_bytes
from .networks import network_2, network_3


class TestImportGracethd(GracethdCase):
    """A delivery on the import screen: recognised, checked, applied."""

    def test_a_good_delivery(self):
        models = ("oiconnect.pm", "oiconnect.nro", "oiconnect.pbo", "oiconnect.pto")
        before = [self.env[model].search_count([]) for model in models]
        for network, version in ((network_2, "2.0.2"), (network_3, "3.0")):
            record = self._upload(delivery_zip(network(), "livraison/"))
            self.assertEqual((record.kind, record.flow_version), ("gracethd", version))
            self.assertFalse(record.problem)
            self._checked(record)
            self.assertEqual(record.state, "checked")
            self.assertFalse(record.error_ids)
            self.assertEqual(record.gracethd_version, version)
            self.assertEqual(record.gracethd_epsg, 2154)
            self.assertEqual(record.gracethd_scope, "NRO: ZN1\nPM: PM-99001-0001")
            tables = record.gracethd_table_ids
            rows = {item.table_name: item.row_count for item in tables}
            self.assertEqual((rows["t_noeud"], rows["t_position"]), (3, 4))
            self.assertEqual(record.line_count, sum(rows.values()))
            # Nothing is left, nothing written.
            after = [self.env[model].search_count([]) for model in models]
            self.assertEqual(before, after)
            self.env.cr.execute(
                "SELECT count(*) FROM pg_class WHERE relname LIKE %s",
                [f"oiconnect_gracethd_{record.id}%"],
            )
            self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_tables_that_the_standard_does_not_know_are_counted(self):
        files = files_of(network_2())
        files["t_perso.csv"] = b"code;note\nA;1\nA;2\nB;\n"
        files["t_autre.csv"] = b"code\n" + b"x\n" * 4
        with patch.object(others, "MAX_ROWS", 6):
            record = self._checked(self._upload(zip_bytes(files)))
        self.assertEqual(record.gracethd_kept, "Rows: 4 (t_autre)")
        errors = {error.message_key: error for error in record.error_ids}
        self.assertEqual(set(errors), {"unknown_table", "too_many_other_rows"})
        self.assertEqual({error.severity for error in record.error_ids}, {"warning"})
        self.assertIn("6", errors["too_many_other_rows"].message)
        self._checked(record)
        self.assertEqual(record.gracethd_kept, "Rows: 7 (t_autre, t_perso)")
        self.assertEqual(set(record.error_ids.mapped("level")), {"4"})

    def test_faults_are_listed_at_once_and_downloaded(self):
        changes = {
            "t_cable": {0: {"cb_capafo": "864"}},
            "t_fibre": {0: {"fo_color": "=1+1"}},
        }
        record = self._upload(made(network_2, changes), gracethd_grid_id=self.strict.id)
        self._checked(record)
        codes = {error.code: error for error in record.error_ids}
        self.assertEqual(set(codes), {"GT04", "GT09"})
        self.assertEqual(record.error_line_count, 1)
        self.assertEqual((record.error_count, record.warning_count), (1, 1))
        found = {item.table_name: item for item in record.gracethd_table_ids}
        self.assertEqual(found["t_fibre"].error_count, 1)
        self.assertEqual(found["t_cable"].warning_count, 1)
        domain = found["t_fibre"].action_view_errors()["domain"]
        self.assertEqual(record.error_ids.search(domain), codes["GT04"])
        target = io.BytesIO()
        record._write_errors(target)
        text = target.getvalue().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        self.assertEqual(len(rows), 2)
        row = next(row for row in rows if row["Table"] == "t_fibre")
        self.assertEqual((row["Row"], row["Value"]), ("2", "'=1+1"))
        self.assertTrue(row["Latitude"])
        # A second check says the same, once.
        self._checked(record)
        self.assertEqual(len(record.error_ids), 2)
        self.assertEqual(len(record.gracethd_table_ids), len(network_2()))

    def test_from_the_import_and_from_its_errors_to_the_map(self):
        changes = {"t_fibre": {0: {"fo_color": "99"}}, "t_organisme": None}
        record = self._checked(self._upload(made(network_2, changes)))
        self.assertTrue(record.has_placed_errors)
        [error] = record.error_ids.filtered("latitude")
        place = [error.latitude, error.longitude] * 2
        for action in (
            record.action_show_errors_on_map(),
            error.action_show_all_on_map(),
            error.with_context(record.action_view_errors()["context"])
            .browse()
            .action_show_all_on_map(),
        ):
            focus = action["params"]["focus"]
            self.assertEqual(focus["bounds"], place)
            self.assertEqual(focus["filters"], {"import_ids": record.ids})
        focus = error.action_show_on_map()["params"]["focus"]
        self.assertEqual((focus["model"], focus["id"]), (error._name, error.id))
        self.assertAlmostEqual(focus["lat"], 48.86, 1)
        for nowhere in (record.error_ids - error)[:1]:
            for button in ("action_show_on_map", "action_show_all_on_map"):
                with self.assertRaises(UserError):
                    getattr(nowhere, button)()
        good = self._checked(self._upload(network_2()))
        self.assertFalse(good.has_placed_errors)

    def _import(self, record):
        return self._worked(record, "action_start")

    def test_a_delivery_is_applied(self):
        for network in (network_2, network_3):
            record = self._import(self._upload(network()))
            self.assertEqual(record.state, "done", record.message)
        counts = {item.model: item for item in record.count_ids}
        self.assertEqual(counts["oiconnect.pm"].unchanged, 1)
        self.assertEqual(counts["oiconnect.pbo.fibre"].unchanged, 2)
        [pm] = self._own("pm")
        self.assertEqual(pm.reference, "PM-99001-0001")
        self.assertEqual(pm.installation_date.isoformat(), "2019-12-29")
        self.assertAlmostEqual(pm.latitude, 48.86, 1)
        self.assertEqual(pm.nro_id.reference, "ZN1")
        self.assertEqual(pm.change_ids[-1:].reason, NAME)
        routes = self._own("route")
        self.assertEqual(len(routes), 2)
        self.assertEqual(routes.pbo_id.reference, "PBO-1")
        [pto] = self._own("pto")
        self.assertEqual(pto.reference, "PTO-1")
        self.assertEqual(pto.building_id.identifier, "AD1")
        self.assertEqual(set(routes.mapped("state")), {"free"})

    def test_a_choice_opens_the_check_again(self):
        record = self._checked(self._upload(network_2()))
        self.assertIn("bp_codeext", record.gracethd_choices)
        record.gracethd_reference = "code"
        self.assertEqual(record.state, "draft")
        self._import(record)
        self.assertEqual(self._own("pbo").mapped("reference"), ["BP1"])
        with self.assertRaises(UserError):
            record.gracethd_reference = "codeext"

    def test_errors_may_forbid_all(self):
        changes = {"t_fibre": {0: {"fo_color": "99"}}}
        content = delivery_zip(made(network_2, changes))
        strict = {"gracethd_grid_id": self.strict.id}
        record = self._import(self._upload(content, on_error="nothing", **strict))
        self.assertEqual(record.state, "refused")
        self.assertFalse(self._own("pm"))
        record = self._import(self._upload(content, **strict))
        self.assertEqual(record.state, "done_errors")
        self.assertEqual(len(self._own("pbo.fibre")), 2, "the cell alone is refused")
        self.assertIn("left void", record.error_verdict)

    def test_the_verdict_counts_what_hangs_on_the_rows_left_out(self):
        """A box of no kind goes: its routes lose their PBO, before anything is done."""
        changes = {"t_ebp": {0: {"bp_typelog": "PBX"}}}
        content = delivery_zip(made(network_2, changes))
        checked = self._checked(self._upload(content))
        self.assertIn("One row is left out", checked.error_verdict)
        self.assertIn("2 routes", checked.error_verdict)
        self.assertTrue(checked.gracethd_left_out.startswith("GT04"))
        self.assertIn("t_ebp 1", checked.gracethd_left_out)
        listed = self.env["oiconnect.import.error"].search(
            checked.action_view_left_out()["domain"]
        )
        self.assertEqual(
            sorted(listed.mapped("message_key")),
            ["hangs_route", "hangs_route", "unknown_value"],
        )
        record = self._import(self._upload(content))
        self.assertEqual(record.error_verdict, checked.error_verdict)
        self.assertEqual(len(self._own("route")), 2)
        self.assertFalse(self._own("pbo"))

    def test_of_positions_that_share_a_fibre_the_first_stays(self):
        """The second goes, and nothing hangs on it, by any grid."""
        tables = network_2()
        tables["t_position"].append(tables["t_position"][2] | {"ps_code": "PS99"})
        content = delivery_zip(tables)
        for grid in (self.strict, self.strict.search([("is_strict", "=", False)])[0]):
            with self.subTest(grid.name):
                values = {"gracethd_grid_id": grid.id}
                record = self._checked(self._upload(content, **values))
                left_out = record.error_ids.filtered("is_left_out")
                self.assertEqual(left_out.mapped("message_key"), ["fibre_twice"])
                self.assertEqual(left_out.mapped("line"), [6])
                self.assertIn("nothing hangs", record._verdict_text())
                self._import(record)
                self.assertEqual(self._own("route").mapped("state"), ["free"] * 2)

    def test_a_waiting_position_without_code_costs_its_route(self):
        changes = {"t_position": {2: {"ps_code": ""}}}
        record = self._checked(self._upload(made(network_2, changes)))
        self.assertEqual(
            record.error_verdict, "One row is left out, and with that: one route."
        )
        left_out = record.error_ids.filtered("is_left_out")
        self.assertEqual(
            sorted(left_out.mapped("message_key")), ["hangs_route", "key_void"]
        )
        self.assertFalse(
            record.error_ids.filtered(
                lambda error: error.message_key.startswith("apply_route_")
            )
        )

    def test_a_bad_cell_costs_its_cell(self):
        """A date that is none leaves its PM; what it said comes with the row."""
        changes = {
            "t_zsro": {0: {"zs_dateins": "hier", "zs_capamax": "360"}},
            "t_fibre": {0: {"fo_color": "99"}},
        }
        record = self._import(self._upload(made(network_2, changes)))
        self.assertEqual(record.state, "done")
        self.assertEqual(set(record.error_ids.mapped("level")), {"3"})
        self.assertFalse(record.gracethd_left_out)
        [pm] = self._own("pm")
        self.assertFalse(pm.installation_date)
        self.assertEqual(pm.max_capacity, 360)
        self.assertEqual(len(self._own("route")), 2)
        row = self._own("gracethd.object").filtered(
            lambda row: row.table_name == "t_zsro"
        )
        self.assertEqual(row.cells["zs_dateins"], "hier")

    def test_an_empty_table_of_another_version_is_a_note(self):
        files = files_of(network_3())
        files["t_ltech.csv"] = b"lt_code;lt_st_code\n"
        record = self._import(self._upload(zip_bytes(files)))
        self.assertEqual(record.state, "done")
        [note] = record.error_ids
        self.assertEqual((note.message_key, note.level), ("other_version", "4"))
        files["t_ltech.csv"] += b"LT1;ST1\n"
        record = self._checked(self._upload(zip_bytes(files)))
        self.assertEqual(record.error_ids.mapped("level"), ["1"])

    def test_an_unchanged_grid_follows_what_faults_cost(self):
        """Levels of a standard grid of before, as an upgrade finds them."""
        grids = self.env["oiconnect.gracethd.grid"]
        fresh = grids.create({"name": "Neuve"})
        levels = {item.number: item.level for item in self.strict.check_ids}
        self.assertEqual((levels[3], levels[4]), ("1", "2"))
        for changed in (False, True):
            grid = grids.create({"name": "Ancienne", "is_strict": True})
            grid.is_strict = False
            if changed:
                grid.check_ids[:1].level = "4"
            before = grid._levels()
            grid._relax()
            wanted = before if changed else fresh._levels()
            self.assertEqual(grid._levels(), wanted)
            self.assertEqual(len(grid.due_ids), len(fresh.due_ids))
        self.assertEqual(set(fresh.due_ids.mapped("level")), {"1", "2", "3"})

    def test_rows_are_read_by_their_company_alone(self):
        self._import(self._upload(network_2()))
        rows = self.env["oiconnect.gracethd.object"]
        own = [("network_id", "=", self.network.id)]
        self.assertTrue(rows.with_user(self.user).search(own))
        row = rows.search(own, limit=1)
        for person in (self.stranger, self.manager):
            with self.assertRaises(AccessError):
                row.with_user(person).write({"code": "x"})
        with self.assertRaises(AccessError):
            row.with_user(self.stranger).read(["cells"])

    def test_a_delivery_that_cannot_be_read(self):
        record = self._upload(zip_bytes({"t_cable.csv": b""}))
        self.assertTrue(record.problem)
        with self.assertRaises(UserError):
            record.action_check()

    def test_other_zips_are_left_to_other_kinds(self):
        record = self._upload(zip_bytes({"a.csv": b"x;y\n1;2\n"}))
        self.assertFalse(record.kind)
        self.assertTrue(record.problem)

    def test_the_grid_says_what_is_due_and_how_bad(self):
        grid = self.env.ref("oiconnect_gracethd.grid_standard")
        self.assertEqual(set(grid.check_ids.mapped("number")), set(CHECKS))
        own = grid.with_user(self.manager).copy({"name": "Contrat"})
        self.assertEqual(len(own.check_ids), len(CHECKS))
        self.assertEqual(len(own.due_ids), len(grid.due_ids))
        own.check_ids.filtered(lambda item: item.number == 9).level = "0"
        own.check_ids.filtered(lambda item: item.number == 4).level = "3"
        own.due_ids = [
            (0, 0, {"generation": "2", "table_name": "t_ebp", "column_name": column})
            for column in ("bp_rf_code", "bp_etiquet")
        ]
        changes = {
            "t_cable": {0: {"cb_capafo": "864"}},
            "t_fibre": {0: {"fo_color": "99"}},
            "t_ebp": {0: {"bp_etiquet": "B1"}},
        }
        content = delivery_zip(made(network_2, changes))
        record = self._checked(self._upload(content, gracethd_grid_id=own.id))
        errors = {
            (error.code, error.column, error.severity, error.message_key)
            for error in record.error_ids
        }
        self.assertEqual(
            errors,
            {
                ("GT02", "bp_rf_code", "warning", "column_absent"),
                ("GT04", "fo_color", "warning", "unknown_value"),
                ("GT05", "bp_etiquet", "error", "due_void"),
            },
        )

    def test_a_grid_knows_its_tables(self):
        grid = self.env.ref("oiconnect_gracethd.grid_standard").with_user(self.manager)
        for table, column in (("t_nothing", False), ("t_ebp", "bp_lc_code")):
            values = {"generation": "2", "table_name": table, "column_name": column}
            with self.assertRaises(ValidationError):
                grid.due_ids = [(0, 0, values)]


class TestCheckedDelivery(GracethdCase):
    """A delivery that was checked: who reads what was found, what opens it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record = cls._checked(cls._upload(network_3()))

    def test_another_grid_opens_the_check_again(self):
        record = self.record
        own = self.env["oiconnect.gracethd.grid"].create({"name": "Autre"})
        record.gracethd_grid_id = own
        self.assertEqual(record.state, "draft")
        self.assertFalse(record.gracethd_table_ids)

    def test_rights(self):
        record = self.record
        grid = self.env.ref("oiconnect_gracethd.grid_standard")
        with self.assertRaises(AccessError):
            record.gracethd_table_ids.with_user(self.stranger).read(["row_count"])
        with self.assertRaises(AccessError):
            grid.with_user(self.stranger).read(["name"])
        with self.assertRaises(AccessError):
            grid.with_user(self.user).name = "x"
        for values in ({"row_count": 9}, {"file": "x"}):
            with self.assertRaises(AccessError):
                record.gracethd_table_ids[:1].with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            record.gracethd_version = "9"

    def test_a_company_sees_its_own(self):
        record = self.record
        other = self.env["res.company"].create({"name": "Autre société"})
        person = new_test_user(
            self.env,
            "gracethd_other",
            f"{BASE}import_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        tables = self.env["oiconnect.gracethd.table"].with_user(person)
        self.assertFalse(tables.search([("import_id", "=", record.id)]))


class TestErrorsOnMap(GracethdCase):
    """The errors of one delivery, where they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        changes = {
            "t_fibre": {0: {"fo_color": "99"}, 1: {"fo_color": "98"}},
            "t_cable": {0: {"cb_capafo": "864"}},
        }
        cls.record = cls._checked(cls._upload(made(network_2, changes)))

    def _map(self, record, user=None, zoom=17, **filters):
        """Return what the map shows of the errors of a delivery."""
        filters = {"import_ids": record.ids} | filters
        box = (48.8, 2.2, 48.9, 2.5)
        service = self.env["oiconnect.map"].with_user(user or self.user)
        return service._view(box, zoom, ["delivery_error"], filters)

    def test_errors_are_a_layer_of_the_map(self):
        """One mark for each rule and table at a place, coloured by its level."""
        record = self.record
        errors = record.error_ids.filtered("latitude")
        self.assertEqual(len(errors), 3)
        found = self._map(record)
        marks = {point[4]: point for point in found["points"]["delivery_error"]}
        self.assertEqual(set(marks), {"GT04 – t_fibre (2)", "GT09 – t_cable"})
        self.assertEqual(found["totals"], {"delivery_error": 3})
        fibres = errors.filtered(lambda error: error.table_name == "t_fibre")
        mark = marks["GT04 – t_fibre (2)"]
        self.assertEqual((mark[0], mark[3]), (min(fibres.ids), fibres[0].level))
        # Filters of the network do not hide them; without a delivery there are none.
        other = self._map(record, pm_ids=[1], network_ids=[1], commune_ids=[1])
        self.assertEqual(other["points"], found["points"])
        none = self._map(record, import_ids=[])
        self.assertEqual(none["totals"], {})
        with patch.object(ERRORS, "limit", 1):
            clusters = self._map(record)["clusters"]
        self.assertEqual(sum(cluster[2] for cluster in clusters), 3)

    def test_the_card_of_an_error_leads_to_all_like_it(self):
        record = self.record
        errors = record.error_ids.filtered(lambda other: other.code == "GT04")
        error = errors[0]
        service = self.env["oiconnect.map"].with_user(self.user)
        card = service._card(error._name, error.id)
        self.assertIn("GT04", card["title"])
        lines = dict(card["lines"])
        self.assertEqual(lines["Table"], "t_fibre")
        self.assertEqual(lines["What to do"], error.message)
        self.assertEqual(lines["Errors of this rule here"], "2")
        action = getattr(error, card["action"]["name"])()
        self.assertEqual(error.search(action["domain"]), errors)

    def test_who_reads_no_imports_has_no_errors_on_the_map(self):
        record = self.record
        self.assertNotIn("delivery_error", self._map(record, self.stranger)["totals"])
        service = self.env["oiconnect.map"].with_user(self.stranger)
        self.assertNotIn("delivery_error", service._settings()["states"])
        with self.assertRaises(AccessError):
            service._card("oiconnect.import.error", record.error_ids[0].id)
        company = self.env["res.company"].create({"name": "Autre"})
        values = {"company_id": company.id, "company_ids": company.ids}
        self.user.write(values)
        self.assertEqual(self._map(record)["totals"], {"delivery_error": 0})
