from .box import Account, Entry, is_temporary
from .errors import TransportError
from .ftp import FtpBox, FtpsBox
from .names import is_utf8, shown
from .sftp import SftpBox, fingerprint

#: by kind of account: what opens it, and the usual port
BOXES = {"sftp": SftpBox, "ftp": FtpBox, "ftps": FtpsBox}
PORTS = {"sftp": 22, "ftp": 21, "ftps": 21}


def open_box(kind, account):
    """Return a session with ``account``, to be used by ``with``."""
    return BOXES[kind](account)


__all__ = [
    "BOXES",
    "PORTS",
    "Account",
    "Entry",
    "FtpBox",
    "FtpsBox",
    "SftpBox",
    "TransportError",
    "fingerprint",
    "is_temporary",
    "is_utf8",
    "open_box",
    "shown",
]
