from odoo import api, models
from odoo.exceptions import AccessError

from ...discussion import is_ours


class MailScheduledMessage(models.Model):
    """Message on one of our records that is posted later: that of who wrote it."""

    _inherit = "mail.scheduled.message"

    @api.model_create_multi
    def create(self, vals_list):
        author = self.env.user.partner_id.id
        messages = super().create(
            [
                vals | {"author_id": author} if is_ours(vals.get("model")) else vals
                for vals in vals_list
            ]
        )
        messages._ours().partner_ids._check_insiders()
        return messages

    def write(self, vals):
        ours = self._ours()
        if ours and not self.env.su:
            ours._check_own(vals)
        result = super().write(vals)
        ours.partner_ids._check_insiders()
        return result

    def unlink(self):
        if not self.env.su:
            self._ours()._check_own({})
        return super().unlink()

    def _ours(self):
        return self.filtered(lambda message: is_ours(message.sudo().model))

    def _check_own(self, vals):
        """It is posted in the name of who made it: no one else writes it."""
        if "author_id" in vals or self.sudo().create_uid - self.env.user:
            raise AccessError(
                self.env._("A scheduled message is changed by its author only.")
            )
