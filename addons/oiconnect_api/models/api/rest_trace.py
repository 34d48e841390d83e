from odoo import api, models

from ...rest.problem import Problem
from ...rest.resources import resources
from .rest import _dumps, _text

# Values that describe a hop, besides the record that it is
_HOP = (
    "path",
    "route",
    "label",
    "title",
    "detail",
    "tube",
    "fibre",
    "length",
    "operator",
    "id",
    "here",
    "flaw",
)
_TEXTS = ("route", "label", "title", "detail", "tube", "fibre", "operator")


class Rest(models.AbstractModel):
    """Optical paths of a line, as screens draw and list them.

    They name what other operators have there: no key of an operator reads them.
    """

    _inherit = "oiconnect.rest"

    @api.model
    @api.private
    def _trace_json(self, caller, description, record_id):
        """Return the JSON text of the paths through a record."""
        shown = self._traced(caller, description, record_id)
        paths = {model: one.path for model, one in resources(self.env)}
        hops = [
            {name: row[name] for name in _HOP}
            | {name: _text(row[name] or False) for name in _TEXTS}
            | {"resource": paths.get(row["model"])}
            for row in shown["rows"]
        ]
        return _dumps({"id": shown["id"], "name": shown["name"], "data": hops})

    @api.model
    @api.private
    def _trace_svg(self, caller, description, record_id):
        return self._traced(caller, description, record_id)["svg"]

    @api.model
    def _traced(self, caller, description, record_id):
        """Return the drawing and the table of the paths.

        A path tells of routes: their scope is needed too.
        """
        if caller.operator_id:
            raise Problem(403, "no-scope")
        routes = self._describe("oiconnect.route")
        self._check_scope(caller, routes)
        record = self._find(caller, description, record_id)
        line = description.resource.line
        parts = record if line == "id" else record[line]
        return caller.env["oiconnect.trace"]._whole(record, parts)
