from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.home import WARNING, Block, Number

# The take-up of so many PMs, the largest, is worked out: the page stays quick
MAX_PMS = 500
# PMs that are named, at each end
NAMED = 3
# Points over the heat of a small map: with more PMs, those that are named alone
MAX_POINTS = 60
# Cells of the heat, in each direction, and their least side in degrees
CELLS, LEAST_CELL = 64, 0.0005
# Take-up from which each colour is (percents): light to dark, whatever one's eyes
CLASSES = (
    (0, "#c7e9b4"),
    (5, "#7fcdbb"),
    (15, "#41b6c4"),
    (35, "#1d91c0"),
    (65, "#253494"),
)


class Home(models.AbstractModel):
    """The network: its take-up by PM, on a small map, and where it is full."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        return [*super()._blocks(), *self._declared(self._take_up_block)]

    @api.model
    def _take_up_block(self):
        if not self.env["oiconnect.route"].has_access("read"):
            return None
        found = self._take_up()
        return Block(
            "take_up",
            self.env._("Take-up by PM"),
            70,
            (*self._take_up_numbers(found), self._full_number()),
            "" if found else self._no_take_up(),
            "take_up",
            lambda _counts: self._take_up_map(found),
            (self.env._("Open the map"), "oiconnect_infra.map_action"),
        )

    @api.model
    def _no_take_up(self):
        return self.env._(
            "No PM that is deployed has its number of dwellings: import the IPE, or "
            "give it on the PM."
        )

    @api.model
    def _counted_pms(self):
        """Return the domain of the PMs whose take-up means something."""
        return Domain("state", "=", "deployed") & Domain("dwelling_count", ">", 0)

    @api.model
    def _take_up(self):
        """Return ``[(PM, used routes per cent dwellings)]``, the lowest first.

        Served by the index (pm_id, state) of routes, PM by PM.
        """
        pms = self.env["oiconnect.pm"]
        found = pms.search_fetch(
            self._on_screen(pms, self._counted_pms()),
            ["reference", "dwelling_count", "latitude", "longitude"],
            order="dwelling_count desc, id",
            limit=MAX_PMS,
        )
        self.env["oiconnect.route"].flush_model(["pm_id", "state"])
        used = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT pm.id, counts.used FROM unnest(%s::int[]) AS pm (id)
                     CROSS JOIN LATERAL (
                           SELECT count(*) AS used FROM oiconnect_route
                            WHERE pm_id = pm.id AND state = 'used'
                     ) counts
                    """,
                    found.ids,
                )
            )
        )
        shares = [(pm, round(100 * used[pm.id] / pm.dwelling_count)) for pm in found]
        return sorted(shares, key=lambda line: (line[1], line[0].id))

    @api.model
    def _take_up_numbers(self, found):
        """Yield the PMs with the highest take-up, then those with the lowest."""
        for pm, share in self._named_pms(found):
            yield Number(
                f"pm_{pm.id}",
                self.env._("PM %s, used routes", pm.reference),
                "oiconnect.route",
                Domain("pm_id", "=", pm.id) & Domain("state", "=", "used"),
                "oiconnect_infra.route_action",
                more={"share": f"{share}\N{NO-BREAK SPACE}%"},
            )

    @api.model
    def _named_pms(self, found):
        named = found[::-1][:NAMED]
        return named + [line for line in found[:NAMED][::-1] if line not in named]

    @api.model
    def _full_number(self):
        """Served by the index (pm_id, state) of routes: is there one, and a free one"""
        return Number(
            "full_pms",
            self.env._("PMs without a free route"),
            "oiconnect.pm",
            Domain("saturation", "=", "full"),
            "oiconnect_infra.pm_action",
            WARNING,
        )

    @api.model
    def _take_up_map(self, found):
        """Return the points of the map of PMs; the client opens the PM of a point.

        The heat under them is requested apart: the page does not wait for it.
        """
        shown = found if len(found) <= MAX_POINTS else self._named_pms(found)
        return {
            "model": "oiconnect.pm",
            "tiles": self.env["oiconnect.map.layer"]._tiles()[:1],
            "styles": [
                [str(least), self._class_label(rank), colour, "circle", "solid"]
                for rank, (least, colour) in enumerate(CLASSES)
            ],
            "places": [
                {
                    "id": pm.id,
                    "lat": pm.latitude,
                    "lon": pm.longitude,
                    "state": str(max(low for low, _colour in CLASSES if low <= share)),
                    "label": f"{pm.reference}, {share}\N{NO-BREAK SPACE}%",
                }
                for pm, share in shown
                if pm.latitude
            ],
        }

    @api.model
    @api.readonly
    def take_up_heat(self):
        """Return ``[[latitude, longitude, dwellings, used routes]]`` of all PMs.

        PMs that are near each other are added up: the answer is as short for ten
        thousand as for a hundred. One pass over the index (pm_id, state) of routes.
        """
        self._check_reader()
        self.env["oiconnect.route"].check_access("read")
        self.env["oiconnect.route"].flush_model(["pm_id", "state"])
        pms = self.env["oiconnect.pm"]
        pms.flush_model(["latitude", "longitude", "dwelling_count", "state"])
        query = pms._search(self._counted_pms() & Domain("latitude", "!=", 0))
        rows = self.env.execute_query(
            SQL(
                """
                WITH pm AS (%s), cell AS (
                    SELECT greatest(%s, max(latitude) - min(latitude),
                                    max(longitude) - min(longitude)) / %s AS side
                      FROM pm
                ), used AS (
                    SELECT pm_id, count(*) AS routes FROM oiconnect_route
                     WHERE state = 'used' GROUP BY pm_id
                )
                SELECT round(avg(latitude)::numeric, 5)::float8,
                       round(avg(longitude)::numeric, 5)::float8,
                       sum(dwelling_count)::int, COALESCE(sum(routes), 0)::int
                  FROM pm CROSS JOIN cell LEFT JOIN used ON used.pm_id = pm.id
                 GROUP BY floor(latitude / side), floor(longitude / side)
                """,
                query.select(
                    *(
                        SQL.identifier(query.table, name)
                        for name in ("id", "latitude", "longitude", "dwelling_count")
                    )
                ),
                LEAST_CELL * CELLS,
                CELLS,
            )
        )
        return [list(row) for row in rows]

    @api.model
    def _class_label(self, rank):
        least = CLASSES[rank][0]
        if rank + 1 == len(CLASSES):
            return self.env._("%s %% and more", least)
        return self.env._("under %s %%", CLASSES[rank + 1][0])
