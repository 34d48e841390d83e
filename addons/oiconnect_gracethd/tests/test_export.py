import base64
import io
import json
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import zipfile
from unittest import skipUnless

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests.common import TransactionCase, new_test_user
from odoo.tools import SQL

from odoo.addons.oiconnect_gracethd import routes
from odoo.addons.oiconnect_gracethd.bulk.errors import DeliveryLog
from odoo.addons.oiconnect_gracethd.bulk.staging import DeliveryStage
from odoo.addons.oiconnect_gracethd.catalogue import TABLES, columns_of
from odoo.addons.oiconnect_gracethd.checks import CHECKS, CheckRun
from odoo.addons.oiconnect_gracethd.reading import open_delivery
from odoo.addons.queue_job.tests.common import trap_jobs

from .exported_network import ExportedNetwork

BASE = "base.group_user,oiconnect_base.group_"
STAGE = "gracethd_export_test"
VERSIONS = ("2.0.2", "3.0")
_DBF = {"int": ("N", 11, 0), "decimal": ("N", 32, 10), "date": ("D", 8, 0)}
#: tables of the bays, and of the rooms where they are
_PLACES = ("t_baie", "t_ltech")
_DBF |= {"datetime": ("C", 29, 0), "bool": ("L", 1, 0)}


class ExportCase(ExportedNetwork, TransactionCase):
    """Exports of the small network, which our own reader and checks take back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "gx_user", f"{BASE}infra_user")
        cls.reader = new_test_user(cls.env, "gx_reader", f"{BASE}infra_read")
        cls._make_network()
        DeliveryStage(cls.env.cr, STAGE).create()

    @classmethod
    def _new(cls, user=None, **values):
        exports = cls.env["oiconnect.gracethd.export"].with_user(user or cls.user)
        values = {"network_id": cls.network.id, "nro_ids": cls.nro.ids, **values}
        return exports.create(values)

    @classmethod
    def _made(cls, **values):
        export = cls._new(**values)
        with trap_jobs() as trap:
            export.action_export()
            trap.assert_jobs_count(1)
        export.sudo()._perform()
        cls.env.invalidate_all()
        assert export.state == "done", export.message
        return export

    def _content(self, export):
        return base64.b64decode(export.file)

    def _staged(self, content, read):
        """Return (delivery, errors, what ``read(stage)`` finds) of a delivery."""
        cr = self.env.cr
        record = self.env["oiconnect.import"].create({"network_id": self.network.id})
        self.env.flush_all()
        with cr.savepoint() as savepoint, open_delivery(io.BytesIO(content)) as found:
            stage = DeliveryStage(cr, STAGE)
            levels = {number: check.level for number, check in CHECKS.items()}
            log = DeliveryLog(record, stage, levels)
            for problem in found.problems:
                log.problem(problem)
            stage.load(found, log, lambda rows: None)
            log.flush()
            due = [
                (column.table, column.name, "2")
                for table in TABLES.values()
                for column in table.columns.values()
                if found.generation in column.required
            ]
            run = CheckRun(stage, log, found.generation, due)
            run.execute(lambda done, total: None)
            run.close()
            self.env.invalidate_all()
            fields = ["table_name", "line", "column", "message_key", "value"]
            errors = record.error_ids.read(fields)
            result = read(stage)
            savepoint.rollback()
        self.env.invalidate_all()
        return (found.version, found.epsg), errors, result

    def _rows(self, stage, table, *columns):
        query = SQL(
            "SELECT %s FROM %s ORDER BY line",
            SQL(", ").join(map(SQL.identifier, columns)),
            stage.table(table),
        )
        return self.env.execute_query(query)

    def _routes(self, stage):
        """Rebuild the routes; return those that end at a PBO or a PTO."""
        routes.rebuild(self.env.cr, stage.name)
        names = ("route", "t_position", "t_tiroir", "t_cassette", "t_fibre", "t_ebp")
        return set(
            self.env.execute_query(
                SQL(
                    """SELECT ti.ti_etiquet, cs.cs_num || '/' || ps.ps_numero,
                              r.end_kind, bp.bp_codeext, pto.bp_linecod
                         FROM %(route)s r
                         JOIN %(t_position)s ps ON ps.line = r.position_line
                         JOIN %(t_tiroir)s ti ON ti.ti_code = ps.ps_ti_code
                         JOIN %(t_cassette)s cs ON cs.cs_code = ps.ps_cs_code
                         LEFT JOIN %(t_ebp)s bp ON bp.line = r.pbo_line
                         LEFT JOIN %(t_ebp)s pto ON pto.line = r.pto_line""",
                    **{name: SQL.identifier(f"{STAGE}_{name}") for name in names},
                )
            )
        )


class TestWholeExport(ExportCase):
    """Content of one export of each version, and who may have it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.whole = {version: cls._made(version=version) for version in VERSIONS}

    def test_what_is_exported_is_read_without_fault(self):
        expected = {
            (
                route.module_id.name,
                route.position_name,
                "pto" if route.pto_id else "free",
                route.pbo_id.reference,
                route.pto_id.reference or None,
            )
            for route in self.routes
        }
        for version, export in self.whole.items():
            with self.subTest(version):
                found, errors, rebuilt = self._staged(
                    self._content(export), self._routes
                )
                self.assertEqual(found, (version, 2154))
                self.assertEqual(errors, [])
                self.assertEqual(rebuilt, expected)
                self.assertFalse(export.message)
                self.assertGreater(export.row_count, 60)

    def test_objects_are_all_there(self):
        def read(stage):
            return (
                self._rows(stage, "t_ebp", "bp_codeext", "bp_typelog", "bp_typephy"),
                self._rows(stage, "t_cable", "cb_codeext", "cb_typelog", "cb_lgreel"),
                self._rows(stage, "t_suf", "sf_escal", "sf_etage"),
                self._rows(stage, "t_adresse", "ad_batcode", "ad_nomvoie", "ad_numero"),
                self._rows(stage, "t_ptech", "pt_codeext", "pt_typephy", "pt_comment"),
                self._rows(stage, "t_fibre", "fo_numtub", "fo_nintub", "fo_color"),
                self._rows(stage, "t_zsro", "zs_refpm", "zs_etatpm", "zs_typeemp"),
                self._rows(stage, "t_ltech", "lt_codeext", "lt_statut"),
            )

        _found, _errors, tables = self._staged(self._content(self.whole["2.0.2"]), read)
        boxes, cables, homes, addresses, points, fibres, zones, locals_ = map(
            set, tables
        )
        self.assertEqual(
            boxes,
            {
                ("BPE-1", "BPE", "B144"),
                ("BPE-T", "BPE", None),
                ("PBO-1", "PBO", None),
                *((pto.reference, "PTO", None) for pto in self.ptos),
            },
        )
        self.assertLessEqual(
            {("CDI-1", "DI", "120.5"), ("CTR-1", "TR", None), ("RA-1", "RA", None)},
            cables,
        )
        # The second PTO has no drop cable: its route has one of its own.
        self.assertIn((None, "RA", None), cables)
        self.assertEqual(homes, {("A", "1"), (None, None)})
        self.assertEqual(addresses, {("IMB/99001/X/0001", "RUE DES LILAS", "12")})
        self.assertIn(("PBO-1", "Z", "Angle de la rue"), points)
        self.assertIn(("1", "2", None), fibres)
        self.assertIn(("1", "2", "2"), fibres)
        self.assertEqual(zones, {("FI-99001-0001", "DP", "ADR")})
        self.assertEqual(
            locals_,
            {
                ("99001AAA", "REC"),
                ("FI-99001-0001", "REC"),
                ("PMT-99001-01", "REC"),
            },
        )

    def test_columns_are_those_of_the_standard(self):
        content = io.BytesIO(self._content(self.whole["2.0.2"]))
        with zipfile.ZipFile(content) as archive:
            names = set(archive.namelist())
            for table in TABLES.values():
                if "2" not in table.versions:
                    continue
                columns = [
                    item
                    for item in columns_of(table.name, "2")
                    if item.type != "geometry"
                ]
                if not table.form:
                    head = archive.read(f"{table.name}.csv").decode().split("\n")[0]
                    self.assertEqual(head.split(";"), [item.name for item in columns])
                    continue
                self.assertLessEqual(
                    {f"{table.name}.{end}" for end in ("shp", "shx", "prj", "cpg")},
                    names,
                )
                self.assertEqual(
                    self._dbf_fields(archive.read(f"{table.name}.dbf")),
                    [
                        (item.name, *_DBF.get(item.type, ("C", item.length, 0)))
                        for item in columns
                    ],
                )

    def test_layers_are_those_of_the_standard(self):
        kinds = {
            "int": "INTEGER",
            "decimal": "DOUBLE",
            "date": "DATE",
            "datetime": "DATETIME",
            "bool": "BOOLEAN",
        }
        shapes = {"point": "POINT", "line": "LINESTRING", "area": "MULTIPOLYGON"}
        with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
            file.write(self._content(self.whole["3.0"]))
            file.flush()
            database = sqlite3.connect(file.name)
            self.addCleanup(database.close)
            for table in TABLES.values():
                if "3" not in table.versions:
                    continue
                found = [
                    (row[1], row[2])
                    for row in database.execute(f"PRAGMA table_info({table.name})")
                ]
                expected = [
                    (
                        item.name,
                        shapes[table.form]
                        if item.type == "geometry"
                        else kinds.get(item.type, f"TEXT({item.length})"),
                    )
                    for item in columns_of(table.name, "3")
                ]
                self.assertEqual(found[1:], expected, table.name)

    @skipUnless(shutil.which("ogrinfo"), "no GDAL")
    def test_gis_tools_read_it(self):
        for version, end, prefix in (
            ("2.0.2", ".zip", "/vsizip/"),
            ("3.0", ".gpkg", ""),
        ):
            with tempfile.NamedTemporaryFile(suffix=end) as file:
                file.write(self._content(self.whole[version]))
                file.flush()
                done = subprocess.run(
                    ["ogrinfo", "-ro", "-so", "-al", f"{prefix}{file.name}"],
                    capture_output=True,
                    text=True,
                    check=True,
                )
            self.assertNotIn("Warning", done.stderr)
            self.assertNotIn("ERROR", done.stderr)
            self.assertIn("Layer name: t_cableline", done.stdout)
            self.assertIn("Lambert-93", done.stdout)

    def test_who_may_export(self):
        with self.assertRaises(AccessError):
            self._new(self.reader)
        export = self.whole["2.0.2"]
        self.assertTrue(export.with_user(self.reader).action_download())
        self.user.group_ids -= self.env.ref("base.group_allow_export")
        everybody = self.env.ref("oiconnect_base.group_user")
        everybody.implied_ids -= self.env.ref("base.group_allow_export")
        self.env.invalidate_all()
        for name in ("action_export", "action_download"):
            with self.assertRaises(AccessError):
                getattr(export, name)()
        with self.assertRaises(AccessError):
            export.read(["file"])

    def test_an_export_says_for_good_what_it_is(self):
        export = self.whole["2.0.2"]
        with self.assertRaises(UserError):
            export.version = "3.0"
        with self.assertRaises(UserError):
            export.action_export()

    def _dbf_fields(self, raw):
        [size] = struct.unpack_from("<H", raw, 8)
        fields = []
        for start in range(32, size - 1, 32):
            name, kind, width, decimals = struct.unpack_from("<11sc4xBB", raw, start)
            name = name.rstrip(b"\0").decode()
            fields.append((name, kind.decode(), width, decimals))
        return fields


class TestExport(ExportCase):
    """Parts, codes and what the network has of each kind."""

    def test_cables_of_version_3_are_cut_at_each_box(self):
        self._lay_through_boxes("CDI-9", 3)

        def read(stage):
            columns = ("cb_codeext", "cb_cabphy", "cb_lgreel")
            return self._rows(stage, "t_cable", *columns), self._routes(stage)

        content = self._content(self._made(version="3.0"))
        _found, errors, (cables, rebuilt) = self._staged(content, read)
        self.assertEqual(errors, [])
        parts = [(name, "CDI-9", "30") for name in ("CDI-9", "CDI-9/2", "CDI-9/3")]
        self.assertEqual(sorted(row for row in cables if row[1]), parts)
        self.assertLessEqual(
            {("TIR-1", f"9/{n}", "free", f"PBO-9{n}", None) for n in (1, 2, 3)},
            rebuilt,
        )
        content = self._content(self._made(version="2.0.2"))
        _found, errors, (cables, rebuilt_2) = self._staged(content, read)
        self.assertEqual((errors, rebuilt_2), ([], rebuilt))
        self.assertEqual([row[2] for row in cables if row[0] == "CDI-9"], ["90"])

    def test_a_transport_cable_is_cut_at_each_box_before_its_pm(self):
        """In version 3, a fibre that passes a box has a part on each side of it."""
        trunk = self._make(
            "pbo.cable",
            reference="CTR-9",
            kind="transport",
            pm_id=self.pm.id,
            start_kind="nro",
            start_nro_id=self.nro.id,
            end_kind="pm",
            tube_count=1,
            fibres_per_tube=2,
        )
        stays, arrives = self.env["oiconnect.pbo.fibre"].create(
            [
                {
                    "cable_id": trunk.id,
                    "tube": "1",
                    "fibre": str(rank),
                    "sequence": rank,
                    "splice_box_id": box,
                }
                for rank, box in ((1, self.trunk_box.id), (2, False))
            ]
        )
        self._link(
            [{"transport_fibre_id": arrives.id, "nro_head": "H", "pm_head": "T"}]
        )

        def read(stage):
            self._routes(stage)
            columns = ("cb_codeext", "cb_cabphy", "cb_bp1", "cb_bp2", "cb_ba1")
            return (
                self._rows(stage, "t_cable", *columns, "cb_ba2"),
                self._links(stage),
            )

        content = self._content(self._made(version="3.0"))
        _found, errors, (cables, links) = self._staged(content, read)
        self.assertEqual(errors, [])
        parts = {row[0]: row[2:] for row in cables if row[1] == "CTR-9"}
        [(_b1, box, bay, _a2), (again, _b2, _a1, last)] = (
            parts["CTR-9"],
            parts["CTR-9/2"],
        )
        self.assertTrue(box and bay and last)
        self.assertEqual((again, parts["CTR-9/2"][1]), (box, None))
        # The fibre that waits in the box ends there: only the other is a link
        self.assertEqual(links, {("H", "T", "CTR-9/2")})

    def test_fibres_of_links_have_their_cable_and_both_ends(self):
        fibres = self._link(
            [
                {"cable_reference": "TR-7", "tube": "1", "fibre": "3", "number": 1},
                {"cable_reference": "TR-7", "tube": "1", "fibre": "4", "number": 2},
                {"transport_fibre_id": self.fibres["CTR-2", 1].id, "number": 3},
            ]
        )
        heads = self.routes.position_id.sorted("name")
        # One fibre feeds two positions, by a splitter; one feeds one, one none
        heads[0].link_fibre_id = heads[1].link_fibre_id = fibres[0]
        heads[2].link_fibre_id = fibres[2]

        def read(stage):
            rebuilt = self._routes(stage)
            fed = self.env.execute_query(
                SQL(
                    """SELECT cs.cs_num || '/' || ps.ps_numero, cb.cb_codeext,
                              fo.fo_nintub
                         FROM %(route)s r
                         JOIN %(t_position)s ps ON ps.line = r.position_line
                         JOIN %(t_cassette)s cs ON cs.cs_code = ps.ps_cs_code
                         JOIN %(t_fibre)s fo ON fo.line = r.link_fibre_line
                         JOIN %(t_cable)s cb ON cb.cb_code = fo.fo_cb_code""",
                    **self._names("t_position", "t_cassette", "t_fibre", "t_cable"),
                )
            )
            return rebuilt, set(fed), self._links(stage)

        expected = None
        for version in ("2.0.2", "3.0"):
            content = self._content(self._made(version=version))
            _found, errors, (rebuilt, fed, links) = self._staged(content, read)
            self.assertEqual(errors, [])
            self.assertEqual(len(rebuilt), len(self.routes))
            self.assertEqual(expected or rebuilt, rebuilt)
            self.assertEqual(
                fed, {("1/1", "TR-7", "3"), ("1/2", "TR-7", "3"), ("1/3", "CTR-2", "1")}
            )
            self.assertEqual(
                links,
                {("LIEN-1", "LIEN-1", "TR-7"), ("LIEN-1", "LIEN-1", "CTR-2")},
            )
            expected = rebuilt

    def test_a_pm_alone_has_the_rows_that_the_whole_has(self):
        self._link([{"cable_reference": "TR-7"}, {"number": 2}])
        other = self._make("pm", reference="FI-99001-0002", nro_id=self.nro.id)
        self._make("technical.pm", reference="PMT-99001-02", pm_id=other.id)
        whole, part = (
            self._cells(self._content(self._made(**scope)))
            for scope in ({}, {"nro_ids": [], "pm_ids": self.pm.ids})
        )
        for table, rows in part.items():
            self.assertLessEqual(rows, whole[table], table)
        # The PM, its technical PM and its NRO, but not those of the other PM
        counts = {name: (len(part[name]), len(whole[name])) for name in _PLACES}
        self.assertEqual(counts, {"t_baie": (3, 5), "t_ltech": (3, 5)})

    def _cells(self, content):
        """Return {table: rows as sets of (column, cell)} of a delivery."""
        with open_delivery(io.BytesIO(content)) as found:
            return {
                name: {
                    frozenset(zip(table.columns, cells, strict=False))
                    for _line, cells, _problem in table.rows()
                }
                for name, table in found.tables.items()
            }

    def _link(self, fibres):
        """Make the link of the PM, with these fibres."""
        link = self._make(
            "pm.link", reference="LIEN-1", pm_id=self.pm.id, nro_id=self.nro.id
        )
        values = [{"link_id": link.id, "number": 1, **fibre} for fibre in fibres]
        return self.env["oiconnect.pm.link.fibre"].create(values)

    def _names(self, *tables):
        names = {name: SQL.identifier(f"{STAGE}_{name}") for name in tables}
        return names | {"route": SQL.identifier(f"{STAGE}_route")}

    def _links(self, stage):
        """Return the heads at the NRO and at the PM, and the cable, of links."""
        query = SQL(
            """SELECT n.ti_etiquet, t.ti_etiquet, cb.cb_codeext
                 FROM %(link)s l
                 JOIN %(t_fibre)s fo ON fo.line = l.fibre_line
                 JOIN %(t_cable)s cb ON cb.cb_code = fo.fo_cb_code
                 JOIN %(t_position)s np ON np.line = l.nro_position_line
                 JOIN %(t_tiroir)s n ON n.ti_code = np.ps_ti_code
                 JOIN %(t_position)s p ON p.ps_1 = fo.fo_code
                 JOIN %(t_tiroir)s t ON t.ti_code = p.ps_ti_code""",
            link=SQL.identifier(f"{STAGE}_link"),
            **self._names("t_fibre", "t_cable", "t_position", "t_tiroir"),
        )
        return set(self.env.execute_query(query))

    def _lay_through_boxes(self, reference, count):
        """Lay a cable of which each fibre waits in a PBO of its own."""
        cable = self._make(
            "pbo.cable",
            reference=reference,
            pm_id=self.pm.id,
            start_kind="pm",
            tube_count=1,
            fibres_per_tube=4,
            length_m=30 * count,
        )
        module = self.env["oiconnect.pm.module"].search([("pm_id", "=", self.pm.id)])
        for rank in range(1, count + 1):
            pbo = self._make(
                "pbo",
                reference=f"PBO-9{rank}",
                pm_id=self.pm.id,
                projection="WGS84",
                x=2.31 + rank / 1000,
                y=48.86,
            )
            fibre = {"cable_id": cable.id, "tube": "1", "fibre": str(rank)}
            position = self.env["oiconnect.pm.position"].create(
                {"module_id": module.id, "name": f"9/{rank}", **fibre}
            )
            fibre = self.env["oiconnect.pbo.fibre"].create(
                {"sequence": rank, "pbo_id": pbo.id, **fibre}
            )
            self.env["oiconnect.route"].create(
                {"position_id": position.id, "fibre_id": fibre.id}
            )

    def test_codes_stay_and_new_ones_follow(self):
        def codes(stage):
            return dict(self._rows(stage, "t_ebp", "bp_codeext", "bp_code"))

        values = {"first_code": "500", "last_code": "900"}
        first = self._staged(self._content(self._made(**values)), codes)[2]
        self.assertEqual(
            sorted(first.values()), [f"BP{number:012}" for number in range(500, 505)]
        )
        self._make("pbo", reference="PBO-2", pm_id=self.pm.id)
        export = self._made(pm_ids=self.pm.ids, nro_ids=[])
        self.assertEqual((export.first_code, export.last_code), ("500", "900"))
        second = self._staged(self._content(export), codes)[2]
        self.assertEqual(second, first | {"PBO-2": "BP000000000505"})

    def test_a_range_that_is_used_up_is_reported(self):
        export = self._new(first_code="1", last_code="4")
        with self.assertRaisesRegex(UserError, "t_noeud"):
            export.sudo()._perform()
        self.assertFalse(export.file)

    def test_rows_of_deliveries_are_given_back(self):
        self._made()
        self._receive("t_ebp", "BPE99", self.box, bp_prop="ORG1", bp_entrees="8")
        rows = self._boxes("2.0.2")
        # As it came, whatever the network calls it
        self.assertEqual(rows["BPE99"], (None, None, "ORG1", "8"))
        self.assertEqual(len(rows), 5)
        # Its columns without place alone, in a delivery of another generation
        self.assertEqual(self._boxes("3.0")["BPE99"], ("BPE-1", "BPE", None, "8"))
        # What changed since is said as the network has it
        self.box.reference = "BPE-9"
        self.env.flush_all()
        self.assertEqual(self._boxes("2.0.2")["BPE99"], ("BPE-9", None, "ORG1", "8"))

    def _receive(self, table, code, record, **cells):
        """Let a row be as if a delivery had given it."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO oiconnect_gracethd_object
                       (network_id, company_id, table_name, code, res_model, res_id,
                        cells, generation, line, received_date)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, '2', 2, %s)""",
                self.network.id,
                self.network.company_id.id,
                table,
                code,
                record._name,
                record.id,
                json.dumps({"bp_code": code, **cells}),
                fields.Datetime.now(),
            )
        )

    def _boxes(self, version):
        columns = ("bp_code", "bp_codeext", "bp_typelog", "bp_prop", "bp_entrees")
        content = self._content(self._made(version=version))
        _found, _errors, rows = self._staged(
            content, lambda stage: self._rows(stage, "t_ebp", *columns)
        )
        return {code: tuple(values) for code, *values in rows}

    def test_what_has_no_place_is_reported(self):
        self.box.write({"x": 0, "y": 0})
        self.env.flush_all()
        found, _errors, modes = self._staged(
            self._content(self._made(projection="CC49")),
            lambda stage: self._rows(stage, "t_noeud", "nd_codeext", "nd_geolmod"),
        )
        self.assertEqual(found[1], 3949)
        self.assertEqual([name for name, mode in modes if mode == "INDT"], ["BPE-1"])

    def test_a_scope_is_of_one_network_and_not_empty(self):
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "code": "GX_02", "oi_code": "OITG", "pto_prefix": "ZU"}
        )
        with self.assertRaises(ValidationError):
            self._new(network_id=other.id)
        with self.assertRaises(UserError):
            self._new(nro_ids=[]).action_export()
        with self.assertRaises(ValidationError):
            self._new(first_code="9", last_code="5")
        with self.assertRaises(ValidationError):
            self._new(first_code="12a")

    def test_a_stop_makes_no_file(self):
        export = self._new()
        with trap_jobs():
            export.action_export()
            self.assertEqual(export.state, "waiting")
            export.action_cancel()
        self.assertEqual(export.state, "cancelled")
        self.assertFalse(export.file)
