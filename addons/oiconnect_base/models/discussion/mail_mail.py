from odoo import SUPERUSER_ID, api, models

from ...discussion import is_ours, is_to_operator

_RECIPIENTS = {"email_cc", "email_to", "mail_message_id", "model", "recipient_ids"}


class MailMail(models.Model):
    """Mails about our records go to internal users, in the name of who sends them.

    A dialog and a template make them as superuser, with values that a person may give:
    being superuser proves nothing here. The mails of ours to operators are marked.
    """

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        if not (is_to_operator(self.env) or self.env.uid == SUPERUSER_ID):
            vals_list = [self._with_sender(vals) for vals in vals_list]
        mails = super().create(vals_list)
        mails._check_insiders()
        return mails

    def write(self, vals):
        result = super().write(vals)
        if _RECIPIENTS & vals.keys():
            self._check_insiders()
        return result

    def _with_sender(self, vals):
        if not is_ours(vals.get("model")) or vals.get("mail_message_id"):
            return vals
        sender = self.env.user.partner_id
        addresses = dict.fromkeys(("email_from", "reply_to"), sender.email_formatted)
        return vals | addresses | {"author_id": sender.id}

    def _check_insiders(self):
        if is_to_operator(self.env):
            return
        for mail in self.sudo():
            if is_ours(mail.model):
                addresses = ", ".join(filter(None, (mail.email_to, mail.email_cc)))
                mail.recipient_ids.with_env(self.env)._check_insiders(addresses)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Note on the record that its message did not reach a person of the operator"""
        if failure_type:
            self._note_not_delivered(failure_reason or failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def _note_not_delivered(self, reason):
        for mail in self.sudo():
            message = mail.mail_message_id.parent_id
            if not (message and message._is_to_operator()):
                continue
            record = self.env[message.model].sudo().browse(message.res_id).exists()
            names = ", ".join(mail.recipient_ids.mapped("display_name"))
            for one in record:
                text = self.env._("No mail to %(names)s: %(reason)s")
                one._message_log(body=text % {"names": names, "reason": reason})
