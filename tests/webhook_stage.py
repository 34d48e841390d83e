"""Subscriptions of operators to their own records, for tests that commit."""

from odoo_process import environment

WEBHOOK, EVENT = "oiconnect.webhook", "oiconnect.event"
PRIVATE = "oiconnect_interop.webhook_private"
ORDER = "oiconnect.access.order"


def subscribe(env, receiver, network, operator, **values):
    """Return the id of a webhook to ``receiver``, which knows its secret."""
    env["ir.config_parameter"].set_param(PRIVATE, "True")
    kinds = env["oiconnect.webhook.kind"].search([("code", "=", "access_order")])
    webhook = env[WEBHOOK].create(
        {
            "name": f"Système {operator.interop_code or 'OI'}",
            "network_id": network.id,
            "operator_id": operator.id,
            "url": receiver.url,
            "kind_ids": [(6, 0, kinds.ids)],
            "timeout_seconds": 2,
            **values,
        }
    )
    shown = webhook.action_new_secret()["context"]
    receiver.secrets[shown["default_key_name"]] = shown["default_secret"]
    return webhook.id


def happen(found, order_ids):
    """Let something happen to each of these orders, in this order."""
    with environment(found) as env:
        for order in env[ORDER].browse(order_ids):
            order._fire("refuse_cancel")


def waiting(env, webhook_id):
    """Return the events of a webhook that it has not taken."""
    return env[EVENT].search(
        [("webhook_id", "=", webhook_id), ("state", "=", "pending")]
    )
