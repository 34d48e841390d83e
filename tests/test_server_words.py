"""Messages of servers and their names of files, as people read them."""

import socket
import sys
import threading

import pytest
from oictools import settings

sys.path.insert(0, str(settings.ADDONS / "oiconnect_interop"))
pytest.importorskip("transport")
from transport import Account, FtpTransfer, TransportError  # noqa: E402
from transport.names import is_utf8, shown  # noqa: E402


def test_a_server_s_words_are_reported_in_one_line_that_can_be_stored():
    """It says what is no FTP, with null bytes, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as strange:

        def answer():
            call, _address = strange.accept()
            with call:
                call.sendall(b"\0\xff" + b"pluie\t" * 1000 + b"\r\n")

        threading.Thread(target=answer, daemon=True).start()
        account = Account("127.0.0.1", strange.getsockname()[1], "x", timeout=1)
        with pytest.raises(TransportError) as caught, FtpTransfer(account):
            pass
    text = str(caught.value)
    assert "pluie pluie" in text
    assert text.isprintable() and is_utf8(text) and len(text) < 1100


def test_a_name_that_no_database_keeps_is_as_one_that_cannot_be_read():
    assert not is_utf8("a\0.csv")
    assert shown("a\0.csv") == "a�.csv"
