"""Orders in all states, their visits and things to do, as many as a benchmark needs."""

from odoo.tools import SQL

from odoo.addons.oiconnect_orders.tests.common import make_operator

from . import network

OPERATORS, OTHER_NETWORKS = 40, ("OIB2", "OIB3")
# Of a hundred orders: those in each state. Most lines are in service.
SHARES = {
    "in_service": 70,
    "terminated": 9,
    "cancelled": 5,
    "cr_ko": 4,
    "ar_ko": 2,
    "mad_ko": 1,
    "overwritten": 1,
    "connecting": 4,
    "delivered": 1,
    "cr_ok": 1,
    "connect_ko": 1,
    "ar_ok": 1,
}
OPEN = ("ar_ok", "cr_ok", "connecting", "connect_ko", "delivered")
# Orders for one visit, and for one thing to do: no divisor of the hundred states, so
# that things to do are of orders in all of them.
PER_VISIT, PER_TODO = 5, 21


def make(env, count):
    made = network.make(env, "OIBL", 100)
    made["networks"] = made["network"] + _networks(env)
    made["operators"] = [make_operator(env, f"L{n:03d}") for n in range(OPERATORS)]
    env.flush_all()
    values = _values(env, made, count)
    for statement in (SOCKETS, ORDERS, TODOS, VISITS):
        env.cr.execute(SQL(statement, **values))
    for table in ("pto", "access_order", "todo", "appointment"):
        env.cr.execute(f"ANALYZE oiconnect_{table}")
    env.invalidate_all()
    return made


def _networks(env):
    """Return two networks that have a quarter of the orders each."""
    return env["oiconnect.network"].create(
        [
            {"name": code, "oi_code": code, "code": code, "pto_prefix": code[-2:]}
            for code in OTHER_NETWORKS
        ]
    )


def _values(env, made, count):
    states = [state for state, share in SHARES.items() for _rank in range(share)]
    team = env["oiconnect.appointment.team"].create(
        {"name": "Équipe Bench", "network_id": made["network"].id}
    )
    return {
        "count": count,
        "states": states,
        "open": list(OPEN),
        "operators": [operator.id for operator in made["operators"]],
        "reasons": env["oiconnect.reason"].search([], limit=20).ids,
        "communes": env["oiconnect.commune"].search([], limit=50).ids
        or env["oiconnect.commune"]
        .create({"name": "Exemple", "insee_code": "99001"})
        .ids,
        "network": made["network"].id,
        "networks": made["networks"].ids,
        "company": made["network"].company_id.id,
        "pm": made["pm"].id,
        "building": made["building"].id,
        "team": team.id,
        "visits": count // PER_VISIT,
        "todos": count // PER_TODO,
    }


SOCKETS = """
INSERT INTO oiconnect_pto (
    reference, state, building_id, network_id, company_id, connector_count,
    create_date, write_date, create_uid, write_uid
)
SELECT 'ZB-' || lpad((rank / 10000)::varchar, 4, '0') || '-'
            || lpad((rank %% 10000)::varchar, 4, '0'),
       'existing', %(building)s, %(network)s, %(company)s, 1, now(), now(), 1, 1
  FROM generate_series(1, %(count)s) rank
"""
# Prime steps, so that no two columns go together.
ORDERS = """
INSERT INTO oiconnect_access_order (
    state, is_open, operator_id, network_id, company_id, oc_reference,
    service_reference, connection_type, requested_type, existing_socket, order_date,
    city, in_service_date, create_date, write_date, create_uid, write_uid, pm_id,
    building_id, pto_id, reason_id, due_date, warning_date, due_kind, awaited,
    todo_kind, customer_name, customer_firstname, customer_contact1
)
SELECT s.state, s.is_open, (%(operators)s)[1 + rank %% 37],
       (%(networks)s)[greatest(1, rank %% 4)], %(company)s,
       'BENCH-' || lpad(rank::varchar, 7, '0'),
       'OIBLP' || lpad(rank::varchar, 16, '0'),
       (ARRAY['stoc', 'stoc', 'stoc', 'stoc', 'oi', 'oc'])[1 + rank %% 6],
       (ARRAY['auto', 'loca', 'cofi'])[1 + rank / 7 %% 3], rank %% 11 < 4, d.moment,
       'EXEMPLE ' || rank %% 53,
       CASE WHEN s.state IN ('in_service', 'terminated') THEN d.moment END,
       d.moment, d.moment, 1, 1, %(pm)s, %(building)s, pto.id,
       CASE WHEN s.state LIKE '%%ko' THEN (%(reasons)s)[1 + rank %% 17] END,
       CASE WHEN s.is_open THEN d.due END,
       CASE WHEN s.is_open THEN d.due - interval '5 days' END,
       CASE WHEN s.is_open THEN 'connection' END,
       CASE WHEN s.is_open THEN (ARRAY['us', 'operator'])[1 + rank %% 2] END,
       CASE WHEN s.is_open AND rank %% 3 = 0 THEN 'report' END,
       'NOM' || lpad((rank %% 5003)::varchar, 4, '0'), 'CAMILLE',
       '+336' || lpad(rank::varchar, 8, '0')
  FROM generate_series(1, %(count)s) rank
  JOIN oiconnect_pto pto ON pto.network_id = %(network)s AND pto.reference = 'ZB-'
       || lpad((rank / 10000)::varchar, 4, '0') || '-'
       || lpad((rank %% 10000)::varchar, 4, '0')
 CROSS JOIN LATERAL (
       SELECT (%(states)s)[1 + (rank * 61::bigint) %% 100] AS state
 ) found
 CROSS JOIN LATERAL (
       SELECT found.state, found.state = ANY(%(open)s) AS is_open
 ) s
 CROSS JOIN LATERAL (
       SELECT now() - (1 - rank::float / %(count)s) * interval '1095 days' AS moment,
              now() + (rank %% 60 - 20) * interval '1 day' AS due
 ) d
 ORDER BY rank
"""
TODOS = """
INSERT INTO oiconnect_todo (
    kind, name, res_model, res_id, network_id, company_id, operator_id, due_date,
    warning_date, state, create_date, write_date, create_uid, write_uid
)
SELECT 'report', oc_reference, 'oiconnect.access.order', id, network_id, company_id,
       operator_id, COALESCE(due_date, create_date), warning_date,
       CASE WHEN is_open THEN 'open' ELSE 'done' END, now(), now(), 1, 1
  FROM oiconnect_access_order
 WHERE network_id = ANY(%(networks)s) AND id %% (%(count)s / %(todos)s) = 0
"""
VISITS = """
INSERT INTO oiconnect_appointment (
    reference, state, awaits, operator_id, oc_reference, order_id, team_id, start,
    stop, seat, commune_id, building_id, kind, product, segment, network_id,
    company_id, create_date, write_date, create_uid, write_uid
)
SELECT 'F10-BENCH-' || lpad(rank::varchar, 8, '0') || '-ERDV',
       CASE WHEN d.moment < now() - interval '1 day'
            THEN (ARRAY['done', 'done', 'done', 'customer_absent', 'cancelled'])
                 [1 + rank %% 5]
            ELSE (ARRAY['created', 'confirmed', 'postponed'])[1 + rank %% 3] END,
       CASE WHEN d.moment > now() AND rank %% 3 <> 1 THEN 'us' END,
       (%(operators)s)[1 + rank %% 37], 'BENCH-' || lpad((rank * 5)::varchar, 7, '0'),
       NULL, %(team)s, d.moment, d.moment + interval '2 hours', 0,
       (%(communes)s)[1 + rank %% array_length(%(communes)s, 1)], %(building)s,
       'production', 'FTTH_ACCES', 'GP', %(network)s, %(company)s, now(), now(), 1, 1
  FROM generate_series(1, %(visits)s) rank
 CROSS JOIN LATERAL (
       SELECT now() + interval '30 days'
              - (1 - rank::float / %(visits)s) * interval '1095 days' AS moment
 ) d
"""
