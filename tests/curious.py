"""People of some rights, records in each of their states, and every button of ours."""

import inspect
import re
from contextlib import contextmanager, suppress
from typing import NamedTuple
from unittest.mock import patch

# What buttons name in their context: the declaration of the model that says which
NAMED = {
    "action_fire": ("event", "_people_events"),
    "action_decide": ("decision", "_decision_events"),
    "action_view_neighbours": ("neighbours", "_used_by_fields"),
}
WRITING = re.compile(
    r"^\s*(?:WITH\b.*)?\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.I | re.S
)
# Who is there: Odoo itself keeps it of everybody.
PRESENCE = re.compile(r"^(res_users_|bus_|mail_presence|res_device)")


class Call(NamedTuple):
    """An action called on a record, with what its button has in the context."""

    model: str
    record_id: int
    method: str
    context: dict

    def __str__(self):
        named = "".join(f" {value}" for value in self.context.values())
        return f"{self.model}[{self.record_id}].{self.method}{named}"


class _Undone(Exception):
    """Takes back what was tried."""


def calls(env):
    """Yield a :class:`Call` for each action of ours, state and declared name."""
    for name in sorted(env.registry):
        model = env[name]
        if name.startswith("oiconnect.") and not (model._abstract or model._transient):
            methods = _actions(model)
            for record in one_of_each_state(model) if methods else ():
                for method in methods:
                    for context in _contexts(model, method):
                        yield Call(name, record.id, method, context)


def _actions(model):
    """Return the names of the actions of ours that need no argument."""
    found = []
    for name, function in inspect.getmembers(type(model), inspect.isfunction):
        is_ours = function.__module__.startswith("odoo.addons.oiconnect_")
        if not (is_ours and name.startswith("action_")):
            continue
        _self, *arguments = inspect.signature(function).parameters.values()
        if all(one.default is not one.empty for one in arguments):
            found.append(name)
    return found


def _contexts(model, method):
    if method not in NAMED:
        return [{}]
    key, declaration = NAMED[method]
    return [{key: value} for value in getattr(model, declaration, ())]


def press(env, user, call):
    """Do what ``call`` says as ``user``, and take it back.

    :return: the tables that were written, those of dialogs left out, and the error
    """
    record = env(user=user, context=call.context)[call.model].browse(call.record_id)
    error = None
    with undone(env), _written(env) as tables:
        try:
            getattr(record, call.method)()
            env.flush_all()
        except Exception as raised:
            error = raised
    return tables, error


@contextmanager
def _written(env):
    """Give the set of tables that the block writes."""
    dialogs = {one._table for one in env.registry.values() if one._transient}
    cursor, tables = type(env.cr), set()
    execute = cursor.execute

    def seen(cr, query, *arguments, **keywords):
        found = WRITING.match(query if isinstance(query, str) else query.code)
        if found and found[1] not in dialogs and not PRESENCE.match(found[1]):
            tables.add(found[1])
        return execute(cr, query, *arguments, **keywords)

    with patch.object(cursor, "execute", seen):
        yield tables


def one_of_each_state(model):
    """Return a record of ``model`` in each of the states in which there is one."""
    found = model.with_context(active_test=False)
    field = model._fields.get("state")
    if not field or field.type != "selection" or not field.store:
        return found.search([], limit=1)
    states = field.get_values(model.env)
    return found.union(*(found.search([("state", "=", s)], limit=1) for s in states))


@contextmanager
def undone(env):
    """Take back what the block does."""
    with suppress(_Undone), env.cr.savepoint():
        yield
        env.clear()
        raise _Undone
    env.clear()


def rights(env, level):
    """Return the groups of our rights of a level: those whose names end so."""
    category = env.ref("oiconnect_base.category_oiconnect")
    groups = env["res.groups"].search([("privilege_id.category_id", "=", category.id)])
    names = groups.get_external_id()
    return groups.filtered(lambda one: names[one.id].endswith(level))


def make_user(env, login, groups, **values):
    people = env["res.users"].with_context(no_reset_password=True)
    return people.create(
        {"name": login, "login": login, "group_ids": groups.ids, **values}
    )
