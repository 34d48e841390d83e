from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...references import incident_reference

_lt = LazyTranslate(__name__)

# Kind of point: the field of the incident that names it
POINT_FIELDS = {
    "pbo": "pbo_id",
    "tube": "cable_id",
    "cable": "cable_id",
    "module": "module_id",
    "pm": "pm_id",
}
PLACES = ("pm_id", "module_id", "cable_id", "tube", "pbo_id")


class Incident(models.Model):
    """Collective incident: one cause on the network, and the tickets that come of it.

    It belongs to no operator: its tickets do, and each operator hears of its own only.
    """

    _name = "oiconnect.incident"
    _description = "Collective incident"
    _created_text = _lt("Incident created")
    _inherit = ["oiconnect.network.mixin", "oiconnect.chatter"]
    _order = "id desc"
    _rec_name = "reference"
    _creation_fields = (
        "network_id",
        "point",
        "pm_id",
        "module_id",
        "cable_id",
        "tube",
        "pbo_id",
        "start_date",
    )
    _free_fields = ("name", "description", "planned_end_date")
    _event_fields = EVERY_FIELD

    reference = fields.Char(
        compute="_compute_reference", store=True, size=30, index="trigram"
    )
    name = fields.Char("Subject", required=True)
    state = fields.Selection(
        [("open", "In progress"), ("closed", "Over")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    description = fields.Text()
    start_date = fields.Datetime("Begins", required=True, default=fields.Datetime.now)
    planned_end_date = fields.Datetime("Planned end")
    end_date = fields.Datetime("Ended on", readonly=True)

    point = fields.Selection(
        [
            ("pbo", "PBO"),
            ("tube", "Tube"),
            ("cable", "Cable"),
            ("module", "Module"),
            ("pm", "PM"),
        ],
        "Part of the network",
        required=True,
        default="pm",
    )
    pm_id = fields.Many2one("oiconnect.pm", "PM", index=True, ondelete="restrict")
    module_id = fields.Many2one("oiconnect.pm.module", ondelete="restrict")
    cable_id = fields.Many2one("oiconnect.pbo.cable", ondelete="restrict")
    tube = fields.Char()
    pbo_id = fields.Many2one("oiconnect.pbo", "PBO", ondelete="restrict")

    ticket_ids = fields.One2many("oiconnect.ticket", "incident_id", "Tickets")
    ticket_count = fields.Integer("Joined tickets", compute="_compute_ticket_count")

    _reference_uniq = models.UniqueIndex(
        "(reference)", "This reference of an incident is already used."
    )
    _ends_after = models.Constraint(
        "CHECK (end_date IS NULL OR end_date >= start_date)",
        "An incident ends after it begins.",
    )
    _planned_after = models.Constraint(
        "CHECK (planned_end_date IS NULL OR planned_end_date >= start_date)",
        "The planned end of an incident is after its beginning.",
    )

    @api.constrains("point", "pm_id", "module_id", "cable_id", "tube", "pbo_id")
    def _check_point(self):
        for incident in self:
            if not incident[POINT_FIELDS[incident.point]] or (
                incident.point == "tube" and not incident.tube
            ):
                raise ValidationError(
                    self.env._(
                        "Choose the part of the network that the incident is on."
                    )
                )
            if incident[POINT_FIELDS[incident.point]].network_id != incident.network_id:
                raise ValidationError(
                    self.env._("The place of the incident is not on its network.")
                )

    @api.constrains("start_date")
    def _check_start_date(self):
        """It is not changed afterwards, and an incident ends after it begins."""
        now = fields.Datetime.now()
        if any(incident.start_date > now for incident in self):
            raise ValidationError(
                self.env._(
                    "An incident has begun: plan works for what is still to come."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the place that the kind of point names.

        Others that a form had before its kind was changed would be sent, and drawn.
        """
        usual = self.default_get(["point"]).get("point")
        return super().create(
            [vals | self._other_places(vals.get("point", usual)) for vals in vals_list]
        )

    @api.model
    def _other_places(self, point):
        used = {POINT_FIELDS.get(point), *(("tube",) if point == "tube" else ())}
        return {name: False for name in PLACES if name not in used}

    @api.depends("network_id")
    def _compute_reference(self):
        for incident in self:
            number = incident._origin.id
            incident.reference = incident._origin.reference or (
                number and incident_reference(incident.network_id.oi_code, number)
            )

    @api.depends("ticket_ids")
    def _compute_ticket_count(self):
        for incident in self:
            incident.ticket_count = len(incident.ticket_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("An incident is kept for ever: close it instead."))

    # ------------------------------------------------------------------
    # Declared, joined, closed
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _declare(self, point, route):
        """Return the open incident on a point of ``route``, made if there is none."""
        vals = {"point": point, "network_id": route.network_id.id}
        vals[POINT_FIELDS[point]] = route[POINT_FIELDS[point]].id
        if point == "tube":
            vals["tube"] = route.tube
        known = self.search(
            [(name, "=", value) for name, value in vals.items()]
            + [("state", "=", "open")],
            limit=1,
        )
        labels = dict(self._fields["point"]._description_selection(self.env))
        place = route[POINT_FIELDS[point]].display_name
        name = " ".join(filter(None, (labels[point], vals.get("tube"), place)))
        return known or self.create(vals | {"name": name})

    def _join(self, tickets):
        """Put open tickets under the incident.

        Those of another incident that goes on stay there: it tells them a nearer cause.

        :raises UserError: the incident is over
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            raise UserError(
                self.env._("%s is over: no ticket joins it.", self.reference)
            )
        free = tickets.sudo().filtered(
            lambda ticket: ticket.is_open and ticket.incident_id.state != "open"
        )
        free.write({"incident_id": self.id})

    def _tickets_to_repair(self):
        """Return the tickets that are neither resolved nor over.

        :raises UserError: there is none
        """
        self.ensure_one()
        tickets = self.ticket_ids.filtered(
            lambda ticket: ticket.is_open and ticket.state != "resolved"
        )
        if not tickets:
            raise UserError(self.env._("%s has no ticket to repair.", self.reference))
        return tickets

    def _open_form(self):
        return open_form(self)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_join_impacted(self):
        """Put the open tickets of impacted lines under the incident."""
        self.ensure_one()
        tickets = self.env["oiconnect.ticket"].search(
            [("route_id", "in", self._impacted_route_ids()), ("is_open", "=", True)]
        )
        self._join(tickets)

    def action_close(self):
        """The cause is repaired; its tickets are resolved once their tasks are done."""
        self.check_access("write")
        going_on = self.filtered(lambda incident: incident.state == "open")
        going_on.sudo().write({"state": "closed", "end_date": fields.Datetime.now()})

    def action_add_task(self):
        """Open a task that each ticket to repair is given."""
        return self._tickets_to_repair().action_add_task()

    def action_decide(self):
        """Open the decision that the button names, on all tickets to repair."""
        return self._tickets_to_repair().action_decide()

    def action_write_message(self):
        """Open a message on each ticket to repair."""
        return self._tickets_to_repair().action_write_message()

    def action_view_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_sav.ticket_action"
        )
        return action | {"domain": [("incident_id", "=", self.id)], "context": {}}
