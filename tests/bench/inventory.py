"""An inventory of realistic ratios, as large as a benchmark needs, made by SQL."""

import re

from odoo.tools import SQL

# Buildings, sockets and routes for one of: PM, PBO, module, cable, PRDM
PER_PM, PER_PBO, PER_MODULE, PER_PRDM = 330, 5, 84, 3300
STATES = (
    "deployed",
    "deployed",
    "deployed",
    "deployed",
    "deploying",
    "target",
    "on_demand",
    "deployed",
    "signed",
    "abandoned",
)
ROUTE_STATES = ("used", "used", "used", "free", "used", "free", "reserved", "free")
COLOURS = "ROUGE BLEU VERT JAUNE VIOLET BLANC ORANGE GRIS MARRON NOIR ROSE TURQUOISE"
STREETS = "TILLEULS CHENES ECOLES MOULINS VIGNES LILAS PEUPLIERS REMPARTS PRES ROSES"
_NETWORK = "%(network)s, %(company)s"
# "[pm]" in a row: the PM at the same part of all PMs
_PARENT = re.compile(r"\[([a-z]+)\]")
# Table: (columns, values of the row of rank ``r``, number of rows)
ROWS = {
    "oiconnect_nro": (
        "reference, state, nro_type",
        "'NRO-' || r, 'deployed', 'pon'",
        lambda n: n // PER_PRDM // 5,
    ),
    "oiconnect_prdm": (
        "reference, state, min_dwellings, nro_id",
        "'PRDM-' || lpad(r::text, 5, '0'), (ARRAY['deployed', 'planned'])[1 + r %% 2],"
        " 300 + 50 * (r %% 4), [nro]",
        lambda n: n // PER_PRDM,
    ),
    "oiconnect_pm": (
        "reference, state, authorisation, dwelling_count, prdm_id, address",
        "'PM-' || lpad(r::text, 6, '0'), (ARRAY['deployed', 'deploying'])[1 + r %% 2],"
        " (ARRAY['open', 'open', 'closed'])[1 + r %% 3], 340, [prdm],"
        " r || ' RUE DU PM, 01000 VILLE'",
        lambda n: n // PER_PM,
    ),
    "oiconnect_pm_link": (
        "reference, state, pm_id, prdm_id, capacity, used_fibre_count",
        "'LIEN-' || lpad(r::text, 6, '0'), 'deployed', [pm], [prdm], 36, r %% 36",
        lambda n: n // PER_PM,
    ),
    "oiconnect_pbo": (
        "reference, pm_id, type_id, connection_type_id, localisation",
        "'PBO-' || lpad(r::text, 7, '0'), [pm], {type} + r %% 8,"
        " {path} + r %% 7, 'Face au ' || r",
        lambda n: n // PER_PBO,
    ),
    "oiconnect_manager": (
        "name, postal_code, city",
        "'SYNDIC ' || r, '01000', 'VILLE'",
        lambda n: max(n // 500, 20),
    ),
    "oiconnect_building": (
        "identifier, state, dwelling_count, building_type, pm_id, commune_id, address,"
        " address_code, zone_type, manager_id",
        "'IMB/01' || lpad((r %% 400)::text, 3, '0') || '/X/' || lpad(r::text, 7, '0'),"
        " (%(states)s)[1 + r %% 10],"
        " CASE WHEN r %% 7 = 0 THEN 2 + r %% 58 ELSE 1 END,"
        " CASE WHEN r %% 7 = 0 THEN 'building' ELSE 'house' END,"
        " [pm], {commune} + r %% 400,"
        " r %% 150 || ' RUE DES ' || (%(streets)s)[1 + r %% 10] || ' ' || r %% 997"
        " || ', 01' || lpad((r %% 400)::text, 3, '0') || ' VILLE ' || r %% 400,"
        " lpad(r::text, 10, '0'), '3',"
        " CASE WHEN r %% 7 = 0 THEN {manager} + r %% {manager_count} END",
        lambda n: n,
    ),
    "oiconnect_pto": (
        "reference, state, building_id, pbo_id, connector_count",
        "'ZB-' || lpad((r / 10000)::text, 4, '0') || '-' ||"
        " lpad((r %% 10000)::text, 4, '0'),"
        " (ARRAY['existing', 'existing', 'to_build'])[1 + r %% 3],"
        " [building], [pbo], 4",
        lambda n: n,
    ),
    "oiconnect_pm_module": (
        "name, pm_id",
        "'TIROIR ' || lpad((r %% 4)::text, 2, '0'), [pm]",
        lambda n: n // PER_MODULE,
    ),
    "oiconnect_pbo_cable": (
        "reference, pm_id, tube_count, fibres_per_tube",
        "'CB-' || lpad(r::text, 6, '0'), [pm], 12, 12",
        lambda n: n // PER_MODULE,
    ),
    "oiconnect_pm_position": (
        "name, module_id, pm_id, cable_id, tube, fibre, sequence",
        "(r %% 84 + 1)::text, [module], [pm], [cable],"
        " (r %% 84 / 12 + 1)::text, (%(colours)s)[1 + r %% 12], r",
        lambda n: n // PER_MODULE * PER_MODULE,
    ),
    "oiconnect_pbo_fibre": (
        "cable_id, tube, fibre, sequence, pbo_id",
        "[cable], (r %% 84 / 12 + 1)::text, (%(colours)s)[1 + r %% 12], r, [pbo]",
        lambda n: n // PER_MODULE * PER_MODULE,
    ),
    "oiconnect_route": (
        "name, sequence, state, operator_id, position_id, fibre_id, pto_id,"
        " connector_number, pm_id, module_id, position_name, module_cable_id,"
        " module_tube, module_fibre, cable_id, tube, fibre, pbo_id, building_id",
        "'PM-' || lpad((r / 336)::text, 6, '0') || ' / TIROIR '"
        " || lpad((r / 84 %% 4)::text, 2, '0') || ' / ' || r %% 84 + 1, r, s.state,"
        " CASE WHEN s.state <> 'free' THEN %(operator)s END,"
        " [position], [fibre],"
        " CASE WHEN s.state <> 'free' THEN [pto] END,"
        " CASE WHEN s.state <> 'free' THEN 1 END,"
        " [pm], [module], (r %% 84 + 1)::text, [cable],"
        " (r %% 84 / 12 + 1)::text, (%(colours)s)[1 + r %% 12], [cable],"
        " (r %% 84 / 12 + 1)::text, (%(colours)s)[1 + r %% 12], [pbo],"
        " CASE WHEN s.state <> 'free' THEN [building] END",
        lambda n: n // PER_MODULE * PER_MODULE,
    ),
}
_FIRST = {
    "nro": "oiconnect_nro",
    "prdm": "oiconnect_prdm",
    "pm": "oiconnect_pm",
    "pbo": "oiconnect_pbo",
    "manager": "oiconnect_manager",
    "building": "oiconnect_building",
    "pto": "oiconnect_pto",
    "module": "oiconnect_pm_module",
    "cable": "oiconnect_pbo_cable",
    "position": "oiconnect_pm_position",
    "fibre": "oiconnect_pbo_fibre",
}


def make(env, count):
    """Make ``count`` buildings, sockets and routes, and what they hang on."""
    network = env["oiconnect.network"].create(
        {"name": "Bench", "code": "BENCH_02", "oi_code": "OIBI", "pto_prefix": "ZB"}
    )
    operator = env["oiconnect.operator"].create(
        {"name": "Bench", "interop_code": "OCBI", "arcep_code": "OCBI"}
    )
    env.flush_all()
    values = {
        "network": network.id,
        "company": network.company_id.id,
        "operator": operator.id,
        "states": list(STATES),
        "states_of_routes": list(ROUTE_STATES),
        "colours": COLOURS.split(),
        "streets": STREETS.split(),
    }
    firsts = {
        "type": _lowest(env, "oiconnect_pbo_type"),
        "path": _lowest(env, "oiconnect_pbo_connection_type"),
        "commune": _lowest(env, "oiconnect_commune"),
    }
    env.cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for table, (columns, row, number) in ROWS.items():
        rows = max(number(count), 1)
        row = _PARENT.sub(r"{\g<1>} + (r::bigint * {\g<1>_count} / {rows})::int", row)
        row = row.format(**firsts, rows=rows)
        _insert(env, table, columns, row, rows, values)
        for name, made in _FIRST.items():
            if made == table:
                firsts[name] = _lowest(env, table, network)
                firsts[f"{name}_count"] = rows
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    return network


def _lowest(env, table, network=None):
    condition = SQL("network_id = %s", network.id) if network else SQL("TRUE")
    env.cr.execute(
        SQL("SELECT min(id) FROM %s WHERE %s", SQL.identifier(table), condition)
    )
    return env.cr.fetchone()[0] or 1


def _insert(env, table, columns, row, rows, values):
    """Insert rows while only what keeps them right is indexed."""
    env.cr.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid = %s::regclass AND NOT indisunique""",
        [table],
    )
    indexes = env.cr.fetchall()
    for name, _definition in indexes:
        env.cr.execute(f"DROP INDEX {name}")
    env.cr.execute(
        f"INSERT INTO {table} (network_id, company_id, create_uid, write_uid,"
        f" create_date, write_date, {columns})"
        f" SELECT {_NETWORK}, 1, 1, now(), now(), {row}"
        f" FROM generate_series(0, {rows - 1}) r CROSS JOIN LATERAL"
        " (SELECT (%(states_of_routes)s)[1 + r %% 8] AS state) s",
        values,
    )
    for _name, definition in indexes:
        env.cr.execute(definition)
