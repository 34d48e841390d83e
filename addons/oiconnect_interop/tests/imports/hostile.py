"""Files that must be refused, as somebody who means harm would make them."""

import io
import stat
import struct
import zipfile

from .import_common import FILE_NAME, ipe_file, ipe_header, ipe_line, zipped

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
HEADER = ";".join(ipe_header()).encode()


def good_file():
    return ipe_file([ipe_line(1), ipe_line(2)])


def with_link():
    """A zip whose entry is a symbolic link to a file of the server."""
    entry = zipfile.ZipInfo(FILE_NAME)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(entry, "/etc/passwd")
    return target.getvalue()


def nested_bomb(depth=5, width=16):
    """As 42.zip: each zip holds sixteen others, the last ones a file of zeros."""
    content = zipped(("0.dll", bytes(1_000_000)))
    for level in range(depth):
        content = zipped(
            *((f"lib {rank:x}{level}.zip", content) for rank in range(width))
        )
    return content


def flat_bomb(size=20_000_000):
    """A csv file that grows a thousand times."""
    line = good_file().splitlines(keepends=True)[1]
    return zipped((FILE_NAME, HEADER + b"\r\n" + line * (size // len(line))))


def many_entries(count):
    """A zip whose directory alone would fill the memory."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for rank in range(count):
            packed.writestr(f"{rank:0240}.csv", b"")
    return target.getvalue()


def encrypted():
    return _flagged(zipped((FILE_NAME, good_file())), flag=1)


def _flagged(content, flag):
    """Set a general purpose flag of the only entry, in both its headers."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.index(signature) + offset] |= flag
    return bytes(changed)


def lying(declared, packed=None):
    """A zip whose entry says another size than it has, packed or not."""
    changed = bytearray(zipped((FILE_NAME, good_file())))
    for signature, offset in ((b"PK\x03\x04", 18), (b"PK\x01\x02", 20)):
        place = changed.index(signature) + offset
        if packed is not None:
            changed[place : place + 4] = struct.pack("<I", packed)
        changed[place + 4 : place + 8] = struct.pack("<I", declared)
    return bytes(changed)
