from datetime import MAXYEAR, MINYEAR
from typing import NamedTuple

from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.reception import Message
from odoo.addons.oiconnect_base.time_zone import to_local
from odoo.addons.oiconnect_base.workflow import SCREEN

from ...appointment_states import PRODUCT
from ...controls.acknowledgement import Refusal
from ...planning import DAY, moment, parse_slot, slot_reference

# What an operator may say of a visit that it books
BOOKED = ("kind", "segment", "oc_reference", "address", "comment")


class Offer(NamedTuple):
    """A slot as an operator is offered it."""

    reference: str
    start: object
    stop: object
    free: int
    team: object


class NoSeat(Exception):
    """The slot was booked by another transaction."""


class Appointment(models.Model):
    """Booking: operators and our people search, book, look up and move.

    What changes something returns ``(appointment, [Refusal, …])``; a refusal changes
    nothing.
    """

    _inherit = "oiconnect.appointment"

    _messages = (
        Message(
            "_receive_booking",
            ("slot", "insee_code", *BOOKED),
            kinds={"slot": "char", "insee_code": "char"},
        ),
        Message("_receive_move", ("slot",), "move", {"slot": "char"}),
        *(
            Message("_receive_answer", (), event, fixed={"event": event})
            for event in ("confirm", "cancel")
        ),
    )

    @api.model
    @api.private
    def _search_slots(self, network, commune, first, last, kind="production", **known):
        """Return the offers between two moments (naive UTC), by time.

        :param known: ``appointment``, the one that looks for another slot
        """
        teams = self.env["oiconnect.appointment.team"].sudo()
        serving = teams._serving(network, commune, kind)
        return [
            Offer(slot_reference(team.id, slot.start), *slot, team)
            for team, slot in serving._free_slots(first, last, known.get("appointment"))
        ]

    @api.model
    @api.private
    def _book(self, operator, network, commune, slot, origin=SCREEN, **values):
        """Book the slot of that reference.

        :param values: of the appointment: kind, product, segment, building_id…
        """
        if values.get("product", PRODUCT) != PRODUCT:
            return self.browse(), [self._refuse("FRDV05")]
        kind = values.get("kind", "production")
        offer = self._offer(network, commune, slot, kind)
        if not offer:
            return self.browse(), [self._refuse("FRDV02")]
        vals = values | {
            "operator_id": operator.id,
            "network_id": network.id,
            "commune_id": commune.id,
            "team_id": offer.team.id,
            "start": offer.start,
            "stop": offer.stop,
            "awaits": "us",
        }
        with isolated_savepoint(self.env.cr) as attempt:
            appointment = self.sudo()._create_from(origin, [vals])
            appointment._set_expiry()
            if not appointment._reserve_slot(offer.team, offer):
                raise NoSeat
        if isinstance(attempt.error, NoSeat):
            return self.browse(), [self._refuse("FRDV02")]
        if attempt.error:
            raise attempt.error
        return appointment.with_env(self.env), []

    @api.model
    @api.private
    def _look_up(self, reference, operator):
        """Return the appointment of the operator with that reference."""
        found = self.sudo().search(
            [("reference", "=", reference), ("operator_id", "=", operator.id)], limit=1
        )
        return found, [] if found else [self._refuse("FRDV03")]

    @api.model
    @api.private
    def _move_to(self, reference, operator, slot, origin=SCREEN):
        """Move the operator's appointment to the slot of that reference."""
        appointment, refusals = self._look_up(reference, operator)
        if refusals:
            return appointment, refusals
        return appointment._move(slot, origin=origin)

    @api.model
    @api.private
    def _answer(self, reference, operator, event, origin=SCREEN):
        """The operator accepts what we propose (confirm), or gives its slot back."""
        appointment, refusals = self._look_up(reference, operator)
        if refusals:
            return appointment, refusals
        return appointment._receive_answer({"event": event}, origin)

    # ------------------------------------------------------------------
    # What an operator says by its key
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _receive_booking(self, line, operator, network, origin):
        """Book the slot of ``line`` in the commune that it names."""
        insee_code = line.get("insee_code")
        communes = self.env["oiconnect.commune"].sudo()._by_insee([insee_code])
        if insee_code not in communes:
            text = self.env._("No commune has this code.")
            return self.browse(), [Refusal("FRDV02", "insee_code", text)]
        return self._book(
            operator,
            network,
            communes[insee_code],
            line.get("slot"),
            origin,
            **{name: line[name] for name in BOOKED if line.get(name)},
        )

    @api.private
    def _receive_move(self, line, origin):
        return self._move(line.get("slot"), origin=origin)

    @api.private
    def _receive_answer(self, line, origin):
        """The operator accepts what we propose (confirm), or gives its slot back."""
        self.ensure_one()
        # To its own wish it is we who say yes.
        if line["event"] == "confirm" and self.awaits != "operator":
            return self, [self._refuse("FRDV04")]
        return self._fire_or_refuse(line["event"], origin)

    # ------------------------------------------------------------------
    # On a known appointment
    # ------------------------------------------------------------------

    def _move(self, slot, note=None, origin=SCREEN):
        """Move to another slot, as the operator wishes."""
        self.ensure_one()
        limit = self.network_id.appointment_move_limit
        if self.move_count >= limit and self.awaits != "operator":
            return self, [self._refuse("FRDV01")]
        return self._change_slot("move", slot, note, origin)

    def _propose(self, slot, note=None, origin=SCREEN):
        """Answer a request by another slot; the operator accepts it or moves again."""
        return self._change_slot("propose", slot, note, origin)

    def _change_slot(self, event, slot, note, origin=SCREEN):
        self.ensure_one()
        self._lock_for_workflow()
        offer = self._offer(self.network_id, self.commune_id, slot, self.kind, self)
        if not offer:
            return self, [self._refuse("FRDV02")]
        change = self.env._(
            "From %(before)s to %(after)s",
            before=self._local(self.start),
            after=self._local(offer.start),
        )
        try:
            with self.env.cr.savepoint():
                # One that was missed has a seat that may be another's by now.
                self.seat = 0
                self._fire(event, origin, note=f"{change} – {note}" if note else change)
                if not self._reserve_slot(offer.team, offer):
                    raise NoSeat
                self._set_expiry()
        except WorkflowError as error:
            return self, [Refusal(error.code, None, str(error))]
        except NoSeat:
            return self, [self._refuse("FRDV02")]
        return self, []

    def _local(self, moment):
        return f"{to_local(moment, self.team_id.tz):%d/%m/%Y %H:%M}"

    def action_move_to(self, when):
        """Move to the free slot of that moment, as who drags the visit in the planning.

        The team of the visit goes before the others.

        :param when: moment within the slot, in UTC: "2026-12-03 09:15:00"
        :raises UserError: no slot is free then, or the visit may not be moved
        """
        self.ensure_one()
        self.check_access("write")
        when = self._moment(when)
        if self.start <= when < self.stop:
            return
        day = moment(to_local(when, self.team_id.tz).date(), 0, self.team_id.tz)
        offers = self._search_slots(
            self.network_id,
            self.commune_id,
            day,
            day + DAY,
            self.kind,
            appointment=self,
        )
        there = [offer for offer in offers if offer.start <= when < offer.stop]
        if not there:
            raise UserError(self._no_slot_then(when, offers))
        chosen = next((one for one in there if one.team == self.team_id), there[0])
        # By us, who know why: the operator's limit does not hold here.
        _visit, refusals = self.sudo()._change_slot("move", chosen.reference, None)
        if refusals:
            text = f"{refusals[0].message} ({refusals[0].code})"
            raise UserError(text)

    @api.model
    def _moment(self, text):
        try:
            found = fields.Datetime.to_datetime(text)
        except (TypeError, ValueError):
            found = None
        if not found or not MINYEAR < found.year < MAXYEAR:
            raise UserError(
                self.env._("“%s” is no date with a time: 2026-12-03 09:15:00.", text)
            )
        return found

    def _no_slot_then(self, when, offers):
        hours = list(dict.fromkeys(self._local(offer.start)[-5:] for offer in offers))
        if hours:
            return self.env._(
                "No slot is free at %(when)s. On that day slots begin at: %(hours)s.",
                when=self._local(when),
                hours=", ".join(hours),
            )
        return self.env._(
            "No slot is free on the day of %(when)s: choose another one.",
            when=self._local(when),
        )

    # ------------------------------------------------------------------
    # Slots by their reference
    # ------------------------------------------------------------------

    @api.model
    def _offer(self, network, commune, reference, kind, appointment=None):
        """Return the offer of that reference, None when it cannot be booked."""
        named = parse_slot(reference)
        if not named:
            return None
        _team_id, start = named
        offers = self._search_slots(
            network, commune, start, start + DAY, kind, appointment=appointment
        )
        return next((o for o in offers if o.reference == reference), None)

    @api.model
    def _refuse(self, code):
        sentences = {
            "FRDV01": self.env._(
                "This appointment was moved too often: cancel it and book another one."
            ),
            "FRDV02": self.env._(
                "This slot cannot be booked any more: search free slots again."
            ),
            "FRDV03": self.env._(
                "The operator has no appointment with this reference."
            ),
            "FRDV04": self.env._(
                "We proposed no other slot: there is nothing to accept."
            ),
            "FRDV05": self.env._("Appointments are for the product FTTH_ACCES only."),
        }
        return Refusal(code, None, sentences[code])

    # ------------------------------------------------------------------
    # Seats: no two bookings get the same one of a team
    # ------------------------------------------------------------------

    def _reserve_slot(self, team, slot):
        """Give the appointment a seat in ``slot``; tell whether there was one.

        What others booked since this transaction began is not seen here: the
        constraint knows it, and each seat is tried.
        """
        self.ensure_one()
        self.env.flush_all()
        # One at a time on that day of the team: rivals for the last seat would wait
        # for each other.
        name = f"oiconnect.appointment,{team.id},{slot.start.date()}"
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", name)
        )
        taken = any(
            self._try_seat(team, slot, seat) for seat in range(1, team.capacity + 1)
        )
        self.invalidate_recordset(["team_id", "start", "stop", "seat"], flush=False)
        if taken:
            # For who follows the changes of a visit by the ORM
            self.write({"start": slot.start})
        return taken

    def _try_seat(self, team, slot, seat):
        query = SQL(
            """
            UPDATE oiconnect_appointment
            SET team_id = %s, start = %s, stop = %s, seat = %s
            WHERE id = %s
            """,
            team.id,
            slot.start,
            slot.stop,
            seat,
            self.id,
        )
        try:
            with self.env.cr.savepoint(flush=False):
                # No error when another booking was faster: not for the log
                self.env.cr.execute(query, log_exceptions=False)
        except ExclusionViolation:
            return False
        return True
