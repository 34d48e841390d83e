"""Orders of PMs, PBs and links in the demo: each state, what is to do, what follows."""

from collections import Counter

import conftest
import pytest
from odoo_process import environment, registry
from oictools import database

PM, PB, LINK = "oiconnect.pm.order", "oiconnect.pb.order", "oiconnect.link.order"
MODELS = (PM, PB, LINK)
# What people have to do of each kind of order
TODOS = {
    PM: {"pm_report", "pm_correct", "pm_manager"},
    PB: {"pb_plan", "pb_lay"},
    LINK: {"link_available", "link_deliver", "link_correct"},
}


@pytest.fixture(scope="module")
def base():
    name = conftest.copy_of("demo")
    with registry(name) as found:
        yield found
    database.drop(name)


@pytest.fixture
def env(base):
    """What a test changes does not stay."""
    with environment(base) as env:
        yield env
        env.invalidate_all(flush=False)
        env.cr.rollback()


@pytest.fixture(params=MODELS)
def orders(request, env):
    return env[request.param].search([])


def test_orders_stand_in_every_state_that_lasts(orders):
    labels = dict(orders._fields["state"].selection)
    assert set(orders.mapped("state")) == labels.keys() - {"received"}
    assert len(orders) in range(15, 35)
    assert len(orders.operator_id) == 3


def test_what_is_to_do_of_each_kind_is_there(orders):
    todos = orders.env["oiconnect.todo"].search([("res_model", "=", orders._name)])
    assert set(todos.mapped("kind")) - {"late"} == TODOS[orders._name]
    assert any(todo.user_id for todo in todos)
    assert not all(todo.user_id for todo in todos)
    assert orders.filtered("is_late")
    assert orders.filtered(lambda order: order.due_date and not order.is_late)


def test_refused_orders_tell_their_reasons(orders):
    refused = orders.filtered(lambda order: order.state == "ar_ko")
    codes = refused.mapped("reason_id.code")
    assert len(codes) >= 3
    assert all(refused.mapped("reason_comment"))


def test_one_was_ordered_by_hand(orders):
    # What a report or an engagement takes up has no reference of its operator.
    named = orders.filtered("oc_reference")
    made = named.step_ids.filtered(lambda step: step.event == "create")
    by_hand = made.filtered(lambda step: step.channel == "ui")
    assert len(by_hand) == 1
    assert by_hand.user_id.login in ("commandes", "reseau")


def test_each_step_happened_at_its_time(orders):
    """Nothing is dated by the moment at which the demo was loaded."""
    started = min(orders.env["oiconnect.demo"]._endpoints().mapped("create_date"))
    started = started.replace(microsecond=0)
    for order in orders:
        steps = order.step_ids.sorted("id")
        assert steps[-1].target == order.state
        assert steps.mapped("date") == sorted(steps.mapped("date"))
        assert max(steps.mapped("date")) < started
        dates = [order.receipt_date, order.report_date, order.end_date]
        assert not any(date and date >= started for date in dates)


def test_each_message_travelled_in_a_file_of_its_day(orders):
    from odoo.addons.oiconnect_orders.protocol_time import local_iso

    events = orders.event_ids
    assert set(events.mapped("state")) == {"done"}
    for event in events:
        day = event.payload["date"][:10]
        assert local_iso(event.create_date)[:10] == day
        assert f"_{day.replace('-', '')}_" in event.exchange_id.name


def test_pm_services_follow_from_the_orders(env):
    held = env[PM].search(
        [
            ("purpose", "!=", "update"),
            ("state", "in", ("delivered", "mad_ok", "announced", "adducted")),
        ]
    )
    assert held
    for order in held:
        service = order.service_id
        assert service.active
        assert (service.operator_id, service.pm_id) == (order.operator_id, order.pm_id)
    gone = env[PM].search([("state", "=", "terminated")]).service_id
    assert not gone.active
    assert gone.start_date < gone.end_date
    adducted = held.filtered(lambda order: order.state == "adducted").service_id
    assert all(adducted.mapped("adduction_date"))


def test_operators_that_co_finance_are_served(env):
    engagements = env["oiconnect.cofinancing"].search([])
    assert set(engagements.operator_id.mapped("interop_code")) == {
        "OCAA",
        "OCBB",
        "OCCC",
    }
    assert len(engagements.filtered(lambda one: not one.switched_date)) == 1
    assert not any(engagements.mapped("access_count")), "accesses are as they were"
    for one in engagements.filtered("switched_date"):
        for pm in one.pm_ids.filtered(lambda pm: pm.state == "deployed"):
            service = pm.service_ids.filtered(
                lambda s, one=one: s.active and s.operator_id == one.operator_id
            )
            assert service.kind == "cofi"
    switched = (
        env[PM]
        .search([])
        .step_ids.filtered(lambda step: step.event == "switch_to_cofinancing")
    )
    assert len(switched) == 1


def test_addresses_are_in_the_state_of_their_pb(env):
    found = {
        (order.state, order.building_id.state)
        for order in env[PB].search([("state", "!=", "ar_ko")])
    }
    assert found == {
        ("ar_ok", "on_demand_deploying"),
        ("planned", "on_demand_deploying"),
        ("laid", "deployed"),
        ("cr_ko", "on_demand"),
        ("cancelled", "on_demand"),
    }
    for order in env[PB].search([("state", "=", "laid")]):
        assert order.pbo_id == order.building_id.pbo_ids
        assert order.laid_date == order.building_id.cabling_date
    for order in env[PB].search([("state", "=", "planned")]):
        assert order.planned_date > order.report_date.date()


def test_link_services_have_the_fibres_of_their_orders(env):
    services = env["oiconnect.link.service"].search([])
    assert len(services) >= 5
    for service in services:
        held = service.fibre_ids
        assert len(held) == service.fibre_count > 0
        assert set(held.fibre_id.mapped("state")) == {"used"}
        assert held.fibre_id.operator_id == service.operator_id
    lines = env["oiconnect.link.order.fibre"].search([])
    assert lines.filtered("end_date")
    counted = Counter(lines.filtered(lambda line: not line.end_date).fibre_id.ids)
    assert set(counted.values()) == {1}
    deemed = env[LINK].search([("is_deemed", "=", True)])
    assert (deemed.state, deemed.order_type) == ("validated", "exte")


def test_the_plan_and_the_files_in_a_report_bear_its_day(env):
    import io
    import zipfile

    reports = env["oiconnect.exchange"].search([("flow_id.code", "=", "CRMAD")])
    assert len(reports) > 10
    for report in reports:
        with zipfile.ZipFile(io.BytesIO(report._content())) as archive:
            names = archive.namelist()
        assert report.name.replace(".zip", ".csv") in names
        day = report.name.rpartition("_")[0].rpartition("_")[2]
        assert all(day in name for name in names if name.endswith(".csv"))
