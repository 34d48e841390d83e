"""Our side of the stories of tickets: what a person does on screens, by RPC."""

TICKET, TASK = "oiconnect.ticket", "oiconnect.ticket.task"
DECISION = "oiconnect.ticket.decision"
PLACE = ("location", "PBO")
# Events that are a button, and those that ask for something
BUTTONS = ("thaw", "end_expertise", "escalate")
DECISIONS = {
    "closes": "close",
    "resolves": "resolve",
    "freezes": "freeze",
    "calls_expertise": "call_expertise",
    "agrees_cancel": "agree_cancel",
    "refuses_cancel": "refuse_cancel",
    "withdraws": "withdraw",
}


class TicketHotline:
    """Acts as a user of the demo; `act` tells whether the act could be done now."""

    def __init__(self, client, manager, server):
        self.client = client
        self.manager = manager
        self.server = server

    def act(self, play, step):
        if step.what in BUTTONS:
            self._call(
                TICKET, "action_fire", [self._ticket(play, step)], event=step.what
            )
        elif step.what in DECISIONS:
            self._decide(play, step)
        else:
            getattr(self, f"_{step.what}")(play, step)
        return True

    def _call(self, model, method, *arguments, event=None, **keywords):
        context = {"lang": "fr_FR", "tz": "Europe/Paris"}
        context |= {"event": event} if event else {}
        return self.client.call(model, method, *arguments, **keywords, context=context)

    def _ticket(self, play, step):
        key = play.reference(step.tag)
        [found] = self.client.read(TICKET, [("oc_key", "=", key)], "id")
        return found["id"]

    def _id_of(self, model, domain):
        [found] = self.client.read(model, domain, "id")
        return found["id"]

    def _decide(self, play, step):
        values = {
            "ticket_ids": [(6, 0, [self._ticket(play, step)])],
            "event": DECISIONS[step.what],
        }
        if code := step.values.get("code"):
            codes = "oiconnect.ticket.closure.code"
            values["closure_code_id"] = self._id_of(codes, [("code", "=", code)])
        if place := step.values.get("location"):
            domain = [("code_list", "=", "location"), ("code", "=", place)]
            values["location_id"] = self._id_of("oiconnect.ticket.code", domain)
        if "reason" in step.values:
            values["reason"] = step.values["reason"]
        if "comment" in step.values:
            values["comment"] = step.values["comment"]
        dialog = self._call(DECISION, "create", values)
        self._call(DECISION, "action_confirm", [dialog])

    # -- tasks -------------------------------------------------------------------------

    def _adds_task(self, play, step):
        self._call(
            TASK,
            "create",
            {
                "ticket_id": self._ticket(play, step),
                "kind": step.values.get("kind", "visit"),
            },
        )

    def _task(self, play, step):
        """The last task of the ticket that is awaited."""
        domain = [
            ("ticket_id", "=", self._ticket(play, step)),
            ("state", "in", ["to_plan", "planned"]),
        ]
        found = self.client.read(TASK, domain, "id", order="id desc", limit=1)
        return found[0]["id"]

    def _plans(self, play, step):
        vals = {"new_date": step.values["date"]}
        self._call(TASK, "write", [self._task(play, step)], vals)

    def _does(self, play, step):
        task = self._task(play, step)
        report = {"result": "Soudure refaite.", "location_id": self._code(*PLACE)}
        self._call(TASK, "write", [task], report | {"loss": 17.5})
        self._call(TASK, "action_do", [task])

    def _calls_off(self, play, step):
        self._call(TASK, "action_fire", [self._task(play, step)], event="cancel")

    def _repeats(self, play, step):
        absent = step.values.get("absent") == "yes"
        button = "action_customer_absent" if absent else "action_repeat"
        self._call(TASK, button, [self._task(play, step)])

    # -- the dialogue ------------------------------------------------------------------

    def _writes(self, play, step):
        vals = {
            "ticket_id": self._ticket(play, step),
            "message_type": step.values.get("type", "info"),
            "content": step.values["text"],
        }
        self._call("oiconnect.ticket.message", "create", vals)

    # -- for an operator that calls ----------------------------------------------------

    def _opens(self, play, step):
        operator = play.operator(step)
        service, _pto = operator.lines.popleft()
        network = self.client.read("oiconnect.network", [], "id", limit=1)
        vals = {
            "network_id": network[0]["id"],
            "operator_id": self._id_of(
                "oiconnect.operator", [("interop_code", "=", step.tag[:4])]
            ),
            "oc_key": play.reference(step.tag),
            "service_reference": service,
            "defect_id": self._code("defect", "PAS DE SIGNAL"),
            "defect_class_id": self._code("defect_class", "1"),
            "prelocation_id": self._code(*PLACE),
        }
        self._call(TICKET, "create", vals)

    def _code(self, code_list, code):
        domain = [("code_list", "=", code_list), ("code", "=", code)]
        return self._id_of("oiconnect.ticket.code", domain)

    # -- time and the network ----------------------------------------------------------

    def _waits(self, play, step):
        """So many days pass for one ticket; resolutions without answer are accepted."""
        self.server.rows(
            "UPDATE oiconnect_ticket SET due_date = due_date - interval '1 day' * %s"
            " WHERE oc_key = %s RETURNING id",
            int(step.values["days"]),
            play.reference(step.tag),
        )
        domain = [
            ("module", "=", "oiconnect_sav"),
            ("name", "=", "cron_accept_by_default"),
        ]
        [found] = self.manager.read("ir.model.data", domain, "res_id")
        self.manager.call("ir.cron", "method_direct_trigger", [found["res_id"]])

    def _terminates(self, play, step):
        """The operator's line is terminated while its ticket is open."""
        order = "oiconnect.access.order"
        [found] = self.client.read(
            TICKET, [("id", "=", self._ticket(play, step))], "order_id"
        )
        dialog = self.manager.call(
            f"{order}.decision",
            "create",
            {"order_ids": [(6, 0, [found["order_id"][0]])], "event": "terminate"},
        )
        self.manager.call(f"{order}.decision", "action_confirm", [dialog])
