"""A file as partners send it: encodings, quotes, separators, limits, line numbers."""

import io
from types import SimpleNamespace

import pytest

from ...protocol import CsvReader, FileError, Limits

HEADER = b"ReferenceCommandePriseInterneOC;Commentaire;ReferencePrise\r\n"


def rows(content, **options):
    return list(CsvReader(content, **options))


def refusal(content, **options):
    with pytest.raises(FileError) as caught:
        rows(content, **options)
    assert str(caught.value)
    return caught.value


# -- good files ---------------------------------------------------------------------


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_gives_the_same_rows(line_end):
    content = line_end.join([b"A;B", b"1;2", b"3;4", b""])
    assert rows(content) == [(2, ["1", "2"], None), (3, ["3", "4"], None)]


def test_the_last_line_needs_no_line_end():
    assert rows(b"A;B\n1;2") == [(2, ["1", "2"], None)]


def test_a_stream_is_read_like_bytes():
    assert rows(io.BytesIO(b"A;B\n1;2\n")) == rows(b"A;B\n1;2\n")


def test_header_names_lose_outer_blanks_and_trailing_empty_names():
    assert CsvReader(b" A ;B\t;;\n1;2\n").header == ["A", "B"]


def test_blank_lines_are_skipped_but_counted():
    content = b"A;B\n\n1;2\n;\n   \n3;4\n\n"
    assert rows(content) == [(3, ["1", "2"], None), (6, ["3", "4"], None)]


def test_a_short_line_is_completed():
    assert rows(b"A;B;C\n1\n") == [(2, ["1", "", ""], None)]


def test_empty_cells_in_excess_are_dropped():
    assert rows(b"A;B\n1;2;; \n") == [(2, ["1", "2"], None)]


def test_a_filled_cell_in_excess_is_an_error_of_its_line_only():
    bad, good = rows(b"A;B\n1;2;3\n4;5\n")
    assert bad[1] == ["1", "2"]
    assert bad[2].message_key == "too_many_cells"
    assert bad[2].line == 2
    assert good == (3, ["4", "5"], None)


def test_quotes_protect_separators_quotes_and_line_breaks():
    content = b'A;B\n"1;2";"say ""yes"""\n"two\r\nlines";x\nlast;y\n'
    assert rows(content) == [
        (2, ["1;2", 'say "yes"'], None),
        (3, ["two\r\nlines", "x"], None),
        (5, ["last", "y"], None),
    ]


def test_a_quote_inside_an_unquoted_cell_is_a_plain_sign():
    assert rows(b'A;B\nRES. "LES LILAS";5" pipe\n') == [
        (2, ['RES. "LES LILAS"', '5" pipe'], None)
    ]


def test_lines_across_blocks_keep_their_numbers():
    line = b'%d;"a\nb"\n'
    content = b"A;B\n" + b"".join(line % rank for rank in range(300_000))
    read = rows(content)
    assert len(read) == 300_000
    assert read[-1] == (2 * 300_000, ["299999", "a\nb"], None)


# -- quotes that do not close -------------------------------------------------------


def test_a_lone_quote_costs_its_line_only():
    content = b'A;B\n1;"open\n2;fine\n3;"open too\n4;fine\n'
    read = rows(content)
    assert [(number, cells[0], bool(problem)) for number, cells, problem in read] == [
        (2, "1", True),
        (3, "2", False),
        (4, "3", True),
        (5, "4", False),
    ]
    assert read[0][2].message_key == "bad_quotes"
    assert read[0][2].value == '1;"open'


def test_text_after_a_closing_quote_costs_its_line_only():
    bad, good = rows(b'A;B\n"1"x;2\n3;4\n')
    assert bad[2].message_key == "bad_quotes"
    assert good == (3, ["3", "4"], None)


def test_a_quoted_cell_may_not_swallow_more_than_a_record():
    filler = b"3;4\n" * 50
    read = rows(b'A;B\n1;"open\n' + filler, limits=Limits(line_length=100))
    assert len(read) == 51
    assert [row[0] for row in read if row[2]] == [2]


def test_the_header_itself_may_not_leave_a_quote_open():
    assert refusal(b'A;"B\n1;2\n').reason == "bad_header"


def test_a_header_on_two_lines_shifts_line_numbers():
    assert rows(b'A;"B\nC"\n1;2\n') == [(3, ["1", "2"], None)]


# -- encodings ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252")],
)
def test_the_encoding_is_found_and_returned(encoding, found):
    reader = CsvReader("A;B\né;1\n€;2\n".encode(encoding))
    assert [cells[0] for _number, cells, _problem in reader] == ["é", "€"]
    assert reader.encoding == found
    assert not reader.warnings


def test_plain_ascii_is_utf8():
    reader = CsvReader(b"A;B\n1;2\n")
    list(reader)
    assert reader.encoding == "utf-8"


def test_each_line_of_a_mixed_file_is_read_in_its_own_encoding():
    content = b"A\n" + "élan\n".encode() + "été\n".encode("cp1252") + b"plain\n"
    reader = CsvReader(content)
    assert [cells[0] for _number, cells, _problem in reader] == ["élan", "été", "plain"]
    assert reader.encoding == "mixed"
    (warning,) = reader.warnings
    assert (warning.line, warning.params["encoding"]) == (3, "cp1252")
    assert "mixes encodings" in warning.message


def test_the_warning_names_the_line_where_the_second_encoding_begins():
    content = b"A\n" + "é\n".encode("cp1252") * 3 + b"x\n" + "é\n".encode()
    reader = CsvReader(content)
    list(reader)
    assert [(item.line, item.params["encoding"]) for item in reader.warnings] == [
        (6, "utf-8")
    ]


def test_bytes_of_no_encoding_do_not_stop_the_file():
    reader = CsvReader(b"A\n\x81\x9d\nfine\n")
    assert [row[0] for row in reader] == [2, 3]
    assert reader.encoding == "latin-1"


def test_a_chosen_encoding_is_the_only_one_tried():
    error = refusal("A\nfine\né\n".encode("cp1252"), encoding="utf-8")
    assert (error.reason, error.line) == ("undecodable", 3)
    assert rows("A\né\n".encode("cp1252"), encoding="cp1252")[0][1] == ["é"]


@pytest.mark.parametrize("encoding", ["utf-16", "rot13", "no-such", "utf-7\0"])
def test_an_encoding_that_is_no_text_encoding_is_refused(encoding):
    assert refusal(b"A\n1\n", encoding=encoding).reason == "unknown_encoding"


# -- files that are not what they should be -----------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"A;B\n", "header_only"),
        (b"A;B\n\n;\n", "header_only"),
        (b"\n\n", "no_header"),
        (b"PK\x03\x04rest", "not_csv"),
        (b"%PDF-1.7\n", "not_csv"),
        (b"\x1f\x8b\x08rest", "not_csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "not_csv"),
        (b"  <?xml version='1.0'?>", "not_csv"),
        ("A;B\n1;2\n".encode("utf-16"), "utf16"),
        ("A;B\n1;2\n".encode("utf-16-le"), "utf16"),
        ("A;B\n1;2\n".encode("utf-16-be"), "utf16"),
        ("A;B\n1;2\n".encode("utf-32"), "utf16"),
        (b"A,B,C\n1,2,3\n", "wrong_separator"),
        (b"A\tB\n1\t2\n", "wrong_separator"),
        (b"A|B\n1|2\n", "wrong_separator"),
        (b"A;B;A\n1;2;3\n", "doubled_column"),
        (b"A;;B\n1;2;3\n", "unnamed_column"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_whole(content, reason):
    assert refusal(content).reason == reason


def test_the_wrong_separator_is_named():
    assert "“,”" in str(refusal(b"A,B\n1,2\n"))
    assert "“TAB”" in str(refusal(b"A\tB\n1\t2\n"))


def test_one_column_is_not_a_wrong_separator():
    assert rows(b"ReferencePrise\nZZ-1\n") == [(2, ["ZZ-1"], None)]


def test_nul_bytes_name_their_line():
    error = refusal(b"A;B\n1;2\n3;\x00\n")
    assert (error.reason, error.line) == ("nul_bytes", 3)


def test_an_empty_publication_can_be_allowed():
    assert rows(b"A;B\n", allow_empty=True) == []


def test_a_repeated_header_is_an_error_of_its_line():
    read = rows(b"A;B\n1;2\nA;B\n3;4\n")
    assert [row[2] and row[2].message_key for row in read] == [
        None,
        "repeated_header",
        None,
    ]


# -- limits -------------------------------------------------------------------------


def test_too_many_columns():
    error = refusal(b"A;B;C\n1;2;3\n", limits=Limits(columns=2))
    assert (error.reason, error.params["count"]) == ("too_many_columns", 3)


def test_a_line_that_is_too_long():
    content = b"A;B\n1;2\n" + b"x" * 101 + b"\n"
    error = refusal(content, limits=Limits(line_length=100))
    assert (error.reason, error.line) == ("line_too_long", 3)


def test_an_endless_line_is_not_held_in_memory():
    drawn = []

    def draw(size):
        drawn.append(size)
        return b"x" * size

    assert refusal(SimpleNamespace(read=draw)).reason == "line_too_long"
    assert sum(drawn) <= 2 << 20


def test_too_many_lines():
    content = b"A\n1\n2\n3\n"
    assert len(rows(content, limits=Limits(lines=3))) == 3
    error = refusal(content, limits=Limits(lines=2))
    assert (error.reason, error.params["limit"]) == ("too_many_lines", 2)


def test_rows_before_a_refusal_were_given():
    reader = CsvReader(b"A\n1\n2\n3\n", limits=Limits(lines=2))
    given = []
    with pytest.raises(FileError):
        for number, *_rest in reader:
            given.append(number)
    assert given == [2, 3]
