from odoo import api, models

from ...discussion import is_ours


class MailActivity(models.Model):
    """What there is to do on one of our records is for an internal user."""

    _inherit = "mail.activity"

    @api.constrains("user_id", "res_model_id", "res_model")
    def _check_insiders(self):
        ours = self.sudo().filtered(lambda activity: is_ours(activity.res_model))
        # Of a person who left, the open ones stay until somebody takes them.
        people = ours.user_id.filtered("share")
        people.partner_id.with_env(self.env)._check_insiders()
