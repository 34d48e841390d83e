"""Calls of an operator's server and each way in which it may fail, on real sockets."""

import datetime
import ipaddress
import socket
import ssl
import sys
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from oc_server import FailingOcServer
from oictools import settings
from oictools.services import free_port

sys.path[:0] = [
    str(settings.ADDONS / addon) for addon in ("oiconnect_interop", "oiconnect_soap")
]
soap = pytest.importorskip("soap")
from soap.notification import accepted, notification  # noqa: E402
from soap.services import sav  # noqa: E402
from transport import http_client  # noqa: E402

TICKET = {
    "reference": "OICN-SAV-0000000001",
    "oc_key": "OC-1",
    "wire_state": "OPENACTIVE",
    "date": "2026-03-14 09:05:00",
}
SECONDS = 1


@pytest.fixture
def oc():
    with FailingOcServer() as server:
        yield server


def envelope(number, password="demo-oicn"):
    payload = notification("SAV_SOLVING", TICKET, number, "3.0")
    header = {"login": "oicn", "password": password}
    lists = accepted(payload["ticket"])
    return soap.request(sav.SERVICE, sav.SET, payload, header, "", lists)


def post(address, body):
    return http_client.send(address, body, soap.http_headers(sav.SET), SECONDS)


def call(oc, number=1, **options):
    """Return the reply of the operator."""
    content = envelope(number, **options)
    reply = post(oc.url, content)
    return soap.read_reply(reply.content, sav.SERVICE, sav.SET, reply.content_type)


def failure(oc, **options):
    with pytest.raises(http_client.CallError) as caught:
        call(oc, **options)
    return caught.value.reason


def test_a_notification_is_stored_once_and_recognized_again(oc):
    assert call(oc, 7).code == 0
    assert call(oc, 7).code == 6
    assert [one.version for one in oc.notifications] == [7]
    received = oc.notifications[0]
    assert (received.event, received.state) == (
        "CASE SOLVING NOTIFICATION",
        "OPENACTIVE",
    )


def test_another_password_is_refused_by_a_fault(oc):
    reply = call(oc, password="autre")
    assert (reply.code, reply.is_fault) == (12, True)
    assert not oc.notifications


@pytest.mark.parametrize("step", [0, 6, -6, 8, -8, 10, -10, 14, -14, 23, -23])
def test_a_code_is_read_in_an_answer_and_in_a_fault(oc, step):
    oc.fails(step)
    reply = call(oc)
    assert (reply.code, reply.is_fault) == (abs(step), step < 0)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("drop", "broken"),
        ("lose", "broken"),
        ("hang", "timeout"),
        ("drip", "timeout"),
        ("huge", "too_large"),
        ("move", "redirected"),
    ],
)
def test_a_failing_server_is_reported_within_the_time_limit(oc, step, reason):
    oc.fails(step)
    assert failure(oc) == reason


def test_a_page_of_a_proxy_is_no_answer(oc):
    for step in ("error", "garbage"):
        oc.fails(step)
        with pytest.raises(soap.SoapFault):
            call(oc)


@pytest.mark.parametrize(
    "host",
    [
        *("169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254"),
        *("fd00:ec2::254", "100.100.100.200", "192.0.0.192"),
    ],
)
def test_metadata_services_are_never_called(host):
    with pytest.raises(http_client.CallError) as caught:
        http_client.check_peer(host)
    assert (caught.value.reason, caught.value.detail) == ("forbidden", host)


def test_a_partner_may_be_in_a_private_network():
    for host in ("10.1.2.3", "192.168.1.1", "fd00::1", "127.0.0.1", "192.0.2.1"):
        http_client.check_peer(host)


def named(monkeypatch, *addresses):
    """Let every name lead to these addresses."""
    found = [(2, 1, 6, "", (address, 80)) for address in addresses]
    monkeypatch.setattr(
        http_client.socket, "getaddrinfo", lambda *_name, **_kind: found
    )


def test_a_name_of_a_link_local_address_is_not_called(monkeypatch):
    named(monkeypatch, "169.254.169.254")
    with pytest.raises(http_client.CallError) as caught:
        post("http://sav.oct1.invalid/", b"x")
    assert caught.value.reason == "forbidden"


def test_many_dead_addresses_share_the_time(monkeypatch):
    clock = [0]

    def dead(_place, seconds):
        clock[0] += seconds
        raise TimeoutError

    named(monkeypatch, *(f"192.0.2.{rank}" for rank in range(1, 9)))
    monkeypatch.setattr(http_client.socket, "create_connection", dead)
    monkeypatch.setattr(
        http_client, "time", SimpleNamespace(monotonic=lambda: clock[0])
    )
    with pytest.raises(http_client.CallError) as caught:
        post("http://sav.oct1.invalid/", b"x")
    assert caught.value.reason == "timeout"
    assert clock[0] == SECONDS


def test_a_server_that_is_stopped_is_unreachable(oc):
    oc.stop()
    assert failure(oc) == "unreachable"


def test_a_server_that_takes_the_connection_and_says_nothing():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        with pytest.raises(http_client.CallError) as caught:
            post(url, b"x")
    assert caught.value.reason == "timeout"


def test_a_server_that_speaks_no_tls_gets_no_password(oc):
    url = oc.url.replace("http:", "https:")
    with pytest.raises(http_client.CallError):
        post(url, envelope(1))
    assert not oc.notifications


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "http://",
        "http://oicn:secret@127.0.0.1/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/é",
    ],
)
def test_addresses_that_are_not_called(address):
    with pytest.raises(http_client.CallError) as caught:
        post(address, b"x")
    assert caught.value.reason == "bad_address"
    assert "secret" not in str(caught.value)


def test_an_address_that_would_add_a_header_is_not_called():
    with pytest.raises(http_client.CallError):
        post(f"http://127.0.0.1:{free_port()}/a b\r\nX: y", b"x")


# -- certificates --------------------------------------------------------------------


def certificate(folder, address):
    """Write a certificate for ``address`` that no authority signed; return its path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "OC d'essai")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.IPAddress(ipaddress.ip_address(address))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "oc.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(
    ("address", "is_trusted", "reason"),
    [
        ("127.0.0.1", True, None),
        ("127.0.0.1", False, "untrusted"),
        ("127.0.0.2", True, "untrusted"),
    ],
)
def test_a_certificate_is_of_the_server_and_of_a_known_authority(
    tmp_path, monkeypatch, address, is_trusted, reason
):
    path = certificate(tmp_path, address)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with FailingOcServer(tls=context) as server:
        if reason:
            assert failure(server) == reason
            assert not server.calls, "no password left"
        else:
            assert call(server).code == 0
