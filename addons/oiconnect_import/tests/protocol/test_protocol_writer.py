"""Files we send: exact bytes, nothing cut, refusals reported by column."""

import io
import zipfile

import pytest

from ...protocol import Column, Format, PayloadError, join_cells, write, write_stream

COLUMNS = (
    Column("Reference", "reference", length=10, rule="M"),
    Column("Commentaire", "comment", "comment"),
    Column("Nombre", "count", "integer"),
)


def content(*payloads, **options):
    return write(Format("AR", "V1", COLUMNS, **options), payloads).content


def test_header_then_lines_by_crlf():
    assert (
        content({"reference": "R1", "comment": "été", "count": 0})
        == "Reference;Commentaire;Nombre\r\nR1;été;0\r\n".encode()
    )


def test_line_end_separator_and_encoding_are_data():
    options = {"line_end": "\n", "separator": ",", "encoding": "cp1252"}
    expected = "Reference,Commentaire,Nombre\nR1,été,\n".encode("cp1252")
    assert content({"reference": "R1", "comment": "été"}, **options) == expected


def test_a_byte_order_mark_is_written_once():
    written = content({"reference": "R1"}, {"reference": "R2"}, encoding="utf-8-sig")
    assert written.startswith(b"\xef\xbb\xbfReference")
    assert written.count(b"\xef\xbb\xbf") == 1


def test_a_value_is_quoted_only_when_it_must_be():
    written = content({"reference": "R1", "comment": 'a;b "c"\nd'}, {"reference": "R2"})
    assert written.split(b"\r\n", 1)[1] == b'R1;"a;b ""c""\nd";\r\nR2;;\r\n'


def test_readers_that_split_naively_get_no_quotes():
    written = content({"reference": "R1", "comment": 'a;b "c"\r\nd'}, quoting="none")
    assert written.split(b"\r\n")[1] == b"R1;a,b 'c'  d;"


def test_what_was_behind_a_separator_begins_no_cell():
    """Values of operators are repeated to them: they were read, so can be written."""
    written = content({"reference": ";=1+1", "comment": ";-)"}, quoting="none")
    assert written.split(b"\r\n")[1] == b",=1+1;,-);"


@pytest.mark.parametrize("empty", [None, "", False, " ", "_NA_"])
def test_what_means_nothing_is_written_empty(empty):
    assert content({"reference": "R1", "comment": empty}).endswith(b"\r\nR1;;\r\n")


def test_a_refused_payload_is_left_out_and_named():
    written = write(
        Format("AR", "V1", COLUMNS),
        [{"reference": "R1"}, {"comment": "x", "count": "y"}, {"reference": "R" * 11}],
    )
    assert written.line_count == 1
    assert written.content.count(b"\r\n") == 2
    assert [(e.line, e.column, e.code, e.message_key) for e in written.errors] == [
        (2, "Reference", "FIMP15", "missing"),
        (2, "Nombre", "FIMP16", "not_integer"),
        (3, "Reference", "FIMP16", "too_long"),
    ]


def test_a_sign_that_the_encoding_lacks_is_reported_not_replaced():
    file_format = Format("AR", "V1", COLUMNS, encoding="cp1252")
    with pytest.raises(PayloadError) as caught:
        file_format.format_row({"reference": "R1", "comment": "Ω"})
    (error,) = caught.value.errors
    assert (error.column, error.message_key) == ("Commentaire", "unencodable")
    assert (caught.value.code, error.message) == ("FIMP16", str(caught.value))


def test_a_file_without_line_has_its_header():
    written = write(Format("AR", "V1", COLUMNS), [])
    assert (written.line_count, written.errors) == (0, [])
    assert written.content == b"Reference;Commentaire;Nombre\r\n"


def test_what_lines_share_is_written_on_each_as_if_it_came_alone():
    file_format = Format(
        "CR",
        "V1",
        (
            Column("Reference", "reference", rule="M"),
            Column("Ville", "pm.city"),
            Column("Logements", "pm.dwellings", "integer", length=2),
            Column("Accord", "agreed", "boolean"),
            Column("Rue", "pm.street"),
        ),
        quoting="none",
    )
    pm = {"city": "Bourg;Neuf", "dwellings": 7, "street": "Grande Rue"}
    payloads = [
        {"reference": "R1", "pm": pm, "agreed": False},
        {"reference": "R2", "pm": pm},
        {"reference": "R3"},
        {"reference": "R4", "pm": pm | {"dwellings": True}, "agreed": 0},
        {"reference": "R5", "pm": pm | {"dwellings": 1}, "agreed": True},
        {"reference": "R6", "pm": pm | {"city": ["Bourg"]}},
    ]
    wrong = {"dwellings": 100}
    payloads += [{"reference": "R7", "pm": wrong}, {"reference": "R8", "pm": wrong}]
    written = write(file_format, payloads)
    assert written.content.decode().split("\r\n")[1:-1] == [
        "R1;Bourg,Neuf;7;N;Grande Rue",
        "R2;Bourg,Neuf;7;;Grande Rue",
        "R3;;;;",
        "R5;Bourg,Neuf;1;O;Grande Rue",
    ]
    assert [(error.line, error.column) for error in written.errors] == [
        (4, "Logements"),
        (4, "Accord"),
        (6, "Ville"),
        (7, "Logements"),
        (8, "Logements"),
    ]


def test_a_stream_gets_the_same_bytes():
    payloads = [{"reference": f"R{rank}"} for rank in range(1000)]
    file_format = Format("AR", "V1", COLUMNS)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped, zipped.open("x.csv", "w") as out:
        count, errors = write_stream(file_format, payloads, out)
    with zipfile.ZipFile(archive) as zipped:
        assert zipped.read("x.csv") == write(file_format, payloads).content
    assert (count, errors) == (1000, [])


def test_join_cells_rebuilds_a_line():
    assert join_cells(["a", "b;c", 'd"', ""]) == 'a;"b;c";"d""";'
    assert join_cells(["a", "b;c"], ",") == "a,b;c"
