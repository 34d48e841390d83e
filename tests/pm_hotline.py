"""Our side of PM stories: what a person does on screens, by the same calls."""

from datetime import timedelta

from oictools.story import today_in_france

ORDER = "oiconnect.pm.order"
DIALOG = "oiconnect.infra.order.decision"


class PmHotline:
    """Acts as an administrator of the demo."""

    def __init__(self, client, places):
        self.client = client
        self.places = places

    def act(self, play, step):
        """Do it; tell whether it could be done now."""
        act = getattr(self, f"_{step.what}", self._decide)
        return act(play, step) is not False

    def _id_of(self, model, field, value):
        [found] = self.client.read(model, [(field, "=", value)], "id")
        return found["id"]

    def _order(self, play, step):
        return self._id_of(ORDER, "oc_reference", play.reference(step.tag))

    def _decide(self, play, step):
        """Any event of the order, by the dialog that asks first."""
        reason = step.values.get("reason")
        values = {
            "res_model": ORDER,
            "res_ids": [self._order(play, step)],
            "event": step.what,
            "comment": step.values.get("comment", False),
        }
        if reason:
            values["reason_id"] = self._id_of("oiconnect.reason", "code", reason)
        dialog = self.client.call(DIALOG, "create", values)
        self.client.call(DIALOG, "action_confirm", [dialog])

    def _orders(self, play, step):
        """Take an order by telephone."""
        model = "oiconnect.pm.order.new"
        values = {
            "operator_id": self.places.operators[step.tag[:4]],
            "oc_reference": play.reference(step.tag),
            "kind": step.values.get("kind", "unit"),
            "pm_id": self.places.pms[play.script.number],
            "technical_choice": "P",
        }
        dialog = self.client.call(model, "create", values)
        self.client.call(model, "action_order", [dialog])

    def _batch(self, play, step):
        """Make addresses available and announce them, at once or in so many days."""
        number = play.script.number
        ranks = [int(rank) for rank in step.values["addresses"].split(",")]
        buildings = [self.places.buildings[number, rank] for rank in ranks]
        days = int(step.values.get("days", 0))
        name = f"LOTPB-P{number:03d}-{step.values['addresses'].replace(',', '-')}"
        [batch] = self.places.network(
            "pb.batch",
            {
                "reference": name,
                "pm_id": self.places.pms[number],
                "building_ids": [(6, 0, buildings)],
                "delivery_date": str(today_in_france() + timedelta(days=days)),
            },
        )
        if not days:
            play.batch = batch
            self._tell(batch)

    def _corrects(self, play, step):
        values = {"dwelling_count": int(step.values["dwellings"])}
        self.client.call("oiconnect.pb.batch", "write", [play.batch], values)
        self._tell(play.batch)

    def _tell(self, batch):
        self.client.call("oiconnect.pb.batch", "action_tell_operators", [batch])

    def _engages(self, play, step):
        """The operator co-finances the PM since yesterday; who applies it is first."""
        reference = f"COFI-{play.reference(step.tag)}"
        named = [("reference", "=", reference)]
        if not self.client.read("oiconnect.cofinancing", named, "id"):
            [made] = self.places.network(
                "cofinancing",
                {
                    "reference": reference,
                    "operator_id": self.places.operators[step.tag[:4]],
                    "zone": "Exempleville",
                    "pm_ids": [(6, 0, [self.places.pms[play.script.number]])],
                    "share": 5,
                    "start_date": str(today_in_france() - timedelta(days=1)),
                },
            )
            self.client.call("oiconnect.cofinancing", "action_apply", [made])
        domain = [("contract_reference", "=", reference), ("state", "=", "ar_ok")]
        orders = self.client.read(ORDER, domain, "id")
        for order in orders:
            values = {"res_model": ORDER, "res_ids": [order["id"]], "event": "deliver"}
            dialog = self.client.call(DIALOG, "create", values)
            self.client.call(DIALOG, "action_confirm", [dialog])
        return bool(orders)

    def _deploys(self, play, step):
        pm = self.places.pms[play.script.number]
        self.client.call("oiconnect.pm", "write", [pm], {"state": "deployed"})
