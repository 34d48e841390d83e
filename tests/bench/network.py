"""A network as large as a benchmark needs, made by SQL."""

from odoo.addons.oiconnect_orders.tests.common import (
    make_network,
    make_operator,
    open_pm,
)

ROUTES_PER_PBO = 10


def make(env, code, routes):
    """A PM with ``routes`` free routes; one building per PBO of ten fibres.

    Returns the dict of make_network with `operator` and `identifiers`.
    """
    made = make_network(env, code=code, prefix="ZB")
    made["operator"] = make_operator(env, f"OC{code[-2:]}")
    open_pm(env, made, made["operator"])
    env.flush_all()
    count = routes // ROUTES_PER_PBO
    copy_rows(env, made, "pbo", "oiconnect_pbo", "reference", count)
    copy_rows(env, made, "building", "oiconnect_building", "identifier", count)
    _link(env, made)
    _routes(env, made)
    env.invalidate_all()
    env.cr.execute("ANALYZE")
    made["identifiers"] = [f"{code}/N/{rank}" for rank in range(1, count + 1)]
    return made


def _columns(env, table):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND column_name <> 'id'",
        [table],
    )
    return [name for (name,) in env.cr.fetchall()]


def copy_rows(env, made, name, table, key, count, mark="N"):
    """Rows like the first one, under the references <code>/<mark>/<rank>."""
    code = made["network"].oi_code
    columns = [c for c in _columns(env, table) if c not in (key, "address_code")]
    listed = ", ".join(columns)
    env.cr.execute(
        f"INSERT INTO {table} ({key}, {listed}) "
        f"SELECT %s || rank, {listed} FROM {table}, generate_series(1, %s) rank "
        "WHERE id = %s",
        [f"{code}/{mark}/", count, made[name].id],
    )


def _link(env, made):
    """Each new building is served by the PBO of its rank."""
    env.cr.execute(
        "INSERT INTO oiconnect_building_pbo_rel (building_id, pbo_id) "
        "SELECT b.id, p.id FROM oiconnect_building b "
        "JOIN oiconnect_pbo p ON p.reference = b.identifier "
        "AND p.network_id = b.network_id WHERE b.network_id = %s",
        [made["network"].id],
    )


def _routes(env, made):
    """Positions, fibres and routes like the first route's, ten for each PBO."""
    route = made["routes"][0]
    pbos = (
        "oiconnect_pbo p, generate_series(1, %(each)s) rank "
        "WHERE p.network_id = %(network)s AND p.reference LIKE '%%/N/%%'"
    )
    values = {"each": ROUTES_PER_PBO, "network": made["network"].id}
    for table, row, changed in (
        (
            "oiconnect_pm_position",
            route.position_id,
            {
                "name": "p.id || '.' || rank",
                "tube": "p.id::varchar",
                "fibre": "rank::varchar",
            },
        ),
        (
            "oiconnect_pbo_fibre",
            route.fibre_id,
            {"fibre": "rank::varchar", "tube": "p.id::varchar", "pbo_id": "p.id"},
        ),
    ):
        copied = [c for c in _columns(env, table) if c not in changed]
        env.cr.execute(
            f"INSERT INTO {table} ({', '.join([*copied, *changed])}) "
            f"SELECT {', '.join([*(f'r.{c}' for c in copied), *changed.values()])} "
            f"FROM {table} r, {pbos} AND r.id = %(row)s",
            values | {"row": row.id},
        )
    _join_routes(env, route, values)


def _join_routes(env, route, values):
    changed = {
        "position_id": "q.id",
        "fibre_id": "f.id",
        "name": "'N' || q.name",
        "position_name": "q.name",
        "module_tube": "q.tube",
        "module_fibre": "q.fibre",
        "pbo_id": "f.pbo_id",
        "tube": "f.tube",
        "fibre": "f.fibre",
    }
    copied = [c for c in _columns(env, "oiconnect_route") if c not in changed]
    env.cr.execute(
        f"INSERT INTO oiconnect_route ({', '.join([*copied, *changed])}) "
        f"SELECT {', '.join([*(f'r.{c}' for c in copied), *changed.values()])} "
        "FROM oiconnect_route r, oiconnect_pbo_fibre f JOIN oiconnect_pm_position q "
        "ON q.name = f.pbo_id || '.' || f.fibre AND q.network_id = f.network_id "
        "WHERE r.id = %(row)s AND f.network_id = %(network)s",
        values | {"row": route.id},
    )
