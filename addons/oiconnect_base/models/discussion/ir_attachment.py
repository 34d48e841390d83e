from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...discussion import LIKE_OURS, is_ours


class IrAttachment(models.Model):
    """Files of our records need a log-in; those of messages stay as they were sent."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        if any("access_token" in vals for vals in vals_list):
            attachments._drop_tokens()
        return attachments

    def write(self, vals):
        if not self.env.su:
            self._check_not_sent()
        result = super().write(vals)
        if {"access_token", "res_model"} & vals.keys():
            self._drop_tokens()
        return result

    def unlink(self):
        if not self.env.su:
            self._check_not_sent()
        return super().unlink()

    def generate_access_token(self):
        """Make no token, by which one reads without log-in, for files of our records.

        Links that Odoo makes of them work for who is logged in.
        """
        ours = self.filtered(lambda file: is_ours(file.sudo().res_model))
        tokens = iter(super(IrAttachment, self - ours).generate_access_token())
        return [False if file in ours else next(tokens) for file in self]

    def _can_return_content(self, field_name=None, access_token=None):
        """Pictures in texts have a token in their address: it opens nothing any more.

        Odoo refuses a wrong one even to who may read the file.
        """
        if is_ours(self.sudo().res_model):
            access_token = None
        return super()._can_return_content(field_name, access_token)

    def _drop_tokens(self):
        files = self.sudo()
        ours = files.filtered(lambda one: one.access_token and is_ours(one.res_model))
        if ours:
            ours.access_token = False

    # ------------------------------------------------------------------
    # Files of messages
    # ------------------------------------------------------------------

    def _delete_and_notify(self, message=None):
        """The cross on a file of a message: as if its author changed the message."""
        retained = self.browse()
        for sent in self._messages_of_ours():
            files = self & sent.attachment_ids
            thread = self.env[sent.model].with_user(self.env.user).browse(sent.res_id)
            # The note retains them.
            thread._note_former_content(sent, files)
            sent.attachment_ids -= files
            retained |= files
        return super(IrAttachment, self - retained)._delete_and_notify(message)

    def _messages_of_ours(self):
        """Return the messages on our records that have one of the files."""
        messages = self.env["mail.message"].sudo()
        if not self.ids:
            return messages
        messages.flush_model(["attachment_ids", "model"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT message.id
                  FROM message_attachment_rel sent
                  JOIN mail_message message ON message.id = sent.message_id
                 WHERE sent.attachment_id IN %s AND message.model LIKE %s
                """,
                tuple(self.ids),
                LIKE_OURS,
            )
        )
        return messages.browse(row[0] for row in rows)

    def _check_not_sent(self):
        if self._messages_of_ours():
            raise AccessError(
                self.env._("A file that was sent with a message stays as it was sent.")
            )
