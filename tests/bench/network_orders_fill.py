"""Orders of PMs, of PBs and of links in all states, as many as a benchmark needs."""

from odoo.tools import SQL

from odoo.addons.oiconnect_orders import link_states, pm_order_states
from odoo.addons.oiconnect_orders.models.pb_orders import pb_order
from odoo.addons.oiconnect_orders.tests.common import make_operator

from . import network

CODE, OTHER_NETWORKS = "OIBN", ("OIN2", "OIN3")
# As in the statements: operators take turns at each place.
OPERATORS = 37
# Of the orders of a PM or of a link: those that are the first of their operator there.
PER_FIRST = 5
# Of the orders of a PB: those of one building. All but the last of it are over.
PER_BUILDING = 20
# Buildings or links of a PM
PER_PM = 10
# Of a hundred orders: those in each state
PM_FIRST = {
    "adducted": 70,
    "terminated": 6,
    "delivered": 5,
    "mad_ok": 4,
    "announced": 3,
    "ar_ok": 3,
    "ar_ko": 3,
    "cancelled": 3,
    "informed": 1,
    "mad_ko": 1,
    "withdrawn": 1,
}
PM_LATER = {"answered": 90, "ar_ko": 6, "ar_ok": 4}
PB_EARLIER = {"laid": 80, "ar_ko": 8, "cancelled": 7, "cr_ko": 5}
PB_LAST = {
    "ar_ok": 30,
    "planned": 30,
    "laid": 25,
    "ar_ko": 6,
    "cancelled": 5,
    "cr_ko": 4,
}
LINK = {
    "validated": 60,
    "terminated": 14,
    "cancelled": 6,
    "ar_ko": 5,
    "ar_ok": 4,
    "available": 4,
    "delivered": 4,
    "mad_ko": 2,
    "rejected": 1,
}


def pm_orders(env, count):
    """``count`` orders of PMs: rentals, co-financed PMs, updates of all of them."""
    places = max(count // (PER_FIRST * OPERATORS), 1)
    made = _base(env)
    network.copy_rows(env, made, "pm", "oiconnect_pm", "reference", places, "P")
    values = _values(env, made, count) | {
        "places": places,
        "first": _hundred(PM_FIRST),
        "later": _hundred(PM_LATER),
        "firsts_from": 0,
        "firsts_to": places * OPERATORS,
        "closed": list(pm_order_states.CLOSED_STATES),
    }
    _run(env, values, PM_SERVICES, PM_ORDERS)


def pb_orders(env, count):
    """``count`` orders of PBs, of buildings that had some before."""
    places = max(count // PER_BUILDING, 1)
    made = _base(env)
    network.copy_rows(
        env, made, "building", "oiconnect_building", "identifier", places, "P"
    )
    values = _values(env, made, count) | {
        "places": places,
        "pms": _pms(env, made, places),
        "pbo": made["pbo"].id,
        "first": _hundred(PB_LAST),
        "later": _hundred(PB_EARLIER),
        "firsts_from": count - places,
        "firsts_to": count,
        "closed": list(pb_order.CLOSED_STATES),
    }
    _run(env, values, PB_ORDERS)


def link_orders(env, count):
    """``count`` orders of links: an initial one for each operator, and extensions."""
    places = max(count // (PER_FIRST * OPERATORS), 1)
    made = _base(env)
    made["link"] = _link(env, made)
    env.flush_all()
    network.copy_rows(env, made, "link", "oiconnect_pm_link", "reference", places, "P")
    values = _values(env, made, count) | {
        "places": places,
        "pms": _pms(env, made, places),
        "prdm": made["link"].prdm_id.id,
        "first": _hundred(LINK),
        "later": _hundred(LINK),
        "firsts_from": 0,
        "firsts_to": places * OPERATORS,
        "closed": list(link_states.CLOSED_STATES),
    }
    _run(env, values, LINK_SERVICES, LINK_ORDERS)


def _base(env):
    made = network.make(env, CODE, 100)
    made["networks"] = made["network"] + env["oiconnect.network"].create(
        [
            {"name": code, "oi_code": code, "code": code, "pto_prefix": code[-2:]}
            for code in OTHER_NETWORKS
        ]
    )
    made["operators"] = [make_operator(env, f"N{n:03d}") for n in range(OPERATORS)]
    return made


def _link(env, made):
    common = {"network_id": made["network"].id}
    prdm = env["oiconnect.prdm"].create(common | {"reference": f"{CODE}-PRDM-1"})
    return env["oiconnect.pm.link"].create(
        common
        | {
            "reference": f"{CODE}-LINK-1",
            "pm_id": made["pm"].id,
            "prdm_id": prdm.id,
            "state": "deployed",
            "capacity": 144,
        }
    )


def _pms(env, made, places):
    """Make the PMs that ``places`` are behind; return their number."""
    count = max(places // PER_PM, 1)
    network.copy_rows(env, made, "pm", "oiconnect_pm", "reference", count, "P")
    return count


def _values(env, made, count):
    return {
        "count": count,
        "code": CODE,
        "copies": f"{CODE}/P/%",
        "operators": [operator.id for operator in made["operators"]],
        "reasons": env["oiconnect.reason"].search([], limit=17).ids,
        "network": made["network"].id,
        "networks": made["networks"].ids,
        "company": made["network"].company_id.id,
    }


def _hundred(shares):
    return [state for state, share in shares.items() for _rank in range(share)]


def _run(env, values, *statements):
    env.flush_all()
    for statement in statements:
        env.cr.execute(SQL(statement, **values))
        # Who joins these rows next wants statistics of them.
        env.cr.execute("ANALYZE")
    env.invalidate_all()


# The copies of a place, counted from 0
PLACES = """(
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM oiconnect_{table}
     WHERE network_id = %(network)s AND {key} LIKE %(copies)s
)"""
PMS = PLACES.format(table="pm", key="reference")
BUILDINGS = PLACES.format(table="building", key="identifier")
LINKS = PLACES.format(table="pm_link", key="reference")
# What all orders have. `rank / 37` is the turn of the operators, so that the first
# orders at a place are each of another one.
COMMON_COLUMNS = """
    state, is_open, operator_id, network_id, company_id, oc_reference, order_date,
    receipt_date, create_date, write_date, create_uid, write_uid, reason_id, due_date,
    warning_date, awaited"""
COMMON_VALUES = """
    s.state, s.is_open, p.operator_id, (%(networks)s)[greatest(1, rank / 3 %% 4)],
    %(company)s, 'BENCH-' || lpad(rank::varchar, 7, '0'), d.moment, d.moment, d.moment,
    d.moment, 1, 1,
    CASE WHEN s.state LIKE '%%ko' OR s.state = 'withdrawn'
         THEN (%(reasons)s)[1 + rank %% array_length(%(reasons)s, 1)] END,
    CASE WHEN s.is_open THEN d.due END,
    CASE WHEN s.is_open THEN d.due - interval '5 days' END,
    CASE WHEN s.is_open THEN (ARRAY['us', 'operator'])[1 + rank %% 2] END"""
RANKS = """
  FROM generate_series(0, %(count)s - 1) rank
 CROSS JOIN LATERAL (
       SELECT (%(operators)s)[1 + rank %% 37] AS operator_id,
              rank / 37 %% %(places)s AS turn, rank %% %(places)s AS place,
              rank >= %(firsts_from)s AND rank < %(firsts_to)s AS is_first
 ) p
 CROSS JOIN LATERAL (
       SELECT (CASE WHEN p.is_first THEN %(first)s ELSE %(later)s END)
              [1 + (rank * 61::bigint) %% 100] AS state
 ) found
 CROSS JOIN LATERAL (
       SELECT found.state, found.state <> ALL(%(closed)s) AS is_open
 ) s
 CROSS JOIN LATERAL (
       SELECT now() - (%(count)s - rank) * interval '1095 days' / %(count)s AS moment,
              now() + (rank %% 60 - 20) * interval '1 day' AS due
 ) d"""

# -- PMs -----------------------------------------------------------------------------

PM_SERVICES = f"""
INSERT INTO oiconnect_pm_service (
    reference, network_id, company_id, pm_id, operator_id, kind, technical_choice,
    start_date, active, create_date, write_date, create_uid, write_uid
)
SELECT %(code)s || 'S' || lpad(rank::varchar, 16, '0'), %(network)s, %(company)s,
       place.id, (%(operators)s)[1 + rank %% 37],
       CASE WHEN rank %% 5 = 0 THEN 'cofi' ELSE 'loca' END, 'P',
       now() - interval '3 years', TRUE, now(), now(), 1, 1
  FROM generate_series(0, %(firsts_to)s - 1) rank
  JOIN {PMS} place ON place.nth = rank / 37
"""
PM_ORDERS = f"""
INSERT INTO oiconnect_pm_order ({COMMON_COLUMNS},
    pm_id, kind, purpose, technical_choice, service_id, service_reference,
    delivered_date, due_kind, todo_kind
)
SELECT {COMMON_VALUES},
       place.id, k.kind,
       CASE WHEN NOT p.is_first THEN 'update'
            WHEN k.kind = 'cofi' THEN 'engagement' ELSE 'rental' END,
       (ARRAY['P', 'P', 'D'])[1 + rank %% 3],
       CASE WHEN k.is_served THEN service.id END,
       CASE WHEN k.is_served THEN service.reference END,
       CASE WHEN k.is_served THEN d.moment END,
       CASE WHEN s.is_open THEN 'pm_report' END,
       CASE WHEN s.state IN ('ar_ok', 'mad_ko') AND rank %% 3 > 0
            THEN 'pm_report' END
{RANKS}
 CROSS JOIN LATERAL (
       SELECT CASE WHEN rank %% 5 = 0 THEN 'cofi' ELSE 'unit' END AS kind,
              s.state NOT IN ('ar_ko', 'ar_ok', 'withdrawn', 'cancelled') AS is_served
 ) k
  JOIN {PMS} place ON place.nth = p.turn
  JOIN oiconnect_pm_service service
    ON service.pm_id = place.id AND service.operator_id = p.operator_id
 ORDER BY rank
"""

# -- PBs -----------------------------------------------------------------------------

PB_ORDERS = f"""
INSERT INTO oiconnect_pb_order ({COMMON_COLUMNS},
    pm_id, building_id, pbo_id, dwelling_count, planned_date, laid_date, due_kind,
    todo_kind
)
SELECT {COMMON_VALUES},
       pm.id, place.id, CASE WHEN s.state = 'laid' THEN %(pbo)s END, 1 + rank %% 9,
       CASE WHEN s.state IN ('planned', 'laid')
            THEN d.moment + interval '90 days' END,
       CASE WHEN s.state = 'laid' THEN d.moment + interval '99 days' END,
       CASE WHEN s.state = 'ar_ok' THEN 'pb_report'
            WHEN s.state = 'planned' THEN 'pb_laying' END,
       CASE WHEN s.state = 'ar_ok' THEN 'pb_plan'
            WHEN s.state = 'planned' AND rank %% 3 > 0 THEN 'pb_lay' END
{RANKS}
  JOIN {BUILDINGS} place ON place.nth = p.place
  JOIN {PMS} pm ON pm.nth = place.nth %% %(pms)s
 ORDER BY rank
"""

# -- links ---------------------------------------------------------------------------

LINK_SERVICES = f"""
INSERT INTO oiconnect_link_service (
    reference, network_id, company_id, link_id, operator_id, start_date, active,
    create_date, write_date, create_uid, write_uid
)
SELECT %(code)s || 'L' || lpad(rank::varchar, 16, '0'), %(network)s, %(company)s,
       place.id, (%(operators)s)[1 + rank %% 37], now() - interval '3 years', TRUE,
       now(), now(), 1, 1
  FROM generate_series(0, %(firsts_to)s - 1) rank
  JOIN {LINKS} place ON place.nth = rank / 37
"""
LINK_ORDERS = f"""
INSERT INTO oiconnect_link_order ({COMMON_COLUMNS},
    pm_id, prdm_id, link_id, order_type, fibre_count, service_id, service_reference,
    is_deemed, available_date, due_kind, todo_kind
)
SELECT {COMMON_VALUES},
       pm.id, %(prdm)s, place.id, CASE WHEN p.is_first THEN 'init' ELSE 'exte' END,
       1 + rank %% 4, CASE WHEN s.state <> 'ar_ko' THEN service.id END,
       CASE WHEN s.state <> 'ar_ko' THEN service.reference END,
       s.state = 'validated' AND rank %% 7 = 0,
       CASE WHEN s.state NOT IN ('ar_ko', 'ar_ok', 'mad_ko', 'cancelled')
            THEN d.moment END,
       CASE s.state WHEN 'ar_ok' THEN 'link_mad'
                    WHEN 'available' THEN 'link_delivery'
                    WHEN 'rejected' THEN 'link_correction'
                    WHEN 'delivered' THEN 'link_validation' END,
       CASE s.state WHEN 'ar_ok' THEN 'link_available'
                    WHEN 'available' THEN 'link_deliver'
                    WHEN 'rejected' THEN 'link_correct' END
{RANKS}
  JOIN {LINKS} place ON place.nth = p.turn
  JOIN {PMS} pm ON pm.nth = place.nth %% %(pms)s
  JOIN oiconnect_link_service service
    ON service.link_id = place.id AND service.operator_id = p.operator_id
 ORDER BY rank
"""
