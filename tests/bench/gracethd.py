"""A GraceTHD delivery read, staged, checked and traced, beside a raw load."""

import io
import multiprocessing
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from odoo.tools import SQL

from odoo.addons.oiconnect_gracethd.bulk.staging import STAGED, DeliveryStage
from odoo.addons.oiconnect_gracethd.catalogue import TABLES
from odoo.addons.oiconnect_gracethd.checks import CHECKS, CheckRun
from odoo.addons.oiconnect_gracethd.reading import Limits, open_delivery
from odoo.addons.oiconnect_gracethd.routes import rebuild

from ..generator import gracethd_bulk
from ..generator.gracethd import PLAIN
from .common import environment, figure, timed
from .ipe_import import Memory

#: PMs; the full one has a million fibres and two million positions
PMS = {"small": 40, "full": 1840}
FEW = 20
#: every position of a tray is described, used or not
TRAITS = PLAIN._replace(spares=20)
NAME = "bench_gracethd"
GIGABYTE = 1 << 30


def run(size):
    with tempfile.TemporaryDirectory() as folder:
        few, _counts = delivery(Path(folder) / "few.zip", FEW)
        path, counts = delivery(Path(folder) / "many.zip", PMS[size])
        with environment() as env:
            measure(env.cr, path, counts, few)
            env.cr.rollback()


def delivery(path, pms):
    """Write a delivery in a process of its own: its memory is not that of the import.

    :return: its path and its rows by table
    """
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return path, pool.apply(gracethd_bulk.write_zip, (path, pms, 1, TRAITS))


def measure(cr, path, counts, few):
    """Print the figures of one delivery."""
    raw = undone(cr, lambda: raw_load(cr, path))
    first = undone(cr, lambda: check(cr, few))
    parts, growth, routes = undone(cr, lambda: check(cr, path))
    assert sum(routes.values()) > 0, routes
    seconds = sum(parts.values())
    figure(
        "gracethd_check",
        counts["t_position"] / seconds,
        "positions/s",
        baseline=counts["t_position"] / raw,
        ratio=seconds / raw,
        seconds=round(seconds, 2),
        **{name: round(value, 2) for name, value in parts.items()},
        fibres=counts["t_fibre"],
        positions=counts["t_position"],
        traced=sum(routes.values()),
        against="COPY of the csv files and upsert by code",
    )
    figure(
        "gracethd_check_memory",
        growth,
        "MB above the start at most",
        baseline=first[1],
        positions=counts["t_position"],
        against=f"{FEW} PMs",
    )


def undone(cr, work):
    """Do ``work`` and take back what it wrote."""
    cr.execute("SAVEPOINT bench")
    found = work()
    cr.execute("ROLLBACK TO SAVEPOINT bench")
    return found


# -- the raw load ----------------------------------------------------------------------


def raw_load(cr, path):
    """Seconds that a script takes to bring the csv files into tables with keys."""
    cr.execute("SET LOCAL work_mem = '128MB'")
    with zipfile.ZipFile(path) as archive, timed() as clock:
        for member in archive.namelist():
            if member.endswith(".csv"):
                with archive.open(member) as stream:
                    load_table(cr, Path(member).stem, stream)
    return clock.seconds


def load_table(cr, table, stream):
    stream = io.BufferedReader(stream)
    head = stream.readline().decode().strip().split(";")
    key = TABLES[table].key[0]
    columns = SQL(", ").join(SQL("%s text", SQL.identifier(name)) for name in head)
    raw, kept = SQL.identifier(f"raw_{table}"), SQL.identifier(f"kept_{table}")
    cr.execute(SQL("CREATE UNLOGGED TABLE %s (%s)", raw, columns))
    cr.execute(
        SQL(
            "CREATE TABLE %s (%s, PRIMARY KEY (%s))", kept, columns, SQL.identifier(key)
        )
    )
    command = SQL("COPY %s FROM STDIN (FORMAT csv, DELIMITER ';')", raw)
    cr.copy_expert(cr.mogrify(command).decode(), stream)
    cr.execute(
        SQL(
            "INSERT INTO %s SELECT * FROM %s ON CONFLICT (%s) DO UPDATE SET %s",
            kept,
            raw,
            SQL.identifier(key),
            SQL(", ").join(
                SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                for name in head
            ),
        )
    )


# -- the check -------------------------------------------------------------------------


class CountingLog:
    """What checks find, counted by check."""

    def __init__(self, cr):
        self.cr = cr
        self.levels = {number: check.level for number, check in CHECKS.items()}
        self.found = Counter()

    def problem(self, problem):
        self.found[problem.check] += 1

    def insert(self, check, _table, rows, _level=None):
        self.cr.execute(SQL("SELECT count(*) FROM (%s) r", rows))
        [(count,)] = self.cr.fetchall()
        self.found[check] += count
        return count

    def flush(self):
        pass


def check(cr, path):
    """Read, check and trace a delivery.

    :return: seconds by step, megabytes above the start, routes by their end
    """
    cr.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
    stage, log, parts = DeliveryStage(cr, NAME), CountingLog(cr), {}
    limits = Limits(size=50 * GIGABYTE, ratio=1000)
    with (
        Memory() as memory,
        path.open("rb") as raw,
        open_delivery(raw, limits) as found,
    ):
        with timed() as clock:
            stage.create()
            stage.load(found, log, lambda rows: None)
        parts["load"] = clock.seconds
        with timed() as clock:
            CheckRun(stage, log, found.generation, due(found.generation)).execute(
                lambda done, total: None
            )
        parts["checks"] = clock.seconds
        with timed() as clock:
            routes = rebuild(cr, NAME)
        parts["routes"] = clock.seconds
    assert not log.found.total(), log.found
    return parts, memory.growth, routes


def due(generation):
    return [
        (table, column.name, "2")
        for table, columns in STAGED.items()
        for column in columns.values()
        if generation in column.required and not TABLES[table].patch_of
    ]
