"""Every public action of every model of ours, on records in each of their states."""

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
STATEMENT = re.compile(
    r"^\s*(?:WITH\b.*)?\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.I | re.S
)
# Who is there, and what Odoo itself keeps of it
OF_ODOO = re.compile(r"^(res_users_|bus_|mail_presence|res_device)")


class Call(NamedTuple):
    """A method called on records, with what its button has in the context."""

    model: str
    ids: tuple
    method: str
    context: dict

    def __str__(self):
        named = "".join(f" {value}" for value in self.context.values())
        return f"{self.model}{list(self.ids)}.{self.method}{named}"


class _Undone(Exception):
    """Takes back what was tried."""


def calls(env):
    """Yield a :class:`Call` for each action, state and declared name."""
    for name in sorted(env.registry):
        model = env[name]
        if name.startswith("oiconnect.") and not (model._abstract or model._transient):
            methods = _actions(model)
            for record in _one_of_each_state(model) if methods else ():
                for method in methods:
                    for context in _contexts(model, method):
                        yield Call(name, (record.id,), method, context)


def _actions(model):
    """Return the names of the actions of ours that need no argument."""
    kind = type(model)
    found = []
    for name in dir(kind):
        if not name.startswith("action_"):
            continue
        function = getattr(kind, name)
        _self, *arguments = inspect.signature(function).parameters.values()
        ours = function.__module__.startswith("odoo.addons.oiconnect_")
        if ours and all(item.default is not item.empty for item in arguments):
            found.append(name)
    return found


def _one_of_each_state(model):
    found = model.with_context(active_test=False)
    field = model._fields.get("state")
    if not field or field.type != "selection" or not field.store:
        return found.search([], limit=1)
    states = field.get_values(model.env)
    return found.union(*(found.search([("state", "=", s)], limit=1) for s in states))


def _contexts(model, method):
    if method not in NAMED:
        return [{}]
    key, declaration = NAMED[method]
    return [{key: value} for value in getattr(model, declaration, ())]


class Trial:
    """A call as a user, taken back: what it wrote, and what it said."""

    def __init__(self, env, user):
        self.env = env
        self.user = user
        self.written = set()
        self.said = None

    def run(self, call):
        model = self.env(user=self.user, context={})[call.model]
        records = model.with_context(**call.context).browse(call.ids)
        with self._undone(), self._seen():
            try:
                getattr(records, call.method)()
                self.env.flush_all()
            except Exception as error:
                self.said = error
        return self

    @contextmanager
    def _undone(self):
        with suppress(_Undone), self.env.cr.savepoint():
            yield
            self.env.clear()
            raise _Undone
        self.env.clear()

    @contextmanager
    def _seen(self):
        """Keep which tables are written, those of dialogs left out."""
        cursor = type(self.env.cr)
        execute = cursor.execute
        dialogs = {
            model._table for model in self.env.values() if model._transient
        }  # fmt: skip

        def seen(cr, query, *arguments, **keywords):
            text = query if isinstance(query, str) else query.code
            if (found := STATEMENT.match(text)) and found[1] not in dialogs:
                if not OF_ODOO.match(found[1]):
                    self.written.add(found[1])
            return execute(cr, query, *arguments, **keywords)

        with patch.object(cursor, "execute", seen):
            yield


def rights(env, level=None):
    """Return the groups of our rights; ``level``: those that end so."""
    category = env.ref("oiconnect_base.category_oiconnect")
    groups = env["res.groups"].search([("privilege_id.category_id", "=", category.id)])
    names = groups.get_external_id()
    return groups.filtered(lambda one: not level or names[one.id].endswith(level))


def make_user(env, login, groups, **values):
    people = env["res.users"].with_context(no_reset_password=True)
    return people.create(
        {"name": login, "login": login, "group_ids": groups.ids, **values}
    )
