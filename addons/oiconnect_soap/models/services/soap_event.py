from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.scheduled import wake

from ...soap.notification import EVENTS, accepted, notification


class Event(models.Model):
    """Messages that leave by web service, each as a call of the partner's server."""

    _inherit = "oiconnect.event"

    # The oldest message to an operator: channel = soap and operator_id = x and
    # network_id = y order by id; who waits at all.
    _soap_idx = models.Index(
        "(operator_id, network_id, id) WHERE state = 'pending' AND channel = 'soap'"
    )

    # ------------------------------------------------------------------
    # What waits
    # ------------------------------------------------------------------

    @api.model
    def _to_notify(self):
        return Domain("state", "=", "pending") & Domain("channel", "=", "soap")

    @api.model
    def _waiting_partners(self):
        """Return ``[(operator, network)]`` that wait, the longest first."""
        groups = self._read_group(
            self._to_notify(), ["operator_id", "network_id"], ["id:min"], order="id:min"
        )
        return [(operator, network) for operator, network, _first in groups]

    @api.model
    def _waiting(self, operator, network, domain=Domain.TRUE):
        return self.search(
            self._to_notify()
            & Domain("operator_id", "=", operator.id)
            & Domain("network_id", "=", network.id)
            & domain
        )

    @api.model
    def _skip_unwanted(self, operator, network):
        """Skip what the operator has chosen not to hear of by web service."""
        reason = self.env._(
            "The operator is not notified by web service: see its connection."
        )
        self._waiting(operator, network).write({"state": "skipped", "error": reason})

    @api.model
    def _wait_for_account(self, operator, network):
        """Say of messages, which stay, that their operator has no connection yet."""
        reason = self.env._(
            "The operator has no web service connection on this network: create it, "
            "and the message leaves."
        )
        unsent = self._waiting(operator, network, Domain("error", "=", False))
        # The state is written for the work list, which follows it.
        unsent.write({"state": "pending", "error": reason})

    @api.model
    def _forget_reasons(self, operator, network):
        """There is a connection now: nothing is wrong with what waited for it."""
        waiting = self._waiting(operator, network, Domain("error", "!=", False))
        waiting.write({"state": "pending", "error": False})

    # ------------------------------------------------------------------
    # Woken
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if any(event.channel == "soap" for event in events):
            self._wake_notifications()
        return events

    @api.model
    def _append(self, rows, **common):
        appended = super()._append(rows, **common)
        if common.get("channel") == "soap":
            self._wake_notifications()
        return appended

    @api.model
    def _wake_notifications(self):
        """Send as soon as this transaction is committed."""
        wake(self.env, "oiconnect_soap.cron_notify")

    # ------------------------------------------------------------------
    # One message
    # ------------------------------------------------------------------

    def _notification(self):
        """Return ``(payload, lists)`` of the call that tells the message.

        A message that no call tells is in error, and nothing is returned.
        """
        self.ensure_one()
        if self.flow not in EVENTS:
            self._note_unsent(
                self.env._("No web service of operators takes the flow %s.", self.flow)
            )
            return None
        payload = notification(
            self.flow, self._with_parties(), self.id, self.version or ""
        )
        return payload, accepted(payload["ticket"])

    def _with_parties(self):
        """Return the payload, with the SIRENs that were not known when it happened."""
        payload = dict(self.payload)
        payload["oc_siren"] = payload.get("oc_siren") or self.operator_id.siren or None
        payload["oi_siren"] = payload.get("oi_siren") or self.network_id.siren or None
        return payload

    def _note_sent(self):
        self.write({"state": "done", "error": False})

    def _note_unsent(self, reason):
        """A person has to look at it: the work list has a task about the message."""
        self.write({"state": "error", "error": reason})

    # ------------------------------------------------------------------
    # Again, by hand
    # ------------------------------------------------------------------

    @api.model
    def _resent_channels(self):
        return (*super()._resent_channels(), "soap")

    def _send_again(self):
        result = super()._send_again()
        if any(event.channel == "soap" for event in self):
            self._wake_notifications()
        return result

    # ------------------------------------------------------------------
    # Work list
    # ------------------------------------------------------------------

    @api.model
    def _stuck_groups(self, domain):
        """Return one task for each record that a partner refuses, and one task for a
        missing connection.
        """
        refused = self._read_group(
            Domain("state", "=", "error") & Domain("channel", "=", "soap") & domain,
            ["res_model", "res_id"],
            ["id:min", "__count"],
        )
        unconnected = self._read_group(
            self._to_notify() & Domain("error", "!=", False) & domain,
            ["operator_id", "network_id"],
            ["id:min", "__count"],
        )
        of_files = super()._stuck_groups(domain & Domain("channel", "!=", "soap"))
        stuck = refused + unconnected
        return of_files + [(first, count) for *_key, first, count in stuck]
