from odoo import api, models


class MailNotification(models.Model):
    """A notified user may read the message: of ours, internal users only."""

    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        notifications = super().create(vals_list)
        notifications._check_insiders()
        return notifications

    def write(self, vals):
        result = super().write(vals)
        if {"mail_email_address", "mail_message_id", "res_partner_id"} & vals.keys():
            self._check_insiders()
        return result

    def _check_insiders(self):
        ours = self.sudo().filtered("mail_message_id.model")
        ours = ours.filtered(lambda notification: notification.mail_message_id._ours())
        addresses = ", ".join(filter(None, ours.mapped("mail_email_address")))
        ours.res_partner_id.with_env(self.env)._check_insiders(addresses)
