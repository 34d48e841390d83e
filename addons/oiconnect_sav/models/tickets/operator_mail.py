import logging

from odoo import models

from odoo.addons.oiconnect_base.discussion import to_operator
from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint

from .workflow import CANCELLATION, INFORMATION, SOLVED

_logger = logging.getLogger(__name__)

TEMPLATE = "oiconnect_sav.mail_template_ticket"
QUEUE = "mail.ir_cron_mail_scheduler_action"
# What the mail tells, by the event, else by the message that the operator is sent
EVENT_STEPS = {
    "start": "start",
    "close": "closure",
    "accept_by_default": "closure",
    "end_line": "closure",
}
STEPS = {INFORMATION: "message", SOLVED: "resolution", CANCELLATION: "cancellation"}


class Ticket(models.Model):
    """E-mails to the contacts of an operator that requested them.

    They say that something happened, never what was written nor whose line it is: a
    mailbox keeps no end customer. They leave by Odoo's queue; whatever is wrong with
    one, the ticket goes on.
    """

    _inherit = "oiconnect.ticket"

    def _tell_contacts(self, transition, values, origin):
        """Put a mail of what the operators hear of in the queue.

        Those whose tickets we open get no mail either.
        """
        step = _step(transition)
        if not step:
            return
        mailed = self._is_notified().filtered("operator_id.mails_tickets")
        if queued := [ticket for ticket in mailed if ticket._queue_mail(step)]:
            self.env.ref(QUEUE).sudo()._trigger()
            _logger.debug("%s mails of tickets wait to be sent", len(queued))

    def _queue_mail(self, step):
        """Write the mail of one ticket; return whether there is one."""
        contacts = self.sudo().operator_id.contact_ids
        addresses = contacts.filtered("for_tickets").mapped("email")
        recipients = ", ".join(filter(None, addresses))
        if not recipients:
            return False
        # What is wrong with the ticket is not taken for a fault of its mail.
        self.env.flush_all()
        with isolated_savepoint(self.env.cr) as attempt:
            # Of a deleted template there is no mail.
            template = self.env.ref(TEMPLATE).sudo().with_context(ticket_step=step)
            template = to_operator(template)
            template.send_mail(self.id, email_values={"email_to": recipients})
        if attempt.error:
            # Its name only: a template that was edited may quote the customer.
            _logger.warning(
                "No mail of ticket %s to its operator: %s",
                self.reference,
                type(attempt.error).__name__,
            )
        return not attempt.error


def _step(transition):
    """Return what the mail of a transition tells, None when it has no mail."""
    if transition.event in EVENT_STEPS:
        return EVENT_STEPS[transition.event]
    return next((STEPS[flow] for flow in transition.flows if flow in STEPS), None)
