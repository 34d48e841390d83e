"""Lines in service, and tickets in all states, as many as a benchmark needs, by SQL."""

from odoo.tools import SQL

from odoo.addons.oiconnect_sav.models.codes.ticket_code import ACCESS_TYPE

from . import network, order_lists_fill

# A line has this many tickets in its life.
PER_LINE, INCIDENTS = 10, 20
# Of a thousand last tickets of lines: those in each state. Half are over, as all are
# that came before: an operator has one open ticket of a line at the most.
LAST = {
    "closed": 460,
    "cancelled": 40,
    "in_progress": 200,
    "open": 100,
    "frozen": 80,
    "resolved": 80,
    "expertise": 20,
    "cancel_requested": 20,
}
EARLIER = {"closed": 927, "cancelled": 73}
OVER = ("closed", "cancelled")


# -- lines ---------------------------------------------------------------------------


def make_lines(env, code, count):
    """A PM with ``count`` lines in service, each on a route and at a socket of its own.

    Returns the dict of network.make with `references`, those of the services.
    """
    made = network.make(env, code, count)
    values = {
        "network": made["network"].id,
        "company": made["network"].company_id.id,
        "operator": made["operator"].id,
        "pm": made["pm"].id,
        "count": count,
        "prefix": f"{code}P",
    }
    for statement in (SOCKETS, LINES, ROUTES):
        env.cr.execute(SQL(statement, **values))
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    made["references"] = [f"{code}P{rank:016d}" for rank in range(1, count + 1)]
    return made


# The routes of network.make, with their rank
RANKED = """
    SELECT route.id, pbo.reference AS place,
           row_number() OVER (ORDER BY route.id) AS rank
      FROM oiconnect_route route JOIN oiconnect_pbo pbo ON pbo.id = route.pbo_id
     WHERE route.network_id = %(network)s AND pbo.reference LIKE '%%/N/%%'
     ORDER BY route.id LIMIT %(count)s
"""
SOCKETS = f"""
INSERT INTO oiconnect_pto (
    reference, state, building_id, network_id, company_id, connector_count,
    create_date, write_date, create_uid, write_uid
)
SELECT 'ZT-' || lpad((rank / 10000)::varchar, 4, '0') || '-'
            || lpad((rank %% 10000)::varchar, 4, '0'),
       'existing', building.id, %(network)s, %(company)s, 1, now(), now(), 1, 1
  FROM ({RANKED}) AS ranked
  JOIN oiconnect_building building
    ON building.identifier = ranked.place AND building.network_id = %(network)s
"""
LINES = """
INSERT INTO oiconnect_access_order (
    state, is_open, operator_id, network_id, company_id, oc_reference,
    service_reference, connection_type, requested_type, existing_socket, order_date,
    in_service_date, pm_id, building_id, pto_id, create_date, write_date, create_uid,
    write_uid
)
SELECT 'in_service', FALSE, %(operator)s, %(network)s, %(company)s,
       'LINE-' || lpad(rank::varchar, 7, '0'),
       %(prefix)s || lpad(rank::varchar, 16, '0'), 'stoc', 'auto', FALSE, now(), now(),
       %(pm)s, pto.building_id, pto.id, now(), now(), 1, 1
  FROM generate_series(1, %(count)s) rank
  JOIN oiconnect_pto pto ON pto.network_id = %(network)s AND pto.reference = 'ZT-'
       || lpad((rank / 10000)::varchar, 4, '0') || '-'
       || lpad((rank %% 10000)::varchar, 4, '0')
"""
ROUTES = f"""
UPDATE oiconnect_route route
   SET state = 'used', operator_id = %(operator)s, pto_id = line.pto_id,
       building_id = line.building_id, connector_number = 1, access_order_id = line.id
  FROM ({RANKED}) AS ranked
  JOIN oiconnect_access_order line ON line.network_id = %(network)s
       AND line.oc_reference = 'LINE-' || lpad(ranked.rank::varchar, 7, '0')
 WHERE route.id = ranked.id
"""


# -- tickets -------------------------------------------------------------------------


def make_tickets(env, count, users, orders=0, with_thread=True):
    """``count`` tickets with their tasks and messages, on lines of many operators.

    :param orders: how many orders there are, if more than these tickets need
    """
    made = order_lists_fill.make(env, max(orders, count // PER_LINE))
    made["incidents"] = _incidents(env, made)
    env.flush_all()
    values = _values(env, made, count, users)
    for statement in (TICKETS, TASKS, MESSAGES) if with_thread else (TICKETS,):
        env.cr.execute(SQL(statement, **values))
    for table in ("ticket", "ticket_task", "ticket_message"):
        env.cr.execute(f"ANALYZE oiconnect_{table}")
    env.invalidate_all()
    return made


def _incidents(env, made):
    return env["oiconnect.incident"].create(
        [
            {
                "name": f"Coupure {rank}",
                "point": "pm",
                "pm_id": made["pm"].id,
                "network_id": made["network"].id,
            }
            for rank in range(INCIDENTS)
        ]
    )


def _values(env, made, count, users):
    codes = env["oiconnect.ticket.code"]
    lists = {
        name: codes.search([("code_list", "=", name)]).ids
        for name in ("type", "defect", "defect_class", "location")
    }
    return lists | {
        "count": count,
        "lines": count // PER_LINE,
        "last": _thousand(LAST),
        "earlier": _thousand(EARLIER),
        "access": codes._of("type", ACCESS_TYPE).id,
        "over": list(OVER),
        "networks": made["networks"].ids,
        "users": users.ids,
        "incidents": made["incidents"].ids,
        "pbos": env["oiconnect.pbo"]
        .search([("network_id", "=", made["network"].id)])
        .ids,
        "closures": env["oiconnect.ticket.closure.code"].search([]).ids,
    }


def _thousand(shares):
    return [state for state, share in shares.items() for _rank in range(share)]


# Prime steps, so that no two columns go together.
TICKETS = """
INSERT INTO oiconnect_ticket (
    reference, state, is_open, operator_id, network_id, company_id, opened_by, oc_key,
    holds_line, user_id, priority, is_escalated, type_id, defect_id, defect_class_id,
    prelocation_id, already_operated, detection_date, opened_date, started_date,
    closed_date, service_reference, pto_reference, order_id, pto_id, pbo_id,
    pm_id, building_id, incident_id, closure_code_id, location_id, responsibility,
    repair_hours, due_date, warning_date, due_kind, awaited, todo_kind, next_step,
    planned_date, customer_name, create_date, write_date, create_uid, write_uid
)
SELECT 'OIBL-SAV-' || lpad(rank::varchar, 10, '0'), s.state, s.is_open,
       line.operator_id, line.network_id, line.company_id,
       k.opened_by, 'BENCH-SAV-' || lpad(rank::varchar, 8, '0'),
       s.is_open AND k.opened_by = 'oc' AND k.type_id = %(access)s,
       CASE WHEN rank %% 3 > 0
            THEN (%(users)s)[1 + rank %% array_length(%(users)s, 1)] END,
       (rank %% 41 / 39)::varchar, rank %% 97 = 0,
       k.type_id,
       (%(defect)s)[1 + rank %% array_length(%(defect)s, 1)],
       (%(defect_class)s)[1 + rank %% array_length(%(defect_class)s, 1)],
       (%(location)s)[1 + rank %% array_length(%(location)s, 1)], rank %% 7 = 0,
       d.moment, d.moment, CASE WHEN s.state <> 'open' THEN d.moment END,
       CASE WHEN NOT s.is_open THEN d.moment + interval '2 days' END,
       line.service_reference, pto.reference, line.id, line.pto_id,
       (%(pbos)s)[1 + rank %% array_length(%(pbos)s, 1)], line.pm_id, line.building_id,
       CASE WHEN rank %% 53 = 0
            THEN (%(incidents)s)[1 + rank %% array_length(%(incidents)s, 1)] END,
       CASE WHEN NOT s.is_open OR s.state = 'resolved'
            THEN (%(closures)s)[1 + rank %% array_length(%(closures)s, 1)] END,
       CASE WHEN NOT s.is_open
            THEN (%(location)s)[1 + rank / 3 %% array_length(%(location)s, 1)] END,
       CASE WHEN NOT s.is_open THEN (ARRAY['oi', 'oc', 'third'])[1 + rank %% 3] END,
       CASE WHEN NOT s.is_open THEN rank %% 100 END,
       CASE WHEN s.is_open THEN d.due END,
       CASE WHEN s.is_open THEN d.due - interval '1 day' END,
       CASE WHEN s.is_open THEN 'ticket_repair' END,
       CASE WHEN s.is_open THEN (ARRAY['us', 'operator'])[1 + rank %% 2] END,
       CASE WHEN s.is_open AND rank %% 3 > 0 THEN 'ticket_plan' END,
       CASE WHEN s.is_open AND rank %% 3 > 0 THEN 'plan' END,
       CASE WHEN s.is_open AND rank %% 5 = 0 THEN d.due END,
       'NOM' || lpad((rank %% 5003)::varchar, 4, '0'), d.moment, d.moment, 1, 1
  FROM generate_series(1, %(count)s) rank
  JOIN oiconnect_access_order line ON line.network_id = ANY(%(networks)s)
       AND line.oc_reference
           = 'BENCH-' || lpad((1 + rank %% %(lines)s)::varchar, 7, '0')
  LEFT JOIN oiconnect_pto pto ON pto.id = line.pto_id
 CROSS JOIN LATERAL (
       SELECT (CASE WHEN rank > %(count)s - %(lines)s THEN %(last)s
               ELSE %(earlier)s END)[1 + (rank * 613::bigint) %% 1000] AS state
 ) found
 CROSS JOIN LATERAL (
       SELECT CASE WHEN rank %% 23 = 0 THEN 'oi' ELSE 'oc' END AS opened_by,
              (%(type)s)[1 + rank %% 19 / 17] AS type_id
 ) k
 CROSS JOIN LATERAL (
       SELECT found.state, found.state <> ALL(%(over)s) AS is_open
 ) s
 CROSS JOIN LATERAL (
       SELECT now() - (%(count)s - rank) * interval '1095 days' / %(count)s AS moment,
              now() + (rank %% 20 - 7) * interval '1 day' AS due
 ) d
 ORDER BY rank
"""
TASKS = """
INSERT INTO oiconnect_ticket_task (
    ticket_id, company_id, kind, state, planned_date, done_date, loss,
    create_date, write_date, create_uid, write_uid
)
SELECT id, company_id, (ARRAY['visit', 'appointment'])[1 + id %% 2],
       CASE WHEN is_open THEN 'planned' ELSE 'done' END, opened_date,
       CASE WHEN NOT is_open THEN opened_date END, id %% 30, opened_date, opened_date,
       1, 1
  FROM oiconnect_ticket
 WHERE network_id = ANY(%(networks)s) AND state <> 'open'
"""
MESSAGES = """
INSERT INTO oiconnect_ticket_message (
    ticket_id, company_id, direction, message_type, content, date,
    create_date, write_date, create_uid, write_uid
)
SELECT id, company_id, (ARRAY['in', 'out'])[side], 'info', 'Intervention en cours',
       opened_date, opened_date, opened_date, 1, 1
  FROM oiconnect_ticket CROSS JOIN generate_series(1, 2) side
 WHERE network_id = ANY(%(networks)s)
"""
