from odoo import fields, models
from odoo.fields import Domain

#: failures in a row after which a message, and not the server, may be the cause
TRIES = 5


class SoapAccount(models.Model):
    """One message at which the operator's server fails must not keep the others.

    Code 10, or a page of an error in place of an answer, may tell of a server that is
    ill, or of one message that it cannot stand. After some tries those of another
    ticket go first, in the order of their ticket. If one is taken, the suspect has a
    last try, and is for a person to look at if the server fails at it again. If none
    is taken, the server is ill: all wait.
    """

    _inherit = "oiconnect.soap.account"

    suspect_event_id = fields.Many2one(
        "oiconnect.event",
        "Message that may be the cause",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _oldest_notification(self):
        suspect = self.suspect_event_id
        if suspect.state != "pending":
            return super()._oldest_notification()
        if not self.failure_count:
            return suspect
        about = Domain("res_model", "=", suspect.res_model)
        about &= Domain("res_id", "=", suspect.res_id)
        return self._oldest_event(~about) or suspect

    def _note_notification(self, call, end):
        event = self.env["oiconnect.event"].browse(call.event_id)
        is_suspect = event == self.suspect_event_id
        if not end.is_answered:
            if is_suspect or end.outcome == "retry":
                self.suspect_event_id = False
        elif is_suspect and not self.failure_count:
            self.suspect_event_id = False
            event._note_unsent(end.text)
            self._log_call(call, end)
            return
        elif self.suspect_event_id:
            self.suspect_event_id = False
        elif self.failure_count + 1 >= TRIES:
            self.suspect_event_id = event
        super()._note_notification(call, end)

    def _resume_calls(self):
        """A person has acted: what the server failed at says no more."""
        self.sudo().filtered("suspect_event_id").suspect_event_id = False
        return super()._resume_calls()
