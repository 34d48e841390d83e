"""The SOAP server behind HTTP: generated clients, chunks, slow and huge calls."""

import http.client
import socket
import threading
import time
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import small_network
import zeep
from conftest import OdooServer
from odoo_process import environment, registry
from zeep.exceptions import Fault

pytestmark = pytest.mark.slow
SAV = "/oiconnect/soap/sav/3.0"
SERVICES = (
    SAV,
    "/oiconnect/soap/travaux/1.0",
    "/oiconnect/soap/plan-de-charge/5.0",
    "/oiconnect/soap/emutation/1.2",
    "/oiconnect/soap/structure-verticale/1.0",
)
OI_SIREN, OC_SIREN = "999000011", "999000029"
LOGIN, PASSWORD = "occ1", "demo-occ1"
HEADER = {"parameters": {"LoginName": LOGIN, "Password": PASSWORD}}
GETTERS = (
    "getTroubleTicketPrivateData",
    "getTroubleTicketPublicData",
    "getSupportedOptionalOperations",
    "getManagedEntityTypes",
    "getEventTypes",
    "getUpdateProcedureTypes",
    "getNamedQueryTypes",
    "getTroubleTicketItemTypes",
    "getTroubleTicketTypes",
)
LINE = {
    "oc_reference": "OCC1-1",
    "connection_type": "STOC",
    "requested_type": "AUTO",
    "existing_socket": False,
    "order_date": "2026-03-14T10:05:00",
    "customer_name": "EXEMPLE",
    "customer_contact1": "0600000001",
}
MEGABYTE = 1024 * 1024
# What a body of 100 MB may add to the server's memory: it is dropped by parts of 10 MB.
MAX_MEMORY = 50 * MEGABYTE
ENVELOPE = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>'
    '<h:TroubleTicketHeaderRequest xmlns:h="http://interop-fibre.fr/xml/'
    f'TroubleTicketHeader/v1-0"><h:LoginName>{LOGIN}</h:LoginName>'
    f"<h:Password>{PASSWORD}</h:Password></h:TroubleTicketHeaderRequest></e:Header>"
    '<e:Body><t:getTroubleTicketTypesRequest xmlns:t="http://ossj.org/xml/TroubleTicket'
    '/v1-2"/></e:Body></e:Envelope>'
).encode()


@pytest.fixture(scope="module")
def served(shared_database, tmp_path_factory):
    """A server on a small network, with the reference of a line in service."""
    with registry(shared_database) as found, environment(found) as env:
        reference = prepare(env)
    log = tmp_path_factory.mktemp("soap") / "odoo.log"
    server = OdooServer(shared_database, log, scheduled=False, jobs=False)
    server.start()
    server.reference = reference
    yield server
    server.stop()


def prepare(env):
    """Connect an operator and deliver a line to it; return the line's reference."""
    from odoo.addons.oiconnect_base.workflow import Origin

    made = small_network.make(env, "OITS", "OCC1")
    [operator] = made["operators"]
    made["network"].siren, operator.siren = OI_SIREN, OC_SIREN
    env["oiconnect.soap.account"].create(
        {
            "network_id": made["network"].id,
            "operator_id": operator.id,
            "login": LOGIN,
            "password": PASSWORD,
        }
    )
    line = LINE | {
        "building_identifier": made["building"].identifier,
        "pm_reference": made["pm"].reference,
    }
    [(order, refusals)] = env["oiconnect.access.order"]._receive(
        [line], operator, made["network"], Origin("file", version="V1.3")
    )
    assert not refusals
    order._study()
    order._fire("connected")
    assert order.service_reference
    return order.service_reference


@cache
def contract(port, path):
    """The contract as a client reads it, once for all of them."""
    return zeep.Client(f"http://127.0.0.1:{port}{path}?wsdl").wsdl


def client_of(server, path=SAV):
    """Return a client with connections of its own."""
    return zeep.Client(contract(server.port, path))


def call(client, operation, **values):
    return client.service[operation](**values, _soapheaders=HEADER)


def answer_of(result):
    """Return the troubleTicketResponse: alone in an answer, zeep gives it itself."""
    return getattr(result, "troubleTicketResponse", result)


def ticket(**block):
    """Return a troubleTicketValue as a client writes it."""
    event = block.pop("event", "CASE CREATE REQUEST")
    key = block.pop("key", None)
    return {
        "interactionDate": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "description": event,
        "troubleTicketKey": key,
        "troubleTicketState": "QUEUED",
        "FTTHMUTTroubleTicket": {
            "serviceProviderID": OC_SIREN,
            "supplierID": OI_SIREN,
            "serviceProviderTroubleTicketKey": "OCC1-SAV-1",
            **block,
        },
    }


def opened(server):
    """Return what a ticket on the line of the test is opened with."""
    return {
        "troubleTicketType": 1,
        "commercialId": server.reference,
        "defectClassId": 1,
        "defectDescription": "PAS DE SIGNAL",
        "defectPrelocalization": "PBO",
        "alreadyOperated": False,
    }


def test_a_generated_client_loads_every_contract(served):
    for path in SERVICES:
        client = client_of(served, path)
        [port] = [
            port
            for service in client.wsdl.services.values()
            for port in service.ports.values()
        ]
        address = port.binding_options["address"]
        assert address == f"http://127.0.0.1:{served.port}{path}"


def test_the_same_creation_on_several_connections_is_one_ticket(served):
    """Each hears the ticket, or that it passes (14): never two tickets."""
    value, heard = ticket(**opened(served)), []

    def create():
        try:
            result = call(
                client_of(served),
                "createTroubleTicketByValue",
                troubleTicketValue=value,
            )
            heard.append(answer_of(result).returnCode)
        except Fault as fault:
            heard.append("".join(fault.detail.itertext())[:2])

    threads = [threading.Thread(target=create) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(heard) <= {"0", "14"}
    rows = "SELECT count(*) FROM oiconnect_ticket WHERE oc_key = 'OCC1-SAV-1'"
    assert served.rows(rows) == [(1,)]


def test_a_generated_client_runs_every_operation_of_tickets(served):
    client = client_of(served)
    value = ticket(**opened(served))
    create = "createTroubleTicketByValue"
    first = answer_of(call(client, create, troubleTicketValue=value))
    assert first.returnCode == "0", first
    again = answer_of(call(client, create, troubleTicketValue=value))
    assert again.troubleTicketKey == first.troubleTicketKey
    said = ticket(
        event="SP CASE INFORMATION NOTIFICATION",
        key=first.troubleTicketKey,
        messageType="DEMANDE",
        messageContent="Quand passez-vous ?",
    )
    change = "setTroubleTicketByValue"
    codes = [
        answer_of(
            call(client, change, troubleTicketValue=said, resyncRequired=False)
        ).returnCode
        for _n in range(2)
    ]
    assert codes == ["0", "6"]
    found = call(
        client,
        "getTroubleTicketByKey",
        troubleTicketKey=first.troubleTicketKey,
        attrNames={"item": []},
    )
    value = found.troubleTicketValue
    assert value.troubleTicketState == "QUEUED"
    block = value.FTTHMUTTroubleTicket
    assert block.serviceProviderTroubleTicketKey == "OCC1-SAV-1"
    assert block.messageContent == "Quand passez-vous ?"
    for getter in GETTERS:
        call(client, getter)
    with pytest.raises(Fault):
        call(client, "getEventDescriptor", eventType="TroubleTicketCreateEvent")


def test_a_generated_client_reads_our_faults(served):
    client = client_of(served)
    with pytest.raises(Fault) as caught:
        call(
            client,
            "getTroubleTicketByKey",
            troubleTicketKey="OITS-SAV-9999999999",
            attrNames={"item": []},
        )
    assert caught.value.message == "objectNotFoundException"
    with pytest.raises(Fault) as caught:
        header = {"parameters": {"LoginName": "personne", "Password": "x"}}
        client.service["getTroubleTicketTypes"](_soapheaders=header)
    assert "12 - ERREUR AUTHENTIFICATION" in "".join(caught.value.detail.itertext())


def post(server, body, **headers):
    """Post ``body``, in chunks when it is an iterator; return (status, content)."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Content-Type": "text/xml; charset=utf-8", **headers}
    try:
        connection.request("POST", SAV, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_body_in_chunks(served):
    chunks = (ENVELOPE[start : start + 50] for start in range(0, len(ENVELOPE), 50))
    status, content = post(served, chunks)
    assert (status, b"troubleTicketTypes" in content) == (200, True)


def test_a_slow_client_delays_no_other_client(served):
    with socket.create_connection(("127.0.0.1", served.port), 30) as slow:
        head = (
            f"POST {SAV} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(ENVELOPE)}\r\n\r\n"
        )
        slow.sendall(head.encode() + ENVELOPE[:100])
        start = time.monotonic()
        for _n in range(3):
            assert post(served, ENVELOPE)[0] == 200
        assert time.monotonic() - start < 20
        for place in range(100, len(ENVELOPE), 100):
            time.sleep(0.01)
            slow.sendall(ENVELOPE[place : place + 100])
        assert b" 200 " in slow.makefile("rb").readline()


def test_hundreds_of_slow_bodies_leave_the_log_in_page_to_people(served):
    """They held all connections of the database: log-in answered 500."""
    head = (
        f"POST {SAV} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(ENVELOPE)}\r\n\r\n"
    )
    with ExitStack() as opened:
        for _n in range(400):
            # From another address than who is served
            slow = socket.create_connection(
                ("127.0.0.1", served.port), 30, ("127.0.0.2", 0)
            )
            opened.enter_context(slow)
            slow.sendall(head.encode() + ENVELOPE[:100])
        url = f"http://127.0.0.1:{served.port}/web/login"
        with urllib.request.urlopen(url, timeout=30) as page:
            assert page.status == 200
        assert post(served, ENVELOPE)[0] == 200


def test_a_client_that_goes_away_leaves_the_server_well(served):
    for size in (0, 10, 200):
        with socket.create_connection(("127.0.0.1", served.port), 30) as gone:
            head = (
                f"POST {SAV} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n"
            )
            gone.sendall(head.encode() + b"x" * size)
    assert post(served, ENVELOPE)[0] == 200


def highest_memory(server):
    """Return the most memory that the server has had, in bytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def huge_parts(count=100):
    """Yield an open envelope that goes on for ``count`` MB."""
    yield b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    for _n in range(count):
        yield b"<a>xxxx</a>" * (MEGABYTE // 11)


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_body_of_100_megabytes_costs_no_memory(served, in_chunks):
    assert post(served, ENVELOPE)[0] == 200
    before = highest_memory(served)
    size = {} if in_chunks else {"Content-Length": str(sum(map(len, huge_parts())))}
    try:
        status, content = post(served, huge_parts(), **size)
    except OSError:
        # Cut off while it was still sent
        status, content = 413, b"22"
    assert (status, b"22" in content) == (413, True)
    assert highest_memory(served) - before < MAX_MEMORY
    assert post(served, ENVELOPE)[0] == 200


def test_the_log_names_no_secret_and_no_failure(served):
    text = served.log.read_text()
    # The last one is how the server tells what it did not foresee.
    for words in (PASSWORD, "Quand passez-vous", "SOAP service sav"):
        assert words not in text
