from markupsafe import Markup

from odoo import Command, fields, models
from odoo.tools import format_datetime

from ...discussion import EDIT_DELAY, FORMER, is_ours


class MailThread(models.AbstractModel):
    """Changes of a message by its author, and the trace that they leave."""

    _inherit = "mail.thread"

    def _check_can_update_message_content(self, messages):
        result = super()._check_can_update_message_content(messages)
        if is_ours(self._name):
            self._check_own_and_recent(messages.sudo())
        return result

    def _check_own_and_recent(self, messages):
        """:raises AccessError: one of them is another's, too old, or was sent away"""
        oldest = fields.Datetime.now() - EDIT_DELAY
        for message in messages:
            is_own = message.author_id == self.env.user.partner_id
            is_recent = message.create_date >= oldest
            if not (is_own and is_recent) or message._is_to_operator():
                message.with_env(self.env)._refuse_change()

    def _message_update_content(
        self, message, /, *, body, attachment_ids=None, partner_ids=None, **kwargs
    ):
        """Change a message, once what it was is noted."""
        if not is_ours(self._name):
            return super()._message_update_content(
                message,
                body=body,
                attachment_ids=attachment_ids,
                partner_ids=partner_ids,
                **kwargs,
            )
        message = message.sudo()
        self.env["res.partner"].browse(partner_ids or ())._check_insiders()
        if body is not None or attachment_ids is not None:
            gone = attachment_ids is not None and not attachment_ids
            files = message.attachment_ids if gone else message.attachment_ids[:0]
            self._note_former_content(message, files, is_erased=gone and not body)
            if gone:
                # Odoo would delete them: the note keeps them.
                message.attachment_ids = [Command.clear()]
                attachment_ids = None
        return super()._message_update_content(
            message,
            body=body,
            attachment_ids=attachment_ids,
            partner_ids=partner_ids,
            **kwargs | {"strict": True},
        )

    def _note_former_content(self, message, files, is_erased=False):
        """Note what a message was, and the files that it had, before it changes."""
        self.ensure_one()
        self._check_can_update_message_content(message)
        written = format_datetime(self.env, message.date, dt_format="short")
        title = (
            self.env._("Message of %s erased by its author. It was:", written)
            if is_erased
            else self.env._("Message of %s changed by its author. It was:", written)
        )
        self.sudo()._message_log(
            body=Markup('<p>%s</p><div class="%s ps-3 border-start">%s</div>')
            % (title, FORMER, message.body),
            author_id=self.env.user.partner_id.id,
            attachment_ids=[Command.link(file.id) for file in files],
        )
