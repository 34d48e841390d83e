import logging
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, formatLang
from odoo.tools.safe_eval import safe_eval

from ...home import LAST, MOST, Block
from ...isolated_savepoint import isolated_savepoint

_logger = logging.getLogger(__name__)

GROUPS = ("oiconnect_base.group_user", "base.group_system")
# Of the context: whether each part of the page is made by itself
APART = "oiconnect_home_apart"
# Of a list's context: what would filter or group it otherwise than it is counted
SEARCHED = ("search_default_", "group_by")
# What is read of an action: what the client needs to open it
READ = {
    "ir.actions.act_window": [
        "type",
        "name",
        "res_model",
        "views",
        "view_mode",
        "search_view_id",
        "domain",
        "context",
        "target",
        "help",
    ],
    "ir.actions.client": ["type", "name", "tag", "path", "target"],
}


class Home(models.AbstractModel):
    """First screen of the application: numbers of what its reader may read.

    Addons declare blocks (``_blocks``) and first steps (``_steps``) by inheritance, as
    ``oiconnect_base/home.py`` says; the client draws what it is given.
    """

    _name = "oiconnect.home"
    _description = "Home page"

    @api.model
    @api.readonly
    def page(self):
        """Return what the client draws: ``{"blocks": …, "actions": …, "start": …}``.

        ``actions`` has the lists that numbers lead to, by xml id, once each.
        """
        self._check_reader()
        with isolated_savepoint(self.env.cr) as attempt:
            return self._page()
        # A part of it breaks: each by itself, so that it leaves the others.
        _logger.info("The home page by its parts: %s", attempt.error)
        return self.with_context(**{APART: True})._page()

    @api.model
    def _page(self):
        read, steps = self._read_blocks(), self._tried("steps", self._shown_steps)
        actions = self._actions(self._action_names(read, steps or []))
        start = steps and self._tried(
            "steps", lambda: self._drawn_start(steps, actions)
        )
        if steps is None or start is None:
            read.append((self._broken_block("steps"), []))
        return {
            "blocks": [self._drawn_block(block, actions) for block in read],
            "start": start or False,
            "actions": {name: self._shown(action) for name, action in actions.items()},
        }

    @api.model
    def _tried(self, name, make):
        """Return what ``make()`` returns; None and a log of why where it breaks.

        It is isolated only once a part of the page is known to break: savepoints would
        take longer than what they isolate.
        """
        if not self.env.context.get(APART):
            return make()
        with isolated_savepoint(self.env.cr) as attempt:
            return make()
        _logger.error("Home page, %s", name, exc_info=attempt.error)
        return None

    @api.model
    def _action_names(self, read, steps):
        """Return the xml ids of all that the page leads to, once each."""
        names = [step.action for step in steps]
        for block, numbers in read:
            names += [number.action for number in numbers]
            names += block.link[1:]
        return list(dict.fromkeys(names))

    @api.model
    def _check_reader(self):
        if not any(map(self.env.user.has_group, GROUPS)):
            raise AccessError(
                self.env._(
                    "The home page is for users of OIConnect: ask your administrator "
                    "for a right."
                )
            )

    # ------------------------------------------------------------------
    # Declared by addons
    # ------------------------------------------------------------------

    @api.model
    def _blocks(self):
        """Return the blocks; for each addon to extend, by ``_declared``."""
        return []

    @api.model
    def _declared(self, *methods):
        """Return the blocks that methods make: one that breaks leaves the others.

        :param methods: each returns a block, or None where its reader is to see none
        """
        blocks = []
        for method in methods:
            name = method.__name__
            # A list, as None is an answer too.
            made = self._tried(name, lambda method=method: [method()])
            blocks += [self._broken_block(name)] if made is None else filter(None, made)
        return blocks

    @api.model
    def _broken_block(self, name, title=""):
        """Return what stands for a block that could not be declared."""
        return Block(
            f"broken_{name.strip('_')}",
            title or self.env._("Unavailable part"),
            LAST,
            (),
            self.env._(
                "A part of this page could not be prepared. Tell your administrator: "
                "the server's log says why."
            ),
            is_broken=True,
        )

    @api.model
    def _read_blocks(self):
        """Return the blocks of the reader, each with the numbers that it may read."""
        declared = self._tried("blocks", self._blocks)
        if declared is None:
            declared = [self._broken_block("blocks")]
        blocks = []
        for block in sorted(declared, key=lambda block: block.rank):
            numbers = self._tried(block.key, lambda block=block: self._readable(block))
            if numbers is None:
                block, numbers = self._broken_block(block.key, block.title), []
            if numbers or block.is_broken:
                blocks.append((block, numbers))
        return blocks

    @api.model
    def _readable(self, block):
        """Return the numbers of a block that its reader may read."""
        if not all(map(self._may_read, block.needs)):
            return []
        return [one for one in block.numbers if self._may_read(one.model)]

    @api.model
    def _may_read(self, model):
        return self.env[model].has_access("read")

    # ------------------------------------------------------------------
    # Drawn
    # ------------------------------------------------------------------

    @api.model
    def _drawn_block(self, read, actions):
        """Return a block; one that breaks says so and leaves the others as they are."""
        block, numbers = read
        name = f"block {block.key}"
        drawn = self._tried(name, lambda: self._drawn(block, numbers, actions))
        return drawn or self._unknown_numbers(block)

    @api.model
    def _unknown_numbers(self, block):
        return {
            "key": block.key,
            "title": block.title,
            "kind": block.kind,
            "numbers": [],
            "empty": self.env._(
                "These numbers could not be counted: tell your administrator."
            ),
            "link": [],
            "more": {},
        }

    @api.model
    def _drawn(self, block, numbers, actions):
        domains = [actions[one.action]["domain"] & one.domain for one in numbers]
        totals = self._totals(numbers, domains, actions)
        counts = {key: count for key, (count, _amount) in totals.items()}
        return {
            "key": block.key,
            "title": block.title,
            "kind": block.kind,
            "numbers": [
                self._drawn_number(number, domain, *totals[number.key])
                for number, domain in zip(numbers, domains, strict=True)
            ],
            "empty": "" if any(counts.values()) else block.empty,
            "link": list(block.link) if self._may_open(block, actions) else [],
            "more": block.more(counts),
        }

    @api.model
    def _may_open(self, block, actions):
        """Tell whether the screen behind a block, if it has one, is the reader's."""
        model = block.link and actions[block.link[1]].get("res_model")
        return self._may_read(model) if model else bool(block.link)

    @api.model
    def _totals(self, numbers, domains, actions):
        """Return ``{key: (count, sum or None)}`` of numbers, by one statement."""
        queries = [
            self._total_query(rank, number, domain, actions)
            for rank, (number, domain) in enumerate(zip(numbers, domains, strict=True))
        ]
        if not queries:
            return {}
        found = self.env.execute_query(SQL(" UNION ALL ").join(queries))
        return {numbers[rank].key: total for rank, *total in found}

    @api.model
    def _total_query(self, rank, number, domain, actions):
        """Return the query of one row: the rank of a number, its count and its sum."""
        context = actions[number.action]["context"]
        records = self.env[number.model].with_context(**context)
        query = records._search(self._on_screen(records, domain), limit=MOST + 1)
        amount = SQL("NULL::numeric")
        if number.amount:
            amount = records._field_to_sql(query.table, number.amount, query)
        return SQL(
            "SELECT %s, count(*), sum(amount) FROM (%s) found",
            rank,
            query.select(SQL("%s AS amount", amount)),
        )

    @api.model
    def _on_screen(self, model, domain):
        """Narrow a domain to the networks of the screen, as the list behind it does."""
        return self.env["oiconnect.network"]._domain_of_screen(model, domain)

    @api.model
    def _drawn_number(self, number, domain, count, amount):
        return {
            "key": number.key,
            "label": number.label,
            "count": count,
            "text": self._text(count),
            "amount": self._amount_text(count, amount) if number.amount else "",
            "tone": number.tone if count else "",
            "action": number.action,
            "domain": list(domain),
            "more": number.more,
        }

    @api.model
    def _text(self, count):
        """Return the number as it is read; lists count no further than ``MOST``."""
        text = formatLang(self.env, min(count, MOST), digits=0)
        return f"{text}\N{NO-BREAK SPACE}+" if count > MOST else text

    @api.model
    def _amount_text(self, count, amount):
        """Return a sum as it is read; nothing where it is not of all, or of several
        currencies.
        """
        currency = self.env.companies.currency_id
        if count > MOST or len(currency) != 1:
            return ""
        return formatLang(self.env, amount or 0, currency_obj=currency)

    # ------------------------------------------------------------------
    # Lists that numbers lead to
    # ------------------------------------------------------------------

    @api.model
    def _actions(self, names):
        """Return ``{xml id: action}``, all read at once, less what is gone or wrong.

        The domain and the context of an action are values, without what would filter
        or group its list otherwise than it is counted.
        """
        data, ids = self.env["ir.model.data"], defaultdict(dict)
        for name in names:
            model, record_id = data._xmlid_to_res_model_res_id(name)
            if model:
                ids[model][record_id] = name
        found = {}
        for model, known in ids.items():
            actions = self.env[model].sudo().browse(known).exists()
            for action in actions.read(READ[model]):
                name = known[action["id"]]
                found[name] = self._tried(
                    name, lambda action=action: self._with_values(action)
                )
        return {name: action for name, action in found.items() if action}

    @api.model
    def _with_values(self, action):
        known = {"uid": self.env.uid, "allowed_company_ids": self.env.companies.ids}
        context = safe_eval(action.get("context") or "{}", known)
        return action | {
            "domain": Domain(safe_eval(action.get("domain") or "[]", known)),
            "context": {
                key: value
                for key, value in context.items()
                if not key.startswith(SEARCHED)
            },
        }

    @api.model
    def _shown(self, action):
        """Return an action as the client opens it; each number has its own domain."""
        return {name: value for name, value in action.items() if name != "domain"}
