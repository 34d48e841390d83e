"""GraceTHD deliveries in and out: what came is given back, and comes in as it was."""

import base64
import io
import re
import sqlite3
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from generator import gracethd, gracethd_file, gracethd_rows, gracethd_strategies
from generator.gracethd_catalogue import TABLES, columns_of
from gracethd_network import GracethdNetwork
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo_process import environment, registry

#: a network, twice in and once out, takes a second
FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OWN = "x_chantier"
#: tables that the standard does not know: one of values, one that has places
VALUES, PLACES = "t_perso", "t_releve"
#: columns of texts that the network has no place for
UNMAPPED = {
    "t_cable": ("cb_comment", "cb_r4_code"),
    "t_ebp": ("bp_comment",),
    "t_noeud": ("nd_r4_code",),
    "t_fibre": ("fo_comment",),
    "t_position": ("ps_comment", "ps_preaff"),
    "t_zsro": ("zs_comment",),
}
_words = st.text("abcéèÀŒ '/-", min_size=1, max_size=8).map(str.strip)
#: columns of a table that the standard does not know, and what its cells may hold
_COLUMNS = ("Code", "select", "ordre d'été", "x" * 70, "fid_2", 'a"b')
_cells = st.text("ab;\"'é€ \\\n,", max_size=6)


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


class Traveller(GracethdNetwork):
    """Deliveries that come to a network, and its exports."""

    def deliver(self, content):
        """Import a delivery; return its errors, and which of its rows are left out."""
        import_id = self.deliver_file(content)
        query = """SELECT code, table_name, message_key, line, severity
                     FROM oiconnect_import_error WHERE import_id = %s"""
        found = self.rows(query, import_id)
        left_out = {(row[1], row[3]) for row in found if row[4] == "error"}
        return Counter(row[:3] for row in found if row[0] != "GT90"), left_out

    def export(self, **values):
        with environment(self.registry) as env:
            nros = env["oiconnect.nro"].search([("network_id", "=", self.network_id)])
            export = env["oiconnect.gracethd.export"].create(
                {
                    "network_id": self.network_id,
                    "version": self.version,
                    "nro_ids": nros.ids,
                    **values,
                }
            )
            export.sudo()._perform()
            assert export.state == "done", export.message
            #: {table: rows} that have no place in the export
            self.left_out = {
                table: int(count)
                for table, count in re.findall(r"(t_\w+) (\d+)", export.message or "")
            }
            return base64.b64decode(export.file)


def delivered(made, version, word, others=()):
    """Return the file of a network, with a column of its own in a table of cables.

    :param others: rows of the tables that the standard does not know
    """
    if version == "2.0.2":
        content = gracethd_file.zipped(made.tables)
        return _with_files(_with_column(content, word), others)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.gpkg"
        gracethd_file.write_geopackage(path, made.tables, version)
        connection = sqlite3.connect(path)
        connection.execute(f"ALTER TABLE t_cable ADD COLUMN {OWN} TEXT")
        connection.execute(f"UPDATE t_cable SET {OWN} = ? WHERE fid % 2 = 0", [word])
        _add_layers(connection, others)
        connection.commit()
        connection.close()
        return path.read_bytes()


def _with_column(content, word):
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as archive,
    ):
        for name in source.namelist():
            raw = source.read(name)
            if name == "t_cable.csv":
                head, *lines = raw.decode().splitlines()
                lines = [
                    f"{line};{word if rank % 2 else ''}"
                    for rank, line in enumerate(lines)
                ]
                raw = "\n".join([f"{head};{OWN}", *lines, ""]).encode()
            archive.writestr(name, raw)
    return target.getvalue()


def _with_files(content, others):
    """Add a csv of values and a shapefile of lines to a zip."""
    if not others:
        return content
    from odoo.addons.oiconnect_gracethd.writing.unknown_tables import csv_line

    target = io.BytesIO(content)
    lines = [csv_line(row) for row in (_COLUMNS, *others)]
    rows = [
        {"CODE": row[0], "NOTE": row[1].strip(), "geom": [(1, 2), (3, rank)]}
        for rank, row in enumerate(others)
    ]
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(f"annexes/{VALUES.upper()}.csv", "".join(lines).encode())
        for name, raw in gracethd_file.other_shapes(PLACES, ("CODE", "NOTE"), rows):
            archive.writestr(name, raw)
    return target.getvalue()


def _add_layers(connection, others):
    """Add a table of values and a layer of points to a GeoPackage."""
    if not others:
        return
    names = ", ".join('"' + name.replace('"', '""') + '" TEXT' for name in _COLUMNS)
    connection.execute(f"CREATE TABLE {VALUES} ({names})")
    marks = ", ".join("?" * len(_COLUMNS))
    connection.executemany(f"INSERT INTO {VALUES} VALUES ({marks})", others)
    connection.execute(
        f"CREATE TABLE {PLACES} (fid INTEGER PRIMARY KEY, Code TEXT, rang INTEGER, "
        "part REAL, photo BLOB, forme POINT)"
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'forme', 'POINT', 2154, 0, 0)",
        [PLACES],
    )
    for rank, row in enumerate(others):
        place = gracethd_file.blob("point", [(650_000 + rank, 6_860_000)])
        values = [row[0], rank, rank / 3, b"\xff\0", place if rank % 3 else None]
        connection.execute(f"INSERT INTO {PLACES} VALUES (NULL, ?, ?, ?, ?, ?)", values)


def others_of(content):
    """Return {table: (columns, rows)} of what the standard does not know."""
    from odoo.addons.oiconnect_gracethd.reading import Limits, open_delivery

    with open_delivery(io.BytesIO(content), Limits()) as delivery:
        found = {
            name: (table.layout()["columns"], list(table.rows()))
            for name, table in delivery.others.items()
        }
    assert not any(problem for _c, rows in found.values() for *_row, problem in rows)
    return {
        name: (columns, [cells for _line, cells, _problem in rows])
        for name, (columns, rows) in found.items()
    }


def cells_of(content, left_out=frozenset()):
    """Return {table: {key: {column: cell}}} of a delivery, geometries among them."""
    from odoo.addons.oiconnect_gracethd.reading import Limits, open_delivery

    found = {}
    with open_delivery(io.BytesIO(content), Limits()) as delivery:
        for name, table in delivery.tables.items():
            names = [*table.columns, "geom"]
            rows = found.setdefault(name, {})
            for line, cells, problem in table.rows():
                assert not problem
                if (name, line) in left_out:
                    continue
                row = dict(zip(names, cells, strict=False))
                key = tuple(row[column] for column in TABLES[name].key)
                rows[key] = {name: cell for name, cell in row.items() if cell}
    return {name: rows for name, rows in found.items() if rows}


@st.composite
def networks(draw):
    """Small networks, with words in columns and tables that the product has not."""
    traits = draw(gracethd_strategies.traits)._replace(dwellings=(2, 7))
    made = gracethd.Network(draw(st.integers(1, 2)), draw(st.integers(0, 99)), traits)
    for table, columns in UNMAPPED.items():
        for column in columns:
            for row in made.tables[table][:: draw(st.integers(2, 5))]:
                row[column] = draw(_words)
    made.tables["t_document"] = [
        {"do_code": f"DO9900000000{rank}", "do_ref": draw(_words)} for rank in range(3)
    ]
    made.tables["t_love"] = [
        {
            "lv_id": 7,
            "lv_cb_code": made.tables["t_cable"][0]["cb_code"],
            "lv_nd_code": made.tables["t_cable"][0]["cb_nd1"],
            "lv_long": 12,
        }
    ]
    return made


@pytest.mark.parametrize("version", ["2.0.2", "3.0"])
def test_what_came_in_goes_out_and_comes_in_as_it_was(base, version):
    others = st.lists(
        st.tuples(st.sampled_from("AAB"), *[_cells] * (len(_COLUMNS) - 1)),
        min_size=1,
        max_size=5,
    )

    @FEW
    @given(networks(), _words.filter(bool), others)
    def travel(made, word, others):
        traveller = Traveller(base, version)
        content = delivered(made, version, word, others)
        reported, left_out = traveller.deliver(content)
        exported = traveller.export()
        assert others_of(content).keys() == {VALUES, PLACES}
        assert others_of(exported) == others_of(content)
        assert not traveller.left_out
        received, given_back = cells_of(content, left_out), cells_of(exported)
        assert given_back.keys() == received.keys()
        for table, rows in received.items():
            assert given_back[table] == rows, table
        before = traveller.written()
        reported_again, left_out = traveller.deliver(exported)
        assert not left_out
        assert not reported_again - reported
        assert traveller.written() == before

    travel()


def test_what_the_network_says_since_is_exported(base):
    """A few objects change by hand: the export says so, and nothing else changes."""
    traveller = Traveller(base, "2.0.2")
    made = gracethd.Network(2, 3, gracethd.PLAIN._replace(dwellings=(8, 14)))
    content = gracethd_file.zipped(made.tables)
    reported, _left_out = traveller.deliver(content)
    with environment(base) as env:
        changed = _change(env, traveller.network_id)
    exported = traveller.export()
    received, given_back = cells_of(content), cells_of(exported)
    differences = {
        (table, column)
        for table, rows in received.items()
        for key, row in rows.items()
        if key in given_back[table]
        for column in row.keys() | given_back[table][key].keys()
        if row.get(column) != given_back[table][key].get(column)
    }
    assert differences == {
        ("t_zsro", "zs_capamax"),
        ("t_ebp", "bp_codeext"),
        ("t_ebp", "bp_etiquet"),
    }
    new = _rows_of(given_back, received)
    assert new == {
        "t_ebp": 1,
        "t_suf": 1,
        # A drop, and the cable of the fibre of a link, which has its position at the
        # NRO and at the PM, each in a drawer of its own
        "t_cable": 2,
        "t_cable_patch201": 2,
        "t_cableline": 2,
        "t_fibre": 2,
        "t_position": 4,
        "t_baie": 1,
        "t_tiroir": 2,
        "t_cassette": 2,
        "t_cassette_patch201": 2,
        "t_ropt": new["t_ropt"],
    }
    # Where the fibre waited, the splice that was undone, and its optical route
    gone = _rows_of(received, given_back)
    assert gone == {"t_position": 2, "t_ropt": gone["t_ropt"]}
    [(capacity,)] = {
        (row["zs_capamax"],)
        for row in given_back["t_zsro"].values()
        if row["zs_refpm"] == changed["pm"]
    }
    assert float(capacity) == 777
    reported_again, left_out = traveller.deliver(exported)
    assert not left_out
    assert not {
        key for key in reported_again - reported if key[0] not in ("GT11", "GT12")
    }
    query = """SELECT r.pto_id FROM oiconnect_route r WHERE r.id = ANY(%s)
                ORDER BY r.id"""
    assert traveller.rows(query, changed["routes"]) == changed["ptos"]
    # The fibre of the link has its transport fibre now, and its own names
    query = """SELECT f.number, f.tube, f.fibre, c.reference
                 FROM oiconnect_pm_link_fibre f
                 JOIN oiconnect_pbo_fibre u ON u.id = f.transport_fibre_id
                 JOIN oiconnect_pbo_cable c ON c.id = u.cable_id
                WHERE f.network_id = %s AND f.cable_reference = 'TR-MAIN'"""
    found = traveller.rows(query, traveller.network_id)
    assert found == [(99, "Bleu", "Rouge", "TR-MAIN")]
    before = traveller.written()
    traveller.deliver(exported)
    assert traveller.written() == before


def _rows_of(found, others):
    """Return {table: how many rows it has that the others have not}."""
    counts = {
        table: len(rows.keys() - others.get(table, {}).keys())
        for table, rows in found.items()
    }
    return {table: count for table, count in counts.items() if count}


def _change(env, network_id):
    """Change a PM and a PBO, wire a free route and free one that is wired."""
    own = [("network_id", "=", network_id)]
    pm = env["oiconnect.pm"].search(own, limit=1)
    pm.max_capacity = 777
    routes = env["oiconnect.route"].search([*own, ("fibre_id", "!=", False)])
    wired = routes.filtered("pto_id")[0]
    free = routes.filtered(
        lambda route: not route.pto_id and route.fibre_id.pbo_id.building_ids
    )[0]
    pbo = free.fibre_id.pbo_id
    pbo.reference = "PBO-RENOMME"
    pto = env["oiconnect.pto"].create(
        {
            "network_id": network_id,
            "reference": "ZT-ABCD-0001",
            "building_id": pbo.building_ids[0].id,
            "pbo_id": pbo.id,
        }
    )
    link = env["oiconnect.pm.link"].search([*own, ("pm_id", "=", pm.id)])
    env["oiconnect.pm.link.fibre"].create(
        {
            "link_id": link.id,
            "number": 99,
            "cable_reference": "TR-MAIN",
            "tube": "Bleu",
            "fibre": "Rouge",
        }
    )
    wired.pto_id = False
    free.write({"pto_id": pto.id, "connector_number": 1})
    found = {wired.id: None, free.id: pto.id}
    return {
        "pm": pm.reference,
        "routes": sorted(found),
        "ptos": [(found[route],) for route in sorted(found)],
    }


def _lay_ducts(tables, version):
    """Say by which paths the cables go: through ducts, or at once in 3.0."""
    paths = {
        (row["cm_ndcode1"], row["cm_ndcode2"]): row["cm_code"]
        for row in tables["t_cheminement"]
    }
    laid = [
        (rank, row["cb_code"], paths[row["cb_nd1"], row["cb_nd2"]])
        for rank, row in enumerate(tables["t_cable"])
        if (row["cb_nd1"], row["cb_nd2"]) in paths
    ]
    if version == "3.0":
        names = ("cc_cb_code", "cc_cm_code")
        tables["t_cab_chem"] = [dict(zip(names, row[1:], strict=True)) for row in laid]
        return
    tables["t_conduite"] = [
        {"cd_code": f"CD99{rank}", "cd_type": "PVC"} for rank, *_row in laid
    ]
    tables["t_cond_chem"] = [
        {"dm_cd_code": f"CD99{rank}", "dm_cm_code": path} for rank, _cable, path in laid
    ]
    tables["t_cab_cond"] = [
        {"cc_cb_code": cable, "cc_cd_code": f"CD99{rank}"}
        for rank, cable, _path in laid
    ]


@pytest.mark.parametrize("version", ["2.0.2", "3.0"])
def test_a_part_is_given_back_whole(base, version):
    """The rows of one PM of three: as in the whole, and all that they refer to."""
    traveller = Traveller(base, version)
    made = gracethd.Network(3, 4, gracethd.PLAIN._replace(dwellings=(3, 5)))
    _lay_ducts(made.tables, version)
    cables = [row["cb_code"] for row in made.tables["t_cable"]]
    notes = [(code, *[""] * (len(_COLUMNS) - 1)) for code in cables]
    content = delivered(made, version, "mot", notes)
    reported, _left_out = traveller.deliver(content)
    query = "SELECT id FROM oiconnect_pm WHERE network_id = %s ORDER BY reference"
    pms = [pm_id for (pm_id,) in traveller.rows(query, traveller.network_id)]
    received, whole = cells_of(content), cells_of(traveller.export())
    assert whole == received
    contents = [traveller.export(nro_ids=False, pm_ids=[pm_id]) for pm_id in pms]
    parts = [cells_of(exported) for exported in contents]
    for part, exported in zip(parts, contents, strict=True):
        for table, rows in part.items():
            assert rows.items() <= whole[table].items(), table
        assert len(part["t_zsro"]) == len(part["t_znro"]) == 1
        # What the standard does not know comes with the cables that it names
        noted = {cells[0] for cells in others_of(exported)[VALUES][1]}
        assert noted == {code for (code,) in part["t_cable"]}
    for table, rows in whole.items():
        found = {key for part in parts for key in part.get(table, ())}
        assert found == set(rows), table
    assert len(parts[0]["t_cheminement"]) < len(whole["t_cheminement"]) / 2
    other = Traveller(base, version)
    for exported in contents:
        reported_again, left_out = other.deliver(exported)
        assert not left_out
        assert not reported_again - reported
    counted = "SELECT count(*) FROM oiconnect_route WHERE network_id = %s"
    assert other.rows(counted, other.network_id) == traveller.rows(
        counted, traveller.network_id
    )


def _values_of(table, row, version):
    """Return the cells that a version has columns for; numbers without their form."""
    kinds = {column.name: column.type for column in columns_of(table, version[0])}
    return {
        name: float(cell) if kinds[name] == "decimal" else cell
        for name, cell in row.items()
        if name in kinds
    }


@pytest.mark.parametrize(
    ("version", "other"), [("2.0.2", "3.0"), ("3.0", "2.0.2")], ids=str
)
def test_the_other_version_has_what_it_has_a_place_for(base, version, other):
    """Each row is there with the columns of the same names, or it is counted."""
    traveller = Traveller(base, version)
    made = gracethd.Network(2, 6, gracethd.PLAIN._replace(dwellings=(3, 6)))
    made.tables["t_document"] = [{"do_code": "DO990000000001", "do_ref": "Plan"}]
    _lay_ducts(made.tables, version)
    content = delivered(made, version, "mot", [("A", "b", "c", "d", "e", "f")])
    reported, _left_out = traveller.deliver(content)
    exported = traveller.export(version=other)
    received, given = cells_of(content), cells_of(exported)
    ranks = {name: other[0] for name in TABLES if other[0] in TABLES[name].versions}
    for table in ("t_organisme", "t_reference", "t_cheminement", "t_document"):
        expected, found = (
            {key: _values_of(table, row, other) for key, row in cells[table].items()}
            for cells in (received, given)
        )
        assert found == expected
    for table in ("t_zsro", "t_znro", "t_ptech", "t_ebp", "t_adresse"):
        assert received[table].keys() <= given[table].keys(), table
    # Optical routes and positions are those of the network
    for table, rows in received.items():
        if table in ranks and table not in ("t_ropt", "t_position"):
            missing = rows.keys() - given[table].keys()
            assert traveller.left_out.get(table, 0) == len(missing), table
    lost = {VALUES, PLACES} | {
        table for table in ("t_conduite", "t_cab_chem") if table in received
    }
    assert lost <= traveller.left_out.keys()
    owners = {row.get("cb_prop") for row in given["t_cable"].values()}
    assert gracethd_rows.OWNER in owners
    elsewhere = Traveller(base, other)
    reported_again, left_out = elsewhere.deliver(exported)
    assert not left_out
    assert not {
        key for key in reported_again - reported if key[0] not in ("GT11", "GT12")
    }
    for counted in (
        "SELECT count(*), count(pto_id) FROM oiconnect_route WHERE network_id = %s",
        """SELECT count(*), count(transport_fibre_id), count(*) FILTER (
                  WHERE state = 'used') FROM oiconnect_pm_link_fibre
            WHERE network_id = %s""",
    ):
        expected = traveller.rows(counted, traveller.network_id)
        assert elsewhere.rows(counted, elsewhere.network_id) == expected


def test_a_3_0_delivery_as_files_leaves_so_with_all_its_columns(base):
    """Columns of another version, and of none, come back in csv and shapefiles."""
    traveller = Traveller(base, "3.0_files")
    made = gracethd.Network(1, 4, gracethd.PLAIN._replace(dwellings=(2, 7)))
    form = gracethd_file.STANDARD._replace(version="3.0")
    content = _with_columns(
        gracethd_file.zipped(made.tables, form),
        {
            "pt_nomvoie": "RUE DU STADE",
            "pt_insee": "99001",
            "pt_commune": "BOURG-FICTIF",
            "pt_numero": "12",
            "x_lot": "LOT 3",
        },
    )
    traveller.deliver(content)
    exported = traveller.export()
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        assert {"t_ptech.csv", "t_noeud.shp", "t_noeud.dbf"} <= set(archive.namelist())
    received, given_back = cells_of(content), cells_of(exported)
    assert given_back.keys() == received.keys()
    for table, rows in received.items():
        assert given_back[table] == rows, table
    before = traveller.written()
    _reported, left_out = traveller.deliver(exported)
    assert not left_out
    assert traveller.written() == before


def _with_columns(content, columns):
    """Give the points of a zip more columns."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as archive,
    ):
        for name in source.namelist():
            raw = source.read(name)
            if name == "t_ptech.csv":
                head, *lines = raw.decode().splitlines()
                cells = ";".join(columns.values())
                lines = [f"{line};{cells}" for line in lines]
                raw = "\n".join([f"{head};{';'.join(columns)}", *lines, ""]).encode()
            archive.writestr(name, raw)
    return target.getvalue()
