from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_interop.related_counts import count_related
from odoo.addons.oiconnect_interop.transport.http_client import CallError

from ... import webhook as wire

_lt = LazyTranslate(__name__)
# System parameter
PRIVATE = "oiconnect_interop.webhook_private"
# Whose change changes who hears of what
SUBSCRIPTION_FIELDS = {"active", "network_id", "operator_id", "kind_ids"}
# What may make a receiver work that did not
RECOVERY_FIELDS = {"url", "timeout_seconds", "active"}


class Webhook(models.Model):
    """Receiver of what happens, by HTTP: a system of an operator, or of the OI.

    That of an operator receives events of its own records only: each event is checked,
    and its owner never changes.
    """

    _name = "oiconnect.webhook"
    _description = "Webhook"
    _created_text = _lt("Webhook created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.retry.mixin",
        "oiconnect.chatter",
    ]
    _order = "name, id"
    _creation_fields = ("network_id", "operator_id")
    _free_fields = ("name", "url", "kind_ids", "timeout_seconds", "active")
    _event_fields = EVERY_FIELD

    name = fields.Char("Receiver", required=True)
    operator_id = fields.Many2one(
        "oiconnect.operator",
        index="btree_not_null",
        ondelete="restrict",
        help="Hears of its own records only; empty for a system of ours, which hears "
        "of those of the network",
    )
    active = fields.Boolean(default=True)
    responsible_id = fields.Many2one(default=lambda self: self.env.user)
    url = fields.Char("Address", required=True, help="https://…")
    kind_ids = fields.Many2many(
        "oiconnect.webhook.kind",
        "oiconnect_webhook_kind_rel",
        "webhook_id",
        "kind_id",
        "Hears of",
    )
    timeout_seconds = fields.Integer("Time-out (seconds)", default=10, required=True)
    is_stopped = fields.Boolean(
        "Stopped",
        readonly=True,
        copy=False,
        help="It took nothing for as long as events are tried: nothing is sent until "
        "somebody starts it again",
    )
    last_success_date = fields.Datetime("Last event taken", readonly=True, copy=False)
    pending_count = fields.Integer("Events to send", compute="_compute_pending_count")
    error_count = fields.Integer("Events given up", compute="_compute_error_count")

    _timeout_range = models.Constraint(
        "CHECK (timeout_seconds BETWEEN 1 AND 30)",
        "A receiver has between 1 and 30 seconds to answer.",
    )

    @api.constrains("url")
    def _check_url(self):
        for webhook in self:
            if refusal := webhook._url_refusal():
                # The address is not repeated: it may hold a secret.
                raise ValidationError(refusal)

    def _compute_pending_count(self):
        self._count_events("pending_count", "pending")

    def _compute_error_count(self):
        self._count_events("error_count", "error")

    def _count_events(self, name, state):
        """Count events by their state; nothing of what the user may not read."""
        events = self.env["oiconnect.event"]
        if not events.has_access("read"):
            self[name] = 0
            return
        count_related(self, name, events._name, "webhook_id", [("state", "=", state)])

    @api.model_create_multi
    def create(self, vals_list):
        webhooks = super().create(vals_list)
        self.env.registry.clear_cache()
        return webhooks

    def write(self, vals):
        result = super().write(vals)
        if SUBSCRIPTION_FIELDS & vals.keys():
            self.env.registry.clear_cache()
        if vals.get("active") is False:
            self.sudo()._skip_events()
        if RECOVERY_FIELDS & vals.keys():
            self.sudo()._try_now()
        return result

    # ------------------------------------------------------------------
    # Who hears of what
    # ------------------------------------------------------------------

    @api.model
    @api.private
    @tools.ormcache("subject", "event")
    def _subscribed(self, subject, event):
        """Return ``((id, network id, operator id or False), …)`` of who hears of it.

        Called at each event of each record: no query once it is known.
        """
        kinds = [subject, f"{subject}.{event}"]
        webhooks = self.sudo().with_context(active_test=True)
        found = webhooks.search([("kind_ids.code", "in", kinds)], order="id")
        return tuple((one.id, one.network_id.id, one.operator_id.id) for one in found)

    def _hears(self, event):
        """Return whether ``event`` may be sent here: never another operator's."""
        return (
            event.webhook_id == self
            and event.network_id == self.network_id
            and (not self.operator_id or self.operator_id == event.operator_id)
        )

    def _skip_events(self):
        """An archived receiver hears of nothing that waits; a replay tells it."""
        events = self.env["oiconnect.event"]
        reason = self.env._("The webhook was archived.")
        mine = events._to_deliver() & Domain("webhook_id", "in", self.ids)
        events.search(mine).write({"state": "skipped", "error": reason})

    # ------------------------------------------------------------------
    # Where it is
    # ------------------------------------------------------------------

    @api.model
    def _allows_private(self):
        """Tell whether receivers may be in the internal network, and without TLS."""
        text = self.env["ir.config_parameter"].sudo().get_param(PRIVATE)
        return tools.str2bool(text or "", False)

    @api.model
    def _address_check(self):
        """Return what refuses an address to which a name leads."""
        return wire.check_private if self._allows_private() else wire.check_public

    def _url_refusal(self):
        """Return why nothing is sent to this address, nothing if it may be."""
        try:
            wire.check_url(self.url, self._address_check())
        except CallError as error:
            return error.translated(self.env)
        if not (self._allows_private() or self.url.lower().startswith("https://")):
            return self.env._(
                "The address of a webhook begins with https://, unless an "
                "administrator allows another in the settings."
            )
        return None

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_resume(self):
        """Start stopped or failing receivers again: all that waits is tried now."""
        self.check_access("write")
        self.sudo()._resume()

    def _resume(self):
        self.write({"is_stopped": False})
        self._note_success()
        events = self.env["oiconnect.event"]
        mine = events._to_deliver() & Domain("webhook_id", "in", self.ids)
        events.search(mine)._forget_tries()
        self._plan_delivery_now()

    def _try_now(self):
        """Do not wait for the next try: something has changed."""
        self.filtered("next_try_date").next_try_date = False
        self._plan_delivery_now()

    def action_send_errors_again(self):
        """Send once more all events that were given up."""
        self.check_access("write")
        events = self.env["oiconnect.event"].sudo()
        events.search(
            [("webhook_id", "in", self.ids), ("state", "=", "error")]
        )._send_again()

    def action_view_events(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_api.webhook_event_action"
        )
        return action | {"domain": [("webhook_id", "=", self.id)], "context": {}}

    def action_view_errors(self):
        action = self.action_view_events()
        return action | {"context": {"search_default_error": 1}}

    def action_view_deliveries(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_api.webhook_delivery_action"
        )
        return action | {"domain": [("webhook_id", "=", self.id)], "context": {}}
