from odoo import models

from ...personal import CUSTOMER_GROUPS


class TicketThread(models.AbstractModel):
    """History of what is about a ticket: people write of end customers in it."""

    _name = "oiconnect.ticket.thread"
    _description = "Discussion about a ticket"
    _inherit = "oiconnect.chatter"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Hide words about customers from users who may not see these.

        No user may erase a ticket, nor its tasks.
        """
        if message_operation == "read" and not self.env.user.has_group(CUSTOMER_GROUPS):
            return dict.fromkeys(self, "unlink")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)
