"""Link orders in two transactions at once: exactly the allowed one passes."""

import pytest
from odoo_process import environment, registry
from test_concurrency import prepare, retried, together


@pytest.fixture(scope="module")
def found(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def base(found):
    """A registry, with a link of two fibres that two operators may order."""
    found.ids = prepare(found)
    with environment(found) as env:
        from odoo.addons.oiconnect_orders.tests.link_orders.common import make_link

        network = env["oiconnect.network"].browse(found.ids["network"])
        pm = env["oiconnect.pm"].browse(found.ids["pm"])
        link = make_link(env, network, pm, network.oi_code, fibres=2)
        network.link_order_scope = "operator"
        found.ids |= {"link": link.id, "link_reference": link.reference}
    return found


def order(base, rank, reference, fibres=2, order_type="INIT"):
    """Return the work that takes one order in; it gives the id of the order."""

    def work(env):
        [(made, _refusals)] = env["oiconnect.link.order"]._receive_in_turn(
            [
                {
                    "oc_reference": reference,
                    "order_type": order_type,
                    "pm_reference": base.ids["pm_reference"],
                    "link_reference": base.ids["link_reference"],
                    "fibre_count": fibres,
                    "order_date": "2026-09-03",
                }
            ],
            env["oiconnect.operator"].browse(base.ids["operators"][rank]),
            env["oiconnect.network"].browse(base.ids["network"]),
        )
        return made.id

    return lambda: retried(base, work)


def outcomes(base, ids):
    """Return ``[(state, reason, fibres held)]`` of orders, sorted by state."""
    assert not [one for one in ids if isinstance(one, Exception)], ids
    with environment(base) as env:
        orders = env["oiconnect.link.order"].browse(ids)
        return sorted(
            (one.state, one.reason_id.code or "", one.held_count) for one in orders
        )


def test_two_operators_on_the_last_fibres(base):
    """One gets both, whoever is first; the other is refused, as the link is full."""
    ids = together(order(base, 0, "LAST-0"), order(base, 1, "LAST-1"))
    assert outcomes(base, ids) == [("ar_ko", "FINT01", 0), ("ar_ok", "", 2)]
    with environment(base) as env:
        link = env["oiconnect.pm.link"].browse(base.ids["link"])
        assert link.fibre_ids.mapped("state") == ["reserved"] * 2
        assert len(link.fibre_ids.operator_id) == 1


def test_two_operators_where_one_order_may_be_in_progress(base):
    with environment(base) as env:
        network = env["oiconnect.network"].browse(base.ids["network"])
        network.link_order_scope = "link"
    ids = together(order(base, 0, "ONE-0", 1), order(base, 1, "ONE-1", 1))
    assert outcomes(base, ids) == [("ar_ko", "FIMP09", 0), ("ar_ok", "", 1)]


def test_initial_and_extension_at_once(base):
    """Only the initial order may pass before anything was made available."""
    ids = together(
        order(base, 0, "PAIR-I", 1), order(base, 0, "PAIR-E", 1, order_type="EXTE")
    )
    states = outcomes(base, ids)
    assert [state for state, *_rest in states] == ["ar_ko", "ar_ok"]
    assert states[0][1] in ("FIMP06", "FIMP09")
    with environment(base) as env:
        passed = env["oiconnect.link.order"].browse(ids)
        passed = passed.filtered(lambda one: one.state == "ar_ok")
        assert passed.order_type == "init"


def test_initial_and_extension_at_once_on_a_link_it_has(base):
    """Only the extension may pass once the first order is available."""
    first = order(base, 0, "HAS-1", 1)()
    with environment(base) as env:
        env["oiconnect.link.order"].browse(first)._fire("make_available")
    ids = together(
        order(base, 0, "HAS-I", 1), order(base, 0, "HAS-E", 1, order_type="EXTE")
    )
    states = outcomes(base, ids)
    assert [state for state, *_rest in states] == ["ar_ko", "ar_ok"]
    with environment(base) as env:
        passed = env["oiconnect.link.order"].browse(ids)
        passed = passed.filtered(lambda one: one.state == "ar_ok")
        assert passed.order_type == "exte"


def test_two_cursors_without_a_second_try(base):
    """The waiting transaction sees the changed link: it takes nothing by itself."""
    from psycopg2.errors import SerializationFailure

    with environment(base) as env:
        link = env["oiconnect.pm.link"].browse(base.ids["link"])
        with base.cursor() as other_cr:
            other_cr.execute("SELECT 1")
            env["oiconnect.link.order"]._lock_links(link)
            env.cr.commit()
            with pytest.raises(SerializationFailure):
                other = env(cr=other_cr)
                other["oiconnect.link.order"]._lock_links(
                    other["oiconnect.pm.link"].browse(link.id)
                )
            other_cr.rollback()
