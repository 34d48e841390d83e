from odoo import api, models

from odoo.addons.oiconnect_base.exceptions import RefusedError
from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_sav.message_types import MESSAGE_SIZE
from odoo.addons.oiconnect_sav.models.codes.ticket_code import ACCESS_TYPE

LISTS = (("defect", "defect"), ("defect_class", "defect_class"))
LOCATION = ("prelocation", "location")
# What the operator asks of its ticket, as its own system does
ASKS = {
    "accept": {"wire_state": "CLOSED"},
    "reject": {"wire_state": "OPENACTIVE"},
    "cancel": {"event": "CASE CANCELATION REQUEST"},
    "say": {},
}
MESSAGES = {"cancel": "cancellation"}
# Refusal of what was said already: the form was sent twice
KNOWN = "6"


class Space(models.AbstractModel):
    """Tickets: opened and answered by the road of the operator's own system."""

    _inherit = "oiconnect.portal.space"

    @api.model
    def _ticket_lists(self):
        """Return ``{value of the form: [(code, what it is called)]}``."""
        codes = self.env["oiconnect.ticket.code"].sudo()
        return {
            key: [
                (code.code, code.name)
                for code in codes.search([("code_list", "=", code_list)])
            ]
            for key, code_list in (*LISTS, LOCATION)
        }

    @api.model
    def _open_ticket(self, given):
        """Open the ticket that a form asks for; sent again, return the same one.

        :param given: values of the form; ``key`` is that of this very form
        :raises RefusedError: why there is none. Of a line of another operator no more
            is said than of one that does not exist.
        """
        line = {name: (value or "").strip() for name, value in given.items()}
        line |= {"type": ACCESS_TYPE, "oc_key": line.pop("key", "")}
        operator, reference = self._operator(), line.pop("line", "")
        self._wait_for_others(operator)
        orders = self.env["oiconnect.access.order"]
        order = reference and (
            orders.search([("service_reference", "=", reference)], limit=1)
            or orders.search(
                [("pto_reference", "=", reference)], order="id desc", limit=1
            )
        )
        if not order:
            raise RefusedError(
                self.env._(
                    "None of your lines has the reference %s: copy that of the service "
                    "or of the PTO from the order.",
                    reference or "–",
                )
            )
        line["service_reference"] = order.service_reference
        ticket, refusals = self.env["oiconnect.ticket"]._receive_creation(
            line, operator, order.sudo().network_id, self._ticket_origin()
        )
        self._refuse_ticket(refusals)
        return ticket

    @api.model
    def _tell_ticket(self, ticket, ask, text):
        """Send a message on a ticket that the user found, or answer by an event."""
        text = (text or "").strip()
        if ask != "accept" and not text:
            raise RefusedError(self.env._("Write what you want to tell us."))
        if len(text) > MESSAGE_SIZE:
            raise RefusedError(
                self.env._(
                    "A message has 1,024 characters at most: send the rest in another "
                    "one."
                )
            )
        line = dict(ASKS[ask])
        if text:
            kind = MESSAGES.get(ask, "info")
            line["message"] = {"message_type": kind, "content": text}
        _ticket, refusals = ticket._receive_update(line, self._ticket_origin())
        self._refuse_ticket([one for one in refusals if one.code != KNOWN])

    @api.model
    def _ticket_origin(self):
        return Origin(version=self._operator().ticket_version)

    @api.model
    def _refuse_ticket(self, refusals):
        for refusal in refusals:
            messages = {
                "1": self.env._("Fill in the whole form: something is missing."),
                "2": self.env._("Choose the values in the lists of the form."),
                "13": self.env._("The ticket awaits something else: read it again."),
            }
            raise RefusedError(messages.get(refusal.code, refusal.message))

    @api.model
    def _dialogue(self, ticket):
        """Return the messages of a ticket that the user found, the newest first."""
        return ticket.sudo().message_line_ids.sorted("id", reverse=True)
