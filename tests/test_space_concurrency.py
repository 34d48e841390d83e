"""Two browsers in the operators' space at once: one does it, the other is refused."""

import pytest
from odoo_process import environment, registry
from test_concurrency import prepare, receive, retried, together

FAULT = {"defect": "PAS DE SIGNAL", "defect_class": "1", "prelocation": "PBO"}


@pytest.fixture(scope="module")
def found(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def base(found):
    """A small network with a team of one, and a person of each of two operators."""
    found.ids = prepare(found)
    with environment(found) as env:
        make_people(env, found.ids)
    return found


def make_people(env, ids):
    from odoo.addons.oiconnect_orders.tests.appointment_common import (
        make_calendar,
        make_team,
    )

    network = env["oiconnect.network"].browse(ids["network"])
    calendar = make_calendar(env, hours=((8, 18),), days=range(7))
    make_team(env, network, calendar=calendar, capacity=1)
    ids["commune"] = env["oiconnect.commune"].search([], limit=1).id
    ids["people"] = []
    for operator in env["oiconnect.operator"].browse(ids["operators"]):
        partner = env["res.partner"].create(
            {"name": "Camille", "parent_id": operator.partner_id.id}
        )
        person = env["res.users"].create(
            {
                "partner_id": partner.id,
                "login": f"{operator.interop_code}@example.com",
                "lang": "fr_FR",
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
        ids["people"].append(person.id)


def space(env, base, rank=0):
    person = env["res.users"].browse(base.ids["people"][rank])
    spaces = env["oiconnect.portal.space"].with_user(person)
    return spaces.with_context(lang="fr_FR")


def at_once(base, *works):
    """Do ``work(env)`` of each in its transaction, all at the same moment.

    Returns what each returned, or the words by which it was refused.
    """
    from odoo.addons.oiconnect_base.exceptions import RefusedError

    def one(work):
        def attempt(env):
            try:
                with env.cr.savepoint():
                    return work(env)
            except RefusedError as error:
                return str(error)

        return lambda: retried(base, attempt)

    results = together(*map(one, works))
    assert not [one for one in results if isinstance(one, Exception)], results
    return results


def free_slots(env, base):
    network = env["oiconnect.network"].browse(base.ids["network"])
    commune = env["oiconnect.commune"].browse(base.ids["commune"])
    days = space(env, base)._slots(network, commune, "production")
    return [slot for _day, slots in days for slot in slots.values()]


def book(base, slot, reference, rank=0):
    def work(env):
        network = env["oiconnect.network"].browse(base.ids["network"])
        commune = env["oiconnect.commune"].browse(base.ids["commune"])
        visit = space(env, base, rank)._book(
            network, commune, "production", slot, reference
        )
        return visit.id

    return work


def visits(env, base):
    network = base.ids["network"]
    return env["oiconnect.appointment"].search([("network_id", "=", network[0])])


def slots_of(base):
    with environment(base) as env:
        return free_slots(env, base)


def parted(results):
    """Return ``(what was done, the refusals)``."""
    done = [one for one in results if not isinstance(one, str)]
    return done, [one for one in results if isinstance(one, str)]


def test_two_operators_book_one_slot(base):
    slot = slots_of(base)[0]
    done, refusals = parted(
        at_once(base, book(base, slot, "CMD-1"), book(base, slot, "CMD-1", rank=1))
    )
    assert len(done) == 1
    [words] = refusals
    assert words.startswith("Quelqu'un vient de prendre ce créneau")
    left = slots_of(base)
    assert left
    assert slot not in left


def test_a_double_click_books_once_and_another_slot_is_refused(base):
    first, second = slots_of(base)[:2]
    results = at_once(base, *[book(base, first, "CMD-2")] * 2)
    assert results[0] == results[1]
    done, refusals = parted(at_once(base, book(base, second, "CMD-2")))
    assert (done, len(refusals)) == ([], 1)
    assert "a déjà un rendez-vous" in refusals[0]
    with environment(base) as env:
        assert len(visits(env, base)) == 1


def test_a_visit_is_moved_by_one_of_two_browsers(base):
    first, second, third = slots_of(base)[:3]
    [visit_id] = at_once(base, book(base, first, "CMD-3"))
    with environment(base) as env:
        seen = space(env, base)._seen(env["oiconnect.appointment"].browse(visit_id))

    def move(slot):
        def work(env):
            spaces = space(env, base)
            visit = spaces.env["oiconnect.appointment"].browse(visit_id)
            spaces._move(visit, slot, seen)
            return slot

        return work

    def has():
        with environment(base) as env:
            visit = env["oiconnect.appointment"].browse(visit_id)
            return space(env, base)._slot_of(visit)

    results = at_once(base, move(second), move(third))
    refusals = [one for one in results if "a changé depuis" in one]
    assert len(refusals) == 1, results
    assert has() in {second, third} & set(results)
    # A double click is one move.
    with environment(base) as env:
        seen = space(env, base)._seen(env["oiconnect.appointment"].browse(visit_id))
    assert at_once(base, move(first), move(first)) == [first, first]
    assert has() == first


def test_a_proposal_that_changes_is_not_accepted_unread(base):
    """We propose another slot at the moment at which the operator accepts the first."""
    first, second, third = slots_of(base)[:3]
    [visit_id] = at_once(base, book(base, first, "CMD-4"))
    with environment(base) as env:
        visit = env["oiconnect.appointment"].browse(visit_id)
        visit._propose(second)
        seen = space(env, base)._seen(visit)

    def propose(env):
        env["oiconnect.appointment"].browse(visit_id)._propose(third)
        return True

    def accept(env):
        spaces = space(env, base)
        visit = spaces.env["oiconnect.appointment"].browse(visit_id)
        spaces._answer(visit, "confirm", seen)
        return True

    at_once(base, propose, accept)
    with environment(base) as env:
        visit = env["oiconnect.appointment"].browse(visit_id)
        has = space(env, base)._slot_of(visit)
        # Whoever was first: what is confirmed is what was read.
        assert (visit.state == "confirmed") <= (has == second)
        seen = space(env, base)._seen(visit)
    assert at_once(base, accept, accept) == [True, True]
    with environment(base) as env:
        assert env["oiconnect.appointment"].browse(visit_id).state == "confirmed"


def test_a_ticket_is_opened_once_by_a_double_click(base):
    with environment(base) as env:
        order = receive(env, base, 0, "CMD-5")
        order._study()
        order._fire("connected")
        reference = order.service_reference
    given = {"line": reference, "key": "PORTAIL-ABC", **FAULT}

    def start(key):
        def work(env):
            return space(env, base)._open_ticket(given | {"key": key}).id

        return work

    results = at_once(base, *[start("PORTAIL-ABC")] * 2)
    assert results[0] == results[1]
    # Another form on the same line, from two browsers
    done, refusals = parted(at_once(base, *[start("PORTAIL-DEF")] * 2))
    assert (done, len(refusals)) == ([], 2)
    assert all("en cours" in words for words in refusals), refusals
    with environment(base) as env:
        tickets = env["oiconnect.ticket"].search([("oc_key", "=like", "PORTAIL-%")])
        assert tickets.ids == results[:1]
