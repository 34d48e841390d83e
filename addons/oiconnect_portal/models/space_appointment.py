from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.exceptions import RefusedError
from odoo.addons.oiconnect_base.time_zone import to_local
from odoo.addons.oiconnect_orders.appointment_states import LIVE_STATES
from odoo.addons.oiconnect_orders.planning import slot_reference

DAYS = 14
KINDS = ("production", "repair")
# State in which an answer leaves an appointment
ANSWERED = {"confirm": "confirmed", "cancel": "cancelled"}


class Space(models.AbstractModel):
    """Appointments: the same engine as on screens and by web service."""

    _inherit = "oiconnect.portal.space"

    @api.model
    def _communes(self, text):
        """Return communes that are called so, or have this INSEE or postal code."""
        communes = self.env["oiconnect.commune"].sudo()
        text = (text or "").strip()
        if not text:
            return communes
        by_code = communes.search([("insee_code", "=", text)], limit=1)
        return by_code or communes.search(
            Domain("name", "=ilike", f"{text}%")
            | Domain("postal_codes", "ilike", text),
            limit=10,
        )

    @api.model
    def _network(self, text, communes):
        """Return the network that is chosen, or else the one that serves the towns.

        None when several serve them: the operator has to choose.
        """
        networks = self._networks()
        if named := networks.filtered(lambda one: str(one.id) == text):
            return named
        found = networks.filtered(lambda one: not one.is_sandbox) or networks
        if len(found) > 1:
            found = found.filtered(lambda one: self._serves(one, communes))
        return found if len(found) == 1 else networks.browse()

    @api.model
    def _serves(self, network, communes):
        domain = Domain("network_id", "=", network.id) & Domain(
            "commune_id", "in", communes.ids
        )
        return self.env["oiconnect.building"].sudo().search_count(domain, limit=1)

    @api.model
    def _slots(self, network, commune, kind, visit=None):
        """Return ``[(day, [offer])]`` of the free slots of the weeks to come."""
        now = fields.Datetime.now()
        offers = self.env["oiconnect.appointment"]._search_slots(
            network, commune, now, now + timedelta(days=DAYS), kind, appointment=visit
        )
        days = {}
        for offer in offers:
            begin, end = (
                to_local(moment, offer.team.tz) for moment in (offer.start, offer.stop)
            )
            hours = f"{begin:%H:%M} – {end:%H:%M}"
            # Two teams that are free at once are one choice.
            days.setdefault(begin.date(), {}).setdefault(hours, offer.reference)
        return list(days.items())

    @api.model
    def _book(self, network, commune, kind, slot, oc_reference):
        """Book a slot for the operator; return the appointment.

        The same form sent twice books once. From two screens, the second is refused.

        :raises RefusedError: the slot is taken, or the operator's reference has a live
            appointment already
        """
        operator = self._operator()
        oc_reference = (oc_reference or "").strip()
        if not oc_reference:
            raise RefusedError(
                self.env._("Give your reference: it tells your appointments apart.")
            )
        if not network:
            raise RefusedError(
                self.env._("Choose the network: none or several serve this town.")
            )
        if kind not in KINDS:
            kind = KINDS[0]
        self._wait_for_others(operator)
        known = self.env["oiconnect.appointment"].search(
            Domain("oc_reference", "=", oc_reference)
            & Domain("state", "in", LIVE_STATES),
            limit=1,
        )
        if known and self._slot_of(known) == slot:
            return known
        if known:
            raise RefusedError(
                self.env._(
                    "%(reference)s has an appointment already (%(visit)s): move it, or "
                    "cancel it first.",
                    reference=oc_reference,
                    visit=known.reference,
                )
            )
        visit, refusals = self.env["oiconnect.appointment"]._book(
            operator, network, commune, slot, kind=kind, oc_reference=oc_reference
        )
        self._refuse(refusals)
        return visit

    @api.model
    def _wait_for_others(self, operator):
        """Let what people of an operator ask for come one after the other.

        Of two at once, the second transaction fails here and is tried again: it then
        sees what the first one did.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE oiconnect_operator SET write_date = write_date WHERE id = %s",
                operator.id,
            )
        )

    @api.model
    def _move(self, visit, slot, seen=None):
        """Move an appointment that the user found; sent twice, it is moved once.

        :param seen: :meth:`_seen` of the page from which it is requested
        """
        self._wait_for_others(self._operator())
        if self._slot_of(visit) == slot:
            return
        self._check_seen(visit, seen)
        _visit, refusals = visit.sudo()._move(slot)
        self._refuse(refusals)

    @api.model
    def _answer(self, visit, event, seen=None):
        """Accept what we propose (confirm), or give the slot back (cancel).

        :param seen: as in :meth:`_move`: what is answered is what was read
        """
        self._wait_for_others(self._operator())
        if visit.sudo().state == ANSWERED[event]:
            return
        self._check_seen(visit, seen)
        _visit, refusals = self.env["oiconnect.appointment"]._answer(
            visit.reference, self._operator(), event
        )
        self._refuse(refusals)

    @api.model
    def _slot_of(self, visit):
        """Return the reference of the slot that an appointment has."""
        known = visit.sudo()
        return slot_reference(known.team_id.id, known.start)

    @api.model
    def _seen(self, visit):
        """Return what tells the appointment that is read from one changed since."""
        known = visit.sudo()
        return f"{self._slot_of(known)}-{known.state}-{known.awaits or ''}"

    @api.model
    def _check_seen(self, visit, seen):
        """Refuse a request about an appointment that another screen changed."""
        if seen and seen != self._seen(visit):
            raise RefusedError(
                self.env._(
                    "%s changed since you read it: see below how it is now, then "
                    "answer again.",
                    visit.reference,
                )
            )

    @api.model
    def _refuse(self, refusals):
        for refusal in refusals:
            messages = {
                "FRDV02": self.env._(
                    "Somebody has just taken this slot: choose another one, those "
                    "below are free."
                ),
            }
            raise RefusedError(messages.get(refusal.code, refusal.message))
