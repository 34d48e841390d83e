import csv
from pathlib import Path
from typing import NamedTuple

from lxml import html
from markupsafe import Markup

from odoo import api, models, tools
from odoo.tools.misc import file_open, file_path

HOME = "accueil"
ACTIONS = ("ir.actions.act_window", "ir.actions.client")


class Page(NamedTuple):
    name: str
    title: str
    body: Markup


class Help(models.AbstractModel):
    """Pages of help, in French, and the screens that each is about.

    An addon that joins ``_help_addons`` has in its folder ``help`` the pages
    (``20_page.html``, in the order of the numbers) and ``screens.csv``: the page of
    each action, and the part of it where there are several.
    """

    _name = "oiconnect.help"
    _description = "Help"

    @api.model
    def _help_addons(self):
        """Return the addons with help; for each of them to extend."""
        return ["oiconnect_base"]

    @api.model
    @tools.ormcache()
    def _pages(self):
        """Return ``{name: page}``, in the order in which they are listed."""
        files = [
            file
            for addon in self._help_addons()
            for file in Path(file_path(f"{addon}/help")).glob("*.html")
        ]
        pages = map(_read_page, sorted(files, key=lambda file: file.name))
        return {page.name: page for page in pages}

    @api.model
    @tools.ormcache()
    def _screens(self):
        """Return ``{xml id of an action: page, or page#part}``."""
        return {
            row["action"]: "#".join(filter(None, (row["page"], row["part"])))
            for addon in self._help_addons()
            for row in _rows(addon)
        }

    @api.model
    def _place_of(self, action_id, model=""):
        """Return the page of a screen: its action's, else one of its model, else home.

        :param int action_id: 0 for a screen without an action of its own
        """
        screens = self._screens()
        domain = [("res_id", "=", action_id), ("model", "in", ACTIONS)]
        for data in self.env["ir.model.data"].sudo().search(domain):
            if data.complete_name in screens:
                return screens[data.complete_name]
        return self._places_of_models().get(model, HOME)

    @api.model
    @tools.ormcache()
    def _places_of_models(self):
        """Return ``{model: page}``: where actions share a model, that of the first."""
        places = {}
        for name, place in self._screens().items():
            action = self.env.ref(name, raise_if_not_found=False)
            if action and action._name == "ir.actions.act_window":
                places.setdefault(action.sudo().res_model, place)
        return places

    @api.model
    def _code_meanings(self):
        """Return ``{code: what it means}``; for each addon with codes to extend."""
        return {}


def _read_page(file):
    source = file.read_text(encoding="utf-8")
    title = html.fragment_fromstring(source, create_parent=True).findtext("h1")
    # Written by us, with no word of a user.
    return Page(file.stem.partition("_")[2], title, Markup(source))


def _rows(addon):
    """Return the rows of the table of an addon, with whole xml ids."""
    with file_open(f"{addon}/help/screens.csv", "r") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if "." not in row["action"]:
            row["action"] = f"{addon}.{row['action']}"
    return rows
