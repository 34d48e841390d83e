from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.time_zone import PARIS, local_day

from ...planning import Opening, free_slots, grid, moment

_lt = LazyTranslate(__name__)

KINDS = [("production", "Production"), ("repair", "After-sales")]


class AppointmentTeam(models.Model):
    """People who visit customers: when, where and for what they may be booked.

    Hours and holidays are those of Odoo's resources: a team is one.
    """

    _name = "oiconnect.appointment.team"
    _description = "Visiting team"
    _created_text = _lt("Visiting team created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.small.table.mixin",
        "oiconnect.chatter",
    ]
    _inherits = {"resource.resource": "resource_id"}
    _order = "sequence, id"
    _free_fields = EVERY_FIELD
    _followed_fields = ("name", "active", "calendar_id", "tz")

    resource_id = fields.Many2one(
        "resource.resource", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer("Colour")
    commune_ids = fields.Many2many(
        "oiconnect.commune", string="Communes served", help="None: the whole network"
    )
    for_production = fields.Boolean("Connections", default=True)
    for_repair = fields.Boolean("After-sales visits")
    capacity = fields.Integer(
        "Visits at a time",
        default=1,
        required=True,
        help="How many visits the team makes in one slot",
    )
    slot_minutes = fields.Integer(
        "Length of a slot (minutes)", default=120, required=True
    )
    notice_hours = fields.Integer(
        "Notice (hours)",
        default=48,
        required=True,
        help="A slot is booked at the latest this long before it begins",
    )
    horizon_days = fields.Integer(
        "Horizon (days)",
        default=60,
        required=True,
        help="Slots are offered this far ahead",
    )

    _capacity_positive = models.Constraint(
        "CHECK (capacity > 0)", "A team makes at least one visit at a time."
    )
    _slot_minutes_sane = models.Constraint(
        "CHECK (slot_minutes BETWEEN 15 AND 720)",
        "A slot lasts between 15 minutes and 12 hours.",
    )
    _notice_positive = models.Constraint(
        "CHECK (notice_hours >= 0)", "The notice is not negative."
    )
    _horizon_sane = models.Constraint(
        "CHECK (horizon_days BETWEEN 1 AND 366)",
        "Slots are offered between 1 and 366 days ahead.",
    )

    @api.model
    def default_get(self, fields):
        """The form, too, proposes the clock of the protocol."""
        zone = self.env.context.get("default_tz", PARIS)
        team = self.with_context(default_tz=zone)
        return super(AppointmentTeam, team).default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        # The clock of the protocol, not that of the user who creates the team
        teams = super().create([{"tz": PARIS} | vals for vals in vals_list])
        for team in teams:
            team.resource_id.company_id = team.company_id
        return teams

    def _serving(self, network, commune, kind):
        """Return the teams that do ``kind`` of work in ``commune``."""
        field = {"production": "for_production", "repair": "for_repair"}[kind]
        return self.search(
            Domain("network_id", "=", network.id)
            & Domain(field, "=", True)
            & (
                Domain("commune_ids", "=", False)
                | Domain("commune_ids", "in", commune.ids)
            )
        )

    def _free_slots(self, first, last, ignored=None):
        """Return ``[(team, Slot)]`` that may be booked between two moments, by time.

        :param ignored: the appointment that looks for another slot
        """
        booked = self._booked(first, last, ignored)
        closed = self._closed(first, last)
        found = []
        for team in self:
            slots = team._grid(*team._window(first, last))
            free = free_slots(
                slots, booked.get(team, ()), team.capacity, closed.get(team, ())
            )
            found += [(team, slot) for slot in free]
        return sorted(found, key=lambda pair: pair[1].start)

    def _window(self, first, last):
        """Return the two moments, within the notice and the horizon."""
        now = fields.Datetime.now()
        day = local_day(now, self.tz) + timedelta(days=self.horizon_days + 1)
        earliest = now + timedelta(hours=self.notice_hours)
        return max(first, earliest), min(last, moment(day, 0, self.tz))

    def _grid(self, first, last):
        if first >= last:
            return ()
        return grid(self._openings(), first, last, self.slot_minutes, self.tz)

    def _openings(self):
        weeks = self.calendar_id.sudo()._weekly_hours()
        return [
            Opening(weekday, start, stop, parity)
            for parity, week in enumerate(weeks)
            for weekday, hours in week.items()
            for start, stop in hours
        ]

    def _booked(self, first, last, ignored):
        """Return ``{team: [(start, stop)]}`` of what is booked, in one query."""
        appointments = self.env["oiconnect.appointment"].sudo()
        found = appointments.search_fetch(
            appointments._taken()
            & Domain("team_id", "in", self.ids)
            & Domain("start", "<", last)
            & Domain("stop", ">", first)
            & Domain("id", "not in", ignored.ids if ignored else []),
            ["team_id", "start", "stop"],
            order="id",
        )
        return {
            team: [(one.start, one.stop) for one in group]
            for team, group in found.grouped(lambda one: one.team_id).items()
        }

    def _closed(self, first, last):
        """Return ``{team: [(start, stop)]}`` of their holidays, in one query."""
        calendars = [False, *self.calendar_id.ids]
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                Domain("date_from", "<", last)
                & Domain("date_to", ">", first)
                & Domain("time_type", "=", "leave")
                & Domain("resource_id", "in", [False, *self.resource_id.ids])
                & Domain("calendar_id", "in", calendars)
                & Domain("company_id", "in", [False, *self.company_id.ids]),
                ["date_from", "date_to", "resource_id", "calendar_id"],
            )
        )
        return {
            team: [
                (leave.date_from, leave.date_to)
                for leave in leaves
                if leave.resource_id in (leaves.resource_id.browse(), team.resource_id)
                and leave.calendar_id in (team.calendar_id.browse(), team.calendar_id)
            ]
            for team in self
        }

    def action_view_closures(self):
        """Open the holidays of this team."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.appointment_closure_action"
        )
        return action | {
            "domain": [("resource_id", "=", self.resource_id.id)],
            "context": {"default_resource_id": self.resource_id.id},
        }


class Resource(models.Model):
    _inherit = "resource.resource"

    appointment_team_ids = fields.One2many(
        "oiconnect.appointment.team", "resource_id", "Visiting teams"
    )
