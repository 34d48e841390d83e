"""Cells: what each type reads, refuses and writes."""

import datetime
from decimal import Decimal

import pytest

from ...protocol import Column, FormatError, ValueProblem
from ...protocol.columns import TYPES
from ...protocol.values import parser_of, renderer_of


def read(raw, type="text", **options):
    return parser_of(Column("Colonne", "field", type, **options))(raw)


def refused(raw, type="text", **options):
    with pytest.raises(ValueProblem) as caught:
        read(raw, type, **options)
    assert caught.value.params["column"] == "Colonne"
    return caught.value.key


def written(value, type="text", mark=".", **options):
    return renderer_of(Column("Colonne", "field", type, **options), mark)(value)


def not_written(value, type="text", **options):
    with pytest.raises(ValueProblem) as caught:
        written(value, type, **options)
    return caught.value.key


ALL_TYPES = {
    "text": {},
    "comment": {},
    "integer": {},
    "decimal": {},
    "date": {},
    "datetime": {},
    "boolean": {"values": "O|N"},
    "code": {"values": "OC|OI|STOC"},
    "reason": {},
    "phone": {},
    "contact": {},
}


def test_each_type_is_known():
    assert ALL_TYPES.keys() == set(TYPES)


@pytest.mark.parametrize("type", ALL_TYPES)
@pytest.mark.parametrize("raw", [" ", "\t", "_NA_", "  _NA_ "])
def test_blank_and_not_applicable_mean_nothing(type, raw):
    assert read(raw, type, **ALL_TYPES[type]) is None


# -- text ---------------------------------------------------------------------------


def test_text_loses_outer_blanks_only():
    assert read("  DES  LILAS ") == "DES  LILAS"


@pytest.mark.parametrize(
    "raw",
    ["=1+1", "+SUM(A1)", "-cmd", "@SUM", "\tx", "\rx", " =HYPERLINK()", "--1", "-"],
)
def test_text_refuses_spreadsheet_formulas(raw):
    assert refused(raw) == "formula"


@pytest.mark.parametrize("raw", ["-1", "+33", "-2,5", "1-2", "A=B"])
def test_a_signed_number_is_no_formula(raw):
    assert read(raw) == raw


def test_free_text_keeps_any_sign_and_line_breaks():
    assert read("-18.4 dBm", "comment") == "-18.4 dBm"
    assert read("=1\r\nsuite\tfin", "comment") == "=1\r\nsuite\tfin"


@pytest.mark.parametrize("sign", ["\x01", "\x1b", "\x7f", "\x81", "\ud800"])
@pytest.mark.parametrize("type", ["text", "comment"])
def test_control_characters_are_refused(type, sign):
    assert refused(f"a{sign}b", type) == "control"


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x7f", "\x81"])
def test_what_staff_paste_is_written_without_control_characters(sign):
    assert written(f"a{sign}b", "comment") == "a b"
    assert written(f"a{sign}b\nc") == "a b c"
    assert written(f"a{sign}b\nc", "comment") == "a b\nc"


def test_line_breaks_are_refused_outside_free_text():
    assert refused("a\nb") == "control"


def test_printable_but_unusual_signs_are_preserved():
    assert read("12 bis\u00a0A – œuvre €") == "12 bis\u00a0A – œuvre €"


def test_length_is_a_limit_not_a_cut():
    assert read("12345", length=5) == "12345"
    with pytest.raises(ValueProblem) as caught:
        read("123456", length=5)
    assert caught.value.key == "too_long"
    assert caught.value.params == {"column": "Colonne", "count": 6, "limit": 5}


def test_a_pattern_must_match_the_whole_text():
    insee = {"values": "/[0-9][0-9AB][0-9]{3}/"}
    assert read("2A004", **insee) == "2A004"
    assert refused("99001 ?", **insee) == "bad_pattern_value"


def test_a_number_is_written_as_text():
    assert written(12) == "12"
    assert written(Decimal("1.5"), "comment") == "1.5"


@pytest.mark.parametrize("value", [True, [1], {"a": 1}, object()])
def test_what_is_not_text_is_not_written(value):
    assert not_written(value) == "not_text"


def test_what_could_not_be_read_is_not_written():
    assert not_written("=1+1") == "formula"
    assert not_written("x" * 31, length=30) == "too_long"


# -- numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "value"), [("0", 0), ("0012", 12), ("-3", -3)])
def test_integer(raw, value):
    assert read(raw, "integer") == value


@pytest.mark.parametrize("raw", ["12B", "1.0", "1_0", "١٢", "1e3", "9" * 19, "0x1"])
def test_integer_refuses(raw):
    assert refused(raw, "integer") == "not_integer"


def test_integer_is_written_from_whole_numbers_only():
    assert written(0, "integer") == "0"
    assert written(12.0, "integer") == "12"
    assert written("007", "integer") == "007"
    for value in (1.5, True, "x", float("nan"), float("inf"), None):
        assert not_written(value, "integer") == "not_integer"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1,42", 1.42), ("700000.10", 700000.1), ("0", 0.0), ("-61,5", -61.5)],
)
def test_decimal_with_comma_or_point(raw, value):
    assert read(raw, "decimal") == value


@pytest.mark.parametrize("raw", ["1,2,3", "1 000", "nan", "inf", "1e5", "1_0.5", ","])
def test_decimal_refuses(raw):
    assert refused(raw, "decimal") == "not_decimal"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (700000.1, "700000,10"),
        (6548765.4, "6548765,40"),
        (871234.1234567, "871234,1234567"),
        (1e-7, "0,0000001"),
        (12, "12,00"),
        ("1.5", "1,50"),
        (Decimal("2.500"), "2,50"),
    ],
)
def test_decimal_keeps_every_figure_and_completes_decimals(value, text):
    assert written(value, "decimal", ",", decimals=2) == text


def test_decimal_without_decimals_is_written_short():
    assert written(0.0, "decimal") == "0"
    assert written(1e15, "decimal") == "1000000000000000"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30, 1e-30, "x", True])
def test_decimal_that_cannot_be_read_back_is_not_written(value):
    assert not_written(value, "decimal") == "not_decimal"


# -- dates --------------------------------------------------------------------------


def test_date():
    assert read("20240229", "date") == "2024-02-29"


@pytest.mark.parametrize(
    "raw",
    ["20250230", "2025-03-14", "14/03/2025", "00000000", "2025031", "20250314 10:00"],
)
def test_date_refuses(raw):
    assert refused(raw, "date") == "not_date"


@pytest.mark.parametrize("raw", ["20250328 08:00", "20250328 08:00:30"])
def test_datetime_with_or_without_seconds(raw):
    assert read(raw, "datetime").startswith("2025-03-28T08:00:")


@pytest.mark.parametrize(
    "raw", ["20250328", "20250328 24:00", "20250328 8h", "20250328T08:00", "x 08:00"]
)
def test_datetime_refuses(raw):
    assert refused(raw, "datetime") == "not_datetime"


@pytest.mark.parametrize(
    "value",
    [
        "2025-03-28",
        "2025-03-28T08:05:30",
        datetime.date(2025, 3, 28),
        datetime.datetime(2025, 3, 28, 8, 5),
    ],
)
def test_dates_are_written_from_iso_text_or_objects(value):
    assert written(value, "date") == "20250328"
    assert written(value, "datetime")[:8] == "20250328"


def test_datetime_is_written_to_the_minute():
    assert written("2025-03-28T08:05:30", "datetime") == "20250328 08:05"


@pytest.mark.parametrize("type", ["date", "datetime"])
@pytest.mark.parametrize(
    "value",
    ["28/03/2025", 20250328, True, "2025-03-28T08:00:00+02:00", "0001-01-01", None],
)
def test_what_is_no_local_date_is_not_written(type, value):
    assert not_written(value, type) == f"not_{type}"


# -- lists --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "value"),
    [("O", True), ("oui", True), ("N", False), ("Non", False)],
)
def test_boolean_reads_every_spelling(raw, value):
    assert read(raw, "boolean", values="OUI|NON") is value


def test_boolean_writes_the_spelling_of_its_column():
    assert written(True, "boolean", values="Oui|Non") == "Oui"
    assert written(False, "boolean", values="OUI|NON") == "NON"
    assert written(False, "boolean") == "N"
    assert not_written("O", "boolean") == "not_boolean"
    assert refused("X", "boolean") == "not_boolean"


def test_code_reads_any_case_and_gives_the_key():
    states = {"values": "DEPLOYE=deployed|EN COURS DE DEPLOIEMENT=deploying"}
    assert read("en cours de deploiement", "code", **states) == "deploying"
    assert written("deployed", "code", **states) == "DEPLOYE"
    assert written("DEPLOYE", "code", **states) == "DEPLOYE"
    assert refused("ROMPU", "code", **states) == "not_in_list"
    assert not_written("lost", "code", **states) == "not_in_list"
    assert not_written(["deployed"], "code", **states) == "not_in_list"


def test_the_reason_code_of_a_column_replaces_the_general_one():
    column = Column("TypeRacco", "x", "code", values="OC|OI", error_code="FIMP12")
    with pytest.raises(ValueProblem) as caught:
        parser_of(column)("FTTO")
    assert caught.value.code == "FIMP12"
    assert caught.value.params["values"] == "OC, OI"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("FINT04", "FINT04"),
        ("fint04 : pas de continuité", "FINT04"),
        ("FADR01-Hexaclé inconnu", "FADR01"),
        ("RET01", "RET01"),
    ],
)
def test_a_reason_is_read_from_the_beginning(raw, code):
    assert read(raw, "reason") == code


@pytest.mark.parametrize("raw", ["sans motif", "FINT4", "FINT045", "FINT04X"])
def test_a_reason_without_code_is_refused(raw):
    assert refused(raw, "reason") == "not_reason"


# -- contacts -----------------------------------------------------------------------


@pytest.mark.parametrize("raw", ["0600000001", "+33 6 00 00 00 01", "(0)6.00-00/01"])
def test_phone(raw):
    assert read(raw, "phone") == raw


@pytest.mark.parametrize("raw", ["12345", "06000000A1", "=0600000001", "a@b.fr"])
def test_phone_refuses(raw):
    assert refused(raw, "phone") == "not_phone"


def test_contact_is_a_phone_or_a_mail():
    assert read("camille.dupont@example.org", "contact")
    assert read("0600000001", "contact")
    assert refused("camille", "contact") == "not_contact"


# -- columns ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"name": "°"}, "bad_column_name"),
        ({"type": "blob"}, "unknown_type"),
        ({"rule": "X"}, "unknown_rule"),
        ({"type": "code"}, "code_without_list"),
        ({"type": "boolean", "values": "O|N|X"}, "not_two_values"),
        ({"values": "/[/"}, "bad_expression"),
        ({"field": "routes.64.module"}, "bad_field"),
        ({"field": "0.module"}, "bad_field"),
        ({"field": "routes..module"}, "bad_field"),
    ],
)
def test_a_column_that_could_not_work_is_refused(options, reason):
    with pytest.raises(FormatError) as caught:
        Column(**{"name": "Colonne"} | options)
    assert caught.value.reason == reason
    assert str(caught.value)
