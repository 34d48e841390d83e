"""A real server and real receivers: what happens is sent, whatever they answer."""

from contextlib import ExitStack

import pytest
import webhook_stage
from conftest import OdooServer, copy_of, forget_partners
from odoo_process import environment, registry
from oictools import database
from waiting import wait_until
from webhook_receiver import WebhookReceiver

pytestmark = pytest.mark.slow
LIMIT = 120
DAY = 24 * 3600
# Time passes: what waits is due so much sooner, and what happened is so much older.
# Each in a transaction of its own: the server locks the same rows in another order.
# No try is planned in the meantime: it would be planned for a time that never comes.
MOVE_ON = (
    """
    UPDATE oiconnect_webhook
       SET next_try_date = next_try_date - %s * interval '1 second',
           last_success_date = last_success_date - %s * interval '1 second'
     RETURNING id""",
    """
    UPDATE oiconnect_event
       SET next_try_date = next_try_date - %s * interval '1 second',
           tried_since = tried_since - %s * interval '1 second'
     WHERE channel = 'webhook' AND state = 'pending' RETURNING id""",
    """
    UPDATE queue_job SET eta = eta - %s * interval '1 second'
     WHERE state = 'pending'
           AND identity_key LIKE 'oiconnect-webhook-deliver-%%' RETURNING id""",
)
# What a test before left
FORGET = (
    "UPDATE oiconnect_webhook SET active = FALSE RETURNING id",
    "UPDATE oiconnect_event SET state = 'skipped'"
    " WHERE channel = 'webhook' AND state = 'pending' RETURNING id",
)
# A trigger stays until the cron is done.
WAKES = """
    SELECT t.id FROM ir_cron_trigger t
      JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = t.cron_id
     WHERE d.module = 'oiconnect_api' AND d.name = 'cron_deliver'
           AND t.call_at <= now() AT TIME ZONE 'UTC'"""
JOBS = """
    SELECT state, ceil(extract(epoch FROM eta - now() AT TIME ZONE 'UTC'))::int
      FROM queue_job
     WHERE identity_key = %s AND state IN ('pending', 'enqueued', 'started')"""
ORDERS = """
    SELECT o.id FROM oiconnect_access_order o
      JOIN oiconnect_operator op ON op.id = o.operator_id
     WHERE op.interop_code = 'OCAA' AND o.state = 'in_service'
     ORDER BY o.id LIMIT %s"""


class Scene:
    """The demo's OI, of whose orders two receivers hear: one of OCAA, one of ours."""

    def __init__(self, server, found, oc, ours):
        self.server = server
        self.found = found
        self.oc = oc
        self.ours = ours
        for query in FORGET:
            server.rows(query)
        with environment(found) as env:
            operators = env["oiconnect.operator"]
            operator = operators.search([("interop_code", "=", "OCAA")])
            network = env["oiconnect.network"].search([("oi_code", "=", "OICN")])
            self.oc_id = webhook_stage.subscribe(env, oc, network, operator)
            self.our_id = webhook_stage.subscribe(env, ours, network, operators)

    def orders(self, count):
        return [order_id for (order_id,) in self.server.rows(ORDERS, count)]

    def happen(self, *order_ids):
        webhook_stage.happen(self.found, order_ids)

    def events(self, webhook_id):
        """Return ``[(id, subject, state)]`` of a receiver's events, in order."""
        return self.server.rows(
            "SELECT id, 'access_order/' || res_id, state FROM oiconnect_event "
            "WHERE webhook_id = %s ORDER BY id",
            webhook_id,
        )

    def webhook(self, webhook_id):
        """Return ``(failures, stopped)``, as committed."""
        [row] = self.server.rows(
            "SELECT failure_count, COALESCE(is_stopped, FALSE) FROM oiconnect_webhook "
            "WHERE id = %s",
            webhook_id,
        )
        return row

    def tries(self, webhook_id):
        [(count,)] = self.server.rows(
            "SELECT count(*) FROM oiconnect_webhook_delivery WHERE webhook_id = %s",
            webhook_id,
        )
        return count

    def wait_for_tries(self, webhook_id, count):
        """Wait until so many tries were made, and the next one is planned.

        :return: seconds until then
        """
        key = f"oiconnect-webhook-deliver-{webhook_id}"
        waits = []

        def is_planned():
            jobs = self.server.rows(JOBS, key)
            waits[:] = [wait for state, wait in jobs if state == "pending" and wait]
            # What happens while a job ends may have planned one more beside the next.
            is_quiet = jobs and len(jobs) == len(waits) and min(waits) > 0
            return self.tries(webhook_id) >= count and is_quiet

        wait_until(is_planned, LIMIT)
        return max(waits)

    def move_on(self, seconds=2 * 3600):
        """Change dates as if so much time had passed, once what happened is planned."""
        wait_until(lambda: not self.server.rows(WAKES), LIMIT)
        for query in MOVE_ON:
            self.server.rows(query, *[seconds] * query.count("%s"))

    def is_all_delivered(self, webhook_id):
        return {state for _id, _subject, state in self.events(webhook_id)} == {"done"}

    def wait_for_all(self, webhook_id, receiver):
        """Wait until all is taken: nothing lost, each record in its order."""
        wait_until(lambda: self.is_all_delivered(webhook_id), LIMIT)
        wanted = {}
        for event_id, subject, _state in self.events(webhook_id):
            wanted.setdefault(subject, []).append(event_id)
        assert receiver.records() == wanted
        assert not receiver.forged


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    with ExitStack() as stack:
        name = copy_of("demo", "webhooks")
        stack.callback(database.drop, name)
        found = stack.enter_context(registry(name))
        server = OdooServer(name, tmp_path_factory.mktemp("webhooks") / "odoo.log")
        forget_partners(server)
        stack.callback(server.stop)
        server.start()
        yield server, found


@pytest.fixture
def scene(base):
    with WebhookReceiver() as oc, WebhookReceiver() as ours:
        yield Scene(*base, oc, ours)


def test_a_receiver_that_is_down_for_a_day(scene):
    """All is taken afterwards, in order, exactly once; others hear at once."""
    orders = scene.orders(2)
    scene.oc.stop()
    scene.happen(*orders, *orders)
    count = 2
    wait = scene.wait_for_tries(scene.oc_id, count)
    scene.wait_for_all(scene.our_id, scene.ours)
    down_for = 0
    while down_for < DAY:
        assert wait <= 3600
        if count in (4, 8):
            scene.happen(*orders)
        scene.move_on(wait)
        down_for += wait
        count += 1
        wait = scene.wait_for_tries(scene.oc_id, count)
    assert count < 100, "it waits for an hour in the end"
    scene.wait_for_all(scene.our_id, scene.ours)
    assert not scene.oc.taken
    scene.oc.start()
    scene.move_on()
    scene.wait_for_all(scene.oc_id, scene.oc)
    assert not scene.oc.repeated
    assert scene.webhook(scene.oc_id) == (0, False)


def test_whatever_is_answered_nothing_is_lost_and_order_is_preserved(scene):
    """It drops, loses, hangs, is late, breaks off, moves, refuses, then works."""
    failing = ("drop", "lose", "hang", "late", "cut", "move", "error", 404, 429, 500)
    taking = ("half", "huge", 201)
    scene.oc.fails(*failing, *taking)
    [order] = scene.orders(1)
    scene.happen(*[order] * 4)
    for count in range(1, len(failing) + 1):
        scene.wait_for_tries(scene.oc_id, count)
        scene.move_on()
    scene.wait_for_all(scene.oc_id, scene.oc)
    scene.wait_for_all(scene.our_id, scene.ours)
    # What it had stored when its answer was lost, it knew again by the id.
    first = scene.oc.taken[0]["id"]
    assert {event["id"] for event in scene.oc.repeated} == {first}
    assert len(scene.oc.repeated) == 2, "late, and the try that was taken"


def test_a_slow_receiver_harms_no_other_one(scene):
    """The other receiver has all its events while one call after the other hangs."""
    scene.oc.fails(*["hang"] * 30)
    orders = scene.orders(10)
    scene.happen(*orders, *orders, *orders)
    scene.wait_for_all(scene.our_id, scene.ours)
    assert not scene.oc.taken
    assert scene.oc.calls <= 3, "it was left alone"


def test_a_server_that_dies_sends_the_same_event_again(scene):
    """It dies while the receiver thinks: the event is sent again, with its id."""
    scene.oc.fails("late")
    scene.happen(*scene.orders(1))
    wait_until(lambda: len(scene.oc.taken) == 1, LIMIT, 0.02)
    scene.server.kill()
    scene.server.start()
    scene.move_on()
    wait_until(lambda: scene.is_all_delivered(scene.oc_id), LIMIT)
    assert len(scene.oc.taken) == 1
    assert [event["id"] for event in scene.oc.repeated] == [scene.oc.taken[0]["id"]]
