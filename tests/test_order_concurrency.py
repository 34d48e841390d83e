"""Orders in several transactions and processes: nothing is lost, nothing doubled."""

import multiprocessing
import time
from contextlib import contextmanager

import order_worker
import pytest
from odoo_process import beside, environment, registry
from test_concurrency import prepare, receive

LINES = 12
LIMIT = 300


@pytest.fixture(scope="module")
def found(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def base(found):
    found.ids = prepare(found)
    return found


class Worker:
    """A process that waits for the word to begin."""

    def __init__(self, base, action, record_id):
        self._connection, end = multiprocessing.Pipe()
        self._process = beside(base, order_worker.work, end, action, record_id)
        # Only the worker has it now: that it is gone is then seen at once.
        end.close()

    def hears(self, word):
        """Wait until the process says ``word``."""
        assert self._connection.poll(LIMIT), f"the worker does not say {word}"
        assert self._connection.recv() == word

    def go(self):
        self._connection.send("go")

    def kill(self):
        self._process.kill()
        self._process.join(20)


@contextmanager
def workers(base, *tasks):
    """Processes that are ready; those left are killed at the end."""
    started = [Worker(base, *task) for task in tasks]
    try:
        for worker in started:
            worker.hears("ready")
        yield started
    finally:
        for worker in started:
            worker.kill()


def flows(env, order_id):
    """Return the flows of the messages about the order, oldest first."""
    events = env["oiconnect.event"].search(
        [("res_model", "=", "oiconnect.access.order"), ("res_id", "=", order_id)],
        order="id",
    )
    return events.mapped("flow")


def free_routes(env, base):
    routes = env["oiconnect.route"].browse(base.ids["routes"])
    return len(routes.filtered(lambda route: route.state == "free"))


def take_file(base):
    """Receive a file of a dozen orders, not processed yet; return its id."""
    from odoo.addons.oiconnect_interop.tests.common import HEADER_V13, make_file

    rows = [
        {
            "ReferenceCommandePriseInterneOC": f"PROC-{rank}",
            "TypeRacco": "STOC",
            "NomClient": "EXEMPLE",
            "ContactClient1": "0600000001",
            "ReferencePm": base.ids["pm_reference"],
            "IdentifiantImmeuble": base.ids["identifier"],
            "PriseExistante": "N",
            "TypeCommandeDemande": "AUTO",
            "DateCommandePrise": "20260314 10:05",
        }
        for rank in range(LINES)
    ]
    with environment(base) as env:
        endpoint = env["oiconnect.endpoint"].browse(base.ids["endpoint"])
        content = make_file(HEADER_V13, rows)
        exchanges = env["oiconnect.exchange"]
        return exchanges._receive_file(endpoint, base.ids["file"], content).id


def test_two_processes_on_the_same_file(base):
    """Each line is one order, acknowledged once, whoever took it."""
    exchange_id = take_file(base)
    task = ("process", exchange_id)
    with workers(base, task, task) as pair:
        for worker in pair:
            worker.go()
        for worker in pair:
            worker.hears("done")
    with environment(base) as env:
        exchange = env["oiconnect.exchange"].browse(exchange_id)
        assert (exchange.state, exchange.done_count) == ("in_done", LINES)
        orders = env["oiconnect.access.order"].search(
            [("network_id", "in", base.ids["network"])]
        )
        assert sorted(orders.mapped("oc_reference")) == sorted(
            f"PROC-{rank}" for rank in range(LINES)
        )
        assert set(orders.mapped("state")) == {"ar_ok"}
        receipts = env["oiconnect.event"].search(
            [("flow", "=", "AR_CMD"), ("operator_id", "in", base.ids["operators"])]
        )
        assert sorted(receipts.mapped("res_id")) == sorted(orders.ids)
        assert len(set(orders.mapped("service_reference"))) == LINES


def test_two_operators_on_the_last_fibre_in_two_processes(base):
    with environment(base) as env:
        spare = env["oiconnect.route"].browse(base.ids["routes"][1:])
        spare.write({"state": "out_of_service"})
        ids = [receive(env, base, rank, f"LAST-{rank}").id for rank in (0, 1)]
    with workers(base, *(("study", order_id) for order_id in ids)) as pair:
        for worker in pair:
            worker.go()
        for worker in pair:
            worker.hears("done")
    with environment(base) as env:
        orders = env["oiconnect.access.order"].browse(ids)
        assert sorted(orders.mapped("state")) == ["connecting", "cr_ko"]
        [loser] = orders.filtered(lambda order: order.state == "cr_ko")
        assert loser.reason_id.code == "FINT01"
        assert loser.decision_ids.controls[-1]["control"] == "reservation"
        holder = env["oiconnect.route"].browse(base.ids["routes"][0]).access_order_id
        assert holder == orders - loser
        # One socket was made, for the one who is connected.
        own = [("network_id", "in", base.ids["network"])]
        assert env["oiconnect.pto"].search_count(own) == 1


def test_a_worker_killed_between_the_report_and_its_commit(base):
    """Nothing of it is left; the next study answers, once."""
    with environment(base) as env:
        order_id = receive(env, base, 0, "KILLED").id
    with workers(base, ("study_and_hang", order_id)) as [worker]:
        worker.go()
        worker.hears("built")
        worker.kill()
    with environment(base) as env:
        order = env["oiconnect.access.order"].browse(order_id)
        wait_for_lock(order)
        assert order.state == "ar_ok"
        assert flows(env, order_id) == ["AR_CMD"]
        assert (free_routes(env, base), len(order.decision_ids)) == (4, 0)
        order._study()
    with environment(base) as env:
        order = env["oiconnect.access.order"].browse(order_id)
        assert order.state == "connecting"
        assert flows(env, order_id) == ["AR_CMD", "CR_CMD", "CMD_STOC"]
        assert (free_routes(env, base), len(order.decision_ids)) == (3, 1)


def wait_for_lock(order):
    """PostgreSQL frees the rows of a dead process when it sees that it is dead."""
    for _try in range(200):
        if order.try_lock_for_update(allow_referencing=True):
            return
        time.sleep(0.05)
    raise AssertionError("the dead worker's transaction is still there")


def test_cancelled_while_its_report_is_being_built(base):
    """The cancellation is answered to come again, then ends an order that is whole."""
    from odoo.addons.oiconnect_base.exceptions import BusyError

    with environment(base) as env:
        order_id = receive(env, base, 0, "BUILT").id
    with environment(base) as env:
        env["oiconnect.access.order"].browse(order_id)._study()
        env.flush_all()
        with pytest.raises(BusyError), environment(base) as other:
            other["oiconnect.access.order"].browse(order_id)._fire("cancel")
    with environment(base) as env:
        assert flows(env, order_id) == ["AR_CMD", "CR_CMD", "CMD_STOC"]
        env["oiconnect.access.order"].browse(order_id)._fire("cancel")
    with environment(base) as env:
        assert flows(env, order_id)[-1] == "CR_ANNUL"
        order = env["oiconnect.access.order"].browse(order_id)
        assert (order.state, free_routes(env, base)) == ("cancelled", 4)


def test_the_study_does_not_wait_for_a_cancellation(base):
    from odoo.addons.oiconnect_base.workflow import JOB

    with environment(base) as env:
        first, second = (receive(env, base, 0, f"CROSS-{n}").id for n in (1, 2))
    with environment(base) as env:
        env["oiconnect.access.order"].browse(first)._fire("cancel")
        env.flush_all()
        with environment(base) as other:
            held = other["oiconnect.access.order"].browse([first, second])
            held.try_lock_for_update(allow_referencing=True)._study_isolated(JOB)
    with environment(base) as env:
        orders = env["oiconnect.access.order"].browse([first, second])
        assert orders.mapped("state") == ["cancelled", "connecting"]
        assert flows(env, first) == ["AR_CMD", "CR_ANNUL"]


NIGHTS = {
    # The hour that the change to summer time skips is read as the one after.
    "2024-03-31T02:30:00": "2024-03-31 01:30:00",
    "2024-03-31T03:30:00": "2024-03-31 01:30:00",
    # Of the hour that comes twice, the first.
    "2024-10-27T02:30:00": "2024-10-27 00:30:00",
    "2024-10-27T03:00:00": "2024-10-27 02:00:00",
}


def test_orders_dated_in_the_nights_of_a_clock_change(base):
    from test_concurrency import line

    for sent, stored in NIGHTS.items():
        with environment(base) as env:
            network = env["oiconnect.network"].browse(base.ids["network"])
            operator = env["oiconnect.operator"].browse(base.ids["operators"][0])
            dated = line(base, "NIGHT") | {"order_date": sent}
            [(order, refusals)] = env["oiconnect.access.order"]._receive(
                [dated], operator, network
            )
            assert (str(order.order_date), refusals) == (stored, []), sent
            order._study()
            assert order.state == "connecting", sent
            # Each is the first order of the network.
            env.cr.rollback()
