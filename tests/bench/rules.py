"""The rules of the network on all of its buildings, on one, and on a page of a list."""

from collections import defaultdict

from odoo.tools import SQL

from odoo.addons.oiconnect_infra.rules import BUILDING, RECORD
from odoo.addons.oiconnect_infra.rules.queries import MODELS, Subject

from .common import environment, figure, percentile, timed

COUNTS = {"small": 100_000, "full": 1_000_000}
PER_PM = 350
PER_PBO = 8
# One building in so many breaks each of a few rules.
FAULTY = 97
FORMS = 200
PAGE = 80
LIMIT_SECONDS = 60
# Seconds of processor
LIMIT_FILTER = 0.5
# Buildings written since the check, which the filter judges again
TOUCHED = 500


def run(size):
    count = COUNTS[size]
    with environment() as env:
        network = env["oiconnect.network"].create(
            {
                "name": "Règles",
                "code": "BENCH_01",
                "oi_code": "OIRB",
                "pto_prefix": "ZB",
            }
        )
        env.flush_all()
        fill(env, network, count)
        check_one_pass(env, network)
        report_catalogue(env, network, count)
        report_filter(env, network, count)
        report_rules(env, network, count)
        report_forms(env, network)
        report_lists(env, network, count)
        env.cr.rollback()


# -- a network ------------------------------------------------------------------------


def fill(env, network, count):
    """PMs, PBOs and ``count`` buildings, a few of which break some rules."""
    values = {
        "network": network.id,
        "company": network.company_id.id,
        "count": count,
        "pms": count // PER_PM,
        "pbos": count // PER_PBO,
        "per_pm": PER_PM,
        "per_pbo": PER_PBO,
        "faulty": FAULTY,
    }
    for table, query in _FILLED:
        env.cr.execute(SQL(query, **values))
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.execute(SQL(_DWELLINGS, **values))
    draw_zones(env, network)
    env.invalidate_all()


def draw_zones(env, network):
    """A zone for each PM, as large as the network."""
    ring = [[5.2, 45.9], [5.4, 45.9], [5.4, 46.2], [5.2, 46.2], [5.2, 45.9]]
    zone = {
        "source": "drawn",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    pms = env["oiconnect.pm"].search([("network_id", "=", network.id)])
    env["oiconnect.zone"].create([zone | {"pm_id": pm.id} for pm in pms])
    env.cr.execute("ANALYZE oiconnect_zone_part")


_PMS = """
    INSERT INTO oiconnect_pm (network_id, company_id, reference, state, authorisation,
        installation_date, first_delivery_date, commercial_date, location_type,
        insee_code, postal_code, city, street_name, street_number, engineering_type,
        last_change_date)
    SELECT %(network)s, %(company)s, 'OIRB-' || lpad(rank::varchar, 7, '0'), 'deployed',
           'open', '2025-03-10', '2025-03-20', '2025-06-20', 'cabinet', '01004',
           '01500', 'EXEMPLE', 'DES TILLEULS', '0', 'MONO', '2025-06-01'
      FROM generate_series(0, %(pms)s) rank
"""
_BUILDINGS = """
    INSERT INTO oiconnect_building (network_id, company_id, identifier, state, pm_id,
        dwelling_count, manager_agreement_required, agreement_date, manager_name,
        manager_postal_code, manager_city, manager_street_name, cabling_date,
        address_code, insee_code, postal_code, city, street_type, street_name,
        street_number, projection, x, y, latitude, longitude, order_acceptance_date,
        order_report_date, last_change_date, address)
    SELECT %(network)s, %(company)s, 'IMB/01004/R/' || lpad(rank::varchar, 7, '0'),
           CASE WHEN rank %% 10 < 8 THEN 'deployed' WHEN rank %% 10 = 8
                THEN 'deploying' ELSE 'target' END,
           pm.id, 1 + rank %% 7,
           rank %% 6 = 0,
           CASE WHEN rank %% 6 = 0 THEN date '2025-01-02' END,
           CASE WHEN rank %% 6 = 0 AND rank %% %(faulty)s <> 1 THEN 'SYNDIC' END,
           '01500', 'EXEMPLE', 'DE LA MAIRIE',
           CASE WHEN rank %% %(faulty)s <> 2 THEN date '2025-04-15' END,
           '01' || lpad((CASE WHEN rank %% %(faulty)s = 3 THEN rank - 1 ELSE rank END
                        )::varchar, 8, '0'),
           '01004', '01500', 'EXEMPLE', 'RUE', 'DES TILLEULS', rank::varchar,
           'RGF93', 871301.55, 6548801.02, 46.0 + rank * 1e-7, 5.3, '2025-05-15',
           '2025-06-20', '2025-06-01', rank || ' RUE DES TILLEULS, 01500 EXEMPLE'
      FROM generate_series(0, %(count)s - 1) rank
      JOIN oiconnect_pm pm ON pm.network_id = %(network)s
           AND pm.reference = 'OIRB-' || lpad((rank / %(per_pm)s)::varchar, 7, '0')
"""
_PBOS = """
    INSERT INTO oiconnect_pbo (network_id, company_id, reference, pm_id)
    SELECT %(network)s, %(company)s, 'PBO-' || lpad(rank::varchar, 7, '0'), pm.id
      FROM generate_series(0, %(pbos)s) rank
      JOIN oiconnect_pm pm ON pm.network_id = %(network)s AND pm.reference =
           'OIRB-' || lpad((rank * %(per_pbo)s / %(per_pm)s)::varchar, 7, '0')
"""
_SERVED = """
    INSERT INTO oiconnect_building_pbo_rel (building_id, pbo_id)
    SELECT b.id, p.id
      FROM (SELECT id, right(identifier, 7)::int AS rank FROM oiconnect_building
             WHERE network_id = %(network)s) b
      JOIN oiconnect_pbo p ON p.network_id = %(network)s AND p.reference =
           'PBO-' || lpad((b.rank / %(per_pbo)s)::varchar, 7, '0')
     WHERE b.rank %% %(faulty)s <> 4
"""
_DWELLINGS = """
    UPDATE oiconnect_pm p SET dwelling_count = b.number
      FROM (SELECT pm_id, sum(dwelling_count) AS number FROM oiconnect_building
             WHERE network_id = %(network)s GROUP BY pm_id) b
     WHERE b.pm_id = p.id
"""
_HISTORY = """
    INSERT INTO oiconnect_change (res_model, res_id, kind, field, date, network_id)
    SELECT 'oiconnect.building', id, 'write', 'state',
           CASE WHEN id %% %(faulty)s = 5 THEN timestamp '2025-07-01'
                ELSE timestamp '2025-05-30' END, %(network)s
      FROM oiconnect_building WHERE network_id = %(network)s
"""

# In this order: each is made of those before.
_FILLED = (
    ("oiconnect_pm", _PMS),
    ("oiconnect_building", _BUILDINGS),
    ("oiconnect_pbo", _PBOS),
    ("oiconnect_building_pbo_rel", _SERVED),
    ("oiconnect_change", _HISTORY),
)


# -- figures --------------------------------------------------------------------------


def check_one_pass(env, network):
    """The rules of a row are one pass over the buildings."""
    rules = env["oiconnect.rule"]._active_rules(network.id, RECORD, BUILDING)
    by_rows = [rule for rule in rules if not rule.linked]
    query = Subject(env, BUILDING).counts(by_rows, network.id)
    env.cr.execute(SQL("EXPLAIN %s", query))
    plan = "\n".join(line for (line,) in env.cr.fetchall())
    assert plan.count("oiconnect_building t") == 1, plan


def report_catalogue(env, network, count):
    run = env["oiconnect.rule.run"]._prepare(network)
    with timed() as clock:
        run._process()
        env.flush_all()
    assert clock.seconds < LIMIT_SECONDS, clock.seconds
    figure(
        "rules_catalogue",
        clock.seconds,
        "s",
        buildings=count,
        rules=len(run.count_ids),
        findings=run.broken_count,
        limit=LIMIT_SECONDS,
    )


def report_filter(env, network, count):
    """Milliseconds of the list of all that breaks a rule: its page and its count."""
    buildings = env["oiconnect.building"]
    env.cr.execute("ANALYZE oiconnect_rule_finding")
    for touched in (0, TOUCHED):
        env.cr.execute(
            SQL(
                """UPDATE oiconnect_building SET write_date = now() + interval '1 day'
                    WHERE id IN (SELECT id FROM oiconnect_building
                                  WHERE network_id = %s LIMIT %s)""",
                network.id,
                touched,
            )
        )
        env.invalidate_all()
        with timed(env) as clock:
            page = buildings.web_search_read(
                [("broken_rule_ids", "!=", False)],
                {"display_name": {}, "state": {}},
                limit=PAGE,
                count_limit=10001,
            )
        assert clock.cpu < LIMIT_FILTER, clock.cpu
        figure(
            "rules_filter",
            clock.seconds * 1000,
            "ms",
            buildings=count,
            found=page["length"],
            touched=touched,
            cpu=round(clock.cpu * 1000),
        )


def report_rules(env, network, count):
    """Seconds of each pass, the slowest first."""
    rules = env["oiconnect.rule"]._active_rules(network.id, RECORD)
    seconds = {}
    for target in MODELS:
        own = [rule for rule in rules if rule.target == target]
        subject = Subject(env, target)
        passes = {"rows": subject.counts([r for r in own if not r.linked], network.id)}
        passes |= {r.code: subject.count(r, network.id) for r in own if r.linked}
        for name, query in passes.items():
            with timed() as clock:
                env.cr.execute(query)
            seconds[f"{target} {name}"] = round(clock.seconds, 2)
    ordered = dict(sorted(seconds.items(), key=lambda item: -item[1]))
    figure("rules_by_pass", sum(seconds.values()), "s", buildings=count, passes=ordered)


def report_forms(env, network):
    """Milliseconds of what the banner of a form costs."""
    times = defaultdict(list)
    for target, model in MODELS.items():
        found = env[model].search([("network_id", "=", network.id)], limit=FORMS)
        for record_id in found.ids:
            env.invalidate_all()
            with timed() as clock:
                env[model].browse(record_id).read(["blocking_alert", "warning_alert"])
            times[target].append(clock.seconds * 1000)
    for target, values in times.items():
        figure(f"rules_banner_{target}_p95", percentile(values, 0.95), "ms")


def report_lists(env, network, count):
    """Milliseconds of the page that a line of the report jumps to, with its count."""
    rules = env["oiconnect.rule"].search([("network_id", "=", network.id)])
    times = {}
    for rule in rules.filtered("on_records"):
        env.invalidate_all()
        domain = rule.action_view_records()["domain"]
        with timed() as clock:
            env[MODELS[rule.target]].web_search_read(
                domain, {"display_name": {}}, limit=PAGE, count_limit=10001
            )
        times[f"{rule.code} {rule.target}"] = round(clock.seconds * 1000)
    figure(
        "rules_jump_p95",
        percentile(list(times.values()), 0.95),
        "ms",
        buildings=count,
        slowest=dict(sorted(times.items(), key=lambda item: -item[1])[:6]),
    )
