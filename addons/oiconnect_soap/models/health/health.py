from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_interop.models.health.health_figures import gauge

LIMITS = {"notifications_minutes": 30, "stopped_services": 0}


class Health(models.AbstractModel):
    """Checks and figures of the web services of operators."""

    _inherit = "oiconnect.health"

    @api.model
    def _checks(self):
        return [*super()._checks(), "notifications", "stopped_services"]

    @api.model
    def _limits(self):
        return super()._limits() | LIMITS

    @api.model
    def _prompt_channels(self):
        return [*super()._prompt_channels(), "root.oiconnect_notify"]

    def _check_notifications(self):
        # A message to an operator without connection waits for a person, not for us.
        domain = self.env["oiconnect.event"]._to_notify() & Domain("error", "=", False)
        return self._check_age("oiconnect.event", domain, "notifications_minutes")

    def _check_stopped_services(self):
        """Value: how many operators refuse us, until a person has acted."""
        stopped = [("is_notified", "=", True), ("stopped_code", "!=", False)]
        count = self.env["oiconnect.soap.account"].search_count(stopped)
        return self._result(count, self._limit("stopped_services"), "accounts")

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    @api.model
    def _figures(self):
        return [*super()._figures(), *self._service_figures()]

    def _service_figures(self):
        labels = ["flow", "operator"]
        messages = self._message_counts("soap")
        accounts = self.env["oiconnect.soap.account"].search_fetch(
            [("is_notified", "=", True)],
            ["operator_id", "failure_count", "stopped_code"],
        )
        keys = [
            (self._account_key(account), account.operator_id.interop_code)
            for account in accounts
        ]
        failures = [
            (*key, account.failure_count)
            for key, account in zip(keys, accounts, strict=True)
        ]
        stopped = [
            (*key, bool(account.stopped_code))
            for key, account in zip(keys, accounts, strict=True)
        ]
        return [
            gauge(
                "notifications_waiting",
                "Messages to tell by web service",
                labels,
                messages["pending"],
            ),
            gauge(
                "notifications_in_error",
                "Messages that the operator's server refused",
                labels,
                messages["error"],
            ),
            gauge(
                "service_failures",
                "Calls of the operator's server that failed in a row",
                ["account", "operator"],
                failures,
            ),
            gauge(
                "service_stopped",
                "1 when the operator's server refuses us until a person has acted",
                ["account", "operator"],
                stopped,
            ),
        ]
