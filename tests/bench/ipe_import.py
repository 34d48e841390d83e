"""Import of an IPE, beside load() and beside a raw COPY and upsert of its columns."""

import base64
import os
import shutil
import tempfile
import time
import zipfile
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

import psycopg2

from odoo.sql_db import connection_info_for

from ..generator import ipe as ipe_generator
from .common import environment, figure, timed
from .ipe_baselines import LOADED, load_rate_of, make_network, raw_upsert

COUNTS = {"small": 20_000, "full": 1_000_000}
FEW = 10_000
#: lines of the largest file, where there is one; its disk use is some 15 GB
MANY = {"full": 5_000_000}
MANY_DISK = 25 << 30
NAME = "BENCH_01_OICN_PM_IPEZMD_V31_20260901_00"
TABLES = ("oiconnect_building", "oiconnect_pm", "oiconnect_change")
# Tables that an import may write: nothing of them is, when nothing has changed
WRITTEN = (*TABLES, "oiconnect_lot", "oiconnect_manager", "oiconnect_map_delta")


def run(size):
    count = COUNTS[size]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.csv"
        ipe_generator.write(path, count)
        baseline = rolled_back(lambda env: raw_upsert(env, path))
        load_rate = rolled_back(load_rate_of)
        few = rolled_back(lambda env: import_few(env, Path(folder)))
        clock = rolled_back(
            lambda env: import_all(env, path, count, baseline, load_rate, few)
        )
        path.unlink()
        if size in MANY:
            import_many(Path(folder), MANY[size], count, clock)


def rolled_back(work):
    """Do ``work`` on a network of its own, keep nothing, leave the tables tidy."""
    with environment() as env:
        try:
            return work(env)
        finally:
            env.cr.rollback()
            vacuum(env.cr.dbname)


def vacuum(name, tables=TABLES):
    _name, info = connection_info_for(name)
    with closing(psycopg2.connect(**info)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")


# -- the import ----------------------------------------------------------------------


def import_all(env, path, count, baseline, load_rate, few):
    network = make_network(env)
    first, clock, growth = timed_import(env, network, path)
    check(first, building=(count, 0, 0))
    report(count, clock, baseline, load_rate)
    figure(
        "ipe_import_memory",
        growth,
        "MB above the start at most",
        baseline=few,
        lines=count,
        against=f"{FEW} lines",
    )
    env.cr.execute("ANALYZE oiconnect_building")
    before = written_rows(env)
    again, unchanged, _growth = timed_import(env, network, path)
    check(again, building=(0, 0, count))
    assert written_rows(env) == before, (before, written_rows(env))
    figure(
        "ipe_import_unchanged",
        count / unchanged.seconds,
        "lines/s",
        seconds=round(unchanged.seconds, 2),
        lines=count,
        rows_written=0,
    )
    return clock


def written_rows(env):
    """Return how many rows of each table this transaction has written so far."""
    env.cr.execute(
        """SELECT relname, n_tup_ins, n_tup_upd, n_tup_del
             FROM pg_stat_xact_user_tables WHERE relname = ANY(%s) ORDER BY relname""",
        [list(WRITTEN)],
    )
    rows = env.cr.fetchall()
    assert len(rows) == len(WRITTEN), rows
    return rows


def import_many(folder, count, few, baseline):
    """Time a file several times as large, where the disk has room for it."""
    if shutil.disk_usage(folder).free < MANY_DISK:
        figure("ipe_import_linear", 0, "not measured: the disk is too full")
        return
    path = folder / f"{NAME}_many.csv"
    with packing(path.with_suffix(".zip")) as target:
        rows = chain([ipe_generator.header()], ipe_generator.generate(count))
        target.writelines(f"{';'.join(cells)}\r\n".encode() for cells in rows)
    clock, growth = rolled_back(lambda env: timed_many(env, path, count))
    figure(
        "ipe_import_linear",
        clock.seconds,
        "s",
        baseline=baseline.seconds,
        ratio=clock.seconds / baseline.seconds,
        cpu_ratio=round(clock.cpu / baseline.cpu, 3),
        memory=round(growth, 1),
        lines=count,
        against=f"{few} lines",
    )


def timed_many(env, path, count):
    # Above the size that a file may have unless configured otherwise
    env["ir.config_parameter"].set_param("oiconnect_import.max_import_mb", 5 * 1024)
    record, clock, growth = timed_import(env, make_network(env), path)
    check(record, building=(count, 0, 0))
    return clock, growth


def report(count, clock, baseline, load_rate):
    seconds = clock.seconds
    rate = count / seconds
    figure(
        "ipe_import",
        rate,
        "lines/s",
        baseline=count / baseline,
        ratio=seconds / baseline,
        seconds=round(seconds, 2),
        cpu_seconds=round(clock.cpu, 2),
        lines=count,
        against="raw COPY + upsert of the same columns",
    )
    figure(
        "ipe_import_beside_load",
        rate,
        "lines/s",
        baseline=load_rate,
        ratio=rate / load_rate,
        lines=count,
        against=f"load() of {LOADED} lines",
    )


def import_few(env, folder):
    """Megabytes that the import of a small file takes."""
    path = folder / f"{NAME}_few.csv"
    ipe_generator.write(path, FEW)
    _record, _clock, growth = timed_import(env, make_network(env), path)
    return growth


def timed_import(env, network, path):
    record = upload(env, network, path)
    with timed() as clock, Cpu(env) as cpu, Memory() as memory:
        record._apply()
        env.flush_all()
    clock.cpu = cpu.seconds
    assert not record.error_ids, record.error_ids[:5].mapped("message")
    return record, clock, memory.growth


def upload(env, network, path):
    packed = path.with_suffix(".zip")
    if not packed.exists():
        with packing(packed) as target, path.open("rb") as source:
            shutil.copyfileobj(source, target, 1 << 20)
    record = env["oiconnect.import"].create(
        {
            "network_id": network.id,
            "file_name": f"{NAME}.zip",
            "file": base64.b64encode(packed.read_bytes()),
        }
    )
    env.flush_all()
    env.invalidate_all()
    return record


@contextmanager
def packing(path):
    """Give the file of a zip to write, of any size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(f"{NAME}.csv", "w", force_zip64=True) as target:
            yield target


def check(record, building):
    counts = {item.model: item for item in record.count_ids}
    found = counts["oiconnect.building"]
    assert (found.created, found.changed, found.unchanged) == building


class Cpu:
    """Seconds of processors that the work takes, ours and those of the connection.

    Those that PostgreSQL starts beside it for a query are not counted.
    """

    def __init__(self, env):
        self.pid = env.cr._cnx.get_backend_pid()

    def __enter__(self):
        self.start = self._spent()
        return self

    def __exit__(self, *_error):
        self.seconds = self._spent() - self.start

    def _spent(self):
        text = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2]
        user, system = map(int, text.split()[11:13])
        return time.process_time() + (user + system) / os.sysconf("SC_CLK_TCK")


class Memory:
    """Megabytes that a process takes at most, above what it had."""

    def __enter__(self):
        # 5: forget the highest mark
        Path("/proc/self/clear_refs").write_text("5")
        self.start = self._kilobytes("VmRSS")
        return self

    def __exit__(self, *_error):
        self.growth = (self._kilobytes("VmHWM") - self.start) / 1024

    def _kilobytes(self, key):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(key))
