from odoo import api, models


class MailTrackingValue(models.Model):
    """Changes that the chatter tells: written by Odoo only, administrators included."""

    _inherit = "mail.tracking.value"

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        values._check_not_ours()
        return values

    def write(self, vals):
        self._check_not_ours()
        result = super().write(vals)
        self._check_not_ours()
        return result

    def unlink(self):
        self._check_not_ours()
        return super().unlink()

    def _check_not_ours(self):
        if self.env.su:
            return
        if ours := self.sudo().mail_message_id._ours():
            ours.with_env(self.env)._refuse_change()
