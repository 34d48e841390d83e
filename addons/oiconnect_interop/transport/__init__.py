from .file_transfer import Account, Entry, is_temporary
from .errors import TransportError
from .ftp import FtpTransfer, FtpsTransfer
from .names import is_utf8, shown
from .sftp import SftpTransfer, fingerprint

#: by kind of account: what opens it, and the usual port
TRANSFERS = {"sftp": SftpTransfer, "ftp": FtpTransfer, "ftps": FtpsTransfer}
PORTS = {"sftp": 22, "ftp": 21, "ftps": 21}


def open_file_transfer(kind, account):
    """Return a session with ``account``, to be used by ``with``."""
    return TRANSFERS[kind](account)
