from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import UNUSABLE

SATURATIONS = [
    ("free", "Free"),
    ("low", "Nearly full"),
    ("full", "Full"),
    ("none", "No route"),
]
_COUNTS = ("total", "free", "wired", "reserved", "used", "out")
_count = partial(fields.Integer, compute="_compute_capacity", aggregator=None)


class Capacity(models.AbstractModel):
    """Object whose optical routes are given to operators.

    Everything is counted from the routes on request, never stored: two
    reservations at the same time touch no common row, and no count can be wrong.
    """

    _name = "oiconnect.capacity"
    _description = "Object with routes to give"

    # Column of the routes that leads to the object
    _capacity_column = None
    # Model of the ends at the object, its field to the object, the route's to the end
    _capacity_ends = ()
    _capacity_depends = ("route_ids.state", "route_ids.pto_id")

    # Each label says what is counted: the names of the bar are the same.
    capacity_total = _count("Routes in all")
    capacity_free = _count(
        "Free routes", help="Free routes that can be given to a new socket"
    )
    capacity_wired = _count(
        "Free routes at a socket",
        help="Free routes that are wired to a socket: given to that socket only",
    )
    capacity_reserved = _count("Reserved routes")
    capacity_used = _count("Used routes")
    capacity_out = _count("Routes out of service")
    capacity_bare = _count(
        "Without a route",
        compute="_compute_capacity_bare",
        help="Fibres or positions that are not on a route yet",
    )
    occupation = fields.Json(compute="_compute_capacity", exportable=False)
    saturation = fields.Selection(
        SATURATIONS,
        compute="_compute_capacity",
        search="_search_saturation",
        help="By the free routes that can be given to a new socket; the network "
        "tells from when on it is nearly full",
    )

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    @api.depends(lambda self: self._capacity_depends)
    def _compute_capacity(self):
        rows = self._capacity_rows(self._origin.ids)
        for record in self:
            counts = rows.get(record._origin.id, {})
            for name in _COUNTS:
                record[f"capacity_{name}"] = counts.get(name) or 0
            record.saturation = counts.get("saturation", "none")
            record.occupation = {name: counts.get(name) or 0 for name in _COUNTS}

    @api.depends(lambda self: self._capacity_depends)
    def _compute_capacity_bare(self):
        counts = self._bare_counts(self._origin.ids) if self._capacity_ends else {}
        for record in self:
            record.capacity_bare = counts.get(record._origin.id, 0)

    @api.model
    @api.private
    def _saturations(self, ids):
        """Return ``{id: saturation}`` in one query; no right is checked."""
        return {key: row["saturation"] for key, row in self._capacity_rows(ids).items()}

    @api.model
    def _capacity_rows(self, ids):
        """Return ``{id: {count name: number, "saturation": key}}``."""
        if not ids:
            return {}
        self._flush_capacity()
        self.env.cr.execute(
            SQL(
                """
                SELECT object.id, counts.*, %s AS saturation
                  FROM %s object CROSS JOIN LATERAL (%s) counts
                 WHERE object.id = ANY(%s)
                """,
                self._level_sql("object"),
                SQL.identifier(self._table),
                self._capacity_counts_sql("object"),
                list(ids),
            )
        )
        return {row["id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _capacity_counts_sql(self, alias):
        """Return the query of the counts of the object of the table ``alias``."""
        return SQL(
            """
            SELECT count(*) AS total,
                   count(*) FILTER (WHERE state = 'free' AND pto_id IS NULL) AS free,
                   count(*) FILTER (WHERE state = 'free' AND pto_id IS NOT NULL)
                       AS wired,
                   count(*) FILTER (WHERE state = 'reserved') AS reserved,
                   count(*) FILTER (WHERE state = 'used') AS used,
                   count(*) FILTER (WHERE state = ANY(%s)) AS out
              FROM (%s) route
            """,
            list(UNUSABLE),
            self._capacity_routes_sql(alias),
        )

    @api.model
    def _capacity_routes_sql(self, alias):
        """Return the query of the routes of the object of the table ``alias``."""
        return SQL(
            "SELECT state, pto_id FROM oiconnect_route WHERE %s = %s",
            SQL.identifier(self._capacity_column),
            SQL.identifier(alias, "id"),
        )

    @api.model
    def _any_route_sql(self, alias, wanted):
        """Return the condition that the object of ``alias`` has a ``wanted`` route.

        PostgreSQL looks it up object by object, or for all of them in one pass, as
        fits: a query between the two tables would let it do the former only.
        """
        return SQL(
            "EXISTS (SELECT FROM oiconnect_route route WHERE route.%s = %s AND %s)",
            SQL.identifier(self._capacity_column),
            SQL.identifier(alias, "id"),
            wanted,
        )

    @api.model
    def _level_sql(self, alias):
        """Return the saturation that ``counts`` tells for the table ``alias``."""
        networks = self.env["oiconnect.network"].sudo().with_context(active_test=False)
        networks = networks.search_fetch(
            [], ["saturation_low_count", "saturation_low_percent"]
        )
        return SQL(
            """CASE WHEN counts.total = 0 THEN 'none'
                    WHEN counts.free = 0 THEN 'full'
                    WHEN counts.free <= %s OR counts.free * 100 < %s * counts.total
                    THEN 'low' ELSE 'free' END""",
            _by_network(alias, networks, "saturation_low_count"),
            _by_network(alias, networks, "saturation_low_percent"),
        )

    @api.model
    def _bare_counts(self, ids):
        """Return ``{id: number of fibres or positions without a route}``."""
        model, column, route_column = self._capacity_ends
        self.env[model].flush_model([column])
        self.env["oiconnect.route"].flush_model([route_column])
        self.env.cr.execute(
            SQL(
                """
                SELECT part.%(column)s, count(*) FROM %(table)s part
                 WHERE part.%(column)s = ANY(%(ids)s) AND NOT (%(placed)s)
                 GROUP BY part.%(column)s
                """,
                table=SQL.identifier(self.env[model]._table),
                column=SQL.identifier(column),
                placed=self._capacity_placed_sql(),
                ids=list(ids),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _capacity_placed_sql(self):
        """Return the condition that an end, the row ``part``, is on a route."""
        return SQL(
            "EXISTS (SELECT FROM oiconnect_route WHERE %s = part.id)",
            SQL.identifier(self._capacity_ends[2]),
        )

    @api.model
    def _flush_capacity(self):
        names = ["state", "pto_id", self._capacity_column]
        self.env["oiconnect.route"].flush_model(names)
        self.flush_model(["network_id"])

    # ------------------------------------------------------------------
    # Search and grouping
    # ------------------------------------------------------------------

    @api.model
    def _search_saturation(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = [key for key, _label in SATURATIONS if key in value]
        return Domain.custom(
            to_sql=lambda model, alias, query: model._level_is_sql(
                alias, wanted, query
            ),
            predicate=lambda record: record.saturation in wanted,
        )

    @api.model
    def _level_is_sql(self, alias, wanted, query):
        """Return the condition that an object is at one of the wanted levels.

        Whether there is a route, and a free one, is looked up; the rest is counted.
        """
        level = self._field_to_sql(alias, "saturation", query)
        if self._capacity_column and wanted in (["none"], ["full"]):
            any_route = self._any_route_sql(alias, SQL("TRUE"))
            if wanted == ["none"]:
                return SQL("NOT %s", any_route)
            free = SQL("route.state = 'free' AND route.pto_id IS NULL")
            return SQL("(%s AND NOT %s)", any_route, self._any_route_sql(alias, free))
        return SQL("%s = ANY(%s)", level, wanted)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists be filtered and grouped by saturation.

        The routes of each object are counted where it is met: a page of a list stops
        early, and a whole table costs no more than one pass over the routes.
        """
        if field_expr != "saturation":
            return super()._field_to_sql(alias, field_expr, query)
        self._flush_capacity()
        return SQL(
            "(SELECT %s FROM (%s) counts)",
            self._level_sql(alias),
            self._capacity_counts_sql(alias),
        )


def _by_network(alias, networks, name):
    """Return a setting of the object's network, without a join for each row."""
    values = {network.id: network[name] for network in networks}
    if len(set(values.values())) < 2:
        return SQL("%s", next(iter(values.values()), 0))
    cases = [SQL("WHEN %s THEN %s", *item) for item in values.items()]
    return SQL(
        "CASE %s %s END", SQL.identifier(alias, "network_id"), SQL(" ").join(cases)
    )
