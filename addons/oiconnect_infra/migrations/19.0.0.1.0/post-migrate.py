"""NROs, lots, technical PMs and managers get records of their own.

Until then they were references written on PRDMs, PMs and buildings.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

_ADDRESS = (
    "insee_code",
    "postal_code",
    "city",
    "street_type",
    "street_name",
    "street_number",
    "street_number_suffix",
    "projection",
    "x",
    "y",
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    env = env(context=dict(env.context, oiconnect_reason="Migration 19.0.0.1.0"))
    _make_nros(env)
    _make_lots(env)
    _make_technical_pms(env)
    _link_managers(env)


def _rows(env, table, columns, key):
    """Return the first row of each value of the old column ``key``, by network."""
    env.cr.execute(
        SQL(
            "SELECT network_id, %(key)s AS key, min(id) AS first, array_agg(id) AS ids "
            "FROM %(table)s WHERE %(key)s IS NOT NULL GROUP BY network_id, %(key)s "
            "ORDER BY network_id, %(key)s",
            key=SQL.identifier(key),
            table=SQL.identifier(table),
        )
    )
    groups = env.cr.dictfetchall()
    env.cr.execute(
        SQL(
            "SELECT id, %s FROM %s WHERE id = ANY(%s)",
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL.identifier(table),
            [group["first"] for group in groups],
        )
    )
    firsts = {row.pop("id"): row for row in env.cr.dictfetchall()}
    return [(group, firsts[group["first"]]) for group in groups]


def _make_nros(env):
    columns = (*_ADDRESS, "nro_type", "state")
    for group, first in _rows(env, "oiconnect_prdm", columns, "nro_reference"):
        nro = env["oiconnect.nro"].create(
            {"network_id": group["network_id"], "reference": group["key"], **first}
        )
        env["oiconnect.prdm"].browse(group["ids"]).write({"nro_id": nro.id})


def _make_lots(env):
    for group, _first in _rows(env, "oiconnect_pm", ("id",), "lot_reference"):
        lot = env["oiconnect.lot"].create(
            {"network_id": group["network_id"], "reference": group["key"]}
        )
        env["oiconnect.pm"].browse(group["ids"]).write({"lot_id": lot.id})


def _make_technical_pms(env):
    env.cr.execute(
        "SELECT id AS pm_id, technical_reference AS reference FROM oiconnect_pm "
        "WHERE technical_reference IS NOT NULL ORDER BY id"
    )
    env["oiconnect.technical.pm"].create(env.cr.dictfetchall())


def _link_managers(env):
    env.cr.execute("SELECT id FROM oiconnect_building WHERE manager_name IS NOT NULL")
    buildings = env["oiconnect.building"].browse(
        building_id for (building_id,) in env.cr.fetchall()
    )
    env["oiconnect.manager"]._link(buildings)
