"""The ticket that `make demo-oc` plays: opened, solved, rejected, solved, accepted.

The operator speaks by its calls of the OI's service, the OI's hotline acts on its
screens, and the operator's own server hears what becomes of the ticket.
"""

import time
from typing import NamedTuple

from .oc import Late

OC, OI, SCREEN = "OCAA → OICN", "OICN → OCAA", "Hotline"
SOLVING, SOLVED = "CASE SOLVING NOTIFICATION", "CASE SOLVED NOTIFICATION"
TIMEOUT = 120
TICKET, TASK = "oiconnect.ticket", "oiconnect.ticket.task"
DECISION = "oiconnect.ticket.decision"


class Step(NamedTuple):
    """Action of one party; `values` are texts by name on the wire."""

    who: str
    what: str
    values: dict


class TicketStory:
    """One ticket.

    :param operator: an oc_tickets.TicketClient
    :param hotline: a client.Client
    :param heard: returns the notifications that the operator's server has, oldest
        first: (ticket, event, state, version, values)
    """

    def __init__(self, operator, hotline, heard, oc_key, service_reference):
        self.operator = operator
        self.hotline = hotline
        self.heard = heard
        self.oc_key = oc_key
        self.service_reference = service_reference
        self.key = None
        self.ticket_id = None
        self._count = 0

    def steps(self):
        yield self.open()
        yield from self.repair()
        yield self.reject()
        yield from self.repair()
        yield self.accept()
        yield self.end()

    # -- the operator ------------------------------------------------------------------

    def open(self):
        self.key = self.operator.create(self.oc_key, self.service_reference)
        [found] = self.hotline.read(TICKET, [["reference", "=", self.key]], "id")
        self.ticket_id = found["id"]
        payload = {
            "serviceProviderTroubleTicketKey": self.oc_key,
            "commercialId": self.service_reference,
            "troubleTicketKey": self.key,
        }
        return Step(OC, "CASE CREATE REQUEST", payload)

    def reject(self):
        reason = "Toujours pas de signal"
        self.operator.reject(self.key, self.oc_key, reason)
        values = {"troubleTicketState": "OPENACTIVE", "messageContent": reason}
        return Step(OC, "SP CASE INFORMATION NOTIFICATION", values)

    def accept(self):
        self.operator.accept(self.key, self.oc_key)
        values = {"troubleTicketState": "CLOSED"}
        return Step(OC, "SP CASE INFORMATION NOTIFICATION", values)

    def end(self):
        return Step(OC, "getTroubleTicketByKey", self.operator.fetch(self.key).values)

    def hear(self, event):
        """Wait for the next notification of this ticket."""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            notifications = [one for one in self.heard() if one[0] == self.key]
            if len(notifications) > self._count:
                [_key, found, _state, _version, values] = notifications[self._count]
                self._count += 1
                if found != event:
                    raise Late(f"{event} was expected, {found} came")
                return Step(OI, event, values)
            time.sleep(0.2)
        raise Late(f"no {event} within {TIMEOUT} s")

    # -- the hotline -------------------------------------------------------------------

    def repair(self):
        """A visit is added, carried out, and the ticket is resolved."""
        values = {"ticket_id": self.ticket_id, "kind": "visit"}
        task = self.hotline.call(TASK, "create", values)
        yield Step(SCREEN, "ajoute une tâche", {})
        yield self.hear(SOLVING)
        self._report(task)
        yield Step(SCREEN, "la tâche est faite", {})
        yield self.hear(SOLVING)
        self._resolve()
        yield Step(SCREEN, "résout le ticket", {})
        yield self.hear(SOLVED)

    def _report(self, task):
        places = [["code_list", "=", "location"], ["code", "=", "PBO"]]
        report = {
            "result": "Fibre ressoudée au PBO",
            "location_id": self._id_of("oiconnect.ticket.code", places),
            "loss": 17.5,
        }
        self.hotline.call(TASK, "write", [task], report)
        self.hotline.call(TASK, "action_do", [task])

    def _resolve(self):
        """Resolve by the dialog, which proposes the place of the report."""
        codes = "oiconnect.ticket.closure.code", [["code", "=", "RET01"]]
        dialog = self.hotline.call(
            DECISION,
            "create",
            {
                "ticket_ids": [(6, 0, [self.ticket_id])],
                "event": "resolve",
                "closure_code_id": self._id_of(*codes),
                "comment": "Fibre ressoudée au PBO",
            },
        )
        self.hotline.call(DECISION, "action_confirm", [dialog])

    def _id_of(self, model, domain):
        [found] = self.hotline.read(model, domain, "id")
        return found["id"]
