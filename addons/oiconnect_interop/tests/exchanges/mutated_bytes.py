"""What happens to the bytes of a file: in one record, or to the whole on its way."""

import gzip
import io
import zipfile

BYTES = b'\x00\x01\t\n\r";,=\x1a\x7f\x80\x85\xa0\xc3\xe9\xef\xf0\xff'
SIGNATURES = (
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"<?xml?>",
    b"\xd0\xcf\x11\xe0",
)


def _flip(random, raw):
    place = random.randrange(len(raw))
    return (
        raw[:place] + bytes([raw[place] ^ 1 << random.randrange(8)]) + raw[place + 1 :]
    )


def _insert(random, raw):
    place = random.randint(0, len(raw))
    added = bytes(random.choice(BYTES) for _n in range(random.choice((1, 1, 2, 8))))
    return raw[:place] + added + raw[place:]


def _drop(random, raw):
    place = random.randrange(len(raw))
    return raw[:place] + raw[place + random.choice((1, 1, 2, 20)) :]


def _double(random, raw):
    first = random.randrange(len(raw))
    last = random.randint(first, len(raw))
    return raw[:last] + raw[first:last] + raw[last:]


BYTE_ACCIDENTS = (_flip, _flip, _insert, _insert, _drop, _double)


def _zipped(_random, content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.csv", content)
    return packed.getvalue()


WRAPPINGS = {
    "zipped": _zipped,
    "zip_cut": lambda random, content: _zipped(random, content)[: random.randrange(99)],
    "gzipped": lambda _random, content: gzip.compress(content, 1),
    "signed": lambda random, content: random.choice(SIGNATURES) + content,
    "twice": lambda _random, content: content + content,
    "emptied": lambda random, _content: random.choice((b"", b"\n", b"\r\n \r\n", b";")),
    "header_only": lambda _random, content: content.partition(b"\n")[0],
    "utf16": lambda random, content: content.decode("latin-1").encode(
        random.choice(("utf-16", "utf-16-le", "utf-16-be"))
    ),
    "noise": lambda random, _content: random.randbytes(random.randrange(1, 400)),
    "late": lambda random, content: (
        random.choice((b"\n", b"x;y\r\n", b'"\n')) + content
    ),
}
