"""Stories of tickets, all at once on one server: operators call and are called.

    OCAA opens ticket defectDescription="SIGNAL AFFAIBLI"   its service, by zeep
    OCAA answered 0                                         the code that it got
    OCAA sets "CASE CANCELATION REQUEST" messageType=…      of its ticket
    OCAA hears "CASE SOLVED NOTIFICATION" CLOSED name=text  what its server receives
    OCAA reads CLOSED name=text                             what it fetches
    OCAA is closed                                          our own state
    OCAA deaf                                               nothing more was sent
    hotline adds_task OCAA kind=visit                       a person, on our screens

Names are those of the wire. What is heard comes in order: a story that hears something
else first has failed. A line is in service for each ticket of a story.
"""

import time
from collections import defaultdict, deque
from datetime import UTC, datetime

import zeep
from oictools import database
from story_hotline import act_when_free
from story_script import FOLDER, scripts
from ticket_hotline import TicketHotline

SCRIPTS = FOLDER / "tickets"
# Without any progress for so many seconds, the stories that are left are stuck.
TIMEOUT = 60
#: seconds between two looks at what the server did
PAUSE = 0.2
WSDL = "/oiconnect/soap/sav/3.0?wsdl"
#: demo operators: version of tickets, SIREN
OPERATORS = {"OCAA": ("3.0", "999000029"), "OCBB": ("2.x", "999000037")}
OI_SIREN = "999000011"
USUAL = {
    "troubleTicketType": 1,
    "defectClassId": 1,
    "defectDescription": "PAS DE SIGNAL",
    "defectPrelocalization": "PBO",
    "alreadyOperated": False,
}
# Of the value itself; all other names are of the block of Interop'Fibre.
OF_VALUE = ("troubleTicketState", "troubleDescription", "serviceRestoredTime")
LINES = """
    SELECT o.service_reference, p.reference FROM oiconnect_access_order o
    JOIN oiconnect_operator c ON c.id = o.operator_id
    JOIN oiconnect_pto p ON p.id = o.pto_id
    WHERE o.state = 'in_service' AND c.interop_code = %s AND NOT EXISTS (
        SELECT FROM oiconnect_ticket t WHERE t.order_id = o.id
    ) ORDER BY o.id DESC
"""
STATES = (
    "SELECT oc_key, state, reference FROM oiconnect_ticket WHERE oc_key ~ '-T[0-9]'"
)
# Keys of the tickets of which something waits to be sent
WAITING = """
    SELECT DISTINCT t.oc_key FROM oiconnect_event e
      JOIN oiconnect_ticket t ON t.id = e.res_id AND e.res_model = 'oiconnect.ticket'
     WHERE e.state = 'pending' AND t.oc_key ~ '-T[0-9]'
"""


class Failed(Exception):
    """A step that did not go as it is written."""


class Operator:
    """One commercial operator: a generated client, and its own server."""

    def __init__(self, code, server, client, lines):
        self.code = code
        self.version, self.siren = OPERATORS[code]
        self.server = server
        self.client = client
        self.lines = deque(lines)
        self.seen = 0

    def call(self, operation, **values):
        login = self.code.lower()
        header = {"LoginName": login, "Password": f"demo-{login}"}
        method = self.client.service[operation]
        return method(**values, _soapheaders={"parameters": header})

    def value(self, event, key, values):
        """Return a ticket as the operator writes it."""
        of_value = {name: values[name] for name in OF_VALUE if name in values}
        block = {name: text for name, text in values.items() if name not in OF_VALUE}
        return {
            "interactionDate": datetime.now(UTC),
            "description": event,
            "troubleTicketKey": key,
            "troubleTicketState": None,
            **of_value,
            "FTTHMUTTroubleTicket": {
                "serviceProviderID": self.siren,
                "supplierID": OI_SIREN,
                **block,
            },
        }

    def listen(self):
        """Return what our server received since the last time."""
        received = self.server.notifications[self.seen :]
        self.seen += len(received)
        return received


class TicketPlay:
    """One story being played."""

    def __init__(self, script, stage):
        self.script = script
        self.stage = stage
        self.steps = list(script.steps)
        self.keys, self.codes, self.lines = {}, {}, {}
        self.inbox = defaultdict(deque)
        self.failure = None

    @property
    def is_over(self):
        return bool(self.failure) or not self.steps

    def advance(self):
        """Do the next step if it can be done now; tell whether it was."""
        step = self.steps[0]
        try:
            done = getattr(self, f"_{step.verb}")(step)
        except Exception as error:
            self.failure = f"{self.script.name}, {step}: {error}"
            return True
        if done:
            self.steps.pop(0)
        return done

    def reference(self, tag):
        operator, _slash, rank = tag.partition("/")
        return f"{operator}-T{self.script.number:02d}-{rank or 1}"

    def operator(self, step):
        return self.stage.operators[step.tag[:4]]

    # -- the operator calls ------------------------------------------------------------

    def _opens(self, step):
        """Open a ticket: on a line of its own, or on that of another ticket."""
        operator = self.operator(step)
        values = USUAL | step.values
        same = values.pop("line", step.tag)
        if same not in self.lines:
            self.lines[same] = operator.lines.popleft()
        service, pto = self.lines[same]
        usual = {
            "commercialId": service,
            "technicalId": pto,
            "serviceProviderTroubleTicketKey": self.reference(step.tag),
        }
        value = operator.value("CASE CREATE REQUEST", None, usual | values)
        value["troubleTicketState"] = "QUEUED"
        answer = operator.call("createTroubleTicketByValue", troubleTicketValue=value)
        self._note(step, answer)
        if answer.troubleTicketKey:
            self.keys[step.tag] = answer.troubleTicketKey
        return True

    def _sets(self, step):
        operator = self.operator(step)
        usual = {"serviceProviderTroubleTicketKey": self.reference(step.tag)}
        value = operator.value(step.what, self.keys[step.tag], usual | step.values)
        answer = operator.call(
            "setTroubleTicketByValue", troubleTicketValue=value, resyncRequired=False
        )
        self._note(step, answer)
        return True

    def _note(self, step, answer):
        self.codes[step.tag] = answer.returnCode
        following = self.steps[1:2]
        if answer.returnCode != "0" and (
            not following or following[0].verb != "answered"
        ):
            raise Failed(f"{answer.returnCode} {answer.returnLabel}")

    def _answered(self, step):
        _equal(self.codes[step.tag], step.what)
        return True

    def _reads(self, step):
        """Fetch the ticket and compare."""
        answer = self.operator(step).call(
            "getTroubleTicketByKey",
            troubleTicketKey=self.keys[step.tag],
            attrNames={"item": []},
        )
        value = answer.troubleTicketValue
        found = {"troubleTicketState": value.troubleTicketState}
        block = value.FTTHMUTTroubleTicket
        for name in step.values:
            found[name] = str(getattr(block, name))
        _equal(found, {"troubleTicketState": step.what, **step.values})
        return True

    # -- it is called ------------------------------------------------------------------

    def _hears(self, step):
        inbox = self.inbox[self.keys[step.tag]]
        if not inbox:
            return False
        message = inbox.popleft()
        wanted = {"description": step.what, **step.values}
        if step.words:
            wanted["troubleTicketState"] = step.words[0]
        _equal({name: message.values.get(name) for name in wanted}, wanted)
        return True

    def _deaf(self, step):
        """Everything was sent, and received."""
        if self.reference(step.tag) in self.stage.waiting:
            return False
        self.stage.listen()
        heard = [one.event for one in self.inbox[self.keys.get(step.tag)]]
        _equal(heard, [])
        return True

    def _is(self, step):
        return self.stage.states.get(self.reference(step.tag)) == step.what

    def _hotline(self, step):
        return act_when_free(self.stage.hotline, self, step)


class TicketStage:
    """Plays all scripts; ``play`` returns the plays by name."""

    def __init__(self, server, oc_servers):
        self.server = server
        client = zeep.Client(f"http://127.0.0.1:{server.port}{WSDL}")
        self.operators = {
            code: Operator(code, oc_servers[code], client, server.rows(LINES, code))
            for code in OPERATORS
        }
        self.hotline = TicketHotline(server.client("tickets"), server.client(), server)
        self.plays = [TicketPlay(script, self) for script in scripts(SCRIPTS)]
        self.states = {}
        self.waiting = set()

    def play(self):
        last = time.monotonic()
        with database.connect(self.server.database) as cursor:
            while running := [play for play in self.plays if not play.is_over]:
                self.listen()
                self._look(cursor)
                if any([self._advance(play) for play in running]):
                    last = time.monotonic()
                elif time.monotonic() > last + TIMEOUT:
                    self._give_up(running)
                else:
                    time.sleep(PAUSE)
        return {play.script.name: play for play in self.plays}

    def _advance(self, play):
        return play.advance()

    def listen(self):
        """Hand what operators received over to the stories."""
        by_key = {key: play for play in self.plays for key in play.keys.values()}
        for operator in self.operators.values():
            for message in operator.listen():
                if message.ticket in by_key:
                    by_key[message.ticket].inbox[message.ticket].append(message)

    def _look(self, cursor):
        """Read what the server did, by one connection: looks are many."""
        cursor.execute(WAITING)
        self.waiting = {key for (key,) in cursor.fetchall()}
        cursor.execute(STATES)
        found = cursor.fetchall()
        self.states = {key: state for key, state, _reference in found}
        # Tickets that we opened ourselves have a reference that no operator answered.
        for play in self.plays:
            for step in play.script.steps:
                for key, _state, reference in found:
                    if step.tag and key == play.reference(step.tag):
                        play.keys.setdefault(step.tag, reference)

    def _give_up(self, running):
        for play in running:
            inbox = {key: [one.event for one in got] for key, got in play.inbox.items()}
            states = {
                tag: self.states.get(play.reference(tag)) for tag in play.script.tags
            }
            play.failure = (
                f"{play.script.name}, {play.steps[0]}: nothing came. "
                f"States: {states}, unread: {inbox}"
            )


def _equal(found, wanted):
    if found != wanted:
        raise Failed(f"{found} instead of {wanted}")
