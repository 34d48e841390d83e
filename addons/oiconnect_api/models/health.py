from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_interop.models.health.health_figures import gauge

# What is past its limit is an alert
LIMITS = {"webhooks_minutes": 60, "stopped_webhooks": 0, "unreadable_keys": 0}
CHECKS = ("webhooks", "stopped_webhooks", "unreadable_keys")


class Health(models.AbstractModel):
    """Webhooks and API keys, for supervision."""

    _inherit = "oiconnect.health"

    @api.model
    def _checks(self):
        return (*super()._checks(), *CHECKS)

    @api.model
    def _limits(self):
        return super()._limits() | LIMITS

    @api.model
    def _prompt_channels(self):
        return [*super()._prompt_channels(), "root.oiconnect_webhook"]

    @api.model
    def _figures(self):
        return [*super()._figures(), *self._webhook_figures()]

    def _check_webhooks(self):
        """Value: since when the event that waits longest could have been taken."""
        domain = self.env["oiconnect.event"]._to_deliver()
        # What waits for a person is counted besides.
        domain &= Domain("webhook_id.is_stopped", "=", False)
        domain &= Domain("webhook_id.active", "=", True)
        [(count, due, failing)] = self.env["oiconnect.event"]._read_group(
            domain, aggregates=["__count", "next_try_date:min", "tried_since:min"]
        )
        since = min(filter(None, (due, failing)), default=None)
        age = since and max(0, self._minutes_since(since))
        limit = self._limit("webhooks_minutes")
        return self._result(age, limit, "minutes", waiting=count)

    def _check_stopped_webhooks(self):
        """Value: how many receivers are sent nothing until a person has acted."""
        count = self.env["oiconnect.webhook"].search_count([("is_stopped", "=", True)])
        return self._result(count, self._limit("stopped_webhooks"), "webhooks")

    def _check_unreadable_keys(self):
        """Value: API keys in use that no key of this server reads.

        It is so after a backup was restored without the key of its secrets.
        """
        keys = self.env["oiconnect.api.key"].search([("revoked_date", "=", False)])
        count = len(keys.filtered(lambda key: key.state == "unreadable"))
        return self._result(count, self._limit("unreadable_keys"), "keys")

    def _webhook_figures(self):
        labels = ["kind", "operator"]
        events = self._message_counts("webhook")
        webhooks = self.env["oiconnect.webhook"].search_fetch(
            [("active", "=", True)], ["operator_id", "failure_count", "is_stopped"]
        )
        keys = [
            (self._account_key(webhook), webhook.operator_id.interop_code)
            for webhook in webhooks
        ]
        return [
            gauge(
                "webhook_events_waiting", "Events to send", labels, events["pending"]
            ),
            gauge(
                "webhook_events_given_up", "Events given up", labels, events["error"]
            ),
            gauge(
                "webhook_failures",
                "Events in a row that the receiver did not take",
                ["webhook", "operator"],
                [
                    (*key, webhook.failure_count)
                    for key, webhook in zip(keys, webhooks, strict=True)
                ],
            ),
            gauge(
                "webhook_stopped",
                "1 when the receiver is sent nothing until a person has acted",
                ["webhook", "operator"],
                [
                    (*key, webhook.is_stopped)
                    for key, webhook in zip(keys, webhooks, strict=True)
                ],
            ),
        ]
