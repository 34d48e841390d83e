"""Limits of the protocol: the last value that is taken, the first that is not."""

import pytest

from ...protocol import (
    Column,
    CsvReader,
    FileError,
    Format,
    FormatError,
    Limits,
    PayloadError,
    ValueProblem,
)
from ...protocol.naming import read_name
from ...protocol.payloads import nest
from ...protocol.values import parser_of, renderer_of

NAME_PATTERN = r"(?P<ref>x*)_{flow}\.(?P<ext>csv)"
ROUTES = "routes.{}.module"


def cells_of(content, **limits):
    """Rows of ``content`` under ``limits``, without their numbers."""
    return [
        cells
        for _number, cells, _problem in CsvReader(content, limits=Limits(**limits))
    ]


def reads(type, **options):
    return parser_of(Column("Colonne", "field", type, **options))


def writes(type, **options):
    return renderer_of(Column("Colonne", "field", type, **options))


@pytest.mark.parametrize(
    ("limits", "last", "first"),
    [
        ({"columns": 2}, b"A;B\n1;2\n", b"A;B;C\n1;2;3\n"),
        ({"line_length": 9}, b"A;B\n1234567;8\n", b"A;B\n1234567;89\n"),
        # The last line of a file that ends without a line end counts too.
        ({"line_length": 9}, b"A;B\n1234567;8", b"A;B\n1234567;89"),
        ({"lines": 1}, b"A\n1\n\n", b"A\n1\n\n2\n"),
    ],
)
def test_a_file_may_be_as_large_as_its_limits_and_no_larger(limits, last, first):
    assert len(cells_of(last, **limits)) == 1
    with pytest.raises(FileError):
        cells_of(first, **limits)


@pytest.mark.parametrize(
    ("read", "last", "first"),
    [
        (reads("text", length=3), "ABC", "ABCD"),
        (reads("comment", length=3), "ABC", "ABCD"),
        (reads("phone", length=10), "0600000001", "06000000012"),
        (reads("integer", length=3), "123", "1234"),
        (reads("decimal", length=4), "12,3", "12,34"),
        (reads("integer"), "2147483647", "2147483648"),
        (reads("decimal"), "9" * 18, "9" * 19),
        (reads("phone"), "01 23.45", "01 23.4"),
        (reads("date"), "19000101", "18991231"),
        (reads("datetime"), "19000101 23:59:59", "19000101 23:59:60"),
        (writes("date"), "1900-01-01", "1899-12-31"),
        (writes("integer", length=3), 123, 1234),
        (writes("decimal", length=4, decimals=2), 1.5, 12.5),
    ],
)
def test_a_value_may_reach_its_limit_and_no_more(read, last, first):
    assert read(last) is not None
    with pytest.raises(ValueProblem) as caught:
        read(first)
    assert caught.value.code == "FIMP16"


def test_a_name_has_255_signs_at_most():
    for length, known in ((255, True), (256, False)):
        name = "_FLUX.csv".rjust(length, "x")
        assert bool(read_name(name, NAME_PATTERN, ("FLUX",))) is known


def test_a_field_has_64_ranks_at_most():
    assert Column("Colonne", ROUTES.format(63)).path == ("routes", 63, "module")
    with pytest.raises(FormatError):
        Column("Colonne", ROUTES.format(64))


def test_ranks_that_a_line_skips_are_left_empty():
    values = {("routes", 2, "module"): "T3", ("routes", 0, "module"): "T1"}
    assert nest(values) == {"routes": [{"module": "T1"}, {}, {"module": "T3"}]}


def test_a_value_that_two_words_mean_is_written_by_the_first():
    states = {"values": "HS=broken|ROMPU=broken|OK=HS"}
    read, write = reads("code", **states), writes("code", **states)
    assert (read("hs"), read("rompu"), read("ok")) == ("broken", "broken", "HS")
    assert write("broken") == "HS"
    assert write("HS") == "OK", "the key of a value comes before the word of another"


def test_the_first_of_two_values_is_yes():
    values = {"values": "1|0"}
    assert [reads("boolean", **values)(raw) for raw in "10"] == [True, False]
    assert [writes("boolean", **values)(value) for value in (True, False)] == ["1", "0"]


def test_no_is_a_value_of_yes_or_no_only():
    """Odoo says False for an empty field: it is nothing, save for a boolean."""
    columns = (Column("Pose", "laid", "boolean", rule="M"), Column("Note", "note"))
    form = Format("FLUX", "V1.0", columns)
    assert form.format_row({"laid": False, "note": False}) == ["N", ""]
    assert form.format_row({"laid": True, "note": 0}) == ["O", "0"]
    with pytest.raises(PayloadError) as caught:
        form.format_row({"laid": None})
    assert [error.code for error in caught.value.errors] == ["FIMP15"]


def test_the_separator_that_is_named_is_the_one_met_most():
    with pytest.raises(FileError) as caught:
        CsvReader(b"A,1|B|C\n1,1|2|3\n")
    assert caught.value.params == {"found": "|", "expected": ";"}


@pytest.mark.parametrize(
    "start", [b"<?xml", b"\n <html", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0"]
)
def test_a_file_of_another_kind_is_recognized_by_its_first_bytes(start):
    with pytest.raises(FileError) as caught:
        CsvReader(start + b";A\n1;2\n")
    assert caught.value.reason == "not_csv"
