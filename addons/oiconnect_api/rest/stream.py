"""A body that is sent as it is made, and whose failure its reader sees."""

import logging
import os
import socket
import struct

from odoo.addons.oiconnect_base.log_redaction import redacted_traceback

_logger = logging.getLogger(__name__)


def sent_whole(blocks, connection):
    """Yield ``blocks``; when they break off, so does the connection.

    Odoo's workers speak HTTP/1.0, where the end of a body is that of the connection:
    what broke off would look whole. So the connection is one that the system resets,
    also when the process is killed, until the end is reached.

    :param connection: socket to the reader, None where it is not known
    """
    _set_reset(connection, True)
    try:
        yield from blocks
    except Exception as error:
        _logger.error("REST stream failed: %s", redacted_traceback(error))
        _cut(connection)
        # The server then sends nothing more, and logs no trace of its own.
        raise ConnectionAbortedError from None
    _set_reset(connection, False)


def _set_reset(connection, is_reset):
    if connection:
        option = struct.pack("ii", is_reset, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)


def _cut(connection):
    """Close the connection now: its server would first tell a good end.

    Its number then leads to one that is closed, and to none that others open.
    """
    if connection:
        one, other = socket.socketpair()
        with one, other:
            os.dup2(one.fileno(), connection.fileno())
