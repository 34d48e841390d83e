"""A GraceTHD delivery read, staged, checked and traced, beside a raw load."""

import base64
import csv
import io
import multiprocessing
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

from odoo.tools import SQL

from odoo.addons.oiconnect_gracethd.bulk.work import DeliveryWork, prepare
from odoo.addons.oiconnect_gracethd.catalogue import TABLES
from odoo.addons.oiconnect_gracethd.reading import Limits, open_delivery
from odoo.addons.oiconnect_gracethd.routes import rebuild

from ..generator import gracethd_bulk
from ..generator.gracethd import PLAIN
from .common import environment, figure, timed
from .ipe_import import Memory

#: PMs; the full one has a million fibres and two million positions
PMS = {"small": 40, "full": 2000}
FEW = 20
#: every position of a tray is described, used or not
TRAITS = PLAIN._replace(spares=20)
NAME = "bench_gracethd"
GIGABYTE = 1 << 30
TURNS = 2


def run(size):
    with tempfile.TemporaryDirectory() as folder:
        few, _counts = delivery(Path(folder) / "few.zip", FEW)
        path, counts = delivery(Path(folder) / "many.zip", PMS[size])
        with environment() as env:
            measure(env, path, counts, few)
            env.cr.rollback()


def delivery(path, pms):
    """Write a delivery in a process of its own: its memory is not that of the import.

    :return: its path and its rows by table
    """
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return path, pool.apply(gracethd_bulk.write_zip, (path, pms, 1, TRAITS))


def measure(env, path, counts, few):
    """Print the figures of one delivery: raw load and check by turns, the best of each.

    What one has written, the disk takes while the other works.
    """
    # What is imported at the first use is no memory of a delivery.
    undone(env, lambda: check(env, few))
    few_memory = undone(env, lambda: check(env, few))[1]
    raws, checks = [], []
    with shapes_as_csv(path) as shapes:
        for _turn in range(TURNS):
            raws.append(undone(env, lambda: raw_load(env.cr, path, shapes)))
            checks.append(undone(env, lambda: check(env, path)))
    raw = min(raws)
    parts, growth, routes = min(checks, key=lambda found: sum(found[0].values()))
    assert sum(routes.values()) > 0, routes
    seconds = sum(parts.values())
    figure(
        "gracethd_check",
        counts["t_position"] / seconds,
        "positions/s",
        baseline=counts["t_position"] / raw,
        ratio=seconds / raw,
        seconds=round(seconds, 2),
        raw_seconds=round(raw, 2),
        without_routes=round((seconds - parts["routes"]) / raw, 3),
        **{name: round(value, 2) for name, value in parts.items()},
        fibres=counts["t_fibre"],
        positions=counts["t_position"],
        traced=sum(routes.values()),
        against="COPY of the same rows and upsert by code",
    )
    figure(
        "gracethd_check_memory",
        growth,
        "MB above the start at most",
        baseline=few_memory,
        positions=counts["t_position"],
        against=f"{FEW} PMs",
    )


def undone(env, work):
    """Do ``work`` and take back what it wrote."""
    env.cr.execute("SAVEPOINT bench")
    found = work()
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    env.invalidate_all()
    return found


# -- the raw load ----------------------------------------------------------------------


def raw_load(cr, path, shapes):
    """Seconds that a script takes to bring the rows into tables with keys.

    :param shapes: csv files of the rows of shapefiles; reading these is not counted
    """
    cr.execute("SET LOCAL work_mem = '128MB'")
    with zipfile.ZipFile(path) as archive, timed() as clock:
        for member in archive.namelist():
            if member.endswith(".csv"):
                with archive.open(member) as stream:
                    load_table(cr, Path(member).stem, stream)
        for shape in shapes:
            with shape.open("rb") as stream:
                load_table(cr, shape.stem, stream)
    return clock.seconds


@contextmanager
def shapes_as_csv(path):
    """Give csv files of the rows of the shapefiles of a delivery, geometries in hex."""
    limits = Limits(size=50 * GIGABYTE)
    with (
        tempfile.TemporaryDirectory() as folder,
        path.open("rb") as raw,
        open_delivery(raw, limits) as delivery,
    ):
        shapes = []
        for name, table in delivery.tables.items():
            if not table.has_geometry:
                continue
            shapes.append(Path(folder) / f"{name}.csv")
            with shapes[-1].open("w", newline="") as target:
                writer = csv.writer(target, delimiter=";", lineterminator="\n")
                writer.writerow([*table.columns, "geom"])
                for _line, (*cells, wkb), _problem in table.rows():
                    writer.writerow([*cells, wkb.hex() if wkb else ""])
        yield shapes


def load_table(cr, table, stream):
    stream = io.BufferedReader(stream)
    head = stream.readline().decode().strip().split(";")
    key = TABLES[table].key[0]
    columns = SQL(", ").join(SQL("%s text", SQL.identifier(name)) for name in head)
    raw, stored = SQL.identifier(f"raw_{table}"), SQL.identifier(f"stored_{table}")
    cr.execute(SQL("CREATE UNLOGGED TABLE %s (%s)", raw, columns))
    cr.execute(
        SQL(
            "CREATE TABLE %s (%s, PRIMARY KEY (%s))",
            stored,
            columns,
            SQL.identifier(key),
        )
    )
    command = SQL("COPY %s FROM STDIN (FORMAT csv, DELIMITER ';')", raw)
    cr.copy_expert(cr.mogrify(command).decode(), stream)
    cr.execute(
        SQL(
            "INSERT INTO %s SELECT * FROM %s ON CONFLICT (%s) DO UPDATE SET %s",
            stored,
            raw,
            SQL.identifier(key),
            SQL(", ").join(
                SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                for name in head
            ),
        )
    )


# -- the check -------------------------------------------------------------------------


def check(env, path):
    """Read, check and trace a delivery, as the job of its import does.

    :return: seconds by step, megabytes above the start, routes by their end
    """
    record = upload(env, path)
    grid = record.gracethd_grid_id
    work = DeliveryWork(record, grid._levels(), grid._due(), lambda *progress: None)
    prepare(env.cr)
    parts = {}
    with (
        Memory() as memory,
        path.open("rb") as raw,
        open_delivery(raw, Limits(size=50 * GIGABYTE)) as found,
    ):
        with timed() as clock:
            work.stage.create()
            work.stage.load(found, work.log, lambda rows: None)
        parts["load"] = clock.seconds
        with timed() as clock:
            work._check(found)
        parts["checks"] = clock.seconds
        with timed() as clock:
            routes = rebuild(env.cr, work.stage.name, work.base)
        parts["routes"] = clock.seconds
    assert not record.error_ids, record.error_ids[:5].mapped("message")
    return parts, memory.growth, routes


def upload(env, path):
    """Return the import of a small delivery, with the problems of the large one."""
    network = env["oiconnect.network"].create(
        {"name": "Bench", "code": "BENCH_GT", "oi_code": "OICN", "pto_prefix": "ZB"}
    )
    record = env["oiconnect.import"].create(
        {
            "network_id": network.id,
            "file_name": f"{NAME}.zip",
            "file": base64.b64encode(path.with_name("few.zip").read_bytes()),
        }
    )
    env.flush_all()
    return record
