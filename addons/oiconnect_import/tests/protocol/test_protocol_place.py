"""Reading goes on where an earlier reader of the same file stopped."""

import io
import json
from itertools import islice
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...protocol import CsvReader, Place, decoder

FILES = {
    "quoted line breaks": b'A;B\r\n1;"a\r\nb"\r\n2;"c;""d"""\r\n3;4\r\n',
    "a byte order mark": b"\xef\xbb\xbfA;B\r\n1;2\r\n3;4\r\n5;6\r\n",
    "Windows-1252": "A;B\n1;é\n2;à\n3;ù\n".encode("cp1252"),
    "two encodings": "A;B\n1;é\n".encode() + "2;é\n3;ï\n".encode("cp1252"),
    "CR only": b"A;B\r1;2\r3;4\r5;6\r",
    "a lone quote": b'A;B\n1;"2\n3;4\n5;6\n',
    "blank lines": b"A;B\n\n1;2\n;\n  \n3;4\n\n\n5;6\n\n",
    "no last line end": b"A;B\n1;2\n3;4\n5;6",
    "a repeated header": b"A;B\n1;2\nA;B\n3;4\n",
    "a header on two lines": b'A;"B\nC"\n1;2\n3;4\n',
}


def in_parts(content, size):
    """Return the rows, each ``size`` of them by a reader of its own."""
    stream, place, rows = io.BytesIO(content), None, []
    while True:
        stream.seek(0)
        reader = CsvReader(stream, place=place)
        part = list(islice(reader, size))
        if not part:
            return rows
        rows += part
        # As it is stored between two parts.
        place = Place(**json.loads(json.dumps(reader.place()._asdict())))


@pytest.mark.parametrize("block", [5, decoder.BLOCK])
@pytest.mark.parametrize("name", FILES)
def test_a_file_read_in_parts_gives_the_rows_of_the_whole(name, block):
    content = FILES[name]
    whole = list(CsvReader(content))
    with patch.object(decoder, "BLOCK", block):
        for size in (1, 2, 3):
            assert in_parts(content, size) == whole


@given(st.text(alphabet='1é;"\r\n ', max_size=60), st.integers(1, 4))
def test_any_file_read_in_parts_gives_the_rows_of_the_whole(text, size):
    content = f"A;B\n{text}\nZ;9\n".encode()
    assert in_parts(content, size) == list(CsvReader(content))


def test_reading_can_go_on_at_a_line_that_was_read_but_not_done():
    stream = io.BytesIO(FILES["quoted line breaks"])
    reader = CsvReader(stream)
    rows = list(islice(reader, 3))
    again = CsvReader(stream, place=reader.place(rows[1][0]))
    assert list(again) == rows[1:]


class Counted(io.BytesIO):
    """A stream that counts the bytes that are read of it."""

    count = 0

    def read(self, size=-1):
        block = super().read(size)
        self.count += len(block)
        return block


def test_reading_on_does_not_read_what_comes_before():
    content = b"A;B\n" + b"".join(b"%06d;x\n" % rank for rank in range(20_000))
    reader = CsvReader(io.BytesIO(content))
    list(islice(reader, 19_000))
    place = reader.place()
    assert place.offset == 4 + 19_000 * 9
    stream = Counted(content)
    assert len(list(CsvReader(stream, place=place))) == 1_000
    assert stream.count == 9_000
