"""Lists of the web client: of real networks, or of sandboxes while these are shown."""

import json

from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.dataset import DataSet
from odoo.addons.web.controllers.export import CSVExport, ExcelExport

# Methods by which screens look for records, and where their domain stands
SEARCHES = {
    "web_search_read": 0,
    "search_read": 0,
    "search": 0,
    "search_count": 0,
    "web_read_group": 0,
    "formatted_read_group": 0,
    "formatted_read_grouping_sets": 0,
    "read_progress_bar": 0,
    "name_search": 1,
    "web_name_search": 2,
}


class Lists(DataSet):
    @http.route()
    def call_kw(self, model, method, args, kwargs, path=None):
        if (place := SEARCHES.get(method)) is not None and model in request.env:
            if len(args) > place:
                args = list(args)
                args[place] = _narrowed(model, method, args[place], kwargs)
            else:
                domain = _narrowed(model, method, kwargs.get("domain"), kwargs)
                kwargs = kwargs | {"domain": domain}
        return super().call_kw(model, method, args, kwargs, path)


class SpreadsheetOfList(ExcelExport):
    def base(self, data):
        return super().base(_narrowed_export(data))


class TextOfList(CSVExport):
    def base(self, data):
        return super().base(_narrowed_export(data))


def _narrowed(model, method, domain, options):
    """Return the domain of a search by the mode that its context tells.

    :param options: arguments by name, or what an export asks for
    """
    context = dict(request.env.context, **(options.get("context") or {}))
    networks = request.env(context=context)["oiconnect.network"]
    if model == networks._name:
        if not method.endswith("name_search"):
            return domain
        return list(networks._domain_of_choice(domain or []))
    return list(networks._domain_of_screen(networks.env[model], domain or []))


def _narrowed_export(data):
    """Return what an export asks for, without what its list does not show."""
    asked = json.loads(data)
    if not asked["ids"] and asked["model"] in request.env:
        asked["domain"] = _narrowed(asked["model"], "search", asked["domain"], asked)
    return json.dumps(asked)
