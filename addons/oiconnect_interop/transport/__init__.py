from .errors import TransportError
from .sftp import SftpBox

__all__ = ["SftpBox", "TransportError"]
