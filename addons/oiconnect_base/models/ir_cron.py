from odoo import models


class IrCron(models.Model):
    """Scheduled work speaks the language of its user.

    Odoo gives it none: what it leaves in histories and tasks, which people read
    afterwards, would be in English.
    """

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        speaking = self.with_context(lang=self.env.user.lang)
        return super(IrCron, speaking)._callback(cron_name, server_action_id)
