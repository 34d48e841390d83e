"""A cable is cut: 500 tickets of one operator, their incident, and what it is sent.

The operator hears of its tickets on a server of its own, which is under maintenance now
and then. It opens a part of them by SOAP on a server that runs. The others come in by
the method that SOAP calls, in this process: all by HTTP took 26 s of a busy machine.
"""

import base64
import urllib.error
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from xml.etree import ElementTree

import pytest
from conftest import OdooServer
from demo_soap import LOGIN, PASSWORD
from oc_server import FailingOcServer
from odoo_process import environment, registry
from oictools import database
from oictools.client import Refused
from oictools.oc_tickets import TicketClient
from waiting import wait_until

pytestmark = pytest.mark.slow
NETWORK, LINES = "OICI", 500
# Tickets that the operator opens by HTTP, and calls that it makes at once
BY_HTTP, CALLERS = 25, 2
OI_SIREN = "999000011"
# Log-in, SIREN: who has the lines, and who has none on this PM
OWNER, RIVAL = ("owner", "999000029"), ("rival", "999000037")
SECRET, HOTLINE = "secret-of-the-operator", "hotline"
TICKET = "oiconnect.ticket"
DECISION, INCIDENT = "oiconnect.ticket.decision", "oiconnect.incident"
#: code of an operator's server under maintenance, and of a search without result
MAINTENANCE, NOTHING = 14, 5
# The first notifications, and some in the midst of those that follow
ILL = (MAINTENANCE, -MAINTENANCE, *["work"] * 40, MAINTENANCE)
ILL += (*["work"] * 600, -MAINTENANCE)
SOLVING, SOLVED = "CASE SOLVING NOTIFICATION", "CASE SOLVED NOTIFICATION"
# The content of a notification: what happened, its state, where the work is
PLANNED = SOLVING, "OPENACTIVE", "ACTION PREVUE"
CARRIED_OUT = SOLVING, "OPENACTIVE", "ACTION TERMINEE"
RESOLVED = SOLVED, "CLEARED", "ACTION TERMINEE"
WORKS_PATH = "/oiconnect/soap/travaux/1.0"
WORKS = f"""<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:w="http://interop-fibre.fr/wsdl/ftth/infoTravaux/v1-0">
  <e:Header><w:InfoTravauxFTTHHeader>
    <supplierID>{OI_SIREN}</supplierID>
    <serviceProviderID>{{siren}}</serviceProviderID>
  </w:InfoTravauxFTTHHeader></e:Header>
  <e:Body><w:getInfoTravauxFTTHRequest><type>DERCO</type>
  </w:getInfoTravauxFTTHRequest></e:Body>
</e:Envelope>"""
EVENTS = """
    SELECT ticket.reference, array_agg(event.id ORDER BY event.id)
      FROM oiconnect_event event
      JOIN oiconnect_ticket ticket ON ticket.id = event.res_id
     WHERE event.res_model = 'oiconnect.ticket' GROUP BY ticket.reference"""
PENDING = """
    SELECT count(*) FROM oiconnect_event
     WHERE res_model = 'oiconnect.ticket' AND state <> 'done'"""
# The operator's server failed, and the job that tries again waits for its time.
PAUSED = """
    SELECT EXISTS (SELECT FROM oiconnect_soap_account WHERE next_try_date IS NOT NULL)
       AND (SELECT array_agg((state, eta IS NOT NULL)::text) FROM queue_job
             WHERE channel = 'root.oiconnect_notify'
               AND state IN ('pending', 'enqueued', 'started')) = '{"(pending,t)"}'"""
# As if that time had come
MOVE_ON = (
    "UPDATE oiconnect_soap_account SET next_try_date = NULL",
    "UPDATE queue_job SET eta = NULL WHERE channel = 'root.oiconnect_notify'"
    " AND state = 'pending'",
)


class Cut:
    """The OI, and the operator whose lines are cut.

    :param references: those of the lines; the first have no ticket yet
    :param cursor: for looks at what is committed
    :param oc: the operator's server
    """

    def __init__(self, references, server, cursor, oc):
        self.references = references
        self.server = server
        self.cursor = cursor
        self.oc = oc
        self.base = f"http://127.0.0.1:{server.port}"
        login, siren = OWNER
        self.operator = TicketClient(self.base, login, SECRET, siren, OI_SIREN)
        self.hotline = server.client(HOTLINE)
        self.oc_keys = {}
        self.pauses = 0

    def open_by_http(self):
        """Let the operator open a ticket on the first lines; return those of all lines.

        :return: ``{our key: id}``
        """
        references = self.references[:BY_HTTP]
        with ThreadPoolExecutor(CALLERS) as callers:
            keys = list(callers.map(self._open, references))
        self.oc_keys = dict(zip(keys, map(_oc_key, references), strict=True))
        found = self.hotline.read(TICKET, [], "reference")
        ids = {ticket["reference"]: ticket["id"] for ticket in found}
        assert len(ids) == LINES
        assert self.oc_keys.keys() <= ids.keys()
        return ids

    def _open(self, reference):
        return self.operator.create(_oc_key(reference), reference)

    def make_incident(self, ticket_id):
        """Make the incident from one ticket; return its id."""
        wider = "action_make_wider_incident"
        return self.hotline.call(TICKET, wider, [ticket_id])["res_id"]

    def incident(self, incident_id, *fields):
        [found] = self.hotline.read(INCIDENT, [["id", "=", incident_id]], *fields)
        return found

    def add_tasks(self, incident_id):
        """Give a visit to all tickets of the incident, by its one dialog."""
        action = self.hotline.call(INCIDENT, "action_add_task", [incident_id])
        self._save(action, kind="visit")

    def end_incident(self, incident_id):
        """The cable is repaired: tasks, incident and tickets end."""
        self._decide(INCIDENT, [incident_id], "do_tasks")
        self.hotline.call(INCIDENT, "action_close", [incident_id])
        self.resolve(INCIDENT, [incident_id])

    def resolve(self, model, ids):
        """Resolve tickets, or those of an incident."""
        self._decide(
            model,
            ids,
            "resolve",
            closure_code_id=self._id_of(
                "oiconnect.ticket.closure.code", [["code", "=", "RET01"]]
            ),
            location_id=self._id_of(
                "oiconnect.ticket.code",
                [["code_list", "=", "location"], ["code", "=", "PM-PBO"]],
            ),
        )

    def _decide(self, model, ids, decision, **values):
        context = {"decision": decision}
        action = self.hotline.call(model, "action_decide", ids, context=context)
        dialog = self._save(action, **values)
        self.hotline.call(DECISION, "action_confirm", [dialog])

    def _save(self, action, **values):
        """Save the dialog that an action opens, as the web client; return its id."""
        context = action["context"]
        values |= {
            name.removeprefix("default_"): value
            for name, value in context.items()
            if name.startswith("default_")
        }
        values["ticket_ids"] = [(6, 0, values["ticket_ids"])]
        return self.hotline.call(action["res_model"], "create", values, context=context)

    def _id_of(self, model, domain):
        [found] = self.hotline.read(model, domain, "id")
        return found["id"]

    def states(self):
        """Return ``{reference: state}`` of all tickets."""
        found = self.hotline.read(TICKET, [], "reference", "state")
        return {ticket["reference"]: ticket["state"] for ticket in found}

    # -- what the operator hears -------------------------------------------------------

    def wait_until_notified(self):
        """Wait until nothing is left to tell; an ill server is tried again at once."""
        wait_until(self._is_all_notified)

    def _is_all_notified(self):
        if self._value(PAUSED):
            self.pauses += 1
            for statement in MOVE_ON:
                self.cursor.execute(statement)
        return self._value(PENDING) == 0

    def _value(self, query):
        self.cursor.execute(query)
        [(value,)] = self.cursor.fetchall()
        return value

    def notified(self):
        """Return ``{reference: what its operator received, in order}``."""
        found = defaultdict(list)
        for one in self.oc.notifications:
            where = one.values.get("supplierResolutionState")
            found[one.ticket].append((one.event, one.state, where))
        return found

    def versions(self):
        """Return ``{reference: numbers of its notifications}``."""
        found = defaultdict(list)
        for one in self.oc.notifications:
            found[one.ticket].append(one.version)
        return found

    def events(self):
        """Return ``{reference: numbers of the messages of the outbox}``."""
        self.cursor.execute(EVENTS)
        return dict(self.cursor.fetchall())

    # -- getInfoTravauxFTTH ------------------------------------------------------------

    def works(self, login, siren):
        """Return the answer to the operator that asks for collective incidents."""
        token = base64.b64encode(f"{login}:{SECRET}".encode()).decode()
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "Authorization": f"Basic {token}",
        }
        body = WORKS.format(siren=siren).encode()
        request = urllib.request.Request(self.base + WORKS_PATH, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                content = response.read()
        except urllib.error.HTTPError as error:
            content = error.read()
        return ElementTree.fromstring(content)


def _oc_key(reference):
    return f"CUT-{reference[-4:]}"


def _named(root, name):
    """Return the elements with that local name."""
    return [node for node in root.iter() if node.tag.rpartition("}")[2] == name]


def _texts(root, name):
    return [node.text for node in _named(root, name)]


def prepare(env, url):
    """Make the lines, two operators that call us and the hotline.

    :return: what ``make_lines`` made
    """
    from bench import tickets_fill

    from odoo.addons.oiconnect_orders.tests.common import make_operator

    made = tickets_fill.make_lines(env, NETWORK, LINES)
    made["network"].siren = OI_SIREN
    operators = made["operator"], make_operator(env, "OCRV")
    for operator, (login, siren) in zip(operators, (OWNER, RIVAL), strict=True):
        operator.siren = siren
        env["oiconnect.soap.account"].create(
            {
                "network_id": made["network"].id,
                "operator_id": operator.id,
                "login": login,
                "password": SECRET,
                "url": url,
                "remote_login": LOGIN,
                "remote_password": PASSWORD,
                "is_notified": True,
            }
        )
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": HOTLINE,
            "login": HOTLINE,
            "password": HOTLINE,
            "group_ids": [(6, 0, env.ref("oiconnect_base.group_ticket_user").ids)],
        }
    )
    return made


def open_others(env, made):
    """Open tickets on the lines on which the operator opens none by HTTP."""
    from odoo.addons.oiconnect_base.workflow import Origin

    origin = Origin("soap", version="3.0")
    for reference in made["references"][BY_HTTP:]:
        _ticket, refusals = env["oiconnect.ticket"]._receive_creation(
            {
                "oc_key": _oc_key(reference),
                "type": "1",
                "service_reference": reference,
                "defect": "PAS DE SIGNAL",
                "defect_class": "1",
                "prelocation": "PBO",
            },
            made["operator"],
            made["network"],
            origin,
        )
        assert not refusals


@pytest.fixture
def cut(empty_database, tmp_path):
    with ExitStack() as stack:
        oc = stack.enter_context(FailingOcServer())
        with registry(empty_database) as found, environment(found) as env:
            made = prepare(env, oc.url)
            open_others(env, made)
            references = made["references"]
        server = OdooServer(empty_database, tmp_path / "odoo.log")
        stack.callback(server.stop)
        server.start()
        cursor = stack.enter_context(database.connect(empty_database))
        yield Cut(references, server, cursor, oc)


def test_a_collective_incident_of_500_lines(cut):
    ids = cut.open_by_http()
    first, second, *_others = cut.oc_keys
    incident = cut.make_incident(ids[first])
    assert_seen(cut, incident, ids)

    cut.oc.fails(*ILL)
    cut.add_tasks(incident)
    cut.end_incident(incident)
    cut.wait_until_notified()
    assert_notified_once(cut, ids)
    assert_over(cut, incident)

    cut.operator.accept(first, cut.oc_keys[first])
    cut.operator.reject(second, cut.oc_keys[second], "Toujours pas de signal")
    others = dict.fromkeys(ids, "resolved")
    assert cut.states() == others | {first: "closed", second: "in_progress"}
    with pytest.raises(Refused):
        # What was done did not help: it needs another task.
        cut.resolve(TICKET, [ids[second]])
    cut.wait_until_notified()
    # The operator is not notified of what it sent itself.
    assert_notified_once(cut, ids)


def assert_seen(cut, incident, ids):
    """All tickets follow the incident, which their operator sees, and no other."""
    found = cut.incident(incident, "reference", "ticket_ids", "impacted_count")
    assert sorted(found["ticket_ids"]) == sorted(ids.values())
    assert found["impacted_count"] == LINES
    seen = cut.works(*OWNER)
    [works] = _named(seen, "travaux")
    assert works.get("reference") == found["reference"]
    assert (_texts(works, "type"), _texts(works, "etat")) == (["DERCO"], ["NOUVEAU"])
    assert _texts(works, "prestation") == cut.references
    hidden = cut.works(*RIVAL)
    assert not _named(hidden, "travaux")
    assert _texts(hidden, "codeRetour") == [str(NOTHING)]


def assert_notified_once(cut, ids):
    """Each ticket was notified by its three messages, in their order, once."""
    assert cut.notified() == dict.fromkeys(ids, [PLANNED, CARRIED_OUT, RESOLVED])
    assert cut.versions() == cut.events()
    assert not cut.oc.repeated
    failures = [step for step in ILL if step != "work"]
    assert cut.oc.calls == len(cut.oc.notifications) + len(failures)
    # One of a minute after each failure: on a slow machine, some end by themselves.
    assert cut.pauses <= len(failures)


def assert_over(cut, incident):
    assert set(cut.states().values()) == {"resolved"}
    assert cut.incident(incident, "state")["state"] == "closed"
    [works] = _named(cut.works(*OWNER), "travaux")
    assert _texts(works, "etat") == ["CLOTURE"]
