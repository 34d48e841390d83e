import io
import struct
import tracemalloc
import zipfile
from unittest import TestCase

from odoo.addons.oiconnect_gracethd.catalogue import TABLES
from odoo.addons.oiconnect_gracethd.reading import (
    DeliveryError,
    Limits,
    delivery_version,
    open_delivery,
)
from odoo.addons.oiconnect_gracethd.reading.geometry import from_blob, from_shape

from .delivery_files import (
    csv_bytes,
    delivery_zip,
    files_of,
    geopackage_bytes,
    shape_content,
    wkb_point,
    zip_bytes,
)

NODES = [{"nd_code": f"ND{rank}", "geom": (652000.5, 6862000.25)} for rank in (1, 2)]
FIBRES = [{"fo_code": "FO1", "fo_cb_code": "CB1", "fo_nincab": "1"}]


def rows_of(content, table):
    with open_delivery(io.BytesIO(content)) as delivery:
        return list(delivery.tables[table].rows())


def geopackage_blob(x, y):
    return b"GP\0\1" + struct.pack("<i", 2154) + wkb_point(x, y)


def spatialite_blob(x, y):
    box = struct.pack("<4d", x, y, x, y)
    head = b"\0\1" + struct.pack("<i", 2154) + box + b"\x7c"
    return head + struct.pack("<Idd", 1, x, y) + b"\xfe"


class TestReading(TestCase):
    """A delivery is read in each form that it may have."""

    def test_a_folder_in_a_zip_at_any_depth_and_case(self):
        files = files_of({"t_noeud": NODES, "t_fibre": FIBRES}, "Livraison/SHP/")
        files = {name.upper(): content for name, content in files.items()}
        with open_delivery(io.BytesIO(zip_bytes(files))) as delivery:
            self.assertEqual(set(delivery.tables), {"t_noeud", "t_fibre"})
            self.assertEqual(delivery.problems, [])
            self.assertEqual(delivery.epsg, 2154)
            rows = list(delivery.tables["t_noeud"].rows())
        self.assertEqual(rows[0], (1, ["ND1", wkb_point(652000.5, 6862000.25)], None))
        self.assertEqual(rows[1][0], 2)

    def test_a_geopackage_and_spatialite(self):
        tables = {"t_noeud": NODES, "t_fibre": [dict(FIBRES[0], fo_nincab=1.0)]}
        for blob, is_spatialite in ((geopackage_blob, False), (spatialite_blob, True)):
            content = geopackage_bytes(tables, blob, spatialite=is_spatialite)
            with open_delivery(io.BytesIO(content)) as delivery:
                self.assertEqual(delivery.epsg, 2154)
                nodes = list(delivery.tables["t_noeud"].rows())
                fibres = list(delivery.tables["t_fibre"].rows())
            expected = ["ND1", wkb_point(652000.5, 6862000.25)]
            self.assertEqual(nodes[0], (1, expected, None))
            self.assertEqual(fibres[0], (1, ["FO1", "CB1", "1"], None))

    def test_encodings_and_ends_of_lines(self):
        row = [{"or_code": "OR1", "or_nom": "Société Élan"}]
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            for end in ("\n", "\r\n"):
                content = csv_bytes(row, encoding=encoding, end=end)
                zipped = zip_bytes({"t_organisme.csv": content})
                [(line, cells, problem)] = rows_of(zipped, "t_organisme")
                self.assertEqual(
                    (line, cells, problem), (2, ["OR1", "Société Élan"], None)
                )

    def test_rows_wait_in_their_files(self):
        """Opening takes no more memory for long files than for short ones."""
        names = [table.name for table in TABLES.values() if not table.form][:20]
        self.assertEqual(len(names), 20)
        rows = 40_000
        files = {}
        for name in names:
            head = f"{TABLES[name].key[0]};note\n"
            lines = (f"X{rank:06};a note that is long\n" for rank in range(rows))
            files[f"{name}.csv"] = (head + "".join(lines)).encode()
            self.assertGreater(len(files[f"{name}.csv"]), 1 << 20)
        content = io.BytesIO(zip_bytes(files, zipfile.ZIP_STORED))
        tracemalloc.start()
        try:
            with open_delivery(content) as delivery:
                _now, peak = tracemalloc.get_traced_memory()
                self.assertEqual(set(delivery.tables), set(names))
                read = list(delivery.tables[names[0]].rows())
        finally:
            tracemalloc.stop()
        self.assertLess(peak, 5 << 20)
        last = [f"X{rows - 1:06}", "a note that is long"]
        self.assertEqual((len(read), read[-1]), (rows, (rows + 1, last, None)))

    def test_texts_of_a_shapefile_follow_its_cpg(self):
        files = files_of({"t_noeud": [dict(NODES[0], nd_nom="Élan")]})
        self.assertEqual(rows_of(zip_bytes(files), "t_noeud")[0][1][1], "Élan")
        files["t_noeud.cpg"] = b"ANSI 1252"
        self.assertEqual(rows_of(zip_bytes(files), "t_noeud")[0][1][1], "Ã‰lan")
        del files["t_noeud.cpg"]
        self.assertEqual(rows_of(zip_bytes(files), "t_noeud")[0][1][1], "Élan")

    def test_versions_are_recognised_by_tables_and_columns(self):
        patch = [{"cb_code": "CB1", "cb_bp1": ""}]
        cases = (
            ("2.0", {"t_fibre": FIBRES}),
            ("2.0.1", {"t_fibre": FIBRES, "t_cable_patch201": patch}),
            ("2.0.2", {"t_fibre": FIBRES, "t_position_patch202": [{"ps_code": "1"}]}),
            ("3.0", {"t_fibre": FIBRES, "t_site": [{"st_code": "ST1"}]}),
            ("3.0", {"t_ebp": [{"bp_code": "BP1", "bp_lc_code": "LC1"}]}),
        )
        for version, tables in cases:
            with open_delivery(io.BytesIO(delivery_zip(tables))) as delivery:
                self.assertEqual(delivery.version, version)
                self.assertEqual(delivery.generation, version[0])

    def test_tables_of_two_versions_are_reported(self):
        tables = {
            "t_site": [{"st_code": "ST1"}],
            "t_local": [{"lc_code": "LC1"}],
            "t_suf": [{"sf_code": "SF1"}],
        }
        with open_delivery(io.BytesIO(delivery_zip(tables))) as delivery:
            [problem] = delivery.problems
        self.assertEqual((problem.key, problem.table), ("other_version", "t_suf"))

    def test_projections_are_recognised(self):
        files = files_of({"t_noeud": NODES, "t_adresse": [{"ad_code": "AD1"}]})
        files["t_noeud.prj"] = b'PROJCS["RGF93 / CC46",GEOGCS["x"]]'
        files["t_adresse.prj"] = b'GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]]'
        with open_delivery(io.BytesIO(zip_bytes(files))) as delivery:
            keys = {(item.table, item.key) for item in delivery.problems}
        self.assertIn(("t_adresse", "bad_projection"), keys)
        del files["t_noeud.prj"], files["t_adresse.prj"]
        with open_delivery(io.BytesIO(zip_bytes(files))) as delivery:
            [problem] = delivery.problems
            self.assertEqual(delivery.epsg, 2154)
        self.assertEqual(problem.key, "no_projection_file")

    def test_shapes_become_wkb(self):
        square = [[(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)]]
        hole = [(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]
        from shapely import from_wkb

        area = from_wkb(from_shape(shape_content([*square, hole])))
        self.assertEqual((area.geom_type, area.area), ("Polygon", 15))
        two = from_wkb(
            from_shape(
                shape_content([*square, [(9, 9), (9, 10), (10, 10), (10, 9), (9, 9)]])
            )
        )
        self.assertEqual((two.geom_type, two.area), ("MultiPolygon", 17))
        line = from_wkb(from_shape(shape_content([(0, 0), (3, 4)])))
        self.assertEqual((line.geom_type, line.length), ("LineString", 5))
        self.assertIsNone(from_shape(shape_content(None)))

    def test_heights_are_left_out(self):
        raised = struct.pack("<BIddd", 1, 1001, 1.0, 2.0, 9.0)
        self.assertEqual(from_blob(raised), (wkb_point(1.0, 2.0), None))
        reverse = struct.pack(">BIdd", 0, 1, 1.0, 2.0)
        self.assertEqual(from_blob(reverse), (wkb_point(1.0, 2.0), None))

    def test_tables_that_the_standard_does_not_know_are_stored(self):
        files = files_of({"t_noeud": NODES, "t_fibre": FIBRES})
        files["x/T_Perso.CSV"] = b'Code;select;Rem\nA; b ;"c;d"\nA;;\n'
        files["l_statut.csv"] = b"code;libelle\nREC;Fini\n"
        files["t_plan.pdf"] = b"%PDF"
        with open_delivery(io.BytesIO(zip_bytes(files))) as delivery:
            problems = [(item.key, item.level) for item in delivery.problems]
            self.assertEqual(problems, [("unknown_table", "4")])
            self.assertEqual(set(delivery.others), {"t_perso", "l_statut"})
            table = delivery.others["t_perso"]
            columns = [{"name": name} for name in ("Code", "select", "Rem")]
            self.assertEqual(table.layout(), {"form": "csv", "columns": columns})
            cells = [row[1] for row in table.rows()]
        self.assertEqual(cells, [["A", " b ", "c;d"], ["A", "", ""]])

    def test_what_looks_like_a_delivery(self):
        good = delivery_zip({"t_fibre": FIBRES}, "a/b/")
        for content, expected in (
            (good, True),
            (zip_bytes({"ipe.csv": b"a;b\n1;2\n"}), False),
            (b"a;b\n1;2\n", False),
            (good[:40], False),
            (b"", False),
        ):
            version = delivery_version(io.BytesIO(content), Limits())
            self.assertEqual(bool(version), expected)


class TestHostile(TestCase):
    """Unreadable files are refused with a reason; the rest is read all the same."""

    def assertRefused(self, content, reason, limits=None):
        with self.assertRaises(DeliveryError) as caught:
            with open_delivery(io.BytesIO(content), limits):
                pass
        self.assertEqual(caught.exception.reason, reason)

    def assertProblems(self, files, *keys):
        with open_delivery(io.BytesIO(zip_bytes(files))) as delivery:
            found = {problem.key for problem in delivery.problems}
            for table in delivery.tables.values():
                found |= {row[2].key for row in _rows_and_end(table) if row[2]}
        self.assertEqual(found, set(keys))

    def test_whole_files(self):
        good = delivery_zip({"t_fibre": FIBRES})
        self.assertRefused(b"", "empty_delivery")
        self.assertRefused(b"%PDF-1.4", "not_delivery")
        self.assertRefused(good[:60], "bad_delivery_zip")
        self.assertRefused(zip_bytes({}), "no_table")
        self.assertRefused(zip_bytes({"lisez-moi.txt": b"x"}), "no_table")
        self.assertRefused(b"SQLite format 3\0" + b"\xff" * 4000, "database_broken")
        self.assertRefused(good, "delivery_too_big", Limits(size=20))
        many = {f"{rank}.pdf": b"" for rank in range(20)}
        self.assertRefused(zip_bytes(many), "too_many_members", Limits(members=10))
        self.assertRefused(zip_bytes({"../t_fibre.csv": b"x"}), "member_path")
        self.assertRefused(zip_bytes({"C:/t_fibre.csv": b"x"}), "member_path")
        bomb = {"t_fibre.csv": b"0" * 3_000_000}
        self.assertRefused(zip_bytes(bomb), "member_ratio")
        marked = bytearray(good)
        for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            marked[marked.index(sign) + place] |= 1
        self.assertRefused(bytes(marked), "member_encrypted")

    def test_files_that_hold_no_table(self):
        base = files_of({"t_noeud": NODES, "t_fibre": FIBRES})
        self.assertProblems(base)
        self.assertProblems(base | {"x.zip": b"PK"}, "member_nested")
        self.assertProblems(base | {"Thumbs.db": b"\xd0\xcf\x11\xe0"})
        self.assertProblems(base | {"x.gpkg": b"\xd0\xcf"}, "member_database_broken")
        self.assertProblems(base | {"t_fibres.csv": b"a\n"}, "unknown_table")
        self.assertProblems(
            base | {"b/t_fibre.csv": b"fo_code\nFO2\n"}, "doubled_table"
        )
        self.assertProblems(base | {"t_cable.csv": b""}, "empty_file")
        self.assertProblems(
            base | {"t_cable.csv": b"a,b,c\n1,2,3\n"}, "wrong_separator"
        )
        self.assertProblems(base | {"t_cable.csv": b"a;a\n1;2\n"}, "doubled_column")
        self.assertProblems(base | {"t_znro.shp": b"x"}, "no_dbf")
        self.assertProblems(base | {"t_znro.dbf": b"x"}, "dbf_broken")

    def test_rows_that_cannot_be_read(self):
        base = files_of({"t_noeud": NODES, "t_fibre": FIBRES})
        self.assertProblems(
            base | {"t_fibre.csv": b"fo_code;fo_cb_code\nFO1\nFO2;CB;x\n"},
            "too_few_cells",
            "too_many_cells",
        )
        dbf = base["t_noeud.dbf"]
        self.assertProblems(base | {"t_noeud.dbf": dbf[:-60]}, "dbf_cut")
        self.assertProblems(
            base | {"t_noeud.shp": base["t_noeud.shp"][:-4]}, "shp_broken"
        )
        nul = base | {"t_fibre.csv": b"fo_code;fo_cb_code\nFO1;\0\n"}
        self.assertProblems(nul, "nul_bytes")
        short = bytearray(base["t_noeud.shp"])
        short[108:112] = struct.pack("<i", 99)
        self.assertProblems(base | {"t_noeud.shp": bytes(short)}, "bad_geometry")
        few = files_of({"t_noeud": NODES[:1]})["t_noeud.shp"]
        self.assertProblems(base | {"t_noeud.shp": few}, "bad_geometry")


def _rows_and_end(table):
    """Yield the rows of a table, the last of them what ended it before its end."""
    try:
        yield from table.rows()
    except Exception as error:
        yield 0, [], table.failure(error)
