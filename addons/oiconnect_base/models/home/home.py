import logging
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import formatLang
from odoo.tools.safe_eval import safe_eval

from ...home import MOST
from ...isolated_savepoint import isolated_savepoint

_logger = logging.getLogger(__name__)

GROUPS = ("oiconnect_base.group_user", "base.group_system")
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
        read, steps = self._read_blocks(), self._shown_steps()
        actions = self._actions(self._action_names(read, steps))
        return {
            "blocks": [self._drawn_block(block, actions) for block in read],
            "start": self._drawn_start(steps, actions),
            "actions": {name: self._shown(action) for name, action in actions.items()},
        }

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
        """Return the blocks; for each addon to extend."""
        return []

    @api.model
    def _read_blocks(self):
        """Return the blocks of the reader, each with the numbers that it may read."""
        blocks = []
        for block in sorted(self._blocks(), key=lambda block: block.rank):
            numbers = [one for one in block.numbers if self._may_read(one.model)]
            if numbers and all(map(self._may_read, block.needs)):
                blocks.append((block, numbers))
        return blocks

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
        with isolated_savepoint(self.env.cr) as attempt:
            return self._drawn(block, numbers, actions)
        _logger.error("Block %s of the home page", block.key, exc_info=attempt.error)
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
        drawn = [self._drawn_number(number, actions) for number in numbers]
        return {
            "key": block.key,
            "title": block.title,
            "kind": block.kind,
            "numbers": drawn,
            "empty": "" if any(number["count"] for number in drawn) else block.empty,
            "link": list(block.link) if self._may_open(block, actions) else [],
            "more": block.more(),
        }

    @api.model
    def _may_open(self, block, actions):
        """Tell whether the screen behind a block, if it has one, is the reader's."""
        model = block.link and actions[block.link[1]].get("res_model")
        return self._may_read(model) if model else bool(block.link)

    @api.model
    def _drawn_number(self, number, actions):
        action = actions[number.action]
        domain = action["domain"] & number.domain
        records = self.env[number.model].with_context(**action["context"])
        count = records.search_count(domain, limit=MOST + 1)
        return {
            "key": number.key,
            "label": number.label,
            "count": count,
            "text": self._text(count),
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

    # ------------------------------------------------------------------
    # Lists that numbers lead to
    # ------------------------------------------------------------------

    @api.model
    def _actions(self, names):
        """Return ``{xml id: action}``, all read at once.

        The domain and the context of an action are values, without what would filter
        or group its list otherwise than it is counted.
        """
        data, ids = self.env["ir.model.data"], defaultdict(dict)
        for name in names:
            model, record_id = data._xmlid_to_res_model_res_id(name, True)
            ids[model][record_id] = name
        return {
            ids[model][action["id"]]: self._with_values(action)
            for model, known in ids.items()
            for action in self.env[model].sudo().browse(known).read(READ[model])
        }

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
