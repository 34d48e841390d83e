"""The calls by which the web client draws screens, as a person of the demo.

No browser draws them: nothing but the person's rights is in question.
"""

import datetime
import re

from lxml import etree

ROWS = 5
# Buttons that lead somewhere, and change nothing: those of crawl.js
LEADS = re.compile(r"\d+|action_(view|open|show|see)\w*")
LISTS = ("list", "kanban", "calendar", "pivot", "graph", "activity")
# What is read of a field that is not drawn as rows of its own
NAMED = {"fields": {"display_name": {}}}


class Screens:
    """All that the menus of one person lead to.

    :ivar opened: names of what was requested, which shows the test that it did look
    :ivar wrong: what broke: ``place: error``
    """

    def __init__(self, env):
        self.env = env
        self.opened = []
        self.wrong = []

    def walk(self):
        """Open each menu of ours, a record of its list, and what buttons lead to."""
        for name, action in self.menus():
            self.attempt(name, lambda action=action: self.screen(action))

    def menus(self):
        """Yield the name and the action of each menu of ours that the person sees."""
        menus = self.env["ir.ui.menu"].load_menus(False)
        left = [self.env.ref("oiconnect_base.menu_root").id]
        while left:
            menu = menus[left.pop()]
            left += menu["children"]
            if menu["action_id"]:
                yield menu["name"], self.loaded(menu["action_id"])

    def loaded(self, action_id):
        """Return an action as the web client loads it: with superuser rights."""
        base = self.env["ir.actions.actions"].sudo().browse(action_id)
        action = self.env[base.type].sudo().browse(action_id)
        if base.type == "ir.actions.act_window":
            return action._get_action_dict()
        return action.read()[0]

    def attempt(self, where, work):
        self.where = where
        self.opened.append(where)
        try:
            with self.env.cr.savepoint():
                return work()
        except Exception as error:
            self.wrong.append(f"{where}: {error!r}")

    # -- one action --------------------------------------------------------------------

    def screen(self, action):
        """Open an action and the first record of its list, with its buttons."""
        model, views = self.opened_by(action)
        if model is None or "form" not in views:
            return
        where = self.where
        first = model.search([], limit=1)
        self.attempt(f"{where} › form", lambda: self.form(where, first, views["form"]))

    def opened_by(self, action):
        """Ask for what an action shows first; return its model and its views."""
        if action["type"] == "ir.actions.server":
            action = self.env[action["type"]].browse(action["id"]).run()
        if not action or action["type"] != "ir.actions.act_window":
            return None, {}
        context = self.evaluated(action.get("context"), {})
        model = self.env[action["res_model"]].with_context(**context)
        wanted = self.views_of(action)
        loaded = model.get_views(wanted, {"toolbar": True, "load_filters": True})
        views = {
            kind: etree.fromstring(view["arch"])
            for kind, view in loaded["views"].items()
        }
        domain = self.evaluated(action.get("domain"), [])
        first = wanted[0][1]
        if first in LISTS:
            wanted = self.specification(model, views[first])
            model.web_search_read(domain, wanted, limit=ROWS)
        elif record_id := action.get("res_id"):
            model.browse(record_id).web_read(self.specification(model, views["form"]))
        return model, views

    def views_of(self, action):
        """Return ``[(view id, kind)]``: what is opened first, and the search last."""
        views = [tuple(view) for view in action.get("views") or ()]
        views = views or [(False, kind) for kind in action["view_mode"].split(",")]
        search = action.get("search_view_id") or False
        search = search[0] if isinstance(search, tuple | list) else search
        return [view for view in views if view[1] != "search"] + [(search, "search")]

    # -- a form ------------------------------------------------------------------------

    def form(self, where, record, arch):
        """Read all of a form, and press the buttons that it shows and that lead on."""
        if not record:
            return
        wanted = self.specification(record, arch)
        [values] = record.web_read(wanted)
        values = {name: _plain(value) for name, value in values.items()}
        for button in arch.iter("button"):
            name = button.get("name") or ""
            is_of_form = not any(one.tag == "field" for one in button.iterancestors())
            if LEADS.fullmatch(name) and is_of_form and self.is_shown(button, values):
                self.attempt(
                    f"{where} › {name}",
                    lambda button=button: self.follow(record, button, values),
                )

    def is_shown(self, node, values):
        return not any(
            self.evaluated(one.get("invisible"), False, **values)
            for one in (node, *node.iterancestors())
        )

    def follow(self, record, button, values):
        context = self.evaluated(button.get("context"), {}, **values)
        here = {"active_id": record.id, "active_ids": record.ids}
        here["active_model"] = record._name
        name = button.get("name")
        if name.isdigit():
            outer, self.env = self.env, self.env(context={**self.env.context, **here})
            try:
                self.opened_by(self.loaded(int(name)))
            finally:
                self.env = outer
        else:
            action = getattr(record.with_context(**context), name)()
            if isinstance(action, dict):
                self.opened_by(action)

    # -- what the client makes of a view -----------------------------------------------

    def specification(self, model, arch):
        """Return what is read to draw ``arch``: the rows within it too."""
        wanted = {}
        for node in arch.xpath(".//field[not(ancestor::field)]"):
            field = model._fields[node.get("name")]
            wanted[field.name] = self.specification_of(model, field, node)
        return wanted

    def specification_of(self, model, field, node):
        if not field.relational:
            return {}
        if field.type == "many2one" or (node.get("widget") or "").startswith("many2"):
            return NAMED
        if node.get("invisible") == "True" or node.get("column_invisible") == "True":
            return {}
        other = model.env[field.comodel_name]
        rows = next(iter(node.xpath("./list|./kanban")), None)
        if rows is None:
            loaded = other.get_views([(False, "list")])
            rows = etree.fromstring(loaded["views"]["list"]["arch"])
        fields = [one.get("name") for one in rows.xpath(".//field")]
        return {
            "fields": {
                name: NAMED if other._fields[name].relational else {} for name in fields
            },
            "limit": ROWS,
        }

    def evaluated(self, text, otherwise, **values):
        from odoo.tools.safe_eval import safe_eval

        if not isinstance(text, str):
            return otherwise if text is None else text
        context = self.env.context
        known = {
            "uid": self.env.uid,
            "context": context,
            "current_date": datetime.date.today().isoformat(),
            "context_today": datetime.date.today,
            "allowed_company_ids": self.env.companies.ids,
            **context,
            **values,
        }
        return safe_eval(text or "None", known) or otherwise


def _plain(value):
    """Return a value as expressions of views know it: ids, and texts of days."""
    if isinstance(value, dict):
        return value.get("id", False)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime.date):
        return str(value)
    return value
