import io

from odoo.tests.common import TransactionCase

from odoo.addons.oiconnect_gracethd.bulk.errors import DeliveryLog
from odoo.addons.oiconnect_gracethd.bulk.staging import DeliveryStage
from odoo.addons.oiconnect_gracethd.checks import CHECKS, CheckRun, locate
from odoo.addons.oiconnect_gracethd.messages import MESSAGES
from odoo.addons.oiconnect_gracethd.reading import open_delivery

from .cases import CASES, made
from .delivery_files import delivery_zip, files_of, zip_bytes
from .networks import X, Y, network_2, network_3

DUE = [("t_fibre", "", "2"), ("t_ptech", "pt_typephy", "2")]


class TestChecks(TransactionCase):
    """Each check finds what it is for, where it is, and nothing in a good network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        network = cls.env["oiconnect.network"].create(
            {"name": "Réseau", "code": "GT_01", "oi_code": "OITG", "pto_prefix": "ZT"}
        )
        cls.record = cls.env["oiconnect.import"].create({"network_id": network.id})
        cls.env.flush_all()
        DeliveryStage(cls.env.cr, "gracethd_test").create()

    def _found(self, content, numbers=None):
        """Return the errors of a delivery, by the checks ``numbers`` or all."""
        numbers = numbers or CHECKS
        cr = self.env.cr
        with cr.savepoint() as savepoint:
            stage = DeliveryStage(cr, "gracethd_test")
            levels = {
                number: check.level if number in numbers else "0"
                for number, check in CHECKS.items()
            }
            log = DeliveryLog(self.record, stage, levels)
            with open_delivery(io.BytesIO(content)) as delivery:
                for problem in delivery.problems:
                    log.problem(problem)
                stage.load(delivery, log, lambda rows: None)
                log.flush()
                run = CheckRun(stage, log, delivery.generation, DUE)
                run.execute(lambda done, total: None)
                locate(run)
                run.close()
                log.locate(delivery.epsg)
            self.env.invalidate_all()
            fields = ["table_name", "line", "column", "message_key", "message", "code"]
            fields += ["level", "params", "latitude", "longitude"]
            errors = self.record.error_ids.read(fields)
            savepoint.rollback()
        self.env.invalidate_all()
        return errors

    def _summary(self, errors):
        return {
            (
                item["table_name"],
                item["line"],
                item["column"] or "",
                item["message_key"],
            )
            for item in errors
        }

    def test_all_checks_are_declared_and_have_a_case(self):
        numbers = set(range(1, 34))
        self.assertEqual(set(CHECKS), numbers)
        self.assertEqual({number for number, *_case in CASES}, numbers)

    def test_a_good_network_breaks_no_check(self):
        for network in (network_2, network_3):
            with self.subTest(network.__name__):
                self.assertEqual(self._found(delivery_zip(network())), [])

    def test_each_check_finds_its_fault(self):
        for number, networks, changes, expected in CASES:
            for network in networks:
                with self.subTest(number=number, network=network.__name__):
                    errors = self._found(delivery_zip(made(network, changes)), [number])
                    self.assertEqual(self._summary(errors), expected)
                    self.assertEqual(
                        {item["code"] for item in errors}, {f"GT{number:02}"}
                    )
                    for item in errors:
                        self.assertNotIn("%(", item["message"])

    def test_errors_have_their_place(self):
        for table, changes in (
            ("t_fibre", {"t_fibre": {0: {"fo_color": "99"}}}),
            ("t_position", {"t_position": {2: {"ps_type": "X"}}}),
            ("t_tiroir", {"t_tiroir": {0: {"ti_type": "X"}}}),
            ("t_noeud", {"t_noeud": {0: {"nd_type": "X"}}}),
        ):
            [error] = self._found(delivery_zip(made(network_3, changes)), [4])
            self.assertEqual(error["table_name"], table)
            self.assertAlmostEqual(error["latitude"], 48.86, 1)
            self.assertAlmostEqual(error["longitude"], 2.35, 1)

    def test_a_splitter_is_no_fault(self):
        """A fibre in several positions of a tray of splitters feeds them all."""
        changes = {
            "t_cassette": {1: {"cs_type": "S"}},
            "t_position": {0: {"ps_1": "FO1"}, 1: {"ps_1": "FO1"}},
        }
        self.assertEqual(self._found(delivery_zip(made(network_2, changes)), [27]), [])

    def test_zones_of_inner_pbos_may_overlap(self):
        changes = {
            "t_ebp": {0: {"bp_pt_code": "", "bp_lc_code": "LC2"}},
            "t_zpbo": [{"zp_code": "ZP2"}],
        }
        self.assertEqual(self._found(delivery_zip(made(network_3, changes)), [22]), [])

    def test_an_area_that_is_none_stops_no_check(self):
        changes = {"t_zpbo": {0: {"geom": [[(X, Y), (X + 1, Y)]]}}}
        self.assertEqual(self._found(delivery_zip(made(network_3, changes)), [19]), [])

    def test_values_of_all_forms_are_good(self):
        dates = ("2019-12-29", "20191229", "29/12/2019", "2019/12/29", "2020-02-29")
        times = ("2019-10-28 12-23-52", "2019-10-28T12:23:52Z", "2019-10-28 12:23:52.5")
        times += ("20191009000000", "201910091223", "2019-10-28T12:23:52+02:00")
        times += ("28/10/2019 12:23", "2019-10-28 12:23:52.123 +0200")
        rows = [{"zs_dateins": date, "zs_creadat": date} for date in dates]
        rows += [{"zs_creadat": time, "zs_actif": "1"} for time in times]
        numbers = ("1", "2.0", "1180030072", "1180030072.000")
        rows += [{"zs_nblogmt": number, "zs_actif": "false"} for number in numbers]
        rows = [{"zs_code": f"Z{rank}", **row} for rank, row in enumerate(rows)]
        tables = {"t_noeud": network_2()["t_noeud"], "t_zsro": rows}
        self.assertEqual(self._found(delivery_zip(tables), [2]), [])

    def test_values_of_no_form_are_reported(self):
        wrong = (
            ("zs_dateins", "2019-02-29", "bad_date"),
            ("zs_dateins", "2019-13-01", "bad_date"),
            ("zs_dateins", "hier", "bad_date"),
            ("zs_creadat", "2019-10-28 midi", "bad_datetime"),
            ("zs_creadat", "20191009250000", "bad_datetime"),
            ("zs_nblogmt", "1.5", "bad_int"),
            ("zs_nblogmt", "99999999999", "bad_int"),
            ("zs_actif", "2", "bad_bool"),
        )
        rows = [
            {"zs_code": f"Z{rank}", column: value}
            for rank, (column, value, _key) in enumerate(wrong)
        ]
        found = self._found(delivery_zip({"t_zsro": rows}), [2])
        self.assertEqual(
            {(item["line"], item["column"], item["message_key"]) for item in found},
            {(rank, column, key) for rank, (column, _v, key) in enumerate(wrong, 1)},
        )

    def test_values_that_stand_for_none_are_void_and_noted_once(self):
        numbers = (
            "****",
            "-99999",
            "-99999.000",
            "1e-38",
            "2.5E-042",
            "-1e+38",
            "NULL",
        )
        numbers += ("-1" + "0" * 38, "0." + "0" * 40 + "1", "(null)", "NaN")
        rows = [{"zs_nblogmt": n, "zs_lgmaxln": n} for n in numbers]
        rows += [{"zs_dateins": day} for day in ("00000000", "0000-00-00", "NULL")]
        rows += [{"zs_actif": "?"}, {"zs_nblogmt": "\u200b", "zs_refpm": " \ufeff"}]
        rows = [{"zs_code": f"Z{rank}", **row} for rank, row in enumerate(rows)]
        [note] = self._found(delivery_zip({"t_zsro": rows}), [2])
        self.assertEqual((note["message_key"], note["level"]), ("null_values", "4"))
        self.assertEqual(note["params"]["count"], 2 * len(numbers) + 4)
        for name in ("zs_nblogmt", "zs_lgmaxln", "zs_dateins", "zs_actif"):
            self.assertIn(name, note["params"]["columns"])

    def test_drops_of_one_fibre_are_noted_once(self):
        drops = [
            {"cb_code": f"CB{rank}", "cb_typelog": "RA", "cb_capafo": "1"}
            for rank in range(7, 10)
        ]
        found = self._found(delivery_zip(made(network_2, {"t_cable": drops})), [8])
        [note] = found
        self.assertEqual(
            (note["message_key"], note["line"] or False), ("single_drops", False)
        )
        self.assertEqual((note["level"], note["params"]["count"]), ("4", 3))

    def test_locals_to_serve_are_counted_and_rooms_are_not(self):
        kinds = ("FTTH", "FTTH", "TEC")
        locals_ = [
            {"lc_code": f"LC9{rank}", "lc_st_code": "ST2", "lc_typelog": kind}
            for rank, kind in enumerate(kinds)
        ]
        changes = {"t_local": locals_, "t_adresse": {0: {"ad_nblres": "1"}}}
        [found] = self._found(delivery_zip(made(network_3, changes)), [11])
        self.assertEqual(found["params"]["found"], 3)

    def test_an_address_names_the_other_that_has_its_hexacle(self):
        changes = {"t_adresse": [{"ad_code": "AD2", "ad_ban_id": "", "ad_numero": "2"}]}
        found = self._found(delivery_zip(made(network_2, changes)), [7])
        others = {item["line"]: item["params"]["other"] for item in found}
        self.assertEqual(others, {1: 2, 2: 1})

    def test_files_in_disorder_are_staged_as_they_are(self):
        """Other order, columns unknown or absent, signs that COPY escapes."""
        files = {
            "t_organisme.csv": (
                'or_nom;Couleur;or_code\r\nA\\b\tc ;rouge;OR1\r\n"d;e";;OR2\r\n'
            ).encode("utf-8-sig"),
            "t_cable.csv": b"cb_code;cb_nd1\nCB1;\n",
            "t_cable_patch201.csv": b"cb_code;cb_bp1\nCB1;BP7\n",
        }
        with self.env.cr.savepoint() as savepoint:
            stage = DeliveryStage(self.env.cr, "gracethd_test")
            with open_delivery(io.BytesIO(zip_bytes(files))) as delivery:
                stage.load(delivery, None, lambda rows: None)
            stage.index()
            self.env.cr.execute(
                "SELECT line, or_code, or_nom, or_siren, extra "
                "FROM gracethd_test_t_organisme ORDER BY line"
            )
            rows = self.env.cr.fetchall()
            self.env.cr.execute("SELECT cb_code, cb_bp1 FROM gracethd_test_t_cable")
            cables = self.env.cr.fetchall()
            savepoint.rollback()
        self.assertEqual(
            rows,
            [
                (2, "OR1", "A\\b\tc", None, {"couleur": "rouge"}),
                (3, "OR2", "d;e", None, {}),
            ],
        )
        self.assertEqual(cables, [("CB1", "BP7")])

    def test_what_cannot_be_read_is_reported_and_the_rest_checked(self):
        files = files_of(network_2())
        files["t_fibre.csv"] += b"FO3\nFO4;CB1;3;1;3;3;trop\n"
        files["t_noeud.dbf"] = files["t_noeud.dbf"][:-30]
        files["t_baie.csv"] = b""
        errors = self._found(zip_bytes(files))
        summary = self._summary(errors)
        self.assertIn(("t_fibre", 4, "", "too_few_cells"), summary)
        self.assertIn(("t_fibre", 5, "", "too_many_cells"), summary)
        self.assertIn(("t_noeud", 0, "", "dbf_cut"), summary)
        self.assertIn(("t_baie", 0, "", "empty_file"), summary)
        self.assertIn(("t_tiroir", 2, "ti_ba_code", "orphan"), summary)

    def test_messages_have_no_parameter_that_no_code_gives(self):
        for key, message in MESSAGES.items():
            self.assertTrue(message.endswith("."), key)
