"""The demo's records as people and screens meet them; test_demo.py reads its tables."""

import base64
import os
import re
from collections import Counter
from unittest.mock import patch

import conftest
import pytest
from odoo_process import environment, registry
from oictools import database


@pytest.fixture(scope="module")
def base():
    name = conftest.copy_of("demo")
    with registry(name) as found:
        yield found
    database.drop(name)


@pytest.fixture
def env(base):
    """An environment whose changes are rolled back."""
    with environment(base) as env:
        yield env
        env.invalidate_all(flush=False)
        env.cr.rollback()


@pytest.fixture
def network(env):
    return env.ref("oiconnect_demo.network_demo")


@pytest.fixture
def orders(env, network):
    return env["oiconnect.access.order"].search([("network_id", "=", network.id)])


@pytest.fixture
def exchanges(env, network):
    return env["oiconnect.exchange"].search([("network_id", "=", network.id)])


def with_step(orders, event):
    return orders.filtered(lambda order: event in order.step_ids.mapped("event"))


def past(order):
    """Return what happened to the order: keys of its steps, the oldest first."""
    steps = order.step_ids.sorted(lambda step: (step.date, step.id))
    return steps.mapped("event")


def test_the_network_comes_from_its_ipe(env):
    from odoo.addons.oiconnect_demo.plan.places import NAME

    done = env["oiconnect.import"].search([("file_name", "=", NAME)])
    assert (done.state, done.line_count) == ("done", 3000)
    assert not done.error_ids
    assert done.user_id == env.ref("oiconnect_demo.user_network")


def test_importing_the_ipe_again_changes_nothing(env, network):
    from odoo.addons.oiconnect_demo.plan.places import NAME, PATH

    changes = env["oiconnect.change"]
    before = changes.search_count([])
    again = env["oiconnect.import"].create(
        {
            "network_id": network.id,
            "file_name": NAME,
            "file": base64.b64encode(PATH.read_bytes()),
        }
    )
    again._apply()
    assert (again.state, again.error_count) == ("done", 0)
    assert {(c.model, c.created, c.changed, c.unchanged) for c in again.count_ids} == {
        ("oiconnect.pm", 0, 0, 12),
        ("oiconnect.building", 0, 0, 3000),
    }
    assert changes.search_count([]) == before


def test_every_screen_of_the_network_has_something_to_show(env, network):
    own = [("network_id", "=", network.id)]
    for model, names in (
        ("oiconnect.lot", ["name", "opening_date", "closing_date", "pm_ids"]),
        ("oiconnect.manager", ["phone", "email", "contacts", "building_ids"]),
        ("oiconnect.technical.pm", ["accessible", "equipment_type", "key_info"]),
        ("oiconnect.pb.batch", ["delivery_date", "building_ids"]),
        ("oiconnect.nro", ["nro_type", "latitude", "prdm_ids", "address"]),
        ("oiconnect.prdm", ["nro_id", "latitude", "pm_ids", "min_dwellings"]),
        ("oiconnect.pm.link", ["pm_id", "prdm_id", "length_km"]),
        ("oiconnect.pbo", ["type_id", "connection_type_id", "latitude"]),
        ("oiconnect.pm.module", ["position_ids"]),
        ("oiconnect.pbo.cable", ["length_m"]),
        ("oiconnect.pto", ["building_id", "pbo_id"]),
    ):
        records = env[model].search(own)
        assert len(records) > 2, model
        for name in names:
            assert all(record[name] for record in records), (model, name)


def test_pms_that_take_no_order_are_not_open(env, network, orders):
    pms = env["oiconnect.pm"].search([("network_id", "=", network.id)])
    assert set(pms.mapped("authorisation")) == {"open", "closed", "frozen"}
    ordered = orders.filtered("report_date").pm_id
    assert set(ordered.mapped("authorisation")) == {"open"}


def test_a_batch_is_delivered_to_who_shares_the_costs(env, network):
    batches = env["oiconnect.pb.batch"].search([("network_id", "=", network.id)])
    services = env["oiconnect.pm.service"].search([("kind", "=", "cofi")])
    shared = {(service.operator_id, service.pm_id) for service in services}
    own = batches.filtered("operator_id")
    assert own
    assert {(b.operator_id, b.pm_id) for b in own} <= shared
    # What a PB opened is for all operators of its PM, who were notified of it.
    [opened] = batches - own
    assert opened.is_told
    for batch in batches:
        assert set(batch.building_ids.mapped("state")) == {"deployed"}
        assert batch.dwelling_count >= batch.building_count


def test_orders_went_through_the_workflow(orders):
    assert len(orders) == 193
    for order in orders:
        steps = order.step_ids.sorted("id")
        assert steps[0].event == "create"
        assert steps[-1].target == order.state


def test_a_line_was_taken_over_and_another_one_given_back(env, orders):
    taken = orders.filtered(lambda order: order.state == "overwritten")
    assert taken.taken_over_by_ids.state == "in_service"
    assert past(taken)[-2:] == ["activate", "overwrite"]
    assert "NOTIF_ECRASEMENT" in taken.event_ids.mapped("flow")
    back = with_step(orders, "restore")
    assert back.state == "in_service"
    assert back.taken_over_by_ids.state == "terminated"
    assert past(back)[-2:] == ["overwrite", "restore"]
    assert back.step_ids[0].user_id == env.ref("oiconnect_demo.user_orders")


def test_routes_were_changed_hot_and_cold(orders):
    hot, cold = (with_step(orders, f"reprovision_{kind}") for kind in ("hot", "cold"))
    assert [past(order)[-1] for order in (hot, cold)] == [
        "activate",
        "reprovision_cold",
    ]
    assert cold.state == "connecting"
    for order in (hot, cold):
        assert order.discharge_number
        assert "NOTIF_REPROV" in order.event_ids.mapped("flow")
        assert "route" in order.decision_ids.mapped("kind")


def test_past_records_are_dated_by_their_day(env, orders):
    """Nothing is dated by the moment at which the demo was loaded."""
    started = min(env["oiconnect.demo"]._endpoints().mapped("create_date"))
    started = started.replace(microsecond=0)
    for history in (orders.decision_ids, orders.step_ids):
        assert max(history.mapped("date")) < started, history._name
    for order in orders:
        studied = order.decision_ids.filtered(lambda d: d.kind == "study")
        assert set(studied.mapped("date")) - {order.report_date} == set()


def test_an_operator_has_its_own_positions_and_another_a_drawer(env):
    positions = env["oiconnect.operator.position"].search([])
    assert len(positions.service_id) == 1
    used = positions.filtered("order_ids")
    assert used
    assert len(used) < len(positions)
    assert used.order_ids.operator_id == positions.operator_id
    drawer = env["oiconnect.pm.module"].search([("dedicated_operator_id", "!=", False)])
    assert len(drawer) == 1
    assert len(drawer.route_ids) > 10
    assert set(drawer.route_ids.mapped("state")) == {"free"}


def test_an_order_tells_the_file_that_it_came_in(orders, exchanges):
    names = set(exchanges.filtered(lambda e: e.direction == "in").mapped("name"))
    assert set(orders.mapped("origin")) <= names


def test_each_message_travelled_in_a_file_of_its_day(orders):
    events = orders.event_ids
    assert set(events.mapped("state")) == {"done"}
    for event in events:
        day = event.payload["date"][:10].replace("-", "")
        assert f"_{day}_" in event.exchange_id.name


def test_receipts_answer_the_file_of_their_orders(exchanges):
    receipts = exchanges.filtered(
        lambda e: e.direction == "out" and e.flow_id.code == "AR_CMD"
    )
    assert len(receipts) > 50
    for receipt in receipts:
        assert receipt.source_id.flow_id.code == "CMD_ACCES"
        assert receipt.line_count == receipt.source_id.line_count


def test_files_that_went_wrong_are_shown_to_the_person_in_charge(env, exchanges):
    wrong = exchanges.filtered(lambda e: e._is_refused())
    assert Counter(wrong.mapped("state")) == {"in_anomaly": 1, "in_refused": 1}
    assert all(wrong.mapped("message"))
    assert wrong.activity_ids.user_id == env.ref("base.user_admin")


def test_no_job_and_no_message_is_left_to_do(env, exchanges):
    assert not env["oiconnect.event"].search([("state", "=", "pending")])
    waiting = ("in_received", "in_processing", "out_ready")
    assert not exchanges.filtered(lambda e: e.state in waiting)


def test_works_and_incidents_happened_at_their_times(env, network):
    works = env["oiconnect.works"].search([("network_id", "=", network.id)])
    assert {"new", "replanned", "closed"} <= set(works.mapped("state"))
    for one in works:
        assert one.create_date < one.start_date, one.reference
        moments = one.step_ids.sorted("id").mapped("date")
        assert moments[0] == one.create_date, one.reference
        assert moments[-1] == one.change_date, one.reference
        assert not one.ended_date or one.ended_date == one.end_date
    [incident] = env["oiconnect.incident"].search([("network_id", "=", network.id)])
    opened = incident.ticket_ids.mapped("opened_date")
    assert max(opened) <= incident.create_date
    assert incident.create_date < env["oiconnect.demo"]._endpoints()[:1].create_date


def test_connections_are_led_to_the_server_that_runs(env):
    env["oiconnect.demo"]._point_endpoints("127.0.0.1", 2345, "ssh-rsa KEY")
    endpoints = env["oiconnect.demo"]._endpoints()
    assert len(endpoints) == 4
    assert set(endpoints.mapped("port")) == {2345}
    assert set(endpoints.mapped("host_key")) == {"ssh-rsa KEY"}


def test_passwords_wait_for_a_key_to_keep_them(env):
    from odoo.tools import config

    from odoo.addons.oiconnect_interop.secret import KEY_OPTION, KEY_VARIABLE

    endpoints = env["oiconnect.demo"]._endpoints()
    endpoints.sudo().password_token = False
    with patch.dict(os.environ), patch.dict(config.options):
        os.environ.pop(KEY_VARIABLE, None)
        config.options.pop(KEY_OPTION, None)
        env["oiconnect.demo"]._set_passwords()
    assert not any(endpoints.sudo().mapped("password_token"))
    key = "zKJbnVYBKmLcyDZ8vRkLIy5pJ8hs8KaQ2T3cWJ5rLr8="
    with patch.dict(os.environ, {KEY_VARIABLE: key}):
        env["oiconnect.demo"]._set_passwords()
        assert [endpoint._secret("password") for endpoint in endpoints] == [
            f"demo-{endpoint.login}" for endpoint in endpoints
        ]


def test_operators_are_notified_at_the_server_that_runs(env):
    from odoo.addons.oiconnect_interop.secret import KEY_VARIABLE

    accounts = env["oiconnect.soap.account"].search([])
    assert sorted(accounts.mapped("login")) == ["ocaa", "ocaa-essai", "ocbb", "occc"]
    assert all(accounts.mapped("has_password"))
    assert not any(accounts.mapped("is_notified")), "no one listens yet"
    url = "http://127.0.0.1:2346/sav"
    key = "zKJbnVYBKmLcyDZ8vRkLIy5pJ8hs8KaQ2T3cWJ5rLr8="
    with patch.dict(os.environ, {KEY_VARIABLE: key}):
        for _n in range(2):
            env["oiconnect.demo"]._connect_services(url)
    assert env["oiconnect.soap.account"].search([]) == accounts
    assert set(accounts.mapped("url")) == {url}
    assert all(accounts.mapped("is_notified"))
    assert set(accounts.mapped("responsible_id.login")) == {"admin"}


def test_an_operator_is_half_way_through_its_conformance(env):
    run = env["oiconnect.conformance.run"].search([])
    assert run.network_id == env.ref("oiconnect_demo.network_sandbox")
    assert (run.operator_id.interop_code, run.state) == ("OCAA", "running")
    states = {step.code: step.state for step in run.step_ids}
    shown = {code: state for code, state in states.items() if state != "waiting"}
    assert shown == {
        **dict.fromkeys(("F01", "F02", "R01", "R02"), "passed"),
        **dict.fromkeys(("F03", "R04"), "differs"),
    }
    wrong = run.step_ids.filtered(lambda step: step.code == "F03")
    assert (wrong.got_column, wrong.got_value) == ("TypeRacco", "FIBRE")
    run.action_end()
    assert run.report, "a certificate is there to sign it"
    waiting = [("network_id", "=", run.network_id.id), ("state", "=", "out_ready")]
    assert not env["oiconnect.exchange"].search(waiting)


# Words of every English sentence, label or state that a history could hold
ENGLISH = re.compile(
    r"\b(the|is|are|was|this|cannot|not|has|with|and|of|created|done|running|sent"
    r"|hours|week|month|new|to|morning|lunch|afternoon|day)\b",
    re.IGNORECASE,
)


def histories(env, plain):
    """Return what histories, tasks and calendars say, without markup."""
    messages = env["mail.message"].search([("model", "=like", "oiconnect.%")])
    values = messages.sudo().tracking_value_ids
    tasks = env["mail.activity"].search([("res_model", "=like", "oiconnect.%")])
    calendars = env["resource.calendar"].with_context(active_test=False).search([])
    return [
        *map(plain, messages.mapped("body")),
        *values.mapped("old_value_char"),
        *values.mapped("new_value_char"),
        *tasks.mapped("summary"),
        *map(plain, tasks.mapped("note")),
        *calendars.mapped("name"),
        *calendars.attendance_ids.mapped("name"),
        *env["oiconnect.workflow.step"].search([]).mapped("note"),
    ]


def test_histories_tasks_and_calendars_are_french(env):
    from odoo.tools import html2plaintext

    texts = {text for text in histories(env, html2plaintext) if text}
    assert {"Import créé", "Publication créée"} <= texts
    assert sorted(text for text in texts if ENGLISH.search(text)) == []


def test_work_that_fails_each_time_is_for_a_person_whatever_it_is_about(env):
    from odoo.fields import Domain

    from odoo.addons.oiconnect_base.models.about_mixin import models_inheriting
    from odoo.addons.oiconnect_base.models.work_list.retry import MAX_FAILURES
    from odoo.addons.oiconnect_base.models.work_list.todo import FAILED, SCHEDULED

    done = []

    def work(records, apply):
        only = Domain("id", "=", records.id)
        records._apply_by_batches("test", only, 10, apply)

    with patch.object(type(env["ir.cron"]), "_commit_progress", return_value=1):
        for model in models_inheriting(env, SCHEDULED):
            [record] = model.search([], limit=1)
            for _run in range(MAX_FAILURES + 1):
                work(record, lambda some: 1 / 0)
            about = [("res_model", "=", model._name), ("res_id", "=", record.id)]
            [task] = env["oiconnect.todo"].search([*about, ("kind", "=", FAILED)])
            assert record.display_name in task.detail
            assert "ZeroDivisionError" in task.detail
            assert env["oiconnect.retry"].search(about).failures == MAX_FAILURES
            task.action_retry()
            work(record, done.append)
            assert done.pop() == record
            assert not env["oiconnect.retry"].search(about)
