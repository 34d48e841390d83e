"""Looks at a real SFTP account in which one file makes trouble."""

import os
import string

import pytest
import small_network
from odoo_process import environment, parameter, registry

LETTERS = iter(string.ascii_uppercase)
CONTENT = (
    b"ReferenceCommandePriseInterneOC;ReferencePrestationPrise;ReferencePrise;"
    b"DateMiseEnServicePrise;Commentaire\r\nX;;;20260314 10:00;\r\n"
)


@pytest.fixture(scope="module")
def found(shared_database):
    with registry(shared_database) as found:
        yield found


class Base:
    """A network, its operator and the account of that, of one test."""

    def __init__(self, found, sftp):
        self.registry = found
        letter = next(LETTERS)
        self.codes = f"OIP{letter}", f"OCP{letter}"
        with environment(found) as env:
            made = small_network.make(env, *self.codes)
            self.endpoint_id = small_network.make_endpoint(
                env,
                made,
                made["operators"][0],
                host=sftp.host,
                port=sftp.port,
                host_key=sftp.host_key,
                login="ocaa",
                password="demo-ocaa",
                responsible_id=env.ref("base.user_admin").id,
            ).id

    def name(self, number):
        return "{}_{}_ACCES_CR_MES_V13_20260314_{:02d}.csv".format(*self.codes, number)


@pytest.fixture
def base(found, sftp):
    return Base(found, sftp)


def look(base, times=1):
    for _n in range(times):
        with environment(base.registry) as env:
            env["oiconnect.endpoint"].browse(base.endpoint_id)._poll()


def state(base):
    """(names stored, failures in a row, tasks left, error) of the account."""
    with environment(base.registry) as env:
        endpoint = env["oiconnect.endpoint"].browse(base.endpoint_id)
        return (
            sorted(endpoint.exchange_ids.mapped("name")),
            endpoint.failure_count,
            endpoint.activity_ids.mapped("summary"),
        )


def drop(base, sftp, number, content=CONTENT):
    path = sftp.home("ocaa") / "in" / base.name(number)
    path.write_bytes(content)
    return path


def test_a_file_is_taken_once_two_looks_saw_it_the_same(base, sftp):
    path = drop(base, sftp, 1)
    look(base)
    assert state(base)[0] == []
    path.write_bytes(CONTENT * 2)
    look(base)
    assert state(base)[0] == []
    look(base)
    assert state(base) == ([base.name(1)], 0, [])
    assert not path.exists()


def test_a_file_that_cannot_be_taken_keeps_no_other_waiting(base, sftp, monkeypatch):
    """Here the account refuses to rename one of three; it is reported once."""
    from odoo.addons.oiconnect_interop.transport import SftpTransfer, TransportError

    paths = [drop(base, sftp, number) for number in (1, 2, 3)]
    rename = SftpTransfer.rename

    def refuse(box, source, target):
        if source.endswith(paths[0].name):
            raise TransportError("failed", action="rename", path=source, detail="no")
        return rename(box, source, target)

    monkeypatch.setattr(SftpTransfer, "rename", refuse)
    look(base, 4)
    names, failures, tasks = state(base)
    assert names == [base.name(2), base.name(3)]
    assert failures == 0
    assert len(tasks) == 1 and base.name(1) in tasks[0]
    assert paths[0].exists()
    monkeypatch.undo()
    look(base)
    assert state(base)[0] == [base.name(number) for number in (1, 2, 3)]


def test_a_claimed_file_that_cannot_be_read_is_tried_again(base, sftp, monkeypatch):
    from odoo.addons.oiconnect_interop.transport import SftpTransfer, TransportError

    drop(base, sftp, 1)
    drop(base, sftp, 2)
    fetch = SftpTransfer.fetch

    def refuse(box, path, target, limit):
        if path.endswith(base.name(1)):
            raise TransportError("failed", action="read", path=path, detail="no")
        return fetch(box, path, target, limit)

    monkeypatch.setattr(SftpTransfer, "fetch", refuse)
    look(base, 3)
    assert state(base)[0] == [base.name(2)]
    monkeypatch.undo()
    look(base, 2)
    assert state(base)[0] == [base.name(1), base.name(2)]


def test_look_now_undoes_no_look_that_is_under_way(base, sftp, monkeypatch):
    """The report of a look is not lost, however often people want the next one."""
    from odoo.addons.oiconnect_interop.transport import SftpTransfer, TransportError

    def refuse(box, folder):
        with environment(base.registry) as env:
            env["oiconnect.endpoint"].browse(base.endpoint_id).action_poll()
        raise TransportError("failed", action="list", path=folder, detail="no")

    monkeypatch.setattr(SftpTransfer, "list", refuse)
    look(base)
    _names, failures, tasks = state(base)
    assert failures == 1
    assert len(tasks) == 1


def test_a_name_that_is_not_utf8_is_reported_and_delays_no_other(base, sftp):
    path = os.fsencode(drop(base, sftp, 1))
    odd = path.replace(b"_01.csv", "_é.csv".encode("latin-1"))
    os.rename(path, odd)
    drop(base, sftp, 2)
    look(base, 3)
    names, failures, tasks = state(base)
    assert (names, failures) == ([base.name(2)], 0)
    assert len(tasks) == 1 and "_é.csv" in tasks[0] and "UTF-8" in tasks[0]
    assert os.path.exists(odd)


def test_a_file_larger_than_allowed_is_refused_unread(base, sftp):
    drop(base, sftp, 1, b"x" * 2000)
    drop(base, sftp, 2)
    with parameter(base.registry, "oiconnect_interop.max_file_mb", "0.001"):
        look(base, 3)
    with environment(base.registry) as env:
        found = env["oiconnect.exchange"].search([("name", "=", base.name(1))])
        assert (found.state, found.size) == ("in_refused", 0)
    assert state(base)[0] == [base.name(1), base.name(2)]
    folder = sftp.home("ocaa") / "in" / "error"
    assert [path.name for path in folder.iterdir()] == [base.name(1)]


def test_a_look_that_died_between_claim_and_storage_is_fixed(base, sftp):
    from odoo.addons.oiconnect_interop.transport import Entry

    path = drop(base, sftp, 1)
    with environment(base.registry) as env:
        endpoint = env["oiconnect.endpoint"].browse(base.endpoint_id)
        [claim] = endpoint._prepare_claims([Entry(path.name, 0, 0)], {}).values()
    path.rename(path.parents[1] / claim.path)
    look(base, 2)
    assert state(base)[0] == [base.name(1)]


def test_an_upload_that_stalled_goes_on_into_the_file_that_was_put_away(base, sftp):
    """The operator holds the file open all the time, under whatever name it has."""
    half, line = len(CONTENT), CONTENT.splitlines(keepends=True)[1]
    path = drop(base, sftp, 1)
    with path.open("ab") as upload:
        look(base, 2)
        settle(base)
        look(base)
        assert not path.exists()
        upload.write(line.replace(b"X", b"Y"))
    in_a_while(base)
    look(base)
    in_a_while(base)
    look(base)
    settle(base)
    with environment(base.registry) as env:
        first, whole = env["oiconnect.exchange"].search(
            [("name", "=", path.name)], order="id"
        )
        assert (first.size, whole.size) == (half, half + len(line))
        assert whole.grown_from_id == first
        assert (whole.line_count, whole.done_count, whole.refused_count) == (2, 2, 1)
        assert whole.state == "in_partial"


def settle(base):
    """Process what was taken to its end."""
    with environment(base.registry) as env:
        for exchange in env["oiconnect.endpoint"].browse(base.endpoint_id).exchange_ids:
            while not exchange._is_settled():
                exchange._process()


def in_a_while(base):
    """Files put away are due to be looked at again."""
    with environment(base.registry) as env:
        env["oiconnect.claim"].search([]).check_date = "2026-01-01"
