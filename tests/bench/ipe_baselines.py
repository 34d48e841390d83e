"""What the import of an IPE is measured against: raw COPY and upsert, and load()."""

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk.staging import Stage
from odoo.addons.oiconnect_import.protocol import CsvReader
from odoo.addons.oiconnect_interop.bulk.ipe import BuildingTarget, PmTarget

from ..generator import ipe as ipe_generator
from .common import timed

LOADED = 500


def make_network(env):
    return env["oiconnect.network"].create(
        {"name": "Bench", "code": "BENCH_01", "oi_code": "OICN", "pto_prefix": "ZB"}
    )


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
    target.settle()
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
