"""Contents of the demo: a whole network, orders of every kind, no loose end."""

from contextlib import closing

import conftest
import demo_facts
import psycopg2
import pytest
from oictools import database

# Lists that are empty until somebody works: nothing was invoiced yet.
EMPTY_AT_FIRST = {
    "oiconnect.scheduled.report",  # each person asks for its own
    "oiconnect.api.address",  # from which wrong keys came
    "oiconnect.api.key",  # made by the first run of the demo, which prints them
    "oiconnect.billing.run",
    "oiconnect.billing.dispute",  # nothing is invoiced yet
    "oiconnect.billing.item",
    "oiconnect.conformance.run",  # on the sandbox: test_demo_records.py
    "oiconnect.customer.export",  # a dialog
    "oiconnect.gracethd.difference",  # of two deliveries: the demo has none
    "oiconnect.gracethd.difference.line",
    "oiconnect.gracethd.export",  # made on demand
    "oiconnect.import.error",
    "oiconnect.import.source",  # accounts where one's own systems drop files
    "oiconnect.seal",  # made by the first scheduled action
    "oiconnect.soap.call",  # journal: no one has called yet
    "oiconnect.pto.lot",
    "oiconnect.webhook",  # no system listens
    "oiconnect.webhook.delivery",
    "oiconnect.zone",  # drawn around the buildings by the first scheduled action
}
# What is checked here is of the network that operators order on: not of the sandbox.
TABLES_OF_NETWORKS = """
SELECT c.table_name FROM information_schema.columns c
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
AND c.column_name = 'network_id' AND c.table_name LIKE 'oiconnect%'
"""


@pytest.fixture(scope="module")
def rows():
    """Rows of the demo as it was installed: no server has run on it."""
    name = conftest.copy_of("demo")
    with closing(psycopg2.connect(dbname=name)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:

            def query(text, *parameters):
                cursor.execute(text, parameters or None)
                return cursor.fetchall()

            for (table,) in query(TABLES_OF_NETWORKS):
                cursor.execute(
                    f"CREATE TEMPORARY VIEW {table} AS SELECT * FROM public.{table}"
                    " WHERE network_id IS NULL OR network_id = ("
                    " SELECT id FROM oiconnect_network WHERE is_sandbox IS NOT TRUE)"
                )
            yield query
    database.drop(name)


def count(rows, table, condition="true"):
    return rows(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0]


def counts(rows, table, column="state"):
    return dict(rows(f"SELECT {column}, count(*) FROM {table} GROUP BY 1"))


# -- the network ---------------------------------------------------------------------


def test_the_ipe_was_imported_without_a_remark(rows):
    [done] = rows(
        "SELECT state, line_count, error_count, warning_count FROM oiconnect_import"
    )
    assert done == ("done", 3000, 0, 0)
    assert rows("SELECT model, created FROM oiconnect_import_count ORDER BY 1") == [
        ("oiconnect.building", 3000),
        ("oiconnect.pm", 12),
    ]


def test_the_network_is_whole(rows):
    assert counts(rows, "oiconnect_pm") == {
        "deployed": 8,
        "deploying": 2,
        "planned": 1,
        "abandoned": 1,
    }
    assert count(rows, "oiconnect_building") == 3000
    assert len(counts(rows, "oiconnect_building")) == 7
    assert count(rows, "oiconnect_prdm") == 3
    assert count(rows, "oiconnect_pm_link") == 12
    assert count(rows, "oiconnect_pm", "prdm_id IS NULL") == 0
    assert len(rows("SELECT DISTINCT commune_id FROM oiconnect_building")) == 6
    assert count(rows, "oiconnect_pbo") > 500
    assert count(rows, "oiconnect_building_level") > 300
    assert counts(rows, "oiconnect_route").keys() == {
        "free",
        "reserved",
        "used",
        "out_of_service",
    }


def test_every_deployed_building_has_its_pbo_and_no_other_has(rows):
    query = (
        "SELECT DISTINCT b.state = 'deployed', EXISTS (SELECT 1"
        " FROM oiconnect_building_pbo_rel r WHERE r.building_id = b.id)"
        " FROM oiconnect_building b"
    )
    assert set(rows(query)) == {(True, True), (False, False)}


def test_pbos_stand_near_their_buildings(rows):
    far = rows(
        "SELECT p.reference FROM oiconnect_pbo p"
        " JOIN oiconnect_building_pbo_rel r ON r.pbo_id = p.id"
        " JOIN oiconnect_building b ON b.id = r.building_id"
        " WHERE abs(p.x - b.x) > 150 OR abs(p.y - b.y) > 150"
    )
    assert far == []
    outside = "latitude NOT BETWEEN 45.9 AND 46.05 OR longitude NOT BETWEEN 5.2 AND 5.5"
    for table in ("oiconnect_pm", "oiconnect_pbo", "oiconnect_building"):
        assert count(rows, table, outside) == 0


def test_dwellings_have_fibres_enough_but_where_boxes_are_damaged(rows):
    """A house or a floor finds a fibre, taken or free, for each dwelling."""
    full = rows(
        "SELECT p.reference, p.other_info IS NOT NULL FROM oiconnect_pbo p"
        " WHERE NOT EXISTS (SELECT 1 FROM oiconnect_route r"
        " WHERE r.pbo_id = p.id AND r.state = 'free')"
    )
    assert len(full) >= 3
    assert all(damaged for _reference, damaged in full)


def test_fibres_follow_the_french_order_of_colours(rows):
    first = rows(
        "SELECT tube, fibre FROM oiconnect_pbo_fibre f JOIN oiconnect_pbo_cable c"
        " ON c.id = f.cable_id WHERE c.reference = 'CB-01007-0001-01'"
        " ORDER BY f.sequence LIMIT 14"
    )
    colours = "ROUGE BLEU VERT JAUNE VIOLET BLANC ORANGE GRIS MARRON NOIR".split()
    assert first[:10] == [("ROUGE", colour) for colour in colours]
    assert first[12:] == [("BLEU", "ROUGE"), ("BLEU", "BLEU")]


# -- the orders ----------------------------------------------------------------------


def test_orders_stand_in_every_state_that_lasts(rows):
    """A received order is acknowledged at once, an accepted one goes on at once."""
    states = counts(rows, "oiconnect_access_order")
    assert sum(states.values()) == 193
    assert states == {
        "in_service": 96,
        "cr_ko": 30,
        "connecting": 20,
        "delivered": 9,
        "terminated": 8,
        "cancelled": 6,
        "connect_ko": 6,
        "ar_ko": 11,
        "mad_ko": 4,
        "ar_ok": 2,
        "overwritten": 1,
    }


def test_each_operator_has_orders_in_its_version(rows):
    found = rows(
        "SELECT p.interop_code, o.flow_version, count(*) > 40"
        " FROM oiconnect_access_order o"
        " JOIN oiconnect_operator p ON p.id = o.operator_id GROUP BY 1, 2 ORDER BY 1"
    )
    assert found == [
        ("OCAA", "V1.3", True),
        ("OCBB", "V1.2", True),
        ("OCCC", "V1.3", True),
    ]


def test_orders_are_refused_for_many_reasons(rows):
    codes = {
        code
        for (code,) in rows(
            "SELECT r.code FROM oiconnect_access_order o"
            " JOIN oiconnect_reason r ON r.id = o.reason_id"
            " WHERE o.state IN ('ar_ko', 'cr_ko')"
        )
    }
    assert codes >= {
        *("FADR01", "FADR02", "FADR03", "FADR04", "FCLI01", "FINT01"),
        *("FIMP01", "FIMP02", "FIMP03", "FIMP04", "FIMP05", "FIMP06", "FIMP07"),
        *("FIMP08", "FIMP09", "FIMP10", "FIMP12", "FIMP13", "FIMP15", "FIMP18"),
        "FIMP19",
    }


def test_the_life_of_each_order_is_in_order(rows):
    wrong = rows(
        "SELECT oc_reference FROM oiconnect_access_order WHERE"
        " order_date > receipt_date OR receipt_date > report_date"
        " OR report_date > delivered_date OR delivered_date > in_service_date"
        " OR in_service_date > end_date OR receipt_date > end_date"
        " OR connection_date > delivered_date"
        " OR greatest(receipt_date, report_date, delivered_date, in_service_date,"
        " end_date) > now() AT TIME ZONE 'UTC'"
    )
    assert wrong == []
    steps = rows(
        "SELECT a.res_id FROM oiconnect_workflow_step a"
        " JOIN oiconnect_workflow_step b ON b.res_id = a.res_id AND b.id > a.id"
        " AND b.res_model = a.res_model"
        " WHERE a.res_model = 'oiconnect.access.order' AND a.date > b.date"
    )
    assert steps == []


def test_lines_were_put_in_service_month_after_month(rows):
    months = rows(
        "SELECT DISTINCT date_trunc('month', in_service_date)"
        " FROM oiconnect_access_order WHERE state = 'in_service'"
    )
    assert len(months) >= 4


def test_customers_are_invented(rows):
    real = count(
        rows,
        "oiconnect_access_order",
        "customer_contact1 !~ '^0600000[0-9]{3}$' OR customer_contact2 !~ '^01000000'",
    )
    assert real == 0


# -- routes and orders ---------------------------------------------------------------


def test_a_route_is_held_by_the_order_that_it_serves(rows):
    held = rows(
        "SELECT r.state, o.state, count(*) FROM oiconnect_route r"
        " LEFT JOIN oiconnect_access_order o ON o.id = r.access_order_id"
        " WHERE r.state IN ('reserved', 'used') OR o.id IS NOT NULL GROUP BY 1, 2"
    )
    assert {found[:2] for found in held} == {
        ("reserved", "connecting"),
        ("reserved", "connect_ko"),
        ("used", "delivered"),
        ("used", "in_service"),
    }
    live = count(
        rows,
        "oiconnect_access_order",
        "state IN ('cr_ok', 'connecting', 'connect_ko', 'delivered', 'in_service')",
    )
    assert sum(found[2] for found in held) == live


def test_an_order_a_route_and_their_pto_agree(rows):
    wrong = rows(
        "SELECT o.oc_reference FROM oiconnect_access_order o"
        " JOIN oiconnect_route r ON r.access_order_id = o.id"
        " JOIN oiconnect_pto p ON p.id = o.pto_id"
        " WHERE r.pto_id <> o.pto_id OR r.operator_id <> o.operator_id"
        " OR r.pbo_id <> o.pbo_id OR r.pm_id <> o.pm_id"
        " OR p.building_id <> o.building_id"
        " OR (o.state IN ('delivered', 'in_service')) <> (r.state = 'used')"
    )
    assert wrong == []


def test_no_fibre_and_no_position_serves_twice(rows):
    for column in ("fibre_id", "position_id", "(pto_id, connector_number)"):
        twice = rows(
            f"SELECT 1 FROM oiconnect_route WHERE ({column}) IS NOT NULL"
            f" GROUP BY {column} HAVING count(*) > 1"
        )
        assert twice == []


def test_an_operator_orders_where_it_has_a_service(rows):
    elsewhere = rows(
        "SELECT o.oc_reference FROM oiconnect_access_order o"
        " WHERE o.state = 'in_service' AND NOT EXISTS ("
        " SELECT 1 FROM oiconnect_pm_service s WHERE s.pm_id = o.pm_id"
        " AND s.operator_id = o.operator_id AND s.start_date <= o.order_date)"
    )
    assert elsewhere == []


# -- the border ----------------------------------------------------------------------


def test_nothing_waits_to_be_sent(rows):
    assert counts(rows, "oiconnect_event").keys() == {"done"}
    by_file = "channel = 'file' AND exchange_id IS NULL"
    assert count(rows, "oiconnect_event", by_file) == 0
    assert count(rows, "oiconnect_event", "channel = 'soap'") > 50
    assert count(rows, "queue_job", "state <> 'done'") == 0
    assert counts(rows, "oiconnect_exchange").keys() == {
        "out_sent",
        "in_done",
        "in_partial",
        "in_refused",
        "in_anomaly",
    }


def test_the_network_is_published_and_every_operator_has_it(rows):
    assert counts(rows, "oiconnect_publication").keys() == {"done"}
    kinds = "ipe delta_ipe histo_ipe cpn delta_cpn histo_cpn".split()
    assert counts(rows, "oiconnect_publication", "kind").keys() == set(kinds)
    [(lines,)] = rows("SELECT line_count FROM oiconnect_publication WHERE kind = 'ipe'")
    assert lines > 2500
    without = rows(
        "SELECT o.interop_code FROM oiconnect_operator o WHERE NOT EXISTS ("
        "SELECT FROM oiconnect_exchange e JOIN oiconnect_publication p"
        " ON p.id = e.publication_id WHERE e.operator_id = o.id AND p.kind = 'ipe')"
    )
    assert without == []


def test_files_bear_the_day_of_their_exchange(rows):
    """The name, in the protocol's time; files came before their answers."""
    wrong = rows(
        "SELECT name, create_date FROM oiconnect_exchange"
        " WHERE duplicate_of_id IS NULL AND state <> 'in_refused'"
        " AND substring(name from '_(\\d{8})_\\d+\\.csv$') <> to_char(create_date"
        " AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Paris', 'YYYYMMDD')"
    )
    assert wrong == []
    assert (
        rows(
            "SELECT a.name FROM oiconnect_exchange a"
            " JOIN oiconnect_exchange s ON s.id = a.source_id"
            " WHERE a.create_date < s.create_date"
        )
        == []
    )


def test_connections_lead_to_the_demo_server(rows):
    found = rows(
        "SELECT login, host, poll_seconds, active, password_token IS NOT NULL"
        " FROM oiconnect_endpoint ORDER BY login"
    )
    assert found == [
        (login, "127.0.0.1", 3, True, True) for login in ("ocaa", "ocbb", "occc")
    ]


def test_each_list_of_the_menu_has_something_to_show(rows):
    models = {
        model
        for (model,) in rows(
            "SELECT DISTINCT a.res_model FROM ir_ui_menu m"
            " JOIN ir_act_window a ON m.action = 'ir.actions.act_window,' || a.id"
            " WHERE a.res_model LIKE 'oiconnect.%'"
        )
    }
    assert len(models) > 15
    tables = {model: model.replace(".", "_") for model in models}
    # A list without a table of its own is drawn from those that have one.
    stored = {
        m for m, table in tables.items() if rows("SELECT to_regclass(%s)", table)[0][0]
    }
    assert {m for m in stored if not count(rows, tables[m])} <= EMPTY_AT_FIRST


# -- the places of scenarios ---------------------------------------------------------


def routes(rows, place):
    """States of the routes at the PBO of a place."""
    return [
        state
        for (state,) in rows(
            "SELECT r.state FROM oiconnect_building b"
            " JOIN oiconnect_building_pbo_rel l ON l.building_id = b.id"
            " JOIN oiconnect_route r ON r.pbo_id = l.pbo_id"
            " WHERE b.identifier = %s AND b.address_code = %s",
            place["IdentifiantImmeuble"],
            place["CodeAdresseImmeuble"],
        )
    ]


def test_a_good_place_has_all_its_fibres(rows):
    for turn in range(len(demo_facts.facts().good)):
        assert routes(rows, demo_facts.place(turn)) == ["free"] * 6
    assert len(demo_facts.facts().good) >= 20


def test_the_saturated_place_has_none(rows):
    states = routes(rows, demo_facts.saturated_place())
    assert set(states) == {"used", "out_of_service"}


def test_the_place_that_is_not_deployed_has_no_pbo(rows):
    place = demo_facts.not_deployed_place()
    assert routes(rows, place) == []
    [(state,)] = rows(
        "SELECT state FROM oiconnect_building WHERE identifier = %s",
        place["IdentifiantImmeuble"],
    )
    assert state == "on_demand"


def test_the_laid_pto_is_wired_and_free(rows):
    place = demo_facts.laid_place()
    found = rows(
        "SELECT p.state, r.state, b.identifier FROM oiconnect_pto p"
        " JOIN oiconnect_route r ON r.pto_id = p.id"
        " JOIN oiconnect_building b ON b.id = p.building_id WHERE p.reference = %s",
        place["ReferencePrise"],
    )
    assert found == [("existing", "free", place["IdentifiantImmeuble"])]
