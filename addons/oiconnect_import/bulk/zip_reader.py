"""What the process that reads a zip of a csv file answers: its bytes, unpacked."""

from contextlib import contextmanager

from .archive import BROKEN, BulkFileError, Limits, open_entry

#: bytes of an answer
_BLOCK = 1 << 20


@contextmanager
def open_file(raw, scratch, limits):
    """Open the only entry of a zip as commands."""
    stream, declared = open_entry(raw, Limits(*limits))

    def block():
        """Return (place in the zip, bytes of its entry); no value at the end."""
        try:
            content = stream.read(_BLOCK)
        except BROKEN as error:
            raise BulkFileError("bad_zip") from error
        return raw.tell() if content else None, content

    with stream:
        yield {"size": lambda: (declared, b""), "block": block}
