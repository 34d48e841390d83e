from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.mail.tools.discuss import Store

from ...discussion import (
    LIKE_OURS,
    OPERATOR_SUBTYPE,
    is_ours,
    is_posted,
    is_to_operator,
)

_RECIPIENTS = {
    "notification_ids",
    "notified_partner_ids",
    "outgoing_email_to",
    "partner_ids",
}
_CHECKED = _RECIPIENTS | {"model", "res_id", "subtype_id"}
# A person's own mark, that changes nothing of the message
_PERSONAL = {"starred_partner_ids"}


class MailMessage(models.Model):
    """Messages on our records: read by internal users, changed by no one.

    People write them by the chatter (``message_post``), which says who and when. What
    the author still may change is in ``message_edit.py``. Our own code, which runs as
    superuser, erases end customers and unsent mails.
    """

    _inherit = "mail.message"

    def _ours(self):
        return self.filtered(lambda message: is_ours(message.sudo().model))

    # ------------------------------------------------------------------
    # Read
    # ------------------------------------------------------------------

    def _get_search_domain_share(self):
        ours = Domain("model", "=like", LIKE_OURS)
        return super()._get_search_domain_share() & ~ours

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if self.env.user._is_internal():
            return forbidden
        return forbidden | self._ours()

    @api.model
    def _get_with_access(self, message_id, mode="read", **kwargs):
        """Odoo's pages look again as superuser, by the record: ours stay unknown."""
        message = super()._get_with_access(message_id, mode=mode, **kwargs)
        return message if self.env.user._is_internal() else message - message._ours()

    def _is_to_operator(self):
        operator = self.env["ir.model.data"]._xmlid_to_res_id(OPERATOR_SUBTYPE)
        return bool(operator) and self.sudo().subtype_id.id == operator

    def _to_store_defaults(self, target):
        flag = Store.Attr("isToOperator", lambda message: message._is_to_operator())
        return [*super()._to_store_defaults(target), flag]

    # ------------------------------------------------------------------
    # Written
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        ours = messages._ours()
        if ours and not (self.env.su or is_posted(self.env)):
            ours._refuse_change()
        if ours and any(vals.get(name) for vals in vals_list for name in _RECIPIENTS):
            ours._check_recipients()
        return messages

    def write(self, vals):
        ours = self._ours()
        if ours and not self.env.su and not vals.keys() <= _PERSONAL:
            ours._refuse_change()
        result = super().write(vals)
        if _CHECKED & vals.keys():
            # One of another model may have come to ours.
            if not self.env.su and self._ours() - ours:
                self._refuse_change()
            self._ours()._check_recipients()
        return result

    def unlink(self):
        if not self.env.su and (ours := self._ours()):
            ours._refuse_change()
        return super().unlink()

    def _check_recipients(self):
        """Check who receives the messages; those to operators say so by their subtype.

        :raises AccessError: somebody does who is no internal user
        """
        for message in self.sudo():
            if not message._is_to_operator():
                people = message.partner_ids | message.notified_partner_ids
                people.with_env(self.env)._check_insiders(message.outgoing_email_to)
            elif not is_to_operator(self.env):
                message._refuse_change()

    def _refuse_change(self):
        """:raises AccessError: always; who may not see the messages hears no more"""
        raise AccessError(
            self.env._(
                "Messages are kept as they were written: write a new one. Your own can "
                "be changed from its menu for five minutes, and that is noted."
            )
        )
