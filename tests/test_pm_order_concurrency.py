"""PM orders in several transactions: an operator has a PM once, whoever is first."""

import pytest
from odoo_process import environment, registry
from test_concurrency import prepare, retried, together

LINE = {"kind": "unit", "technical_choice": "P", "order_date": "2026-03-14"}


@pytest.fixture(scope="module")
def found(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def base(found):
    """A network of two PMs; no operator is at the second one."""
    found.ids = prepare(found)
    with environment(found) as env:
        found.pm = env["oiconnect.pm"].browse(found.ids["other_pm"]).reference
    return found


def order(base, reference, operator=0):
    """Return a work that takes an order of the free PM in; it returns its id."""

    def work(env):
        network = env["oiconnect.network"].browse(base.ids["network"])
        [(made, _refusals)] = env["oiconnect.pm.order"]._receive_in_turn(
            [LINE | {"oc_reference": reference, "pm_reference": base.pm}],
            env["oiconnect.operator"].browse(base.ids["operators"][operator]),
            network,
        )
        return made.id

    return lambda: retried(base, work)


def purposes(base, ids):
    with environment(base) as env:
        orders = env["oiconnect.pm.order"].browse(ids)
        return sorted((made.state, made.purpose) for made in orders)


def test_two_orders_at_once_rent_a_pm_once(base):
    """The one that is second is taken in again: it asks for information then."""
    works = [order(base, f"PM-{rank}") for rank in (1, 2)]
    ids = together(*works)
    failed = [rank for rank, made in enumerate(ids) if isinstance(made, Exception)]
    # Files do the same: a line that meets another's is tried again.
    for rank in failed:
        error = type(ids[rank]).__name__
        assert error in ("UniqueViolation", "ValidationError"), ids[rank]
        ids[rank] = works[rank]()
    assert purposes(base, ids) == [("ar_ok", "rental"), ("ar_ok", "update")]


def test_two_operators_at_once_rent_it_both(base):
    ids = together(order(base, "PM-A"), order(base, "PM-B", operator=1))
    assert purposes(base, ids) == [("ar_ok", "rental")] * 2


def test_one_order_is_made_available_once(base):
    order_id = order(base, "PM-1")()

    def deliver(env):
        from odoo.addons.oiconnect_base.exceptions import BusyError, WorkflowError

        made = env["oiconnect.pm.order"].browse(order_id)
        try:
            made._fire("deliver")
        except (BusyError, WorkflowError) as error:
            return type(error).__name__
        return "done"

    def work():
        return retried(base, deliver)

    results = together(work, work)
    assert results.count("done") == 1, results
    with environment(base) as env:
        made = env["oiconnect.pm.order"].browse(order_id)
        assert made.event_ids.mapped("flow").count("CRMAD") == 1
        services = env["oiconnect.pm.service"].search([("pm_id", "=", made.pm_id.id)])
        assert services == made.service_id
