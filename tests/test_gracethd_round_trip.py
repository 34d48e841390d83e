"""GraceTHD deliveries in and out: what came is given back, and comes in as it was."""

import base64
import io
import sqlite3
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from generator import gracethd, gracethd_file, gracethd_strategies
from generator.gracethd_catalogue import TABLES
from gracethd_network import GracethdNetwork
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo_process import environment, registry

#: a network, twice in and once out, takes seconds
FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OWN = "x_chantier"
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
        told = self.rows(query, import_id)
        left_out = {(row[1], row[3]) for row in told if row[4] == "error"}
        return Counter(row[:3] for row in told if row[0] != "GT90"), left_out

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
            return base64.b64decode(export.file)


def delivered(made, version, word):
    """Return the file of a network, with a column of its own in a table of cables."""
    if version == "2.0.2":
        content = gracethd_file.zipped(made.tables)
        return _with_column(content, word)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.gpkg"
        gracethd_file.write_geopackage(path, made.tables, version)
        connection = sqlite3.connect(path)
        connection.execute(f"ALTER TABLE t_cable ADD COLUMN {OWN} TEXT")
        connection.execute(f"UPDATE t_cable SET {OWN} = ? WHERE fid % 2 = 0", [word])
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
    @FEW
    @given(networks(), _words.filter(bool))
    def travel(made, word):
        traveller = Traveller(base, version)
        content = delivered(made, version, word)
        told, left_out = traveller.deliver(content)
        exported = traveller.export()
        received, given_back = cells_of(content, left_out), cells_of(exported)
        assert given_back.keys() == received.keys()
        for table, rows in received.items():
            assert given_back[table] == rows, table
        before = traveller.written()
        told_again, left_out = traveller.deliver(exported)
        assert not left_out
        assert not told_again - told
        assert traveller.written() == before

    travel()


def test_what_the_network_says_since_is_exported(base):
    """A few objects change by hand: the export says so, and nothing else changes."""
    traveller = Traveller(base, "2.0.2")
    made = gracethd.Network(2, 3, gracethd.PLAIN._replace(dwellings=(8, 14)))
    content = gracethd_file.zipped(made.tables)
    told, _left_out = traveller.deliver(content)
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
        "t_cable": 1,
        "t_cable_patch201": 1,
        "t_cableline": 1,
        "t_fibre": 1,
        "t_position": 2,
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
    told_again, left_out = traveller.deliver(exported)
    assert not left_out
    assert not {key for key in told_again - told if key[0] not in ("GT11", "GT12")}
    query = """SELECT r.pto_id FROM oiconnect_route r WHERE r.id = ANY(%s)
                ORDER BY r.id"""
    assert traveller.rows(query, changed["routes"]) == changed["ptos"]
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
    wired.pto_id = False
    free.write({"pto_id": pto.id, "connector_number": 1})
    found = {wired.id: None, free.id: pto.id}
    return {
        "pm": pm.reference,
        "routes": sorted(found),
        "ptos": [(found[route],) for route in sorted(found)],
    }


@pytest.mark.parametrize("version", ["2.0.2", "3.0"])
def test_a_part_is_given_back_whole(base, version):
    """The rows of one PM of two: as they came, and none refers to what is not there."""
    traveller = Traveller(base, version)
    made = gracethd.Network(2, 4, gracethd.PLAIN._replace(dwellings=(6, 9)))
    content = delivered(made, version, "mot")
    told, _left_out = traveller.deliver(content)
    query = "SELECT id FROM oiconnect_pm WHERE network_id = %s ORDER BY reference"
    pms = [pm_id for (pm_id,) in traveller.rows(query, traveller.network_id)]
    received = cells_of(content)
    parts = [cells_of(traveller.export(nro_ids=False, pm_ids=[pm_id])) for pm_id in pms]
    for part in parts:
        for table, rows in part.items():
            assert rows.items() <= received[table].items(), table
        assert len(part["t_zsro"]) == len(part["t_znro"]) == 1
    other = Traveller(base, version)
    for pm_id in pms:
        exported = traveller.export(nro_ids=False, pm_ids=[pm_id])
        told_again, left_out = other.deliver(exported)
        assert not left_out
        assert not told_again - told
    for table in ("t_fibre", "t_ebp", "t_adresse", "t_tiroir", "t_ropt"):
        assert {key for part in parts for key in part[table]} == set(received[table])
    counted = "SELECT count(*) FROM oiconnect_route WHERE network_id = %s"
    assert other.rows(counted, other.network_id) == traveller.rows(
        counted, traveller.network_id
    )
