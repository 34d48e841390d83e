"""Lines of large files that are taken as they are, many at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ...protocol import CsvReader, FileError, Limits
from . import properties  # noqa: F401

LIMITS = Limits(columns=100, line_length=2000, lines=200)

pieces = st.lists(
    st.one_of(
        st.text(alphabet="ab;\r\t é", max_size=6),
        st.sampled_from(["1;2;3\n", "4;5;6\r\n", "A;B;C\n", ";;\n", "\n", '"', "\n"]),
        st.sampled_from(
            ["1;2\n", "1;2;3;\n", "1;2;3;4\n", '"x;y";2;3\n', '"x\ny";2;3']
        ),
    ),
    max_size=25,
).map("".join)


def reader_of(text, **options):
    return CsvReader(f"A;B;C\n{text}".encode(), limits=LIMITS, **options)


def taken(reader, most):
    """Rows of a reader, the plain lines taken ``most`` at once."""
    rows, iterator = [], iter(reader)
    while True:
        first, lines = reader.take_plain(most)
        rows += [(n, line.split(";"), None) for n, line in enumerate(lines, first)]
        if not lines:
            row = next(iterator, None)
            if not row:
                return rows
            rows.append(row)


def outcome(read):
    try:
        return read()
    except FileError as refusal:
        return refusal.reason


@settings(max_examples=400)
@given(pieces, st.integers(1, 8))
def test_lines_taken_and_lines_cut_are_the_same_rows(text, most):
    cut, mixed = reader_of(text), reader_of(text)
    assert outcome(lambda: taken(mixed, most)) == outcome(lambda: list(cut))
    assert mixed.encoding == cut.encoding
    assert mixed.warnings == cut.warnings


def test_plain_lines_come_without_their_end():
    assert reader_of("1;2;3\r\n4;5;6\r\n").take_plain(10) == (2, ["1;2;3", "4;5;6"])


def test_no_more_lines_are_taken_than_requested():
    reader = reader_of("1;2;3\n4;5;6\n7;8;9\n")
    assert reader.take_plain(2) == (2, ["1;2;3", "4;5;6"])
    assert reader.take_plain(2) == (4, ["7;8;9"])
    assert reader.take_plain(2) == (0, [])


@pytest.mark.parametrize(
    "care",
    [
        '"1";2;3',
        "1;2",
        "1;2;3;",
        ";;",
        "",
        "A;B;C",
    ],
)
def test_a_line_that_needs_care_is_left_to_be_cut(care):
    reader = reader_of(f"1;2;3\n{care}\n4;5;6\n")
    assert reader.take_plain(3) == (0, [])
    assert next(iter(reader)) == (2, ["1", "2", "3"], None)


def test_one_column_has_no_separator_to_know_its_lines_by():
    reader = CsvReader(b"A\n1\n2\n")
    assert reader.take_plain(2) == (0, [])
    assert list(reader) == [(2, ["1"], None), (3, ["2"], None)]


def test_lines_taken_count_among_those_of_the_file():
    reader = CsvReader(b"A;B\n" + b"1;2\n" * 5, limits=Limits(lines=3))
    reader.take_plain(3)
    with pytest.raises(FileError) as caught:
        reader.take_plain(1)
    assert caught.value.reason == "too_many_lines"


def test_a_file_whose_lines_were_taken_is_not_empty():
    reader = reader_of("1;2;3\n")
    reader.take_plain(1)
    assert list(reader) == []
