"""Our side of stories: what a person does on screens, by the same calls."""

from oictools.client import Refused

ORDER = "oiconnect.access.order"
# Events that are a button, and those that ask for a reason or a confirmation
BUTTONS = ("resume", "reopen")
DECISIONS = (
    *("reject", "connection_failed", "abandon"),
    *("start", "deliver", "connected", "activate"),
    *("cancel", "terminate", "restore"),
)


def act_when_free(hotline, play, step):
    """Act as a person; try again if someone else is at work on the record."""
    try:
        return hotline.act(play, step)
    except Refused as refused:
        if not refused.kind.endswith("BusyError"):
            raise
        return False


class Hotline:
    """Acts as a user of the demo; `act` tells whether the act could be done now."""

    def __init__(self, client, manager, server):
        self.client = client
        self.manager = manager
        self.server = server

    def act(self, play, step):
        if step.what in BUTTONS:
            self._call(ORDER, f"action_{step.what}", [self._order(play, step)])
        elif step.what in DECISIONS:
            self._decide(self._order(play, step), step)
        else:
            getattr(self, f"_{step.what}")(play, step)
        return True

    def _call(self, model, method, *arguments, **keywords):
        context = {"lang": "fr_FR", "tz": "Europe/Paris"}
        return self.client.call(model, method, *arguments, **keywords, context=context)

    def _open(self, model, **values):
        """Fill a dialog in; return its id."""
        return self._call(model, "create", values)

    def _order(self, play, step):
        reference = play.script.reference(step.tag)
        found = self.client.read(ORDER, [("oc_reference", "=", reference)], "id")
        return found[0]["id"]

    def _id_of(self, model, field, value):
        [found] = self.client.read(model, [(field, "=", value)], "id")
        return found["id"]

    # -- on an order -------------------------------------------------------------------

    def _decide(self, order, step):
        reason = step.values.get("reason")
        dialog = self._open(
            "oiconnect.access.order.decision",
            order_ids=[(6, 0, [order])],
            event=step.what,
            reason_id=reason and self._id_of("oiconnect.reason", "code", reason),
            **{
                name: step.values[name]
                for name in ("comment", "taker_comment")
                if name in step.values
            },
        )
        self._call("oiconnect.access.order.decision", "action_confirm", [dialog])

    def _new_route(self, play, step):
        reason = self._id_of("oiconnect.mutation.reason", "name", step.values["reason"])
        dialog = self._open(
            "oiconnect.access.order.route",
            order_id=self._order(play, step),
            kind=step.values["kind"],
            reason_id=reason,
        )
        self._call("oiconnect.access.order.route", "action_change", [dialog])

    def _sets_control_aside(self, play, step):
        """An administrator takes a rejection back, and the order is studied again."""
        model = "oiconnect.access.order.override"
        vals = {"order_id": self._order(play, step), "reason": step.values["why"]}
        dialog = self.manager.call(model, "create", vals)
        self.manager.call(model, "action_confirm", [dialog])

    def _confirms_rejection(self, play, step):
        self._call(ORDER, "action_confirm_rejection", [self._order(play, step)])

    def _waits(self, play, step):
        """So many days pass for one order, and the scheduler marks what is late."""
        self.server.rows(
            "UPDATE oiconnect_access_order SET due_date = due_date - interval '1 day' "
            "* %s WHERE oc_reference = %s RETURNING id",
            int(step.values["days"]),
            play.script.reference(step.tag),
        )
        self._run_cron("oiconnect_base", "cron_mark_late")

    def _run_cron(self, module, name):
        domain = [("module", "=", module), ("name", "=", name)]
        [found] = self.manager.read("ir.model.data", domain, "res_id")
        self.manager.call("ir.cron", "method_direct_trigger", [found["res_id"]])

    # -- for an operator that calls ----------------------------------------------------

    def _orders(self, play, step):
        """Take an order by telephone."""
        building, operator = self._place(play), step.tag[:4]
        dialog = self._open(
            "oiconnect.access.order.new",
            operator_id=self._id_of("oiconnect.operator", "interop_code", operator),
            oc_reference=play.script.reference(step.tag),
            building_id=building,
            connection_type=step.values["mode"],
            requested_type="auto",
            customer_name="EXEMPLE",
            customer_contact1="0600000001",
        )
        self._call("oiconnect.access.order.new", "action_order", [dialog])

    def _place(self, play):
        name = f"IMB/99001/S/{play.script.number:04d}"
        return self._id_of("oiconnect.building", "identifier", name)

    # -- appointments ------------------------------------------------------------------

    def _books(self, play, step):
        """Book the first free slot; record its reference like a message."""
        building = self._place(play)
        dialog = self._open(
            "oiconnect.appointment.choice",
            operator_id=self._id_of("oiconnect.operator", "interop_code", step.tag[:4]),
            commune_id=self._id_of("oiconnect.commune", "insee_code", "99001"),
            building_id=building,
        )
        appointment = self._take_slot(dialog)
        [row] = self.client.read(
            "oiconnect.appointment", [("id", "=", appointment)], "reference"
        )
        play.heard[step.tag, "RDV"] = {"IdRdv": row["reference"]}

    def _take_slot(self, dialog):
        model = "oiconnect.appointment.choice"
        slots = []
        while not slots:
            self._call(model, "action_search", [dialog])
            domain = [("choice_id", "=", dialog)]
            slots = self.client.read(f"{model}.slot", domain, "id", limit=1)
            if not slots:
                self._call(model, "action_later", [dialog])
        taken = self._call(f"{model}.slot", "action_take", [slots[0]["id"]])
        return taken.get("res_id")

    def _visit(self, play, step, button):
        reference = play.heard[step.tag, "RDV"]["IdRdv"]
        model = "oiconnect.appointment"
        appointment = self._id_of(model, "reference", reference)
        self._call(model, f"action_{button}", [appointment])

    def _validates(self, play, step):
        self._visit(play, step, "confirm")

    def _visits_again(self, play, step):
        """Another slot for the customer who was not there, validated at once."""
        reference = play.heard[step.tag, "RDV"]["IdRdv"]
        model = "oiconnect.appointment"
        appointment = self._id_of(model, "reference", reference)
        opened = self._call(model, "action_move", [appointment])
        self._take_slot(opened["res_id"])
        self._call(model, "action_confirm", [appointment])
