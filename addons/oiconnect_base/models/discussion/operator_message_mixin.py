from odoo import Command, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...discussion import OPERATOR_SUBTYPE, to_operator

DIALOG = "oiconnect.operator.message"
QUEUE = "mail.ir_cron_mail_scheduler_action"


class OperatorMessageMixin(models.AbstractModel):
    """Record of an operator, to whose people we write by a dialog, and by it only.

    The message stays in the discussion, where it looks different; its operator reads
    it in its space. The mail has its text and the names of its files: these are read
    once logged in.
    """

    _name = "oiconnect.operator.message.mixin"
    _description = "Record whose operator is written to"
    _inherit = "mail.thread"

    def action_write_to_operator(self):
        """Open the dialog, with those of the operator's people who read the record."""
        self.ensure_one()
        self._check_may_write_to_operator()
        people = self._operator_people()
        if not people:
            raise UserError(
                self.env._(
                    "Nobody of %s enters the operator's space: let one of its "
                    "contacts in first.",
                    self.sudo().operator_id.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to the operator"),
            "res_model": DIALOG,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_id": self.id,
                "default_partner_ids": [Command.set(people.ids)],
                "default_subject": self.display_name,
            },
        }

    def _may_write_to_operator(self):
        return not self.env.user.share and self.sudo(False).has_access("write")

    def _check_may_write_to_operator(self):
        if self.env.user.share:
            raise AccessError(self.env._("You may not write to operators."))
        self.check_access("write")

    def _operator_people(self):
        """Return the partners of the operator's people who may read the record."""
        operator = self.sudo().operator_id
        users = self.env["res.users"].sudo()
        if not operator.active:
            return users.partner_id.with_env(self.env)
        domain = Domain("share", "=", True) & Domain(
            "partner_id", "child_of", operator.partner_id.commercial_partner_id.ids
        )
        found = users.search(domain).filtered(
            lambda user: user._is_portal() and self._is_read_by(user)
        )
        return found.partner_id.with_env(self.env)

    def _is_read_by(self, user):
        """Hook: return whether a person of an operator reads the record in its space"""
        return self.with_user(user).has_access("read")

    def _operator_messages(self):
        """Return the messages to the operator on the record, the newest first."""
        subtype = self.env["ir.model.data"]._xmlid_to_res_id(OPERATOR_SUBTYPE)
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                Domain("model", "=", self._name)
                & Domain("res_id", "in", self.ids)
                & Domain("subtype_id", "=", subtype)
            )
        )

    def _delete_operator_mails(self):
        """Delete the mails of those messages that have not left, or failed."""
        sent = Domain("mail_message_id.parent_id", "in", self._operator_messages().ids)
        self.env["mail.mail"].sudo().search(sent).unlink()

    def _operator_page(self):
        """Hook: return the address of the record in the operator's space."""
        return ""

    def _thread_to_store(self, store, fields, *, request_list=None):
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if request_list is not None and store.target.is_current_user(self.env):
            for record in self:
                can_write = record._may_write_to_operator()
                store.add(record, {"canWriteToOperator": can_write}, as_thread=True)
        return result

    # ------------------------------------------------------------------
    # Written
    # ------------------------------------------------------------------

    def _write_to_operator(self, subject, text, partners, files):
        """Post a message to people of the operator, and put their mails in the queue.

        :param text: plain text, so that no picture in it comes by a token
        :param files: attachments that the user has just made, not those of a record
        :raises AccessError: the user may not write the record, or a partner not read it
        """
        self.ensure_one()
        self._check_may_write_to_operator()
        if not partners or partners - self._operator_people():
            raise AccessError(
                self.env._("Choose people of the operator, who read this record.")
            )
        files.sudo().write({"res_model": self._name, "res_id": self.id})
        message = to_operator(self).message_post(
            subject=subject,
            body=plaintext2html(text),
            partner_ids=partners.ids,
            attachment_ids=files.ids,
            message_type="comment",
            subtype_xmlid=OPERATOR_SUBTYPE,
        )
        for partner in partners:
            self._mail_to_operator(message.sudo(), partner)
        self.env.ref(QUEUE).sudo()._trigger()
        return message

    def _mail_to_operator(self, message, partner, with_files=False):
        """Put the mail of a message in the queue, on no record.

        :param with_files: else it names them only. Files of a record would become links
            that need no log-in where they are large: those of a mail never do.
        """
        record = self.with_context(lang=partner.lang or self.env.lang)
        files = message.attachment_ids
        values = {
            "record": record,
            "message": message,
            "files": files.browse() if with_files else files,
            "page": record._operator_page(),
        }
        body = record.env["ir.qweb"]._render(
            "oiconnect_base.mail_to_operator", values, minimal_qcontext=True
        )
        mail = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": message.subject,
                    "body_html": body,
                    "recipient_ids": [Command.link(partner.id)],
                    "author_id": message.author_id.id,
                    "email_from": message.email_from,
                    "reply_to": message.email_from,
                    # By which a failure is noted where the message is
                    "parent_id": message.id,
                    "auto_delete": True,
                }
            )
        )
        if with_files:
            own = mail.mail_message_id
            owner = {"res_model": own._name, "res_id": own.id}
            mail.attachment_ids = files.browse().union(*(f.copy(owner) for f in files))
