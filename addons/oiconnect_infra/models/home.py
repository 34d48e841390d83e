from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.home import WARNING, Block, Number

# The take-up of so many PMs, the largest, is worked out: the page stays quick
MOST_PMS = 500
# PMs that are named, at each end
NAMED = 3
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
        return [*super()._blocks(), *self._network_blocks()]

    @api.model
    def _network_blocks(self):
        if not self.env["oiconnect.route"].has_access("read"):
            return []
        found = self._take_up()
        return [
            Block(
                "take_up",
                self.env._("Take-up by PM"),
                70,
                (*self._take_up_numbers(found), self._full_number()),
                "" if found else self._no_take_up(),
                "take_up",
                lambda: self._take_up_map(found),
                (self.env._("Open the map"), "oiconnect_infra.map_action"),
            )
        ]

    @api.model
    def _no_take_up(self):
        return self.env._(
            "No PM that is deployed has its number of dwellings: import the IPE, or "
            "give it on the PM."
        )

    @api.model
    def _take_up(self):
        """Return ``[(PM, used routes per cent dwellings)]``, the lowest first.

        Served by the index (pm_id, state) of routes, PM by PM.
        """
        pms = self.env["oiconnect.pm"]
        domain = Domain("state", "=", "deployed") & Domain("dwelling_count", ">", 0)
        found = pms.search(domain, order="dwelling_count desc, id", limit=MOST_PMS)
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
        named = found[::-1][:NAMED]
        named += [line for line in found[:NAMED][::-1] if line not in named]
        for pm, share in named:
            yield Number(
                f"pm_{pm.id}",
                self.env._("PM %s, used routes", pm.reference),
                "oiconnect.route",
                Domain("pm_id", "=", pm.id) & Domain("state", "=", "used"),
                "oiconnect_infra.route_action",
                more={"share": f"{share}\N{NO-BREAK SPACE}%"},
            )

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
        """Return the points of the map of PMs; the client opens the PM of a point."""
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
                for pm, share in found
                if pm.latitude
            ],
        }

    @api.model
    def _class_label(self, rank):
        least = CLASSES[rank][0]
        if rank + 1 == len(CLASSES):
            return self.env._("%s %% and more", least)
        return self.env._("under %s %%", CLASSES[rank + 1][0])
