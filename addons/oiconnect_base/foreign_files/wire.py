"""Messages between the server and the process that reads: JSON, and bytes beside.

Each message begins with its two lengths. The reader of one trusts neither: the
process that reads may be in the hands of the file.
"""

import json
import struct

_LENGTHS = struct.Struct(">II")
#: bytes of the JSON text and of the bytes beside it
MAX_MESSAGE = 1 << 28


class BrokenMessage(ValueError):
    """Bytes that are no message."""


def write(stream, value, blob=b""):
    """Write a message to a binary stream."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    # Surrogates are no text of a database, and no UTF-8.
    text = text.encode("utf-8", "replace")
    stream.write(_LENGTHS.pack(len(text), len(blob)) + text)
    if blob:
        stream.write(blob)
    stream.flush()


def read(take):
    """Return (value, bytes beside), ``None`` at the end.

    :param take: ``take(size)`` gives as many bytes, fewer at the end only
    :raises BrokenMessage: it is none
    """
    head = take(_LENGTHS.size)
    if not head:
        return None
    if len(head) < _LENGTHS.size:
        raise BrokenMessage("cut short")
    text_size, blob_size = _LENGTHS.unpack(head)
    if text_size + blob_size > MAX_MESSAGE:
        raise BrokenMessage("too long")
    text, blob = take(text_size), take(blob_size) if blob_size else b""
    if len(text) < text_size or len(blob) < blob_size:
        raise BrokenMessage("cut short")
    try:
        return json.loads(text), blob
    except (ValueError, RecursionError) as error:
        raise BrokenMessage("no JSON") from error
