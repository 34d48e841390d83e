from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.geo import line as geo

KIND = "difference"
SHAPE = "pennant"
#: points of one answer; with more of them it has clusters
_LIMIT = 400
_MOST_LINES = 500
_MOST_VERTICES = 5000
#: what became of a row: its colour, of those that eyes blind to some colours tell apart
#: (Okabe and Ito), and how its shape is filled
STYLES = {
    "created": ("#009e73", "solid"),
    "changed": ("#0072b2", "half"),
    "abandoned": ("#e69f00", "crossed"),
    "absent": ("#d55e00", "hollow"),
}
#: tables whose rows stand somewhere by themselves: fibres and trays are in their boxes
PLACED = (
    *("t_adresse", "t_znro", "t_zsro", "t_zpbo", "t_sitetech", "t_site", "t_ptech"),
    *("t_ebp", "t_suf", "t_local"),
)
_CARD = ("table_label", "code", "difference_id", "changes_text")


class Map(models.AbstractModel):
    """What differs between two deliveries, while one difference is looked at."""

    _inherit = "oiconnect.map"

    @api.model
    def _kind_models(self):
        return super()._kind_models() | {KIND: "oiconnect.gracethd.difference.line"}

    @api.model
    def _point_limits(self):
        return super()._point_limits() | {KIND: _LIMIT}

    @api.model
    def _filter_names(self):
        return (*super()._filter_names(), "difference_ids")

    @api.model
    def _wanted(self, bounds, zoom, kinds, filters):
        """Nothing is looked for while no difference is looked at."""
        wanted = super()._wanted(bounds, zoom, kinds, filters)
        if not wanted.difference_ids:
            wanted.kinds = [kind for kind in wanted.kinds if kind != KIND]
        return wanted

    @api.model
    def _shapes(self):
        return super()._shapes() | {KIND: SHAPE}

    @api.model
    def _states(self, kind):
        if kind != KIND:
            return super()._states(kind)
        field = self.env["oiconnect.gracethd.difference.line"]._fields["what"]
        return [
            [key, label, STYLES[key][0], SHAPE, STYLES[key][1]]
            for key, label in field._description_selection(self.env)
        ]

    @api.model
    def _card_fields(self, kind):
        return _CARD if kind == KIND else super()._card_fields(kind)

    @api.model
    def _kind_domain(self, kind, wanted):
        """Rows of the differences that are asked for; no other filter is theirs."""
        if kind != KIND:
            return super()._kind_domain(kind, wanted)
        return Domain("difference_id", "in", wanted.difference_ids) & Domain(
            "table_name", "in", PLACED
        )

    @api.model
    def _state_column(self, kind, query, wanted):
        if kind != KIND:
            return super()._state_column(kind, query, wanted)
        return SQL.identifier(query.table, "what")

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
            for id_, text, what, label in rows[:_MOST_LINES]
        ]
        vertices = sum(len(line[1]) for line in lines)
        if len(rows) > _MOST_LINES or vertices > _MOST_VERTICES:
            answer["truncated"] = [*(answer["truncated"] or ()), KIND]
            return
        answer["differences"] = lines
        answer["totals"][KIND] += len(lines)

    @api.model
    def _difference_rows(self, wanted):
        """Return the lines of cables in the view, one more than the most at most."""
        model = self.env["oiconnect.gracethd.difference.line"]
        south, west, north, east = wanted.box.bounds
        query = model._search(
            Domain("difference_id", "in", wanted.difference_ids)
            & Domain("south", "<=", north)
            & Domain("north", ">=", south)
            & Domain("west", "<=", east)
            & Domain("east", ">=", west),
            order="id",
            limit=_MOST_LINES + 1,
        )
        table = SQL.identifier(query.table)
        return self.env.execute_query(
            query.select(
                *(SQL("%s.%s", table, SQL(name)) for name in ("id", "line", "what")),
                SQL("COALESCE(%(t)s.reference, %(t)s.code)", t=table),
            )
        )
