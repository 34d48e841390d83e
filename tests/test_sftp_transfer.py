"""The transport against a real SFTP server: refusals, and no half files."""

import hashlib
import io
import os
import socket
import sys
import threading
import tracemalloc
from pathlib import Path

import asyncssh
import pytest
from demo_sftp import DemoSftp, make_key
from oictools import settings

sys.path.insert(0, str(settings.ADDONS / "oiconnect_interop"))
transport = pytest.importorskip("transport")
from transport import (  # noqa: E402
    Account,
    SftpTransfer,
    TransportError,
    fingerprint,
    is_temporary,
    is_utf8,
    shown,
)

#: seconds in which a busy machine connects, and after which silence is given up
ENOUGH = 5


def box(server, **changes):
    values = {
        "host": server.host,
        "port": server.port,
        "login": "ocaa",
        "host_key": server.host_key,
        "password": "demo-ocaa",
        "timeout": 20,
    }
    return SftpTransfer(Account(**{**values, **changes}))


def failure(session):
    with pytest.raises(TransportError) as caught, session:
        pass
    return caught.value


class TestSession:
    def test_password_and_private_key_both_open_the_account(self, sftp):
        for secret in (
            {"password": "demo-ocaa"},
            {"password": None, "private_key": sftp.private_key("ocaa")},
        ):
            with box(sftp, **secret) as session:
                assert session.list("in") == []

    def test_an_unknown_host_key_is_refused_before_any_log_in(self, sftp, tmp_path):
        other = make_key(tmp_path / "other_key")
        error = failure(box(sftp, host_key=other))
        assert error.reason == "unknown_host_key"
        assert error.params["fingerprint"] == fingerprint(sftp.host_key)

    def test_without_a_pinned_key_the_shown_one_is_reported(self, sftp):
        error = failure(box(sftp, host_key=""))
        assert error.reason == "no_host_key"
        assert fingerprint(sftp.host_key) in str(error)

    def test_a_wrong_password_is_refused(self, sftp):
        assert failure(box(sftp, password="wrong")).reason == "refused"

    def test_a_key_that_cannot_be_read_says_so(self, sftp):
        assert failure(box(sftp, private_key="rubbish")).reason == "bad_key"

    def test_a_server_that_is_down(self, sftp):
        sftp.stop()
        sftp.stop = lambda: None
        error = failure(box(sftp, timeout=2))
        assert error.reason == "unreachable"

    def test_a_server_that_says_nothing_is_given_up(self):
        """It takes the call, and never says hello."""
        with socket.create_server(("127.0.0.1", 0)) as mute:
            account = Account("127.0.0.1", mute.getsockname()[1], "x", timeout=1)
            assert failure(SftpTransfer(account)).reason == "unreachable"

    def test_one_account_does_not_see_another(self, sftp):
        (sftp.home("ocbb") / "out" / "secret.csv").write_bytes(b"x")
        with box(sftp) as session:
            assert session.list("out") == []
            with pytest.raises(TransportError):
                session.read("../ocbb/out/secret.csv", 100)


class TestFiles:
    def test_a_file_is_written_read_and_listed(self, sftp):
        content = bytes(range(256)) * 1000
        with box(sftp) as session:
            session.write("out", "a.csv", content)
            [entry] = session.list("out")
            assert (entry.name, entry.size) == ("a.csv", len(content))
            assert session.read("out/a.csv", 10**6) == content
        assert (sftp.home("ocaa") / "out" / "a.csv").read_bytes() == content

    def test_writing_again_replaces_the_file(self, sftp):
        with box(sftp) as session:
            session.write("out", "a.csv", b"one")
            session.write("out", "a.csv", b"two")
            assert session.read("out/a.csv", 10) == b"two"
            assert [entry.name for entry in session.list("out")] == ["a.csv"]

    def test_a_file_that_is_too_big_is_not_read(self, sftp):
        (sftp.home("ocaa") / "in" / "big.csv").write_bytes(b"x" * 101)
        with box(sftp) as session:
            with pytest.raises(TransportError) as caught:
                session.read("in/big.csv", 100)
        assert caught.value.reason == "too_big"

    def test_folders_are_made_where_they_lack(self, sftp):
        with box(sftp) as session:
            session.make_folder("new/below")
            session.make_folder("new/below")
            assert session.list("new/below") == []

    def test_a_missing_file_is_reported(self, sftp):
        with box(sftp) as session:
            assert session.size("in/none.csv") is None
            for call in (
                lambda: session.read("in/none.csv", 10),
                lambda: session.rename("in/none.csv", "in/other.csv"),
                lambda: session.list("none"),
            ):
                with pytest.raises(TransportError) as caught:
                    call()
                assert caught.value.reason == "failed"

    def test_a_name_that_is_not_utf8_keeps_no_other_from_being_listed(self, sftp):
        home = os.fsencode(sftp.home("ocaa") / "in")
        for name in ("été.csv".encode("latin-1"), "été.csv".encode(), b"\xff\xfe\x80"):
            with open(os.path.join(home, name), "wb") as file:
                file.write(b"x")
        with box(sftp) as session:
            names = [entry.name for entry in session.list("in")]
        assert sorted(map(shown, names)) == ["été.csv", "été.csv", "ÿþ\x80"]
        assert [name for name in names if is_utf8(name)] == ["été.csv"]

    def test_links_and_folders_are_not_files(self, sftp):
        home = sftp.home("ocaa") / "in"
        (home / "real.csv").write_bytes(b"x")
        (home / "link.csv").symlink_to(home / "real.csv")
        with box(sftp) as session:
            assert [entry.name for entry in session.list("in")] == ["real.csv"]

    @pytest.mark.parametrize(
        ("name", "temporary"),
        [
            ("a.csv", False),
            ("a.csv.tmp", True),
            ("a.CSV.FilePart", True),
            (".hidden.csv", True),
            ("tmp.csv", False),
        ],
    )
    def test_files_still_being_written_are_left_alone(self, name, temporary):
        assert is_temporary(name) is temporary


class Breaking(asyncssh.SFTPServer):
    """A server that fails on command: `rename`, or after so many bytes.

    `end`: the disk is full, and then it ends the session.
    """

    mode = "rename"
    limit = 1000
    failed = False

    def posix_rename(self, oldpath, newpath):
        raise asyncssh.SFTPPermissionDenied("no rename here")

    rename = posix_rename

    def write(self, file_obj, offset, data):
        self.failed = offset + len(data) > self.limit
        if self.mode in ("full", "end") and self.failed:
            raise asyncssh.SFTPFailure("no space left")
        if self.mode == "cut" and self.failed:
            self._cut()
        return super().write(file_obj, offset, data)

    def remove(self, path):
        if self.mode == "end" and self.failed:
            self._cut()
        return super().remove(path)

    def _cut(self):
        self._chan.get_connection().abort()
        raise asyncssh.SFTPConnectionLost("cut")


class OldServer(asyncssh.SFTPServer):
    """A server that has the plain rename only, which refuses to overwrite."""

    def posix_rename(self, oldpath, newpath):
        raise asyncssh.SFTPOpUnsupported("unknown")


def asyncssh_files(channel, chroot):
    """The files of an account on a server that works."""
    return asyncssh.SFTPServer(channel, chroot=chroot)


class BreakingSftp(DemoSftp):
    kind = Breaking

    def _chroot(self, channel):
        home = self.home(channel.get_extra_info("username"))
        server = self.kind(channel, chroot=str(home).encode())
        server._chan = channel
        return server


class Watched(asyncssh.SFTPServer):
    """Notes what is opened to be written, and what is renamed with which size."""

    seen = []

    def open(self, path, pflags, attrs):
        if pflags & asyncssh.FXF_WRITE:
            Watched.seen.append(("open", path.decode()))
        return super().open(path, pflags, attrs)

    def posix_rename(self, oldpath, newpath):
        size = super().stat(oldpath).st_size
        Watched.seen.append(("rename", oldpath.decode(), newpath.decode(), size))
        return super().posix_rename(oldpath, newpath)


class TestStream:
    """Files of any size, from the disk to the server."""

    @pytest.fixture
    def watched(self, tmp_path):
        Watched.seen = []
        server = BreakingSftp(tmp_path / "watched")
        server.kind = Watched
        with server:
            yield server

    def test_the_temporary_name_comes_first_then_the_final_one(self, watched):
        content = bytes(range(256)) * 1000
        with box(watched) as session:
            session.write("publication", "ipe.zip", io.BytesIO(content))
        assert Watched.seen == [
            ("open", "publication/ipe.zip.tmp"),
            (
                "rename",
                "publication/ipe.zip.tmp",
                "publication/ipe.zip",
                len(content),
            ),
        ]
        arrived = watched.home("ocaa") / "publication" / "ipe.zip"
        assert hashlib.sha256(arrived.read_bytes()).digest() == (
            hashlib.sha256(content).digest()
        )

    def test_a_stream_is_sent_from_its_beginning(self, sftp):
        stream = io.BytesIO(b"a file")
        stream.read()
        with box(sftp) as session:
            session.write("out", "a.csv", stream)
            assert session.read("out/a.csv", 10) == b"a file"

    def test_a_large_file_goes_through_little_memory(self, sftp, tmp_path):
        """The server is in this process too, and has its share of it."""
        size = 40_000_000
        source = tmp_path / "large"
        with source.open("wb") as file:
            file.truncate(size)
        with box(sftp, timeout=30) as session, source.open("rb") as stream:
            tracemalloc.start()
            session.write("publication", "ipe.zip", stream)
            with (tmp_path / "back").open("wb") as target:
                session.fetch("publication/ipe.zip", target, size)
            _now, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert (tmp_path / "back").stat().st_size == size
        assert peak < 25_000_000


class TestBreakingServer:
    """No half file stands under the final name, whatever breaks."""

    @pytest.fixture(params=["rename", "full", "end", "cut"])
    def breaking(self, request, tmp_path):
        kind = type("Kind", (Breaking,), {"mode": request.param})
        server = BreakingSftp(tmp_path / "breaking")
        server.kind = kind
        with server:
            yield server

    def test_no_half_file_under_the_final_name(self, breaking):
        with pytest.raises(TransportError):
            with box(breaking) as session:
                session.write("out", "a.csv", b"x" * 100_000)
        assert not (breaking.home("ocaa") / "out" / "a.csv").exists()

    def test_what_is_left_is_removed_and_the_next_try_does(self, breaking):
        folder = breaking.home("ocaa") / "out"
        content = bytes(range(256)) * 400
        with pytest.raises(TransportError) as caught, box(breaking) as session:
            session.write("out", "a.csv", content)
        if breaking.kind.mode in ("full", "end"):
            assert "no space left" in str(caught.value)
        assert list(folder.iterdir()) == [], "in another session if that one ended"
        breaking.kind = asyncssh_files
        with box(breaking) as session:
            session.write("out", "a.csv", content)
        assert [path.name for path in folder.iterdir()] == ["a.csv"]
        assert (folder / "a.csv").read_bytes() == content

    def test_a_refusal_of_the_last_block_is_heard(self, tmp_path):
        """Blocks are sent without waiting for the answer to each."""

        class LastBlock(asyncssh.SFTPServer):
            def write(self, file_obj, offset, data):
                if offset + len(data) == 100_000:
                    # The size will be right, not what is written.
                    super().write(file_obj, offset, bytes(len(data)))
                    raise asyncssh.SFTPFailure("no space left")
                return super().write(file_obj, offset, data)

        server = BreakingSftp(tmp_path / "last")
        server.kind = LastBlock
        with server, box(server) as session:
            with pytest.raises(TransportError, match="no space left"):
                session.write("out", "a.csv", b"x" * 100_000)
            assert session.list("out") == []

    def test_a_server_that_has_gone_needs_no_good_bye(self):
        tried = []

        class Gone:
            def close(self):
                tried.append(self)
                raise EOFError

        gone = SftpTransfer(Account("localhost", 22, "ocaa"))
        gone._sftp, gone._transport = Gone(), Gone()
        gone.close()
        assert tried == [gone._sftp, gone._transport]

    def test_a_server_without_posix_rename_still_gets_its_file(self, tmp_path):
        """It refuses to write over another one: that one is removed first."""
        server = BreakingSftp(tmp_path / "old")
        server.kind = OldServer
        with server, box(server) as session:
            for content in (b"one", b"two"):
                session.write("out", "a.csv", content)
                assert session.read("out/a.csv", 10) == content
            assert [entry.name for entry in session.list("out")] == ["a.csv"]

    def test_a_file_cut_while_it_is_read_is_not_taken_for_whole(self, tmp_path):
        class Cutting(asyncssh.SFTPServer):
            def read(self, file_obj, offset, size):
                if offset > 100_000:
                    self._chan.get_connection().abort()
                return super().read(file_obj, offset, size)

        server = BreakingSftp(tmp_path / "cutting")
        server.kind = Cutting
        with server:
            (server.home("ocaa") / "in" / "a.csv").write_bytes(b"x" * 1_000_000)
            with pytest.raises(TransportError), box(server) as session:
                session.read("in/a.csv", 10**7)

    def test_a_file_that_goes_on_while_it_is_read_is_not_taken(self, sftp):
        path = sftp.home("ocaa") / "in" / "a.csv"
        path.write_bytes(b"half")
        with box(sftp) as session, path.open("ab", 0) as upload:
            with pytest.raises(TransportError) as caught:
                session.fetch("in/a.csv", upload, 100)
        assert caught.value.reason == "changed"

    def test_a_server_that_never_answers_is_given_up(self, tmp_path):
        silence, called = threading.Event(), []

        class Silent(asyncssh.SFTPServer):
            def stat(self, path):
                called.append(path)
                silence.wait(20)
                return super().stat(path)

        server = BreakingSftp(tmp_path / "silent")
        server.kind = Silent
        with server:
            with box(server, timeout=ENOUGH) as session:
                for path in ("in", "out"):
                    with pytest.raises(TransportError):
                        session.size(path)
            silence.set()
        assert called == [b"in"], "it is waited for once a session"


def test_the_sftp_module_is_the_product_s_own():
    assert Path(transport.__file__).is_relative_to(settings.ADDONS)
