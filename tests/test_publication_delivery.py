"""Publications delivered by real servers of both kinds, through Odoo."""

import hashlib
import os
import socket
import time
import tracemalloc
from contextlib import contextmanager

import pytest
import small_network
from ftp_server import PASSWORD, TestFtp
from odoo_process import environment, registry

NAME = "TEST_01_OITP_PM_IPEZMD_V31_20260901_00.zip"
CONTENT = os.urandom(3_000_000)


@pytest.fixture
def ftps(tmp_path):
    with TestFtp(tmp_path / "ftps", tls=True) as server:
        yield server


@pytest.fixture
def base(empty_database, sftp, ftps):
    """OCP1 has an SFTP account, OCP2 one by FTPS, OCP3 a server that never answers."""
    with registry(empty_database) as found, mute_server() as mute:
        with environment(found) as env:
            made = small_network.make(env, "OITP", "OCP1", "OCP2", "OCP3")
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


def operators(env, *codes):
    return env["oiconnect.operator"].search([("interop_code", "in", codes)])


def publish(base, *codes, content=CONTENT):
    """A published file, on its way to the operators of ``codes``."""
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
        env["oiconnect.exchange"]._publish(publication, operators(env, *codes))


def deliver(base, *codes):
    """The delivery jobs of the operators, one each."""
    for code in codes:
        with environment(base) as env:
            endpoint = env["oiconnect.endpoint"].search(
                [("operator_id.interop_code", "=", code)]
            )
            endpoint._send("deliver")


def states(base):
    with environment(base) as env:
        return {
            exchange.operator_id.interop_code: (exchange.state, exchange.attempt_count)
            for exchange in env["oiconnect.exchange"].search([])
        }


def arrived(server):
    home = server.home("ocaa") if callable(server.home) else server.home
    return {path.name: path.read_bytes() for path in (home / "publication").iterdir()}


def checksum(content):
    return hashlib.sha256(content).hexdigest()


def test_each_operator_gets_the_same_file_by_its_own_channel(base, sftp, ftps):
    publish(base, "OCP1", "OCP2")
    deliver(base, "OCP1", "OCP2")
    assert states(base) == {"OCP1": ("out_sent", 1), "OCP2": ("out_sent", 1)}
    for server in (sftp, ftps):
        [(name, content)] = arrived(server).items()
        assert (name, checksum(content)) == (NAME, checksum(CONTENT))
    assert ftps.faults.seen == [
        ("open", f"{NAME}.tmp"),
        ("rename", f"{NAME}.tmp", NAME, len(CONTENT)),
    ]


def test_an_operator_whose_server_is_mute_costs_its_own_time_out(base, sftp, ftps):
    publish(base, "OCP1", "OCP2", "OCP3")
    start = time.monotonic()
    deliver(base, "OCP3", "OCP2", "OCP1")
    assert time.monotonic() - start < 10
    assert states(base) == {
        "OCP1": ("out_sent", 1),
        "OCP2": ("out_sent", 1),
        "OCP3": ("out_ready", 1),
    }
    with environment(base) as env:
        endpoint = env["oiconnect.endpoint"].search(
            [("operator_id.interop_code", "=", "OCP3")]
        )
        assert endpoint.failure_count == 1
        assert endpoint.activity_ids.user_id.login == "admin"


@pytest.mark.parametrize("mode", ["rename", "full", "cut"])
def test_a_server_that_breaks_never_shows_a_half_file(base, ftps, mode):
    publish(base, "OCP2")
    ftps.faults.mode = mode
    deliver(base, "OCP2")
    assert states(base) == {"OCP2": ("out_ready", 1)}
    assert NAME not in arrived(ftps)
    with environment(base) as env:
        exchange = env["oiconnect.exchange"].search([])
        assert f"{NAME}.tmp" in exchange.message
        assert not exchange.endpoint_id.failure_count, "orders go on"
    ftps.faults.mode = None
    deliver(base, "OCP2")
    assert states(base) == {"OCP2": ("out_sent", 2)}
    assert list(arrived(ftps)) == [NAME]
    assert checksum(arrived(ftps)[NAME]) == checksum(CONTENT)


def test_a_server_that_shows_another_certificate_gets_nothing(base, ftps):
    with environment(base) as env:
        endpoint = env["oiconnect.endpoint"].search([("kind", "=", "ftps")])
        endpoint.write({"certificate": "AB:CD", "password": PASSWORD})
    publish(base, "OCP2")
    deliver(base, "OCP2")
    assert arrived(ftps) == {}
    with environment(base) as env:
        endpoint = env["oiconnect.endpoint"].search([("kind", "=", "ftps")])
        assert ftps.certificate in endpoint.last_error
        endpoint.write({"certificate": ftps.certificate, "password": PASSWORD})
        assert endpoint.action_test()["params"]["type"] == "success"
    deliver(base, "OCP2")
    assert list(arrived(ftps)) == [NAME]


def test_while_a_server_is_waited_for_others_may_write(base, sftp, monkeypatch):
    """No transaction stands open on the account or the file meanwhile."""
    from odoo.addons.oiconnect_interop.transport import SftpTransfer

    publish(base, "OCP1")
    write = SftpTransfer.write

    def write_and_look(box, *arguments):
        with environment(base) as env:
            env.cr.execute("SET LOCAL lock_timeout = '2s'")
            exchange = env["oiconnect.exchange"].search([])
            assert (exchange.state, exchange.attempt_count) == ("out_ready", 1)
            exchange.message = "someone writes"
            exchange.endpoint_id.last_poll_date = "2026-09-01 00:00:00"
            env.flush_all()
        return write(box, *arguments)

    monkeypatch.setattr(SftpTransfer, "write", write_and_look)
    deliver(base, "OCP1")
    assert states(base) == {"OCP1": ("out_sent", 1)}


def test_a_large_file_leaves_through_little_memory(base, ftps):
    content = bytes(50_000_000)
    publish(base, "OCP2", content=content)
    tracemalloc.start()
    deliver(base, "OCP2")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15_000_000
    assert (ftps.home / "publication" / NAME).stat().st_size == len(content)


class Killed(BaseException):
    """What a process that is killed does not see: nothing after it is done."""


def test_a_delivery_that_was_killed_is_done_again(base, ftps, monkeypatch):
    """Killed while the file is on its way, or once it has arrived, untold."""
    from odoo.addons.oiconnect_interop.transport import FtpsTransfer

    def send_half(box, path, stream):
        with box._transfer(f"STOR {path}") as connection:
            connection.sendall(stream.read(1_000_000))
        raise Killed

    def replace_and_die(box, temporary, final):
        box.rename(temporary, final)
        raise Killed

    publish(base, "OCP2")
    for step, broken in (("_upload", send_half), ("_replace", replace_and_die)):
        with monkeypatch.context() as patched:
            patched.setattr(FtpsTransfer, step, broken)
            with pytest.raises(Killed):
                deliver(base, "OCP2")
        assert states(base)["OCP2"][0] == "out_ready"
    assert checksum(arrived(ftps)[NAME]) == checksum(CONTENT)
    renamed = ftps.faults.seen.copy()
    deliver(base, "OCP2")
    assert states(base) == {"OCP2": ("out_sent", 3)}
    assert ftps.faults.seen == renamed, "it was there: it is not written twice"
    assert list(arrived(ftps)) == [NAME]
