"""Publications delivered by real servers of both kinds, through Odoo."""

import hashlib
import os
import socket
import string
import time
import tracemalloc
from contextlib import contextmanager

import pytest
import small_network
from ftp_server import PASSWORD, TestFtp
from odoo_process import environment, registry

NAME = "TEST_01_OITP_PM_IPEZMD_V31_20260901_00.zip"
CONTENT = os.urandom(3_000_000)
LETTERS = iter(string.ascii_uppercase)


@pytest.fixture
def ftps(tmp_path):
    with TestFtp(tmp_path / "ftps", tls=True) as server:
        yield server


@pytest.fixture(scope="module")
def found(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def base(found, sftp, ftps):
    """A network of this test, on which three operators are named by their ranks.

    The first has an SFTP account, the second one by FTPS, the third a server that
    never answers.
    """
    with mute_server() as mute:
        letter = next(LETTERS)
        found.start = f"OP{letter}"
        codes = [f"{found.start}{rank}" for rank in (1, 2, 3)]
        with environment(found) as env:
            made = small_network.make(env, f"OIP{letter}", *codes)
            accounts = [
                {"kind": "sftp", "port": sftp.port, "host_key": sftp.host_key},
                {"kind": "ftps", "port": ftps.port, "certificate": ftps.certificate},
                {"kind": "ftp", "port": mute},
            ]
            for operator, account in zip(made["operators"], accounts, strict=True):
                make_account(env, made, operator, **account)
            found.network_id = made["network"].id
        yield found


def make_account(env, made, operator, **account):
    small_network.make_endpoint(
        env,
        made,
        operator,
        host="127.0.0.1",
        login="ocaa",
        password=PASSWORD,
        timeout_seconds=2,
        responsible_id=env.ref("base.user_admin").id,
        **account,
    )


@contextmanager
def mute_server():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def endpoint_of(base, env, rank):
    return env["oiconnect.endpoint"].search(
        [("operator_id.interop_code", "=", f"{base.start}{rank}")]
    )


def exchanges(base, env):
    return env["oiconnect.exchange"].search([("network_id", "=", base.network_id)])


def publish(base, *ranks, content=CONTENT):
    """A published file, on its way to the operators of these ranks."""
    with environment(base) as env:
        publication = env["oiconnect.publication"].create(
            {
                "network_id": base.network_id,
                "kind": "ipe",
                "version": "V3.1",
                "state": "done",
                "name": NAME,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
        env["ir.attachment"].create(
            {
                "name": NAME,
                "res_model": publication._name,
                "res_id": publication.id,
                "res_field": "file",
                "raw": content,
            }
        )
        codes = [f"{base.start}{rank}" for rank in ranks]
        operators = env["oiconnect.operator"].search([("interop_code", "in", codes)])
        env["oiconnect.exchange"]._publish(publication, operators)


def deliver(base, *ranks):
    """The delivery jobs of the operators, one each."""
    for rank in ranks:
        with environment(base) as env:
            endpoint_of(base, env, rank)._send("deliver")


def states(base):
    with environment(base) as env:
        return {
            int(exchange.operator_id.interop_code.removeprefix(base.start)): (
                exchange.state,
                exchange.attempt_count,
            )
            for exchange in exchanges(base, env)
        }


def arrived(server):
    home = server.home("ocaa") if callable(server.home) else server.home
    return {path.name: path.read_bytes() for path in (home / "publication").iterdir()}


def checksum(content):
    return hashlib.sha256(content).hexdigest()


def test_each_operator_gets_the_same_file_by_its_own_channel(base, sftp, ftps):
    publish(base, 1, 2)
    deliver(base, 1, 2)
    assert states(base) == {1: ("out_sent", 1), 2: ("out_sent", 1)}
    for server in (sftp, ftps):
        [(name, content)] = arrived(server).items()
        assert (name, checksum(content)) == (NAME, checksum(CONTENT))
    assert ftps.faults.seen == [
        ("open", f"{NAME}.tmp"),
        ("rename", f"{NAME}.tmp", NAME, len(CONTENT)),
    ]


def test_an_operator_whose_server_is_mute_costs_its_own_time_out(base, sftp, ftps):
    publish(base, 1, 2, 3)
    start = time.monotonic()
    deliver(base, 3, 2, 1)
    assert time.monotonic() - start < 10
    assert states(base) == {
        1: ("out_sent", 1),
        2: ("out_sent", 1),
        3: ("out_ready", 1),
    }
    with environment(base) as env:
        endpoint = endpoint_of(base, env, 3)
        assert endpoint.failure_count == 1
        assert endpoint.activity_ids.user_id.login == "admin"


@pytest.mark.parametrize("mode", ["rename", "full", "cut"])
def test_a_server_that_breaks_never_shows_a_half_file(base, ftps, mode):
    publish(base, 2)
    ftps.faults.mode = mode
    deliver(base, 2)
    assert states(base) == {2: ("out_ready", 1)}
    assert NAME not in arrived(ftps)
    with environment(base) as env:
        exchange = exchanges(base, env)
        assert f"{NAME}.tmp" in exchange.message
        assert not exchange.endpoint_id.failure_count, "orders go on"
    ftps.faults.mode = None
    deliver(base, 2)
    assert states(base) == {2: ("out_sent", 2)}
    assert list(arrived(ftps)) == [NAME]
    assert checksum(arrived(ftps)[NAME]) == checksum(CONTENT)


def test_a_server_that_shows_another_certificate_gets_nothing(base, ftps):
    with environment(base) as env:
        endpoint = endpoint_of(base, env, 2)
        endpoint.write({"certificate": "AB:CD", "password": PASSWORD})
    publish(base, 2)
    deliver(base, 2)
    assert arrived(ftps) == {}
    with environment(base) as env:
        endpoint = endpoint_of(base, env, 2)
        assert ftps.certificate in endpoint.last_error
        endpoint.write({"certificate": ftps.certificate, "password": PASSWORD})
        assert endpoint.action_test()["params"]["type"] == "success"
    deliver(base, 2)
    assert list(arrived(ftps)) == [NAME]


def test_while_a_server_is_waited_for_others_may_write(base, sftp, monkeypatch):
    """No transaction stands open on the account or the file meanwhile."""
    from odoo.addons.oiconnect_interop.transport import SftpTransfer

    publish(base, 1)
    write = SftpTransfer.write

    def write_and_look(box, *arguments):
        with environment(base) as env:
            env.cr.execute("SET LOCAL lock_timeout = '2s'")
            exchange = exchanges(base, env)
            assert (exchange.state, exchange.attempt_count) == ("out_ready", 1)
            exchange.message = "someone writes"
            exchange.endpoint_id.last_poll_date = "2026-09-01 00:00:00"
            env.flush_all()
        return write(box, *arguments)

    monkeypatch.setattr(SftpTransfer, "write", write_and_look)
    deliver(base, 1)
    assert states(base) == {1: ("out_sent", 1)}


def test_a_large_file_leaves_through_little_memory(base, ftps):
    content = bytes(50_000_000)
    publish(base, 2, content=content)
    tracemalloc.start()
    deliver(base, 2)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15_000_000
    assert (ftps.home / "publication" / NAME).stat().st_size == len(content)


class Killed(BaseException):
    """The death of a process: nothing after it is done."""


def test_a_delivery_that_was_killed_is_done_again(base, ftps, monkeypatch):
    """Killed while the file is on its way, or once it has arrived, not yet noted."""
    from odoo.addons.oiconnect_interop.transport import FtpsTransfer

    def send_half(box, path, stream):
        with box._transfer(f"STOR {path}") as connection:
            connection.sendall(stream.read(1_000_000))
        raise Killed

    def replace_and_die(box, temporary, final):
        box.rename(temporary, final)
        raise Killed

    publish(base, 2)
    for step, broken in (("_upload", send_half), ("_replace", replace_and_die)):
        with monkeypatch.context() as patched:
            patched.setattr(FtpsTransfer, step, broken)
            with pytest.raises(Killed):
                deliver(base, 2)
        assert states(base)[2][0] == "out_ready"
    assert checksum(arrived(ftps)[NAME]) == checksum(CONTENT)
    renamed = ftps.faults.seen.copy()
    deliver(base, 2)
    assert states(base) == {2: ("out_sent", 3)}
    assert ftps.faults.seen == renamed, "it was there: it is not written twice"
    assert list(arrived(ftps)) == [NAME]
