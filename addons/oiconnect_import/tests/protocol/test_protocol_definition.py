"""Columns described by a file: what an administrator loads for a new version."""

import pytest

from ...protocol import FileError, columns_of, read_definition, versions_of
from ...protocol.definition import version_key

HEADER = "versions;rank;column;aliases;field;type;length;rule;values;error_code\n"


def load(*lines, header=HEADER):
    return read_definition((header + "\n".join(lines)).encode())


def test_a_column_is_read_whole():
    ((definition,), errors) = load(
        'V1.3 V1.4;7;TypeRacco;Type|Racco;connection_type;code;4;M;"OC|OI";FIMP12'
    )
    column = definition.column
    assert not errors
    assert (definition.versions, definition.rank) == (("V1.3", "V1.4"), 7)
    assert (column.name, column.aliases) == ("TypeRacco", ("Type", "Racco"))
    assert (column.field, column.type) == ("connection_type", "code")
    assert (column.length, column.rule, column.mandatory) == (4, "M", True)
    assert (column.pairs[0], column.error_code) == (("OC", "OC"), "FIMP12")


def test_only_the_name_is_needed():
    ((first, second), errors) = load("Nouvelle", "Autre", header="column\n")
    assert not errors
    assert (first.rank, second.rank) == (1, 2)
    assert (first.column.type, first.column.rule) == ("text", "F")
    assert first.confidence == "proposed"


def test_length_gives_characters_and_decimals():
    ((definition,), _errors) = load(";;CoordonneePMX;;x;decimal;20.2;F;;")
    assert (definition.column.length, definition.column.decimals) == (20, 2)


def test_every_error_names_its_line_and_column():
    definitions, errors = load(
        ";;Bon;;a;text;5;M;;",
        ";;;;b;text;;;;",
        ";;Type;;c;blob;;X;;",
        ";;Code;;d;code;;F;;",
        ";;Champ;;Not A Field;text;dix;F;;",
    )
    assert [definition.column.name for definition in definitions] == ["Bon"]
    assert [(error.line, error.column) for error in errors] == [
        (3, "column"),
        (4, "type"),
        (4, "rule"),
        (5, "column"),
        (6, "field"),
        (6, "length"),
    ]
    assert all(error.message for error in errors)


def test_versions_are_sorted_as_numbers():
    definitions, _errors = load("V1.10 V1.9;;A;;a;;;;;", "V1.2;;B;;b;;;;;")
    assert versions_of(definitions) == ["V1.2", "V1.9", "V1.10"]
    assert version_key("V3.1") > version_key("V3.0") > version_key("V2.2")


def test_columns_of_a_version_follow_their_rank():
    definitions, _errors = load(
        "V1.2;2;B;;b;;;;;", "V1.3;1;C;;c;;;;;", ";1;A;;a;;;;;", header=HEADER
    )
    names = [item.column.name for item in columns_of(definitions, "V1.2")]
    assert names == ["A", "B"]


def test_a_version_without_column_is_refused():
    definitions, _errors = load("V1.2;1;A;;a;;;;;")
    with pytest.raises(FileError) as caught:
        columns_of(definitions, "V9.9")
    assert caught.value.reason == "no_column"


def test_a_file_without_the_column_of_names_is_refused():
    with pytest.raises(FileError) as caught:
        load("1;2", header="rank;field\n")
    assert caught.value.reason == "missing_columns"
