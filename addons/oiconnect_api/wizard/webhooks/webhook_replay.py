from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.plural import plural


class WebhookReplay(models.TransientModel):
    """Dialog: send the events of a receiver again from a date on."""

    _name = "oiconnect.webhook.replay"
    _description = "Replay of events"

    webhook_id = fields.Many2one(
        "oiconnect.webhook", "Receiver", required=True, ondelete="cascade"
    )
    since = fields.Datetime("Events from", required=True)

    def action_replay(self):
        self.ensure_one()
        webhook = self.webhook_id
        webhook.check_access("write")
        events = self.env["oiconnect.event"].sudo()
        count = events._replay(webhook.sudo(), self.since)
        if not count:
            raise UserError(
                self.env._("Nothing that is kept was told from this date on.")
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": plural(
                    self.env,
                    count,
                    self.env._("One event is sent again."),
                    self.env._("%(count)s events are sent again.", count=count),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
