"""The transport against a real FTP server, in clear and by TLS."""

import hashlib
import io
import os
import socket
import sys
import threading
import tracemalloc

import pytest
from ftp_server import PASSWORD, TestFtp, make_certificate
from oictools import settings

sys.path.insert(0, str(settings.ADDONS / "oiconnect_interop"))
transport = pytest.importorskip("transport")
from transport import (  # noqa: E402
    Account,
    FtpsTransfer,
    FtpTransfer,
    TransportError,
    open_file_transfer,
)
from transport.names import is_utf8, shown  # noqa: E402

CONTENT = bytes(range(256)) * 4000
#: seconds in which a busy machine connects, and after which silence is given up
ENOUGH = 5


@pytest.fixture(params=["ftp", "ftps"])
def kind(request):
    return request.param


@pytest.fixture
def ftp(kind, tmp_path):
    """The server of each kind in turn."""
    with TestFtp(tmp_path, tls=kind == "ftps") as server:
        server.kind = kind
        yield server


@pytest.fixture
def ftps(tmp_path):
    with TestFtp(tmp_path, tls=True) as server:
        server.kind = "ftps"
        yield server


def box(server, **changes):
    values = {
        "host": server.host,
        "port": server.port,
        "login": "ocaa",
        "password": PASSWORD,
        "certificate": getattr(server, "certificate", ""),
        "timeout": 20,
    }
    return open_file_transfer(server.kind, Account(**{**values, **changes}))


def failure(call):
    with pytest.raises(TransportError) as caught:
        call()
    return caught.value


def opening(session):
    def enter():
        with session:
            pass

    return enter


class TestSession:
    def test_the_password_opens_the_account(self, ftp):
        with box(ftp) as session:
            assert session.list("in") == []

    def test_a_wrong_password_is_refused(self, ftp):
        error = failure(opening(box(ftp, password="wrong")))
        assert (error.reason, error.params["login"]) == ("refused", "ocaa")

    def test_a_server_that_is_down(self, ftp):
        ftp.stop()
        ftp.stop = lambda: None
        assert failure(opening(box(ftp, timeout=2))).reason == "unreachable"

    def test_a_server_that_says_nothing_is_given_up(self):
        """It takes the call, and never says hello."""
        with socket.create_server(("127.0.0.1", 0)) as mute:
            for kind in (FtpTransfer, FtpsTransfer):
                account = Account("127.0.0.1", mute.getsockname()[1], "x", timeout=1)
                assert failure(opening(kind(account))).reason == "unreachable"

    def test_a_server_that_falls_silent_is_given_up(self, ftp):
        with box(ftp, timeout=ENOUGH) as session:
            ftp.faults.mode = "mute"
            error = failure(lambda: session.size("in/a.csv"))
        assert error.reason == "failed"

    def test_the_password_does_not_stand_in_the_error(self, ftp):
        error = failure(opening(box(ftp, password="tres-secret")))
        assert "tres-secret" not in f"{error} {error.params}"


class TestCertificate:
    """Nothing is said to a server before one knows that it is the right one."""

    def test_without_a_pinned_one_the_shown_one_is_reported(self, ftps):
        error = failure(opening(box(ftps, certificate="")))
        assert error.reason == "no_certificate"
        assert ftps.certificate in str(error)

    def test_one_that_has_changed_is_refused_before_any_log_in(self, ftps, tmp_path):
        other = make_certificate(tmp_path / "other.pem")
        error = failure(opening(box(ftps, certificate=other, password="wrong")))
        assert error.reason == "unknown_certificate"
        assert error.params["fingerprint"] == ftps.certificate

    def test_people_write_a_fingerprint_in_several_ways(self, ftps):
        shown = ftps.certificate
        for typed in (
            shown.lower(),
            shown.replace(":", ""),
            f"SHA256:{shown}",
            f"sha256 Fingerprint={shown}",
            f" SHA-256: {shown.replace(':', ' ')} ",
        ):
            with box(ftps, certificate=typed) as session:
                assert session.list("out") == []

    def test_an_authority_known_to_the_system_vouches_for_it(self, ftps, monkeypatch):
        account = {"certificate": "", "trust_authorities": True}
        error = failure(opening(box(ftps, **account)))
        assert error.reason == "bad_certificate"
        monkeypatch.setenv("SSL_CERT_FILE", str(ftps.pem))
        with box(ftps, **account) as session:
            session.write("out", "a.csv", b"x")
            assert session.read("out/a.csv", 10) == b"x"

    def test_of_another_host_an_authority_does_not_help(self, ftps, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(ftps.pem))
        account = {"certificate": "", "trust_authorities": True, "host": "localhost"}
        assert failure(opening(box(ftps, **account))).reason == "bad_certificate"

    def test_a_fingerprint_is_stronger_than_any_authority(self, ftps, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(ftps.pem))
        account = {"certificate": "AB:CD", "trust_authorities": True}
        assert failure(opening(box(ftps, **account))).reason == "unknown_certificate"

    def test_a_server_without_tls_gets_no_password(self, tmp_path):
        with TestFtp(tmp_path) as server:
            server.kind = "ftps"
            error = failure(opening(box(server)))
        assert error.reason == "unprotected"

    def test_the_files_too_are_protected(self, ftps):
        """The server asks for it, and refuses a transfer in clear."""
        with box(ftps) as session:
            session._ftp.prot_c()
            session._ftp._prot_p = False
            assert failure(lambda: session.list("in")).reason == "failed"


class TestFiles:
    def test_a_file_is_written_read_and_listed(self, ftp):
        with box(ftp) as session:
            session.write("out", "a.csv", CONTENT)
            [entry] = session.list("out")
            assert (entry.name, entry.size) == ("a.csv", len(CONTENT))
            assert entry.time > 1_600_000_000
            assert session.read("out/a.csv", 10**7) == CONTENT
        arrived = (ftp.home / "out" / "a.csv").read_bytes()
        assert hashlib.sha256(arrived).digest() == hashlib.sha256(CONTENT).digest()

    def test_line_ends_and_empty_files_arrive_as_they_are(self, ftp):
        for content in (b"", b"a\nb\r\nc\r", b"\xff\xf4\x00"):
            with box(ftp) as session:
                session.write("out", "a.csv", content)
                assert session.size("out/a.csv") == len(content)
                assert session.read("out/a.csv", 100) == content

    def test_the_temporary_name_comes_first_then_the_final_one(self, ftp):
        with box(ftp) as session:
            session.write("publication", "ipe.zip", CONTENT)
        assert ftp.faults.seen == [
            ("open", "ipe.zip.tmp"),
            ("rename", "ipe.zip.tmp", "ipe.zip", len(CONTENT)),
        ]

    def test_writing_again_replaces_the_file(self, ftp):
        """Even on a server that does not rename over another file."""
        for mode in (None, "no overwrite"):
            ftp.faults.mode = mode
            with box(ftp) as session:
                session.write("out", "a.csv", b"one")
                session.write("out", "a.csv", b"two")
                assert session.read("out/a.csv", 10) == b"two"
                assert [entry.name for entry in session.list("out")] == ["a.csv"]

    def test_a_file_that_is_too_big_is_not_read(self, ftp):
        (ftp.home / "in" / "big.csv").write_bytes(b"x" * 101)
        with box(ftp) as session:
            assert failure(lambda: session.read("in/big.csv", 100)).reason == "too_big"
            assert session.list("out") == [], "the session goes on"

    def test_one_that_grows_while_it_is_read_is_given_up(self, ftp, monkeypatch):
        (ftp.home / "in" / "big.csv").write_bytes(CONTENT)
        with box(ftp) as session:
            monkeypatch.setattr(session, "size", lambda path: 10)
            assert failure(lambda: session.read("in/big.csv", 100)).reason == "too_big"
            assert [entry.name for entry in session.list("in")] == ["big.csv"]

    def test_folders_are_made_where_they_lack(self, ftp):
        with box(ftp) as session:
            session.make_folder("new/below")
            session.make_folder("new/below")
            session.make_folder("/absolute/one")
            assert session.list("new/below") == []
            session.write("new/below", "a.csv", b"x")
        assert (ftp.home / "new" / "below" / "a.csv").exists()
        assert (ftp.home / "absolute" / "one").is_dir()

    def test_a_missing_file_is_reported(self, ftp):
        with box(ftp) as session:
            assert session.size("in/none.csv") is None
            for call in (
                lambda: session.read("in/none.csv", 10),
                lambda: session.rename("in/none.csv", "in/other.csv"),
                lambda: session.remove("in/none.csv"),
                lambda: session.list("none"),
            ):
                assert failure(call).reason == "failed"

    def test_names_with_accents_and_spaces(self, ftp):
        with box(ftp) as session:
            session.write("out", "été à Ambérieu.csv", b"x")
            session.rename("out/été à Ambérieu.csv", "out/œuvre 2.csv")
            assert [entry.name for entry in session.list("out")] == ["œuvre 2.csv"]

    def test_a_name_that_is_not_utf8_keeps_no_other_from_being_listed(self, ftp):
        home = os.fsencode(ftp.home / "in")
        for name in ("été.csv".encode("latin-1"), "été.csv".encode()):
            with open(os.path.join(home, name), "wb") as file:
                file.write(b"x")
        with box(ftp) as session:
            names = [entry.name for entry in session.list("in")]
            assert sorted(map(shown, names)) == ["été.csv", "été.csv"]
            assert [name for name in names if is_utf8(name)] == ["été.csv"]
            assert {session.read(f"in/{name}", 10) for name in names} == {b"x"}

    def test_a_name_that_would_be_a_command_is_refused(self, ftp):
        (ftp.home / "out" / "other.csv").write_bytes(b"x")
        with box(ftp) as session:
            call = lambda: session.write("out", "a\r\nDELE out/other.csv", b"x")  # noqa: E731
            assert failure(call).reason == "failed"
        assert (ftp.home / "out" / "other.csv").exists()


class TestOldServer:
    """A server that has neither MLSD nor MDTM nor UTF-8."""

    @pytest.fixture
    def old(self, tmp_path):
        without = ("MLSD", "MLST", "MDTM", "FEAT", "OPTS")
        with TestFtp(tmp_path, without=without) as server:
            server.kind = "ftp"
            yield server

    def test_files_are_listed_with_their_sizes(self, old):
        (old.home / "in" / "b.csv").write_bytes(b"xx")
        (old.home / "in" / "a.csv").write_bytes(b"x")
        with box(old) as session:
            found = [(entry.name, entry.size) for entry in session.list("in")]
        assert found == [("a.csv", 1), ("b.csv", 2)], "and not the folders"

    def test_an_empty_folder_is_not_a_missing_one(self, old):
        with box(old) as session:
            assert session.list("out") == []
            assert failure(lambda: session.list("none")).reason == "failed"

    def test_a_file_is_written_and_read(self, old):
        with box(old) as session:
            session.write("out", "a.csv", CONTENT)
            assert session.read("out/a.csv", 10**7) == CONTENT


class TestBreakingServer:
    """No half file stands under the final name, whatever breaks."""

    @pytest.mark.parametrize("mode", ["rename", "full", "end", "cut"])
    def test_no_half_file_and_the_next_try_does(self, ftp, mode):
        folder = ftp.home / "publication"
        ftp.faults.mode = mode

        def send():
            with box(ftp) as session:
                session.write("publication", "ipe.zip", CONTENT)

        error = failure(send)
        assert error.reason in ("failed", "short_write")
        assert not (folder / "ipe.zip").exists()
        assert list(folder.iterdir()) == [], "in another session if that one ended"
        assert ftp.faults.sessions == (2 if mode in ("end", "cut") else 1)
        ftp.faults.mode = None
        send()
        assert [path.name for path in folder.iterdir()] == ["ipe.zip"]
        assert (folder / "ipe.zip").read_bytes() == CONTENT

    def test_a_full_disk_is_reported_in_the_server_s_words(self, ftp):
        for mode in ("full", "end"):
            ftp.faults.mode = mode
            with box(ftp) as session:
                error = failure(lambda: session.write("out", "a.csv", CONTENT))
                assert "426" in str(error) and "transfer aborted" in str(error)
                if mode == "full":
                    assert session.list("out") == [], "the session goes on"

    def test_a_server_that_is_gone_is_tried_once_more(self, ftp):
        """Its first words are reported; the next try writes over what is left."""
        folder = ftp.home / "out"
        ftp.faults.mode = "gone"
        with box(ftp) as session:
            error = failure(lambda: session.write("out", "a.csv", CONTENT))
        assert "426" in str(error) and ftp.faults.sessions == 2
        assert [path.name for path in folder.iterdir()] == ["a.csv.tmp"]
        ftp.faults.mode = None
        with box(ftp) as session:
            session.write("out", "a.csv", CONTENT)
        assert [path.name for path in folder.iterdir()] == ["a.csv"]

    def test_a_server_that_says_no_is_not_called_again(self, ftp):
        with box(ftp) as session:
            failure(lambda: session.write("none", "a.csv", CONTENT))
        assert ftp.faults.sessions == 1

    def test_a_data_connection_that_broke_is_not_taken_for_the_session(self, ftps):
        with box(ftps) as session:
            with session._ftp.ntransfercmd("STOR out/a.csv")[0] as connection:
                socket.socket.shutdown(connection, socket.SHUT_WR)
                with pytest.raises(OSError):
                    connection.sendall(CONTENT)
            session._ftp.voidresp()
            for _ in range(20):
                assert session.size("in/none.csv") is None

    def test_the_file_that_was_there_stays_when_the_new_one_fails(self, ftp):
        (ftp.home / "out" / "a.csv").write_bytes(b"before")
        ftp.faults.mode = "full"
        with box(ftp) as session:
            failure(lambda: session.write("out", "a.csv", CONTENT))
        assert (ftp.home / "out" / "a.csv").read_bytes() == b"before"

    def test_the_file_that_was_there_stays_when_renames_are_refused(self, ftp):
        (ftp.home / "out" / "a.csv").write_bytes(b"before")
        ftp.faults.mode = "rename"
        with box(ftp) as session:
            failure(lambda: session.write("out", "a.csv", CONTENT))
        [left] = (ftp.home / "out").iterdir()
        assert (left.name, left.read_bytes()) == ("a.csv", b"before")

    def test_the_file_that_made_way_comes_back(self, ftp, monkeypatch):
        """The server renames the older file, and then refuses the new one."""
        (ftp.home / "out" / "a.csv").write_bytes(b"before")
        ftp.faults.mode = "no overwrite"
        with box(ftp) as session:
            rename = session.rename

            def refuse_new(source, target):
                if source.endswith("a.csv.tmp"):
                    raise TransportError(
                        "failed", action="rename", path=source, detail="no"
                    )
                rename(source, target)

            monkeypatch.setattr(session, "rename", refuse_new)
            failure(lambda: session.write("out", "a.csv", CONTENT))
        [left] = (ftp.home / "out").iterdir()
        assert (left.name, left.read_bytes()) == ("a.csv", b"before")

    def test_a_file_cut_while_it_is_read_is_not_taken_for_whole(self, ftp):
        (ftp.home / "in" / "a.csv").write_bytes(CONTENT)
        ftp.faults.mode = "cut"
        with box(ftp) as session:
            error = failure(lambda: session.read("in/a.csv", 10**7))
        assert error.reason in ("failed", "short_read")

    def test_a_server_that_does_not_take_the_data_is_given_up(
        self, kind, tmp_path, monkeypatch
    ):
        """It accepts the transfer, then reads nothing more: no other session waits."""
        again = []
        with TestFtp(tmp_path, tls=kind == "ftps") as server:
            server.kind = kind
            with box(server, timeout=ENOUGH) as session:
                server._stopping = True
                server._thread.join(5)
                monkeypatch.setattr(type(session), "_connect", again.append)
                error = failure(
                    lambda: session.write("out", "a.csv", io.BytesIO(CONTENT * 40))
                )
        assert error.reason == "failed" and not again


@pytest.mark.parametrize("large", ["ftp", "ftps"])
def test_a_large_file_goes_through_little_memory(large, tmp_path):
    size = 60_000_000
    source = tmp_path / "large"
    with source.open("wb") as file:
        file.truncate(size)
    with TestFtp(tmp_path, tls=large == "ftps") as server:
        server.kind = large
        with box(server, timeout=20) as session, source.open("rb") as stream:
            tracemalloc.start()
            session.write("publication", "ipe.zip", stream)
            with (tmp_path / "back").open("wb") as target:
                session.fetch("publication/ipe.zip", target, size)
            _now, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    assert (tmp_path / "back").stat().st_size == size
    assert peak < 8_000_000


def test_two_servers_one_dead(ftp):
    """The dead one costs its own time-out only; the other is served."""
    with socket.create_server(("127.0.0.1", 0)) as dead:
        account = Account("127.0.0.1", dead.getsockname()[1], "x", timeout=1)
        waiting = threading.Thread(
            target=lambda: failure(opening(FtpTransfer(account))), daemon=True
        )
        waiting.start()
        with box(ftp) as session:
            session.write("out", "a.csv", b"x")
        waiting.join(10)
    assert not waiting.is_alive()
    assert (ftp.home / "out" / "a.csv").exists()
