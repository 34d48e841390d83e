from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.oiconnect_base.time_zone import local_today

from ..charts import TILES, Duration, Rate
from .statistics_duration import SHARES

NOW, BEFORE = "now", "before"


class Statistics(models.AbstractModel):
    """Tiles on top of a page: value, trend against the period before, goal."""

    _inherit = "oiconnect.statistics"

    @api.model
    @api.readonly
    def read_tiles(self, page, filters=None):
        """Return the tiles of a page, counted by one statement.

        Each has ``value`` and what it is made of: ``count``, for rates ``total`` too,
        for durations ``p95``; and the lists of these. ``before`` has the same of the
        period before.
        """
        return self._read_tiles(self._page(page).tiles, self._filters(filters))

    @api.model
    def _read_tiles(self, tiles, filters):
        before = filters.before(local_today())
        periods = {NOW: filters} | ({BEFORE: before} if before else {})
        wanted = {
            (tile.key, name, part): domain
            for tile in tiles
            for name, of_period in periods.items()
            for part, domain in self._tile_domains(tile, of_period).items()
        }
        found = self._measured(wanted)
        goals = self._goals()
        return {
            "before": before and self._period_label(before),
            "tiles": [
                self._tile(tile, wanted, found, goals.get(tile.key)) for tile in tiles
            ],
        }

    @api.model
    def _period_label(self, filters):
        last = format_date(self.env, filters.date_to)
        if not filters.date_from:
            return self.env._("until %s", last)
        first = format_date(self.env, filters.date_from)
        return self.env._("%(first)s to %(last)s", first=first, last=last)

    @api.model
    def _tile_domains(self, tile, filters):
        """Return ``{part: domain}`` of what a tile counts: all of it, what failed."""
        domain = self._source_domain(tile.source, filters)
        if not isinstance(tile.figure, Rate):
            return {"all": domain}
        return {"all": domain, "failed": domain & Domain(list(tile.figure.failed))}

    @api.model
    def _measured(self, wanted):
        """Return ``{(tile, period, part): (number, [P50, P95])}``."""
        if not wanted:
            return {}
        rows = self.env.execute_query(
            SQL(" UNION ALL ").join(
                self._measure(rank, TILES[key], part, domain)
                for rank, ((key, _period, part), domain) in enumerate(wanted.items())
            )
        )
        keys = list(wanted)
        return {keys[rank]: tuple(values) for rank, *values in rows}

    @api.model
    def _measure(self, rank, tile, part, domain):
        figure, records = tile.figure, self._records_of(tile.source)
        number, percentiles = SQL("count(*)"), SQL("NULL::float8[]")
        if isinstance(figure, Duration):
            inner = self._lasted_query(figure, domain, SQL("NULL"))
            percentiles = SQL(
                "percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY lasted)", SHARES
            )
        else:
            query = records._search(domain)
            counted = SQL("1")
            if isinstance(figure, Rate) and figure.sums:
                name = figure.sums[part == "failed"]
                counted = records._field_to_sql(query.table, name, query)
            inner = query.select(SQL("%s AS counted", counted))
            number = SQL("COALESCE(sum(counted), 0)::bigint")
        return SQL(
            "SELECT %s, %s, %s FROM (%s) found", rank, number, percentiles, inner
        )

    @api.model
    def _tile(self, tile, wanted, found, goal):
        drawn = {
            "key": tile.key,
            "title": str(self._text(tile.title)),
            "unit": tile.unit,
            "better": tile.better or False,
            "goal": False if goal is None else goal,
            "before": False,
        }
        drawn |= self._tile_period(tile, NOW, wanted, found)
        if (tile.key, BEFORE, "all") in wanted:
            drawn["before"] = self._tile_period(tile, BEFORE, wanted, found)
        return drawn

    @api.model
    def _tile_period(self, tile, period, wanted, found):
        """Return the numbers of a tile in a period, and the lists that they count."""
        part = "failed" if tile.unit == "percent" else "all"
        total, percentiles = found[tile.key, period, "all"]
        count = found[tile.key, period, part][0]
        half, most = percentiles or (None, None)
        share = 100 * count / total if total else None
        return {
            "value": {"count": count, "percent": share}.get(tile.unit, half),
            "p95": most,
            "count": count,
            "total": total,
            "list": self._lead(tile.source, wanted[tile.key, period, part]),
            "total_list": self._lead(tile.source, wanted[tile.key, period, "all"]),
        }

    @api.model
    def _goals(self):
        """Return ``{tile: goal}`` of the company; none where several are chosen."""
        if len(self.env.companies) > 1:
            return {}
        goals = self.env["oiconnect.statistics.goal"].sudo()
        of_company = Domain("company_id", "=", self.env.company.id)
        return {goal.tile: goal.value for goal in goals.search(of_company)}
