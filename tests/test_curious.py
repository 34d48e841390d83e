"""Curious people press all buttons, decide twice, or of what is not theirs."""

import itertools

import conftest
import curious
import pytest
from odoo_process import registry
from oictools import database

DIALOG = "oiconnect.infra.order.decision"
INFRA = ("oiconnect.pm.order", "oiconnect.pb.order", "oiconnect.link.order")
# What may be said once more: another report, another day
SAID_AGAIN = {"update", "plan", "refuse_works"}
# What whoever reads may write: counts that all who read them share
COUNTED = {("oiconnect.rule", "action_run")}
# What a call meets that lacks what its button gives
LACKS = (KeyError, ValueError)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found():
    name = conftest.copy_of("demo")
    with registry(name) as found:
        yield found
    database.drop(name)


@pytest.fixture
def env(found):
    from odoo import SUPERUSER_ID, api

    with found.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()
    found.clear_all_caches()


def wrong(env, user):
    """Return what a user wrote that may write nothing, and what broke on its way."""
    from odoo.exceptions import UserError

    done, found = 0, []
    for call in curious.calls(env):
        if (call.model, call.method) in COUNTED:
            continue
        tables, error = curious.press(env, user, call)
        if tables:
            found.append(f"{call} wrote {sorted(tables)}")
        elif error and not isinstance(error, (UserError, *LACKS)):
            found.append(f"{call}: {error!r}")
        done += 1
    assert done > 200, done
    return "\n".join(found)


def test_a_reader_changes_nothing_by_any_button(env):
    user = curious.make_user(env, "lit_tout", curious.rights(env, "_read"))
    assert not (found := wrong(env, user)), found


def test_a_person_of_another_company_changes_nothing_by_any_button(env):
    company = env["res.company"].create({"name": "Autre OI"})
    user = curious.make_user(
        env,
        "autre_oi",
        curious.rights(env, "_manager"),
        company_id=company.id,
        company_ids=company.ids,
    )
    assert not (found := wrong(env, user)), found


def decisions(env):
    """Yield ``(model, id, event)`` of all that a person may decide of an order."""
    for name in INFRA:
        for record in curious.one_of_each_state(env[name]):
            for event in env[name]._decision_events:
                yield name, record.id, event


def dialog(env, user, name, record_id, event):
    reason = env["oiconnect.reason"]._of("FIMP09")
    values = {"res_model": name, "res_ids": [record_id], "event": event}
    own = env(user=user)[DIALOG]
    return own.create(values | {"reason_id": reason.id, "comment": "Vu sur place"})


def test_who_only_reads_orders_decides_of_none(env):
    """The dialog is not the right: of one kind of orders, who decides of the other."""
    from odoo.exceptions import AccessError

    users = [
        curious.make_user(env, right, env.ref(f"oiconnect_base.group_{right}"))
        for right in ("pm_order_read", "link_read", "pm_order_user", "link_user")
    ]
    tried = 0
    for (name, record_id, event), user in itertools.product(decisions(env), users):
        if env(user=user)[name].has_access("write"):
            continue
        with pytest.raises(AccessError), env.cr.savepoint():
            dialog(env, user, name, record_id, event).action_confirm()
        tried += 1
    assert tried > 200, tried


def test_a_decision_that_is_confirmed_twice_is_taken_once(env):
    """A double click, or the dialog that a second browser has open still."""
    from odoo.exceptions import UserError

    groups = curious.rights(env, "_manager")
    user, taken, said_twice = curious.make_user(env, "decide", groups), 0, []
    for name, record_id, event in decisions(env):
        with curious.undone(env):
            opened = dialog(env, user, name, record_id, event)
            try:
                opened.action_confirm()
            except UserError:
                continue
            taken += 1
            before = _event_count(env, name, record_id)
            try:
                opened.action_confirm()
            except UserError:
                continue
            if event not in SAID_AGAIN and _event_count(env, name, record_id) != before:
                said_twice.append((name, record_id, event))
    assert taken > 20, taken
    assert said_twice == []


def _event_count(env, name, record_id):
    here = [("res_model", "=", name), ("res_id", "=", record_id)]
    return env["oiconnect.event"].search_count(here)
