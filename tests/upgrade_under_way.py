"""What an earlier version leaves half done, and the partners who wait for it.

A ticket is at work and its operator not yet notified, nor the receiver of a webhook;
the files of a publication were being made when everything was killed.
"""

import json

from demo_soap import OcServer
from webhook_receiver import WebhookReceiver

NETWORK, OPERATOR = "oiconnect_demo.network_demo", "oiconnect_demo.operator_ocaa"
LEAVE = """
import json, pathlib
network, operator = env.ref({network!r}), env.ref({operator!r})
env["oiconnect.demo"]._connect_services({notified!r})
env["ir.config_parameter"].set_param("oiconnect_interop.webhook_private", "True")
kinds = env["oiconnect.webhook.kind"].search([("code", "=", "ticket")])
webhook = env["oiconnect.webhook"].create(
    {{
        "name": "Tickets",
        "network_id": network.id,
        "operator_id": operator.id,
        "url": {url!r},
        "kind_ids": [(6, 0, kinds.ids)],
    }}
)
secret = webhook.action_new_secret()["context"]

tickets = env["oiconnect.ticket"].search(
    [
        ("operator_id", "=", operator.id),
        ("state", "=", "in_progress"),
        ("opened_by", "=", "oc"),
    ]
)
ticket = tickets[0]
ticket._fire("call_expertise")

plan = env["oiconnect.publication.plan"].search(
    [("network_id", "=", network.id)], limit=1
)
publications = env["oiconnect.publication"].create(
    [plan._publication_vals(*key) for key in plan._wanted(["full"])]
)
publications._queue()
publications._begin()
env.flush_all()
env.cr.execute(
    "UPDATE queue_job SET state = 'started', date_started = now(),"
    " date_enqueued = now() - interval '1 minute' WHERE identity_key = %s RETURNING id",
    [publications[0].run_key],
)
assert env.cr.fetchall()
env.cr.commit()
left = {{
    "secret": [secret["default_key_name"], secret["default_secret"]],
    "ticket": ticket.id,
    "publications": publications.ids,
}}
pathlib.Path({path!r}).write_text(json.dumps(left))
"""


class UnderWay:
    """The partners, and what was left: ``ticket``, ``publications`` by their ids."""

    def __init__(self, folder):
        self.path = folder / "under_way.json"
        self.operator, self.receiver = OcServer(), WebhookReceiver()
        self.ticket, self.publications = None, []

    def __enter__(self):
        self.operator.start()
        self.receiver.start()
        return self

    def __exit__(self, *exception):
        self.operator.stop()
        self.receiver.stop()

    def leave(self, earlier):
        """Have the earlier version begin all of it; no server of it runs any more."""
        earlier.shell(
            LEAVE,
            network=NETWORK,
            operator=OPERATOR,
            notified=self.operator.url,
            url=self.receiver.url,
            path=str(self.path),
        )
        left = json.loads(self.path.read_text())
        self.ticket, self.publications = left["ticket"], left["publications"]
        name, value = left["secret"]
        self.receiver.secrets[name] = value
