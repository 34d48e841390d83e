"""Two workers at once, each with its own connection and transaction."""

import string
import threading

import pytest
import small_network
from odoo_process import environment, registry

LETTERS = iter(string.ascii_uppercase)
LINE = {
    "connection_type": "STOC",
    "requested_type": "AUTO",
    "existing_socket": False,
    "order_date": "2026-03-14T10:05:00",
    "customer_name": "EXEMPLE",
    "customer_contact1": "0600000001",
}


@pytest.fixture(scope="module")
def found(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def base(found):
    """A registry, with a small network of this test where two operators are present."""
    found.ids = prepare(found)
    return found


def prepare(found):
    """Return the ids and references of a network that no test has seen."""
    letter = next(LETTERS)
    codes = f"OIC{letter}", f"OC{letter}1", f"OC{letter}2"
    with environment(found) as env:
        made = small_network.make(env, *codes)
        operators = made.pop("operators")
        ids = {name: record.ids for name, record in made.items()}
        return ids | {
            "operators": [operator.id for operator in operators],
            "endpoint": small_network.make_endpoint(env, made, operators[0]).id,
            "identifier": made["building"].identifier,
            "pm_reference": made["pm"].reference,
            "file": f"{codes[0]}_{codes[1]}_ACCES_CMD_ACCES_V13_20260314_01.csv",
        }


def line(base, reference):
    return LINE | {
        "oc_reference": reference,
        "building_identifier": base.ids["identifier"],
        "pm_reference": base.ids["pm_reference"],
    }


def receive(env, base, rank, reference):
    """Take one order in for the operator of that rank; return it."""
    operator = env["oiconnect.operator"].browse(base.ids["operators"][rank])
    network = env["oiconnect.network"].browse(base.ids["network"])
    [(order, _refusals)] = env["oiconnect.access.order"]._receive(
        [line(base, reference)], operator, network
    )
    return order


def together(*works):
    """Run each work in a thread; all begin at the same moment."""
    barrier = threading.Barrier(len(works))
    results = [None] * len(works)

    def run(rank, work):
        barrier.wait(20)
        try:
            results[rank] = work()
        except Exception as error:
            results[rank] = error

    threads = [
        threading.Thread(target=run, args=(rank, work))
        for rank, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def retried(base, work, **context):
    """Do ``work`` in its own transaction, again when another one was first."""
    from odoo.service.model import retrying

    with environment(base, **context) as env:
        return retrying(lambda: work(env), env)


def states(base, order_ids):
    with environment(base) as env:
        orders = env["oiconnect.access.order"].browse(order_ids)
        return sorted(orders.mapped("state"))


def test_two_orders_one_last_fibre(base):
    """Exactly one gets it, whoever is first; the other is refused as saturated."""
    with environment(base) as env:
        env["oiconnect.route"].browse(base.ids["routes"][1:]).write(
            {"state": "out_of_service"}
        )
        orders = [receive(env, base, rank, f"LAST-{rank}").id for rank in (0, 1)]

    def study(order_id):
        return lambda: retried(
            base, lambda env: env["oiconnect.access.order"].browse(order_id)._study()
        )

    results = together(*map(study, orders))
    assert not [r for r in results if isinstance(r, Exception)], results
    assert states(base, orders) == ["connecting", "cr_ko"]
    with environment(base) as env:
        refused = env["oiconnect.access.order"].search(
            [("id", "in", orders), ("state", "=", "cr_ko")]
        )
        assert refused.reason_id.code == "FINT01"
        route = env["oiconnect.route"].browse(base.ids["routes"][0])
        assert route.access_order_id.id in orders
        assert route.access_order_id != refused


def test_the_same_event_twice_at_once(base):
    """One does it, the other is refused; one message leaves."""
    from odoo.exceptions import UserError

    with environment(base) as env:
        order = receive(env, base, 0, "TWICE")
        order._study()
        order_id = order.id

    def connect():
        return retried(
            base,
            lambda env: (
                env["oiconnect.access.order"].browse(order_id)._fire("connected")
            ),
        )

    results = together(connect, connect)
    failures = [r for r in results if isinstance(r, Exception)]
    assert len(failures) == 1 and isinstance(failures[0], UserError), results
    with environment(base) as env:
        events = env["oiconnect.event"].search(
            [("res_id", "=", order_id), ("flow", "=", "CR_MAD")]
        )
        assert len(events) == 1
        steps = env["oiconnect.workflow.step"].search(
            [("res_id", "=", order_id), ("event", "=", "connected")]
        )
        assert len(steps) == 1


def test_cancelled_while_it_is_studied(base):
    """The order ends cancelled and holds no fibre, whatever comes first."""
    with environment(base) as env:
        order_id = receive(env, base, 0, "CANCEL").id

    def study():
        retried(
            base, lambda env: env["oiconnect.access.order"].browse(order_id)._study()
        )

    def cancel():
        retried(
            base,
            lambda env: env["oiconnect.access.order"].browse(order_id)._fire("cancel"),
        )

    results = together(study, cancel)
    if any(isinstance(r, Exception) for r in results):
        # The lock was taken: a person tries again, a file is tried again.
        assert states(base, [order_id]) in (["connecting"], ["cancelled"], ["ar_ok"])
        with environment(base) as env:
            order = env["oiconnect.access.order"].browse(order_id)
            order._study()
            if order.state != "cancelled":
                order._fire("cancel")
    assert states(base, [order_id]) == ["cancelled"]
    with environment(base) as env:
        held = env["oiconnect.route"].search([("access_order_id", "=", order_id)])
        assert not held
        free = env["oiconnect.route"].browse(base.ids["routes"])
        assert set(free.mapped("state")) == {"free"}


def test_the_same_reference_in_two_transactions(base):
    """The database lets one in; the other starts again and is refused FIMP13."""
    from psycopg2.errors import UniqueViolation

    def take():
        with environment(base) as env:
            return receive(env, base, 0, "SAME").state

    results = together(take, take)
    taken = [r for r in results if r == "ar_ok"]
    others = [r for r in results if r != "ar_ok"]
    assert len(taken) == 1, results
    # Either it began after the first was committed, or it is stopped and retried.
    assert others == ["ar_ko"] or isinstance(others[0], UniqueViolation), results
    with environment(base) as env:
        again = receive(env, base, 0, "SAME")
        assert (again.state, again.reason_id.code) == ("ar_ko", "FIMP13")


def test_two_workers_on_one_file(base):
    """The second waits for its turn and finds nothing left to do."""
    from psycopg2 import OperationalError

    from odoo.addons.oiconnect_interop.tests.common import HEADER_V13, make_file
    from odoo.addons.queue_job.exception import RetryableJobError

    with environment(base) as env:
        endpoint = env["oiconnect.endpoint"].browse(base.ids["endpoint"])
        row = {
            "ReferenceCommandePriseInterneOC": "ONE-FILE",
            "TypeRacco": "STOC",
            "NomClient": "EXEMPLE",
            "ContactClient1": "0600000001",
            "ReferencePm": base.ids["pm_reference"],
            "IdentifiantImmeuble": base.ids["identifier"],
            "PriseExistante": "N",
            "TypeCommandeDemande": "AUTO",
            "DateCommandePrise": "20260314 10:05",
        }
        exchange = env["oiconnect.exchange"]._receive_file(
            endpoint,
            base.ids["file"],
            make_file(HEADER_V13, [row]),
        )
        exchange_id = exchange.id

    def process():
        with environment(base) as env:
            env["oiconnect.exchange"].browse(exchange_id)._process()

    for _step in range(3):
        for result in together(process, process):
            assert result is None or isinstance(
                result, RetryableJobError | OperationalError
            )
    with environment(base) as env:
        exchange = env["oiconnect.exchange"].browse(exchange_id)
        while not exchange._is_settled():
            exchange._process()
        orders = env["oiconnect.access.order"].search(
            [("oc_reference", "=", "ONE-FILE")]
        )
        assert len(orders) == 1
        receipts = env["oiconnect.event"].search(
            [("flow", "=", "AR_CMD"), ("operator_id", "in", base.ids["operators"])]
        )
        assert len(receipts) == 1


def test_two_drains_at_once_write_each_message_once(base):
    with environment(base) as env:
        for number in range(5):
            receive(env, base, 0, f"DRAIN-{number}")
        operator_id = base.ids["operators"][0]

    def drain():
        return retried(
            base,
            lambda env: (
                env["oiconnect.outbound"]
                ._drain(env["oiconnect.operator"].browse(operator_id))
                .mapped("line_count")
            ),
        )

    results = together(drain, drain)
    assert not [r for r in results if isinstance(r, Exception)], results
    assert sum(sum(counts) for counts in results) == 5
    with environment(base) as env:
        events = env["oiconnect.event"].search([("operator_id", "=", operator_id)])
        assert set(events.mapped("state")) == {"done"}
