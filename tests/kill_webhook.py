"""Events of webhooks: each is sent in the order of its record, whatever dies."""

import webhook_stage
from kill_place import REPORTER, Work
from kill_points import after, before
from odoo_process import environment
from webhook_receiver import WebhookReceiver
from webhook_stage import EVENT, WEBHOOK

TRIES = "oiconnect.webhook.delivery"


class Deliveries(Work):
    """Two orders of an operator, to each of which three things happen."""

    MOMENTS = {
        "the job begins": before(WEBHOOK, "_deliver"),
        "an event is chosen": after(WEBHOOK, "_next_call"),
        "it is about to leave": before(WEBHOOK, "_make_call"),
        "the receiver has it, and we do not know": after(WEBHOOK, "_make_call"),
        "its end is to be noted": before(EVENT, "_note_taken"),
        "its end is noted, and not committed": after(WEBHOOK, "_note_call"),
        "its try is in the journal": after(TRIES, "_log"),
        "the next one is to be chosen": before(WEBHOOK, "_next_call", 2),
        "the receiver has a later one": after(WEBHOOK, "_make_call", 3),
        "a later one is noted": after(WEBHOOK, "_note_call"),
        "all are sent": before(WEBHOOK, "_next_delivery_date"),
        "the job is over": after(WEBHOOK, "_next_delivery_date"),
    }
    UNKNOWN = (
        "the receiver has it, and we do not know",
        "its end is to be noted",
        "its end is noted, and not committed",
        "its try is in the journal",
        "the receiver has a later one",
        "a later one is noted",
    )

    def __init__(self, found, place):
        super().__init__(found, place)
        self.receiver = WebhookReceiver().start()
        with environment(found) as env:
            domain = [("interop_code", "=", REPORTER)]
            operator = env["oiconnect.operator"].search(domain)
            network = env["oiconnect.network"].browse(place.network_id)
            lines = [self._line(place) for _n in range(2)]
            orders = env[webhook_stage.ORDER]
            made = orders._receive(lines, operator, network)
            order_ids = [order.id for order, _refusals in made]
            self.webhook_id = webhook_stage.subscribe(
                env, self.receiver, network, operator
            )
        for _n in range(3):
            webhook_stage.happen(found, order_ids)

    def _line(self, place):
        return {
            "oc_reference": f"OC-{next(place.numbers):06d}",
            "connection_type": "STOC",
            "requested_type": "AUTO",
            "existing_socket": False,
            "order_date": "2026-03-14T10:05:00",
            "building_identifier": place.building,
            "pm_reference": place.pm,
            "customer_name": "EXEMPLE",
            "customer_contact1": "0600000001",
        }

    def run(self, found):
        for _n in range(20):
            with environment(found) as env:
                webhook = env[WEBHOOK].browse(self.webhook_id)
                webhook._deliver()
                if not webhook_stage.waiting(env, self.webhook_id):
                    return
        raise AssertionError("the events have no end")

    def assert_done(self):
        self.receiver.stop()
        heard = self.receiver.records()
        assert len(heard) == 2
        for numbers in heard.values():
            assert len(numbers) == 3
            assert numbers == sorted(numbers)
        # Those with an unknown end were sent again, with the same id.
        assert len(self.receiver.repeated) == self.doubtful_count
        assert not self.receiver.forged
        with environment(self.found) as env:
            sent = env[EVENT].search([("webhook_id", "=", self.webhook_id)])
            assert set(sent.mapped("state")) == {"done"}
            env[WEBHOOK].browse(self.webhook_id).active = False
