"""Columns are emptied in a file that was read: the rest of it stays as it was."""

import pytest

from ...protocol import Column, FileError, Format, blank, lines_of

FORMAT = Format(
    "ESSAI",
    "V1.0",
    (
        Column("Reference", "reference"),
        Column("Nom", "name", aliases=("NomClient",)),
        Column("Ville", "city"),
    ),
)
FILE = "Reference;Nom;Ville\r\nA-1;EXEMPLE;NANCY\r\nA-2;AUTRE;TOUL\r\n"


def is_name(field):
    return field == "name"


def blanked(text, wanted=None, encoding="utf-8"):
    found = blank(text.encode(encoding), FORMAT, is_name, "reference", wanted)
    return found.content.decode(encoding), found.lines


def test_all_lines():
    assert blanked(FILE) == (
        "Reference;Nom;Ville\r\nA-1;;NANCY\r\nA-2;;TOUL\r\n",
        {2, 3},
    )


def test_the_lines_of_a_reference():
    assert blanked(FILE, {"A-2"}) == (FILE.replace("AUTRE", ""), {3})


def test_a_header_by_another_name_and_an_unknown_column():
    text = "Ville;NomClient;Surnom;Reference\r\nNANCY;EXEMPLE;Cam;A-1\r\n"
    assert blanked(text)[0].splitlines()[1] == "NANCY;;;A-1"


def test_quotes_and_encoding_stay():
    text = 'Reference;Nom;Ville\r\nA-1;"EX;EMPLE";"PONT; À MOUSSON"\r\n'
    content, _lines = blanked(text, encoding="cp1252")
    assert content.splitlines()[1] == 'A-1;;"PONT; À MOUSSON"'


def test_a_line_that_cannot_be_cut_keeps_its_reference_only():
    text = "Reference;Nom;Ville\r\nA-1;EXEMPLE;NANCY;EXEMPLE\r\nA-2;AUTRE;TOUL\r\n"
    assert blanked(text)[0].splitlines()[1] == "A-1;;"


def test_without_the_column_of_references_no_line_is_anyone_s():
    text = "Nom;Ville\r\nEXEMPLE;NANCY\r\n"
    assert blanked(text, {"A-1"}) == (text, set())
    assert blanked(text)[0].splitlines()[1] == ";NANCY"


@pytest.mark.parametrize("text", ["", "Reference;Nom;Ville\r\n", "PK\x03\x04"])
def test_what_is_no_file_is_said_so(text):
    with pytest.raises(FileError):
        blanked(text)


def test_the_lines_about_a_reference():
    [line] = lines_of(FILE.encode(), FORMAT, "reference", {"A-2"})
    assert (line.number, line.reference) == (3, "A-2")
    assert line.cells == {"Reference": "A-2", "Nom": "AUTRE", "Ville": "TOUL"}
