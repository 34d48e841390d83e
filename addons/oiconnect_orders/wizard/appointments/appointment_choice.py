from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.time_zone import PARIS, local_today, to_local

from ...models.appointments.appointment_team import KINDS
from ...planning import moment

WEEK = timedelta(days=7)
# What a slot has of the order, or the visit, that it is for
OF_RECORD = ("operator_id", "network_id", "building_id")


class AppointmentChoice(models.TransientModel):
    """Free slots of a week; one is taken to book, to move or to propose.

    A slot may be for an order that is being taken by hand, which goes on afterwards.
    """

    _name = "oiconnect.appointment.choice"
    _description = "Choice of a slot"
    _inherit = "oiconnect.network.choice.mixin"

    purpose = fields.Selection(
        [("book", "Book"), ("move", "Move"), ("propose", "Propose")],
        required=True,
        default="book",
    )
    appointment_id = fields.Many2one("oiconnect.appointment", readonly=True)
    order_id = fields.Many2one("oiconnect.access.order", readonly=True)
    new_id = fields.Many2one("oiconnect.access.order.new", readonly=True)
    operator_id = fields.Many2one("oiconnect.operator")
    commune_id = fields.Many2one("oiconnect.commune")
    building_id = fields.Many2one(
        "oiconnect.building", domain="[('commune_id', '=?', commune_id)]"
    )
    oc_reference = fields.Char("Operator's reference", size=30)
    kind = fields.Selection(KINDS, "Work", required=True, default="production")
    first_day = fields.Date(
        "Week from", required=True, default=lambda self: local_today()
    )
    last_day = fields.Date("To", compute="_compute_last_day")
    comment = fields.Char("Note")
    slot_ids = fields.One2many(
        "oiconnect.appointment.choice.slot", "choice_id", "Free slots", readonly=True
    )
    searched = fields.Boolean(readonly=True)
    line_header = fields.Json(
        "Line of the visit", compute="_compute_line_header", exportable=False
    )

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("appointment_id", "order_id")
    def _compute_line_header(self):
        """Have the customer and telephone at hand while a slot is agreed upon."""
        for choice in self:
            about = choice.appointment_id or choice.order_id
            choice.line_header = about.line_header | {"actions": []} if about else {}

    @api.depends("first_day")
    def _compute_last_day(self):
        for choice in self:
            choice.last_day = choice.first_day and choice.first_day + WEEK

    @api.onchange("building_id")
    def _onchange_building_id(self):
        if self.building_id.commune_id:
            self.commune_id = self.building_id.commune_id

    @api.model
    @api.private
    def _open_for(self, appointment, purpose):
        """Open on the free slots from now on, for another slot of ``appointment``."""
        return self._open_first(
            appointment,
            appointment.commune_id,
            purpose=purpose,
            appointment_id=appointment.id,
            kind=appointment.kind,
        )

    @api.model
    @api.private
    def _open_for_order(self, order):
        """Open on the free slots for another visit of ``order``."""
        commune = order.building_id.commune_id or order.appointment_id.commune_id
        return self._open_first(
            order, commune, order_id=order.id, oc_reference=order.oc_reference
        )

    @api.model
    @api.private
    def _open_for_new(self, new):
        """Open on the free slots for the visit of an order being taken."""
        return self._open_first(
            new,
            new.building_id.commune_id,
            new_id=new.id,
            oc_reference=new.oc_reference,
        )

    @api.model
    def _open_first(self, record, commune, **vals):
        """Open on the first week that has a slot; on this one when none has.

        Without a commune, the person chooses it first.

        :param record: whose operator, network and building the visit is for
        """
        vals |= {name: record[name].id for name in OF_RECORD}
        choice = self.create(vals | {"commune_id": commune.id})
        if not commune:
            return choice._reopen()
        now = fields.Datetime.now()
        offers = choice._offers(now, now + timedelta(days=366))
        if offers:
            choice.first_day = choice._local(offers[0], offers[0].start).date()
        return choice.action_search()

    def _offers(self, first, last):
        if not self.commune_id:
            raise UserError(self.env._("Choose the commune of the visit first."))
        return self.env["oiconnect.appointment"]._search_slots(
            self.network_id,
            self.commune_id,
            first,
            last,
            self.kind,
            appointment=self.appointment_id,
        )

    def action_search(self):
        """Show the free slots of the week."""
        self.ensure_one()
        offers = self._offers(
            moment(self.first_day, 0, PARIS), moment(self.last_day, 0, PARIS)
        )
        self.slot_ids = [
            fields.Command.clear(),
            *(fields.Command.create(self._line(offer)) for offer in offers),
        ]
        self.searched = True
        return self._reopen()

    def _line(self, offer):
        start, stop = self._local(offer, offer.start), self._local(offer, offer.stop)
        return {
            "reference": offer.reference,
            "team_id": offer.team.id,
            "day": start.date(),
            "hours": f"{start:%H:%M} – {stop:%H:%M}",
            "free": offer.free,
        }

    def _local(self, offer, when):
        return to_local(when, offer.team.tz)

    def action_later(self):
        self.first_day += WEEK
        return self.action_search()

    def action_earlier(self):
        self.first_day -= WEEK
        return self.action_search()

    def action_back(self):
        """Go back to the order, without a visit."""
        self.ensure_one()
        return self.new_id._reopen()

    def _reopen(self):
        names = {
            "book": self.env._("Book an appointment"),
            "move": self.env._("Move to another slot"),
            "propose": self.env._("Propose another slot"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": names[self.purpose],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _take(self, slot):
        """Book, move to or propose the slot; tell why when it is refused."""
        self.ensure_one()
        appointment, refusals = getattr(self, f"_take_{self.purpose}")(slot.reference)
        if refusals:
            # Beside the sentence, the code that the operator would get
            text = f"{refusals[0].message} ({refusals[0].code})"
            raise UserError(text)
        if self.new_id:
            return self.new_id._reopen()
        if self.purpose != "book":
            return {"type": "ir.actions.act_window_close"}
        return open_form(appointment)

    def _take_book(self, reference):
        self.env["oiconnect.appointment"].check_access("write")
        if not self.operator_id:
            raise UserError(self.env._("Choose the operator that books."))
        appointment, refusals = self.env["oiconnect.appointment"]._book(
            self.operator_id,
            self.network_id,
            self.commune_id,
            reference,
            kind=self.kind,
            building_id=self.building_id.id,
            oc_reference=self.oc_reference,
            comment=self.comment,
        )
        if appointment and self.order_id:
            self.order_id.sudo()._attach_appointment(appointment)
        if appointment and self.new_id:
            self.new_id._attach_appointment(appointment)
        return appointment, refusals

    def _take_move(self, reference):
        self.appointment_id.check_access("write")
        # By us, who know why: the operator's limit does not hold here.
        return self.appointment_id.sudo()._change_slot("move", reference, self.comment)

    def _take_propose(self, reference):
        self.appointment_id.check_access("write")
        return self.appointment_id.sudo()._propose(reference, self.comment)


class AppointmentChoiceSlot(models.TransientModel):
    _name = "oiconnect.appointment.choice.slot"
    _description = "Free slot"
    _order = "id"

    choice_id = fields.Many2one(
        "oiconnect.appointment.choice", required=True, ondelete="cascade"
    )
    reference = fields.Char(required=True)
    team_id = fields.Many2one("oiconnect.appointment.team", required=True)
    day = fields.Date()
    hours = fields.Char()
    free = fields.Integer()

    def action_take(self):
        self.ensure_one()
        return self.choice_id._take(self)
