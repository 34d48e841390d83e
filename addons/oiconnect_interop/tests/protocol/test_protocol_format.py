"""Lines through a format: payloads, errors by line and column, unknown columns."""

import pytest

from odoo.addons.oiconnect_import.protocol import (
    Column,
    CsvReader,
    FileError,
    Format,
    FormatError,
    LineError,
)

from .protocol_common import ORDER, shipped_format

SMALL = Format(
    "CMD",
    "V1.0",
    (
        Column(
            "Reference", "reference", length=10, rule="M", aliases=("Ref Commande",)
        ),
        Column(
            "TypeRacco", "kind", "code", values="OC|OI", rule="M", error_code="FIMP12"
        ),
        Column("Date", "date", "date"),
        Column("Note"),
    ),
)


def parse(content, file_format=SMALL):
    return list(file_format.parse_rows(CsvReader(content.encode())))


def cmd(*payloads, version="V1.3", drop=(), **changes):
    """Lines of a CMD_ACCES file written column by column from good orders."""
    file_format = shipped_format("CMD_ACCES", version)
    header = [name for name in file_format.header if name not in drop]
    lines = [";".join(header)]
    for payload in payloads:
        cells = dict(
            zip(file_format.header, file_format.format_row(payload), strict=True)
        )
        lines.append(";".join((cells | changes)[name] for name in header))
    return "\r\n".join(lines) + "\r\n"


# -- lines --------------------------------------------------------------------------


def test_a_good_order_is_read_typed():
    (line,) = parse(cmd(ORDER), shipped_format("CMD_ACCES", "V1.3"))
    assert line.number == 2
    assert not line.errors
    assert line.payload == ORDER


def test_what_is_said_without_a_file_is_read_as_a_line_of_one():
    file_format = shipped_format("CMD_ACCES", "V1.3")
    line = file_format.line_of(ORDER)
    assert (line.payload, line.errors) == (ORDER, ())
    wrong = ORDER | {"connection_type": "X", "order_date": "", "postal_code": "7500"}
    errors = file_format.line_of(wrong).errors
    assert [error.code for error in errors] == ["FIMP15", "FIMP16", "FIMP12"]


def test_version_1_2_has_no_building_identifier():
    (line,) = parse(cmd(ORDER, version="V1.2"), shipped_format("CMD_ACCES", "V1.2"))
    assert "building_identifier" not in line.payload
    assert "offer" not in line.payload


def test_all_errors_of_a_line_are_reported_at_once_missing_ones_first():
    content = cmd(
        ORDER,
        ReferenceCommandePriseInterneOC="",
        CodeInseeImmeuble="9900",
        TypeRacco="FTTO",
        DateInstall="20250230 08:00",
        ContactClient1="inconnu",
        Batiment="=A1",
        TypeCommandeDemande="ACHAT",
        DateCommandePrise="",
    )
    (line,) = parse(content, shipped_format("CMD_ACCES", "V1.3"))
    assert [(error.column, error.code) for error in line.errors] == [
        ("ReferenceCommandePriseInterneOC", "FIMP15"),
        ("DateCommandePrise", "FIMP15"),
        ("CodeInseeImmeuble", "FIMP16"),
        ("Batiment", "FIMP16"),
        ("TypeRacco", "FIMP12"),
        ("DateInstall", "FIMP16"),
        ("ContactClient1", "FCLI01"),
        ("TypeCommandeDemande", "FIMP12"),
    ]
    assert {error.line for error in line.errors} == {2}
    assert line.errors[3].value == "=A1"
    assert line.payload["customer_name"] == "DUPONT"


def test_a_refused_mandatory_value_is_not_also_missing():
    (line,) = parse("Reference;TypeRacco\nR1;FTTO\n")
    assert [(error.column, error.code) for error in line.errors] == [
        ("TypeRacco", "FIMP12")
    ]


def test_a_bad_line_leaves_the_others_alone():
    first, second, third = parse("Reference;TypeRacco\nR1;OC\n;OC\nR3;OI\n")
    assert (first.errors, third.errors) == ((), ())
    assert second.errors[0].code == "FIMP15"


def test_a_line_with_a_lone_quote_still_gives_its_reference():
    first, second = parse('Reference;TypeRacco;Date\nR1;OC;"2025\nR2;OC;20250314\n')
    assert first.payload["reference"] == "R1"
    assert first.errors[0].message_key == "bad_quotes"
    assert second.payload["date"] == "2025-03-14"


def test_reading_can_begin_after_the_lines_already_done():
    content = "Reference;TypeRacco\n" + "".join(f"R{n};OC\n" for n in range(5))
    lines = SMALL.parse_rows(CsvReader(content.encode()), skip=3)
    assert [(line.number, line.payload["reference"]) for line in lines] == [
        (5, "R3"),
        (6, "R4"),
    ]


def test_the_wording_of_an_error_says_what_and_what_to_do():
    (line,) = parse("Reference;TypeRacco\n" + "R" * 11 + ";OC\n")
    (error,) = line.errors
    assert error == LineError(
        2,
        "Reference",
        "R" * 11,
        "FIMP16",
        "too_long",
        {"column": "Reference", "count": 11, "limit": 10},
        "reference",
    )
    assert error.message == "Reference has 11 characters: shorten it to 10 at most."


# -- headers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Reference", "REFERENCE", "Référence", "ref_commande", "Ref Commande"]
)
def test_header_names_are_matched_without_case_accents_and_blanks(name):
    (line,) = parse(f"TypeRacco;{name}\nOC;R1\n")
    assert line.payload == {"reference": "R1", "kind": "OC"}


@pytest.mark.parametrize(
    "name", ["NomModulePm N°1", "NomModulePm NÂ°1", "NomModulePm N1"]
)
def test_the_degree_sign_may_be_spoilt_by_encodings(name):
    file_format = shipped_format("CR_CMD", "V1.3")
    match = file_format.match([name])
    assert match.positions[file_format.header.index("NomModulePm N°1")] == 0


def test_a_column_under_two_spellings_refuses_the_file():
    with pytest.raises(FileError) as caught:
        parse("Reference;TypeRacco;ref_commande\nR1;OC;R2\n")
    assert caught.value.reason == "doubled_column"


def test_order_of_columns_does_not_matter():
    forward = parse("Reference;TypeRacco;Date\nR1;OC;20250314\n")
    backward = parse("Date;TypeRacco;Reference\n20250314;OC;R1\n")
    assert forward == backward


def test_unknown_columns_are_stored_under_extra():
    (line,) = parse("Reference;TypeRacco;Zone Privée;Vide\nR1;OC;=ZP;\n")
    assert line.payload["extra"] == {"Zone Privée": "=ZP"}
    assert not line.errors


def test_a_column_without_field_is_stored_under_extra_and_written_back():
    (line,) = parse("Reference;TypeRacco;Note\nR1;OC;lu\n")
    assert line.payload["extra"] == {"Note": "lu"}
    assert SMALL.format_row(line.payload) == ["R1", "OC", "", "lu"]


def test_missing_optional_columns_are_accepted():
    (line,) = parse("Reference;TypeRacco\nR1;OC\n")
    assert line.payload == {"reference": "R1", "kind": "OC"}


def test_a_missing_mandatory_column_refuses_the_file():
    content = cmd(ORDER, drop=("TypeRacco", "PriseExistante"))
    with pytest.raises(FileError) as caught:
        parse(content, shipped_format("CMD_ACCES", "V1.3"))
    assert caught.value.reason == "missing_columns"
    assert caught.value.params["columns"] == "TypeRacco, PriseExistante"
    assert "TypeRacco, PriseExistante" in str(caught.value)


def test_a_file_of_something_else_is_refused():
    with pytest.raises(FileError) as caught:
        parse("Nom;Prénom\nDupont;Camille\n")
    assert caught.value.reason == "unknown_header"


def test_a_header_tells_which_version_it_is():
    header = shipped_format("IPE", "V3.1").header
    matches = {
        version: shipped_format("IPE", version).match(header)
        for version in ("V2.0", "V2.2", "V3.0", "V3.1")
    }
    counts = {version: match.known_count for version, match in matches.items()}
    assert counts == {"V2.0": 60, "V2.2": 65, "V3.0": 75, "V3.1": 78}
    assert not matches["V3.1"].unknown
    assert [name for _rank, name in matches["V3.0"].unknown] == [
        "VoletPlanFranceTHD",
        "Code_RNB",
        "Date_RNB",
    ]


# -- nested payloads ----------------------------------------------------------------


def test_route_blocks_make_a_list_and_keep_their_rank():
    file_format = shipped_format("CR_CMD", "V1.3")
    report = {
        "oc_reference": "OCA-1",
        "service_reference": "OICNP0000000000000001",
        "result": "OK",
        "date": "2025-03-14T12:00:00",
        "retained_type": "COFI",
        "pm_accessible": "yes",
        "long_connection": False,
        "routes": [
            {"operator_code": "OCAA", "module": "TIROIR 04", "connector_number": 1},
            {},
            {"operator_code": "OCAA", "module": "TIROIR 05", "connector_number": 3},
        ],
    }
    cells = file_format.format_row(report)
    named = dict(zip(file_format.header, cells, strict=True))
    assert named["NomModulePm N°1"] == "TIROIR 04"
    assert named["OC 2"] == ""
    assert named["ConnecteurPriseNumero N°3"] == "3"
    assert (named["Pmaccessible"], named["RaccordementLong"]) == ("O", "Non")
    content = ";".join(file_format.header) + "\n" + ";".join(cells) + "\n"
    (line,) = parse(content, file_format)
    assert line.payload == report


# -- formats that could not work ----------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        (Column("A", "a"), Column("a", "b")),
        (Column("A", "a"), Column("B", "a")),
        (Column("A", "a"), Column("B", "b", aliases=("Â",))),
        (Column("A", "a"), Column("B", "a.b")),
        (Column("A", "a.0"), Column("B", "a.b")),
    ],
)
def test_two_columns_may_not_share_a_name_or_a_place(columns):
    with pytest.raises(FormatError):
        Format("X", "V1", columns)


@pytest.mark.parametrize(
    "options",
    [
        {"separator": '"'},
        {"separator": ";;"},
        {"line_end": "\r"},
        {"quoting": "all"},
        {"quoting": "none", "separator": ",", "decimal_mark": ","},
    ],
)
def test_a_format_that_could_not_be_written_is_refused(options):
    with pytest.raises(FormatError):
        Format("X", "V1", (Column("A", "a"),), **options)


def test_a_header_must_exist_in_the_encoding():
    with pytest.raises(FormatError):
        Format("X", "V1", (Column("Coût Ω", "a"),), encoding="cp1252")
    with pytest.raises(FileError):
        Format("X", "V1", (Column("A", "a"),), encoding="utf-16")
