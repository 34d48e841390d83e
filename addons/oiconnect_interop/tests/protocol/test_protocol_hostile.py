"""Property: no input raises anything but the errors of the protocol."""

import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.addons.oiconnect_import.protocol import (
    CsvReader,
    FileError,
    Limits,
    LineError,
    PayloadError,
    read_definition,
    write,
)

from .protocol_common import ORDER, shipped_format

CMD = shipped_format("CMD_ACCES", "V1.3")
CR = shipped_format("CR_CMD", "V1.3")
HEADER = ";".join(CMD.header)
LIMITS = Limits(columns=100, line_length=2000, lines=200)

fragments = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                b'"',
                b";",
                b"\r\n",
                b"\n",
                b"\r",
                b"\xef\xbb\xbf",
                b"\xe9",
                b"=1+1",
                b'""',
            ]
        ),
        st.just(HEADER.encode()),
    ),
    max_size=30,
).map(b"".join)


def read_all(content, file_format=CMD):
    """Read to the end; return the lines, or the refusal of the file."""
    try:
        reader = CsvReader(content, limits=LIMITS)
        lines = list(file_format.parse_rows(reader))
    except FileError as refusal:
        assert str(refusal)
        return refusal
    for line in lines:
        assert all(isinstance(error, LineError) for error in line.errors)
        assert all(error.message for error in line.errors)
    assert all(warning.message for warning in reader.warnings)
    return lines


@settings(max_examples=400)
@given(fragments)
@example(b'"')
@example(b'"\n')
@example(b"\xef\xbb\xbf\n")
@example(b'A;B\n"')
@example(b"\r")
def test_any_bytes(content):
    read_all(content)


@settings(max_examples=400)
@given(fragments)
def test_any_bytes_after_a_good_header(content):
    read_all(HEADER.encode() + b"\r\n" + content)


@settings(max_examples=200)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=40))
def test_any_cells_give_a_line(cells):
    content = f"{HEADER}\r\n{';'.join(cells)}\r\n".encode(errors="replace")
    read_all(content)


@settings(max_examples=200)
@given(fragments, st.integers(1, 50))
def test_the_size_of_reads_does_not_matter(content, size):
    class Slow(io.BytesIO):
        def read(self, _size=-1):
            return super().read(size)

    def outcome(source):
        try:
            return list(CsvReader(source, limits=LIMITS))
        except FileError:
            return "refused"

    content = b"A;B\n" + content
    assert outcome(Slow(content)) == outcome(io.BytesIO(content))


@settings(max_examples=200)
@given(fragments)
def test_any_file_of_columns(content):
    try:
        definitions, errors = read_definition(b"column;field\n" + content)
    except FileError:
        return
    assert all(error.message for error in errors)
    assert len(definitions) + len(errors) >= 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.text(max_size=5), children, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(sorted({column.path[0] for column in CR.columns} | set(ORDER))),
        json_values,
    )
)
def test_any_payload_is_written_or_refused(payload):
    for file_format in (CMD, CR):
        try:
            cells = file_format.format_row(payload)
        except PayloadError as refusal:
            assert str(refusal)
            continue
        assert len(cells) == len(file_format.columns)
        assert write(file_format, [payload]).line_count == 1


def test_one_lone_quote_does_not_hide_ten_thousand_lines():
    good = ";".join(CMD.format_row(ORDER))
    broken = good.replace("DUPONT", '"DUPONT')
    content = "\r\n".join([HEADER, broken, *[good] * 10_000, ""]).encode()
    reader = CsvReader(content)
    lines = list(CMD.parse_rows(reader))
    assert len(lines) == 10_001
    assert [line.number for line in lines if line.errors] == [2]


def test_lone_quotes_on_every_line_cost_no_more_than_the_file():
    content = b"A;B\n" + b'1;"x\n' * 50_000
    assert sum(problem is not None for *_row, problem in CsvReader(content)) == 50_000
