from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from odoo.addons.oiconnect_base.bulk import filter_by_values, group_by_values
from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.models.timeline_mixin import BAD, ENDED, GOOD, NEUTRAL
from odoo.addons.oiconnect_base.time_zone import local_day

from ...appointment_states import LIVE_STATES
from ...delays.kinds import ACCESS_ORDER_DELAYS, after_failure, running
from ...delays.todos import required_todo_kind
from ...personal import CUSTOMER_GROUPS

# What becomes of the appointments of an order, by its event
FOLLOWED = {
    "connected": "visit",
    "cancel": "cancel",
    "abandon": "cancel",
    "terminate": "cancel",
    "overwrite": "cancel",
}
VISIT_STYLES = {
    "done": GOOD,
    "customer_absent": BAD,
    "cancelled": ENDED,
    "expired": ENDED,
}


class AccessOrder(models.Model):
    """Follow-up of an order: visits, delays, work list and timeline.

    Orders that we connect rest on an appointment, which follows them. The delay of a
    production stops while a failure is fixed.
    """

    _inherit = "oiconnect.access.order"

    _delays = ACCESS_ORDER_DELAYS

    _todo_group = "oiconnect_base.group_access_user"
    _free_text_groups = CUSTOMER_GROUPS

    appointment_ids = fields.One2many(
        "oiconnect.appointment", "order_id", "Appointments"
    )
    appointment_count = fields.Integer(
        "Number of appointments", compute="_compute_appointment"
    )
    appointment_id = fields.Many2one(
        "oiconnect.appointment",
        compute="_compute_appointment",
        help="The visit that is awaited, or the last one",
    )

    visit_step = fields.Selection(
        [
            ("confirm", "Confirm the appointment"),
            ("move", "Move the appointment"),
            ("book", "Book another appointment"),
        ],
        "Step of the visit",
        compute="_compute_visit_step",
        compute_sudo=True,
    )

    # The board: the first cards of each state, what is due first on top.
    # The counts of the home page read nothing but this index: select count(*) where
    # is_open and due_date < x and awaited = y and company_id in z.
    _board_idx = models.Index(
        "(state, due_date, id) INCLUDE (awaited, company_id) WHERE is_open IS TRUE"
    )

    @api.depends("appointment_ids.start", "appointment_ids.state")
    def _compute_appointment(self):
        for order in self:
            found = order.appointment_ids.sorted("start")
            awaited = found.filtered(lambda one: one.state in LIVE_STATES)
            order.appointment_count = len(found)
            order.appointment_id = awaited[:1] or found[-1:]

    @api.depends("state", "connection_type", "existing_socket", "appointment_id")
    def _compute_visit_step(self):
        failed = self.filtered(lambda order: order.state == "connect_ko")
        visited = failed._needs_visit()
        for order in self:
            visit = order.appointment_id if order in visited else None
            order.visit_step = visit._step_after_failure() if visit else False

    def write(self, vals):
        result = super().write(vals)
        if "proposed_reason_id" in vals:
            self._sync_todos()
        return result

    def _needs_visit(self):
        """Return the orders for which we go to the customer's."""
        return filter_by_values(
            self,
            ("connection_type", "existing_socket"),
            lambda order: order.connection_type == "oi" and not order.existing_socket,
        )

    def _move_appointments(self, transition, values, origin):
        # Orders without a visit, most often a whole file, cost nothing here.
        visited = self._needs_visit()
        if visited:
            visited._follow_by_appointments(transition.event, origin)

    def _follow_by_appointments(self, event, origin):
        if event == "accept":
            self._link_appointments(origin)
        elif event == "connection_failed":
            absent = self.filtered("reason_id.customer_absent")
            absent._end_appointments("miss", origin)
            (self - absent)._end_appointments("visit", origin)
        elif event in FOLLOWED:
            self._end_appointments(FOLLOWED[event], origin)

    def _link_appointments(self, origin):
        """The order confirms the appointment that it names."""
        found = self._named_appointments()
        linked = self.env["oiconnect.appointment"]
        for order in self:
            key = (order.network_id, order.operator_id, order.appointment_reference)
            # The first order of a batch that names it has it.
            appointment = found.pop(key, linked.browse())
            if appointment:
                appointment._attach_order(order)
                linked |= appointment
        linked._can_fire("confirm")._fire("confirm", origin)

    def _named_appointments(self):
        """Return the awaited appointments that the orders name, in one query.

        :return: ``{(network, operator, reference): appointment}``
        """
        names = [name for name in self.mapped("appointment_reference") if name]
        visits = self.env["oiconnect.appointment"].sudo()
        found = visits.search(
            Domain("reference", "in", names)
            & Domain("state", "in", LIVE_STATES)
            & Domain("order_id", "=", False)
        )
        return {(one.network_id, one.operator_id, one.reference): one for one in found}

    def _end_appointments(self, event, origin):
        """Fire ``event`` on what is still awaited of these orders."""
        visits = self.env["oiconnect.appointment"].sudo()
        visits.search(
            Domain("order_id", "in", self.ids) & Domain("state", "in", LIVE_STATES)
        )._fire(event, origin)

    def _attach_appointment(self, appointment):
        """The visit is made at ``appointment`` from now on."""
        appointment.sudo()._attach_order(self)
        appointment.sudo().awaits = "us"
        self.appointment_reference = appointment.reference

    def _running_kind(self):
        if self.state != "connect_ko":
            return running(self.state, self.connection_type, self.existing_socket)
        kind = after_failure(self.reason_id.family, self.discharge_number)
        fixing_party, _rule = self._awaited_of(kind)
        # A party late to connect gains no time by a failure it fixes itself.
        keeps = self.due_kind in self._delays.stopping and fixing_party == self.awaited
        return self.due_kind if keeps else kind

    def _connection_deadline(self):
        """Return the day by which the sub-contractor must have connected."""
        start = self.report_date or fields.Datetime.now()
        rule = self._delay_rules().get("connection")
        due = self.env["oiconnect.delay"]._limit(rule, start)[0] if rule else start
        return local_day(due)

    @api.model
    def _todo_domain(self):
        return Domain("is_open", "=", True)

    def _required_todo_kind(self):
        return required_todo_kind(self)

    @api.model
    def _todo_trigger_fields(self):
        return (
            *super()._todo_trigger_fields(),
            "proposed_reason_id",
            "study_broke",
            "discharge_number",
            "connection_type",
            "existing_socket",
        )

    def _todo_groups(self):
        """Group all but the orders with a visit, of which the date says what to do."""
        visits = self._needs_visit()
        return [*visits, *group_by_values(self - visits, *self._todo_trigger_fields())]

    def _todo_limit(self):
        """Return ``(due, warning)``: of a visit of ours, when it takes place."""
        visit = self.connection_type == "oi" and self._visit_date()
        if visit and self.todo_kind in ("plan", "report"):
            return min(visit, self.due_date or visit), self.warning_date or visit
        return super()._todo_limit()

    def _visit_date(self):
        """Return when we go to the customer's: as booked, else as ordered."""
        return self.appointment_id.start or self.install_date

    def _todo_detail(self):
        """Return the reason to look at, or the number that proves a new route."""
        reason = self.proposed_reason_id or self.reason_id
        return self.discharge_number or reason.display_name or False

    @api.model
    def _timeline_kinds(self):
        visit = ("fa-calendar", self.env._("Appointment"))
        return {"visit": visit} | super()._timeline_kinds()

    def _timeline_entries(self):
        return [*super()._timeline_entries(), *self._visit_entries()]

    def _visit_entries(self):
        for visit in self.appointment_ids:
            last = visit.step_ids.sorted("id")[-1:]
            for step in visit.step_ids:
                yield self._visit_entry(visit, step, step == last)

    def _visit_entry(self, visit, step, is_last):
        """Show the slot only where it is the agreed one: at the last step."""
        slot = is_last and format_datetime(self.env, visit.start, dt_format="short")
        return self._entry(
            "visit",
            step,
            step.date,
            self.env._("Appointment: %s", visit._event_label(step.event)),
            slot,
            step.readable_note,
            style=VISIT_STYLES.get(step.target, NEUTRAL),
            who=self._entry_author(step),
            links=[self._entry_link(visit, visit.reference)],
        )

    def action_resume(self):
        """A failed visit is made again at a new appointment."""
        for order in self._needs_visit():
            last = order.appointment_id
            if last and last.state not in LIVE_STATES:
                raise UserError(
                    self.env._(
                        "%(order)s: the visit failed. Move the appointment "
                        "%(appointment)s to another slot and confirm it: the "
                        "connection resumes by itself.",
                        order=order.display_name,
                        appointment=last.reference,
                    )
                )
        self._act("resume")

    def action_book_appointment(self):
        """Book a visit for an order that awaits none."""
        self.ensure_one()
        self.check_access("write")
        return self.env["oiconnect.appointment.choice"]._open_for_order(self)

    def action_view_appointments(self):
        self.ensure_one()
        if self.appointment_count == 1:
            return open_form(self.appointment_id)
        return self._open_related(self.appointment_ids, self.env._("Appointments"))

    def action_confirm_visit(self):
        self.ensure_one()
        self.appointment_id.action_confirm()

    def action_move_visit(self):
        """Open the free slots for the visit of the order."""
        self.ensure_one()
        return self.appointment_id.action_move()
