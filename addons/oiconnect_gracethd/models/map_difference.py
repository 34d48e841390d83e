from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.geo import line as geo
from odoo.addons.oiconnect_infra.models.map.kinds import Kind

KIND = "difference"
MODEL = "oiconnect.gracethd.difference.line"
#: tables whose rows stand somewhere by themselves: fibres and trays are in their boxes
PLACED = (
    *("t_adresse", "t_znro", "t_zsro", "t_zpbo", "t_sitetech", "t_site", "t_ptech"),
    *("t_ebp", "t_suf", "t_local"),
)
DIFFERENCES = Kind(
    MODEL,
    shape="pennant",
    limit=400,
    domain=Domain("table_name", "in", PLACED),
    filter="difference_ids",
    state="what",
    # Colours that eyes blind to some colours tell apart (Okabe and Ito)
    styles={
        "created": ("#009e73", "solid"),
        "changed": ("#0072b2", "half"),
        "abandoned": ("#e69f00", "crossed"),
        "absent": ("#d55e00", "hollow"),
    },
    card=("table_label", "code", "difference_id", "changes_text"),
)
_MAX_LINES = 500
_MAX_VERTICES = 5000


class Map(models.AbstractModel):
    """What differs between two deliveries, while one difference is looked at."""

    _inherit = "oiconnect.map"

    @api.model
    def _kinds(self):
        return super()._kinds() | {KIND: DIFFERENCES}

    @api.model
    @api.private
    def _view(self, bounds, zoom, kinds=(), filters=None):
        answer = super()._view(bounds, zoom, kinds, filters)
        wanted = self._wanted(bounds, zoom, kinds, filters or {})
        if KIND in wanted.kinds:
            self._add_difference_lines(answer, wanted)
        return answer

    @api.model
    def _add_difference_lines(self, answer, wanted):
        """Add the lines of cables of the view, or tell that they are too many."""
        pixel = 360 / 256 / 2**wanted.zoom
        rows = self._difference_rows(wanted)
        lines = [
            [id_, geo.drawn(text, pixel), what, label]
            for id_, text, what, label in rows[:_MAX_LINES]
        ]
        vertices = sum(len(line[1]) for line in lines)
        if len(rows) > _MAX_LINES or vertices > _MAX_VERTICES:
            answer["truncated"] = [*(answer["truncated"] or ()), KIND]
            return
        answer["differences"] = lines
        answer["totals"][KIND] += len(lines)

    @api.model
    def _difference_rows(self, wanted):
        """Return the lines of cables in the view, one more than the most at most."""
        model = self.env[MODEL]
        south, west, north, east = wanted.box.bounds
        query = model._search(
            Domain("difference_id", "in", wanted.difference_ids)
            & Domain("south", "<=", north)
            & Domain("north", ">=", south)
            & Domain("west", "<=", east)
            & Domain("east", ">=", west),
            order="id",
            limit=_MAX_LINES + 1,
        )
        table = SQL.identifier(query.table)
        return self.env.execute_query(
            query.select(
                *(SQL("%s.%s", table, SQL(name)) for name in ("id", "line", "what")),
                SQL("COALESCE(%(t)s.reference, %(t)s.code)", t=table),
            )
        )
