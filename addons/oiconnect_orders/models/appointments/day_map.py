from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.time_zone import PARIS, local_today, to_local

from ...planning import moment

# Shape and colour of each state: distinct for colour-blind users too
STYLES = {
    "created": ("#b45f06", "circle"),
    "postponed": ("#b45f06", "diamond"),
    "confirmed": ("#0072b2", "square"),
    "done": ("#00795a", "hexagon"),
    "customer_absent": ("#b8450f", "triangle"),
}
# Of live visits that serve nothing any more
NEEDLESS = ("#5c636a", "cross")


class Appointment(models.Model):
    """The visits of a day, and where they are."""

    _inherit = "oiconnect.appointment"

    @api.model
    @api.readonly
    def day_map(self, day=None, team_id=None):
        """Return the visits of a day for the map; of today when none is given.

        :param day: ``YYYY-MM-DD``
        """
        day = fields.Date.to_date(day) or local_today()
        found = self.search(self._of_day(day), order="start, team_id, id")
        teams = found.team_id
        if team_id:
            found = found.filtered(lambda one: one.team_id.id == team_id)
        return {
            "day": fields.Date.to_string(day),
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            "states": self._day_states(),
            "tiles": self.env["oiconnect.map.layer"]._tiles()[:1],
            "visits": [visit._day_visit(rank) for rank, visit in enumerate(found, 1)],
        }

    @api.model
    def _of_day(self, day):
        """Return the domain of the visits made or awaited on a day."""
        return (
            Domain("state", "in", list(STYLES))
            & Domain("start", ">=", moment(day, 0, PARIS))
            & Domain("start", "<", moment(day + timedelta(days=1), 0, PARIS))
        )

    @api.model
    def _day_states(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [
            *([state, labels[state], *style] for state, style in STYLES.items()),
            ["needless", self.env._("Serves nothing any more"), *NEEDLESS],
        ]

    def _day_visit(self, rank):
        latitude, longitude, is_exact = self._place()
        zone = self.team_id.tz
        start, stop = to_local(self.start, zone), to_local(self.stop, zone)
        return {
            "id": self.id,
            "rank": rank,
            "hours": f"{start:%H:%M} – {stop:%H:%M}",
            "team": self.team_id.name,
            "operator": self.operator_id.name,
            "address": self._spoken_address(),
            "state": "needless" if self.needless_reason else self.state,
            "lat": latitude,
            "lon": longitude,
            "is_exact": is_exact,
        }

    def _spoken_address(self):
        building = self.building_id
        readable = self._has_field_access(self._fields["address"], "read")
        return (
            (readable and self.address)
            or building.address
            or ", ".join(filter(None, (building.identifier, self.commune_id.name)))
        )

    def _place(self):
        """Return latitude, longitude, and whether it is the very building."""
        building, commune = self.building_id, self.commune_id
        if building.latitude:
            return building.latitude, building.longitude, True
        return commune.latitude, commune.longitude, False
