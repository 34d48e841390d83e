"""Import of an IPE, beside load() and beside a raw COPY and upsert of its columns."""

import base64
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tools import SQL

from odoo.addons.oiconnect_interop.bulk.ipe import BuildingTarget, PmTarget
from odoo.addons.oiconnect_interop.bulk.staging import Stage
from odoo.addons.oiconnect_interop.protocol import CsvReader

from ..generator import ipe as ipe_generator
from .common import environment, figure, timed

COUNTS = {"small": 20_000, "full": 1_000_000}
FEW = 10_000
LOADED = 500
NAME = "BENCH_01_OICN_PM_IPEZMD_V31_20260901_00"
TABLES = ("oiconnect_building", "oiconnect_pm", "oiconnect_change")


def run(size):
    count = COUNTS[size]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.csv"
        ipe_generator.write(path, count)
        baseline = rolled_back(lambda env: raw_upsert(env, path))
        load_rate = rolled_back(load_rate_of)
        few = rolled_back(lambda env: import_few(env, Path(folder)))
        rolled_back(lambda env: import_all(env, path, count, baseline, load_rate, few))


def rolled_back(work):
    """Do ``work`` on a network of its own, keep nothing, leave the tables tidy."""
    with environment() as env:
        try:
            return work(env)
        finally:
            env.cr.rollback()
            vacuum(env.cr.dbname)


def vacuum(name):
    _name, info = connection_info_for(name)
    with closing(psycopg2.connect(**info)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")


def make_network(env):
    return env["oiconnect.network"].create(
        {"name": "Bench", "code": "BENCH_01", "oi_code": "OICN", "pto_prefix": "ZB"}
    )


# -- the import ----------------------------------------------------------------------


def import_all(env, path, count, baseline, load_rate, few):
    network = make_network(env)
    first, clock, growth = timed_import(env, network, path)
    check(first, building=(count, 0, 0))
    report(count, clock.seconds, baseline, load_rate)
    figure(
        "ipe_import_memory",
        growth,
        "MB above the start at most",
        baseline=few,
        lines=count,
        against=f"{FEW} lines",
    )
    env.cr.execute("ANALYZE oiconnect_building")
    again, clock, _growth = timed_import(env, network, path)
    check(again, building=(0, 0, count))
    figure(
        "ipe_import_unchanged",
        count / clock.seconds,
        "lines/s",
        seconds=round(clock.seconds, 2),
        lines=count,
    )


def report(count, seconds, baseline, load_rate):
    rate = count / seconds
    figure(
        "ipe_import",
        rate,
        "lines/s",
        baseline=count / baseline,
        ratio=seconds / baseline,
        seconds=round(seconds, 2),
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
    with timed() as clock, Memory() as memory:
        record._apply()
        env.flush_all()
    assert not record.error_ids, record.error_ids[:5].mapped("message")
    return record, clock, memory.growth


def upload(env, network, path):
    packed = path.with_suffix(".zip")
    if not packed.exists():
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as to:
            to.write(path, f"{NAME}.csv")
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


def check(record, building):
    counts = {item.model: item for item in record.count_ids}
    found = counts["oiconnect.building"]
    assert (found.created, found.changed, found.unchanged) == building


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


# -- raw COPY and upsert -------------------------------------------------------------


def raw_upsert(env, path):
    """Seconds that a script takes without checks, history nor derived columns."""
    network = make_network(env)
    stage = Stage(env.cr, "bench_stage", ipe_format(env), ipe_generator.header())
    env.cr.execute("SET LOCAL work_mem = '128MB'")
    with timed() as clock:
        stage.create()
        with path.open("rb") as source:
            env.cr.copy_expert(
                env.cr.mogrify(
                    SQL(
                        "COPY %s (%s) FROM STDIN "
                        "(FORMAT csv, DELIMITER ';', HEADER, ENCODING 'UTF8')",
                        stage.table,
                        stage.cells,
                    )
                ).decode(),
                source,
            )
        upsert_pms(env, stage, network)
        upsert_buildings(env, stage, network)
    return clock.seconds


def ipe_format(env):
    flow = env["oiconnect.flow"]._by_code("IPE")
    return flow._format_for(env["oiconnect.operator"], "V3.1")


def relation_joins(stage, target):
    return SQL(" ").join(
        relation.join(stage.cell(field)) for field, relation in target.relations.items()
    )


def upsert_pms(env, stage, network):
    target = PmTarget(env, stage, network, SQL("nothing"))
    target.values.pop("last_change_date")
    upsert(
        env,
        target,
        lambda values: SQL(
            "SELECT DISTINCT ON (%(key)s) %(values)s FROM %(stage)s s %(joins)s "
            "WHERE %(key)s IS NOT NULL",
            key=stage.cell("pm.reference"),
            values=values,
            stage=stage.table,
            joins=relation_joins(stage, target),
        ),
        "reference",
        {"network_id": network.id, "company_id": 1, "authorisation": "open"},
    )


def upsert_buildings(env, stage, network):
    target = BuildingTarget(env, stage, network)
    joins = relation_joins(stage, target)
    target.values.pop("manager_id")
    upsert(
        env,
        target,
        lambda values: SQL("SELECT %s FROM %s s %s", values, stage.table, joins),
        "identifier",
        {"network_id": network.id, "company_id": 1, "create_uid": 1, "write_uid": 1},
    )


def upsert(env, target, rows, key, constants):
    names = list(target.values)
    values = [*target.values.values(), *(SQL("%s", v) for v in constants.values())]
    env.cr.execute(
        SQL(
            """INSERT INTO %(table)s AS t (%(columns)s) %(rows)s
               ON CONFLICT (%(key)s, network_id) DO UPDATE SET (%(names)s) = (%(new)s)
               WHERE (%(old)s) IS DISTINCT FROM (%(new)s)""",
            table=target.table,
            columns=listed(SQL.identifier(name) for name in (*names, *constants)),
            rows=rows(listed(values)),
            key=SQL.identifier(key),
            names=listed(map(SQL.identifier, names)),
            new=listed(SQL.identifier("excluded", name) for name in names),
            old=listed(SQL.identifier("t", name) for name in names),
        )
    )


def listed(items):
    return SQL(", ").join(items)


# -- load() --------------------------------------------------------------------------


def load_rate_of(env):
    """Lines per second of the ORM's own import, relations given by their ids."""
    network = make_network(env)
    rows = payloads(env)
    with timed() as clock:
        pms = load_pms(env, network, rows)
        load(
            env["oiconnect.building"],
            [building_row(env, network, row, pms) for row in rows],
        )
        env.flush_all()
    return LOADED / clock.seconds


def payloads(env):
    lines = [ipe_generator.header(), *ipe_generator.generate(LOADED)]
    text = "\r\n".join(map(";".join, lines))
    reader = CsvReader(text.encode())
    return [line.payload for line in ipe_format(env).parse_rows(reader)]


def load_pms(env, network, rows):
    firsts = {}
    for row in rows:
        if "pm" in row:
            values = row["pm"] | {"projection": row["building"]["projection"]}
            firsts.setdefault(row["pm"]["reference"], values)
    lots = load_lots(env, network, firsts.values())
    ids = load(
        env["oiconnect.pm"],
        [
            values
            | {
                "network_id/.id": network.id,
                "lot_id/.id": lots.get(values.pop("lot_reference", None), ""),
            }
            for values in firsts.values()
        ],
    )
    return dict(zip(firsts, ids, strict=True))


def load_lots(env, network, pms):
    references = sorted({pm["lot_reference"] for pm in pms if pm.get("lot_reference")})
    ids = load(
        env["oiconnect.lot"],
        [{"reference": name, "network_id/.id": network.id} for name in references],
    )
    return dict(zip(references, ids, strict=True))


def building_row(env, network, row, pms):
    values = dict(row["building"])
    for name in ("oi_code", "pbo_type", "connection_type"):
        values.pop(name, None)
    pm = row.get("pm", {}).get("reference")
    return values | {"network_id/.id": network.id, "pm_id/.id": pms.get(pm, "")}


def load(model, rows):
    names = sorted({name for row in rows for name in row})
    data = [[as_text(row.get(name)) for name in names] for row in rows]
    result = model.with_context(tracking_disable=True).load(names, data)
    assert result["ids"], result["messages"][:3]
    return result["ids"]


def as_text(value):
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)
