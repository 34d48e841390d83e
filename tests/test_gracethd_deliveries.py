"""Generated GraceTHD deliveries: read in each form, and each fault reported alone."""

import copy
import io
import os
import shutil
import subprocess
import zipfile
from contextlib import closing

import gracethd_checks
import gracethd_stage
import psycopg2
import pytest
from generator import gracethd, gracethd_file
from generator.gracethd_catalogue import TABLES, columns_of
from generator.gracethd_defects import DEFECTS
from generator.gracethd_faults import FAULTS
from generator.gracethd_file import REAL, STANDARD, Form
from gracethd_checks import Delivered
from oictools import database

SMALL = gracethd.PLAIN._replace(dwellings=(5, 8))
FORMS = {
    "2.0": Form("2.0"),
    "2.0.1": Form("2.0.1", encoding="cp1252"),
    "2.0.2": STANDARD,
    "3.0": Form("3.0"),
    "as met": REAL,
}


@pytest.fixture(scope="module")
def connection():
    """A connection to a database that has the staging tables, all empty."""
    name = f"oic_test_gracethd_{os.getpid()}"
    database.drop(name)
    database.execute("CREATE DATABASE {} TEMPLATE template0", name)
    with closing(psycopg2.connect(dbname=name)) as found:
        gracethd_checks.create_stage(gracethd_stage.PlainCursor(found.cursor()))
        found.commit()
        yield found
    database.drop(name)


@pytest.fixture
def cr(connection):
    yield gracethd_stage.PlainCursor(connection.cursor())
    connection.rollback()


@pytest.fixture(scope="module")
def network():
    return gracethd.Network(2, 1, SMALL)


@pytest.fixture(scope="module")
def plain(network):
    return network.tables


def geopackage(folder, tables, version="3.0"):
    path = folder / "delivery.gpkg"
    gracethd_file.write_geopackage(path, tables, version)
    return path


def test_a_seed_makes_one_delivery():
    made = [
        gracethd_file.zipped(gracethd.Network(1, seed, SMALL).tables)
        for seed in (1, 1, 2)
    ]
    assert made[0] == made[1]
    assert made[0] != made[2]


@pytest.mark.parametrize("name", FORMS)
def test_a_plain_network_is_read_whole_and_has_no_fault(cr, network, name):
    form = FORMS[name]
    delivered = Delivered(cr, gracethd_file.zipped(network.tables, form))
    assert_whole(delivered, network, form.version)


def test_a_geopackage_is_read_whole_and_has_no_fault(cr, network, tmp_path):
    path = geopackage(tmp_path, network.tables)
    assert_whole(Delivered(cr, path.read_bytes()), network, "3.0")


def assert_whole(delivered, network, version):
    assert delivered.findings == []
    assert (delivered.version, delivered.epsg) == (version, 2154)
    written = gracethd_file.tables_of(network.tables, version)
    assert delivered.counts == {table: len(rows) for table, rows in written.items()}
    assert delivered.routes() == {
        (route.positions[0], route.fibre, route.end, route.pto, route.pbo, route.link)
        for route in network.routes
    }


def test_every_check_has_its_faults():
    assert sorted(FAULTS) == list(range(1, 34))


@pytest.mark.parametrize(
    "fault", [fault for faults in FAULTS.values() for fault in faults]
)
def test_a_fault_is_reported_alone(cr, plain, fault):
    tables = copy.deepcopy(plain)
    wanted = fault(tables)
    form = FORMS["3.0"] if wanted.check == 32 else STANDARD
    findings = Delivered(cr, gracethd_file.zipped(tables, form)).findings
    assert {found.check for found in findings} == {wanted.check}, findings
    assert {found.table for found in findings} == {wanted.table}
    if wanted.rank is not None:
        first = 1 if TABLES[wanted.table].form else 2
        assert wanted.rank + first in {found.line for found in findings}
    if wanted.column:
        assert wanted.column in {found.column for found in findings}


def test_what_real_deliveries_have_of_odd_is_read(cr, plain):
    tables = copy.deepcopy(plain)
    for defect in DEFECTS:
        defect(tables)
    delivered = Delivered(cr, gracethd_file.zipped(tables, REAL))
    written = gracethd_file.tables_of(tables, "2.0.2")
    assert delivered.counts == {table: len(rows) for table, rows in written.items()}
    reported = {(found.check, found.table, found.key) for found in delivered.findings}
    assert reported >= {
        (3, "t_ltech", "key_doubled"),
        (4, "t_ebp", "unknown_value"),
        (4, "t_position", "orphan"),
        (11, "t_adresse", "dwellings_differ"),
        (12, "t_adresse", "sockets_differ"),
        (14, "t_cableline", "cable_end_without_node"),
    }
    # The dates of real deliveries are no fault.
    assert "bad_date" not in {found.key for found in delivered.findings}


def test_loose_csv_of_version_3_are_read(cr, network):
    """Real forms: no shapefile, no zone, columns in another order."""
    tables = gracethd_file.tables_of(network.tables, "3.0")
    loose = {table: rows for table, rows in tables.items() if not TABLES[table].form}
    form = REAL._replace(version="3.0", folder="")
    with io.BytesIO() as target, zipfile.ZipFile(target, "w") as archive:
        for table, rows in loose.items():
            columns = sorted(columns_of(table, "3"), key=lambda item: item.name)
            content = gracethd_file.csv_head(columns, form)
            content += gracethd_file.csv_rows(columns, rows, form)
            archive.writestr(f"{table}.csv", content)
        archive.close()
        delivered = Delivered(cr, target.getvalue())
    assert (delivered.version, delivered.epsg) == ("3.0", 2154)
    assert delivered.counts == {table: len(rows) for table, rows in loose.items()}
    reported = {(found.check, found.key) for found in delivered.findings}
    assert reported == {(1, "table_absent"), (4, "orphan")}


def test_the_nro_of_each_transport_box_is_found(cr, monkeypatch):
    monkeypatch.setattr(gracethd, "PMS_PER_NRO", 1)
    made = gracethd.Network(2, 4, SMALL)
    found = Delivered(cr, gracethd_file.zipped(made.tables)).nros()
    zones = {row["zn_lt_code"]: row["zn_code"] for row in made.rows("t_znro")}
    racks = {row["ba_code"]: row["ba_lt_code"] for row in made.rows("t_baie")}
    drawers = {
        row["ti_code"]: zones.get(racks[row["ti_ba_code"]])
        for row in made.rows("t_tiroir")
    }
    heads = {
        row["ps_code"]: drawers.get(row.get("ps_ti_code"))
        for row in made.rows("t_position")
    }
    boxes = {row["cs_code"]: row.get("cs_bp_code") for row in made.rows("t_cassette")}
    trays = {row["ps_code"]: row.get("ps_cs_code") for row in made.rows("t_position")}
    for link in made.links:
        on_the_way = {boxes.get(trays[code]) for code in link.positions} - {"", None}
        assert {found.get(box) for box in on_the_way} <= {heads[link.positions[0]]}
    assert set(found.values()) == set(zones.values())


def test_columns_are_those_of_the_standard(plain, tmp_path):
    gracethd_file.write_folder(tmp_path, plain)
    head = (tmp_path / "t_cable.csv").read_text().split("\n", 1)[0]
    assert head.split(";") == [column.name for column in columns_of("t_cable", "2")]
    assert (tmp_path / "t_cable_patch201.csv").exists()


@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="no GDAL")
def test_gis_tools_read_what_is_written(plain, tmp_path):
    gracethd_file.write_folder(tmp_path, plain)
    path = geopackage(tmp_path, plain)
    for source, layer in (
        (tmp_path / "t_cableline.shp", "t_cableline"),
        (tmp_path / "t_zsro.shp", "t_zsro"),
        (tmp_path / "t_noeud.shp", "t_noeud"),
        (path, "t_cableline"),
        (path, "t_position"),
    ):
        done = subprocess.run(
            ["ogrinfo", "-ro", "-so", source, layer],
            check=True,
            capture_output=True,
            text=True,
        )
        rows = len(plain[layer])
        assert f"Feature Count: {rows}\n" in done.stdout, done
        assert "Warning" not in done.stderr, done.stderr
