from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.time_zone import local_today

from ..charts import PAGES, TILES

# What a manager looks at first
HOME_TILES = ("orders_received", "failed_connection", "time_to_service", "late_gtr")
DAYS = 30
MAX_PINNED = 6


class Statistics(models.AbstractModel):
    """What the home page shows of statistics."""

    _inherit = "oiconnect.statistics"

    @api.model
    @api.readonly
    def read_home_tiles(self):
        """Return the tiles of the home page, of the last days."""
        self._check_reader()
        first = local_today() - timedelta(days=DAYS - 1)
        filters = self._filters({"date_from": first.isoformat()})
        return self._read_tiles([TILES[key] for key in HOME_TILES], filters)

    @api.model
    @api.readonly
    def read_home_chart(self, page, key):
        """Return a chart that the user has put on the home page, as it was chosen."""
        shown = self._page(page)
        chosen = next(
            (
                one
                for one in self._pinned()
                if (one["page"], one["chart"]) == (page, key)
            ),
            {},
        )
        filters = self._usual_days(shown) | chosen.get("filters", {})
        return self.read_chart(page, key, filters, chosen.get("dimension"))

    @api.model
    def pin(self, page, key, filters=None, dimension=None):
        """Put a chart on the user's home page, or take it off.

        :param filters: as of ``read_chart``; without days, the usual ones of the page
        :returns: keys of the charts of the page that are on the home page
        """
        shown = self._page(page)
        self._chart(shown, key)
        self._filters(filters)
        if dimension and dimension not in shown.dimensions:
            dimension = None
        others = [
            one for one in self._pinned() if (one["page"], one["chart"]) != (page, key)
        ]
        if len(others) == len(self._pinned()):
            if len(others) == MAX_PINNED:
                raise UserError(
                    self.env._(
                        "Your home page has %s charts: take one off first.", MAX_PINNED
                    )
                )
            names = ("date_from", "date_to", "operator_ids", "network_ids")
            others.append(
                {
                    "page": page,
                    "chart": key,
                    "filters": {
                        name: value
                        for name, value in (filters or {}).items()
                        if name in names
                    },
                    "dimension": dimension or False,
                }
            )
        settings = self.env["res.users.settings"]._find_or_create_for_user(
            self.env.user
        )
        settings.sudo().oiconnect_home_charts = others
        return self._pinned_keys(page)

    @api.model
    def _pinned(self):
        """Return the charts of the user's home page that still exist."""
        settings = self.env.user.sudo().res_users_settings_id
        return [
            one
            for one in settings.oiconnect_home_charts or []
            if one["page"] in PAGES and PAGES[one["page"]].chart(one["chart"])
        ]

    @api.model
    def _pinned_keys(self, page):
        return [one["chart"] for one in self._pinned() if one["page"] == page]
