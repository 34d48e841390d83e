"""The access protocol end to end: the samples of the field, read and written again."""

from pathlib import Path

import pytest

from odoo.addons.oiconnect_import.protocol import CsvReader, write

from .protocol_common import shipped_format

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(SAMPLES.glob("*.csv"))
# Two ways to write the same, by whom the sample is from and by us.
SAME = ((b"700000.10", b"700000.1"), (b"6600000.20", b"6600000.2"), (b"_NA_", b""))
ROUTE = {
    "operator_code": "OCAA",
    "module": "TIROIR 04",
    "position": "D7",
    "module_cable": "CB-99001-0042-03",
    "module_tube": "3",
    "module_fibre": "5",
    "pbo_reference": "PBO-99-001-042-0007",
    "pbo_cable": "CB-99001-0042-03-D",
    "pbo_tube": "VERT",
    "pbo_fibre": "VIOLET",
    "connector_number": 1,
    "connector_colour": "ROUGE",
}
DELIVERY = {
    "oc_reference": "OCA-1",
    "service_reference": "OICP0000000000000101",
    "result": "OK",
    "date": "2025-03-28T10:00:00",
    "pto_reference": "ZZ-9A2M-77RT",
}


def flow_of(path):
    return path.stem.split("_ACCES_", 1)[1].split("_V13_")[0]


def read(file_format, content):
    lines = list(file_format.parse_rows(CsvReader(content)))
    assert [line.errors for line in lines] == [()] * len(lines)
    return [line.payload for line in lines]


def test_each_flow_has_its_sample():
    assert len(FILES) == len({flow_of(path) for path in FILES}) == 15


@pytest.mark.parametrize("path", FILES, ids=flow_of)
def test_a_sample_is_read_and_written_again_to_the_byte(path):
    file_format = shipped_format(flow_of(path), "V1.3")
    content = path.read_bytes()
    written = write(file_format, read(file_format, content))
    assert not written.errors
    for theirs, ours in SAME:
        content = content.replace(theirs, ours)
    assert written.content == content


@pytest.mark.parametrize("path", FILES, ids=flow_of)
def test_a_sample_says_the_same_in_the_version_before(path):
    """Values without column in V1.2 are not written; all else is."""
    new, old = (shipped_format(flow_of(path), version) for version in ("V1.3", "V1.2"))
    payloads = read(new, path.read_bytes())
    written = write(old, payloads)
    assert not written.errors
    known = {column.path[0] for column in old.columns}
    for found, payload in zip(read(old, written.content), payloads, strict=True):
        wanted = {key for key in payload if key in known}
        assert set(found) == wanted
        plain = wanted - {"routes"}
        assert {key: found[key] for key in plain} == {
            key: payload[key] for key in plain
        }


# -- routes ------------------------------------------------------------------------


def test_the_route_of_version_1_2_tells_the_pbo_and_not_the_fibre_of_the_module():
    payload = DELIVERY | {"routes": [ROUTE]}
    for version, absent in (("V1.2", "module_fibre"), ("V1.3", "pbo_reference")):
        file_format = shipped_format("CR_MAD", version)
        [found] = read(file_format, write(file_format, [payload]).content)
        assert set(ROUTE) - set(found["routes"][0]) == {absent}


def test_a_delivery_has_the_routes_when_one_of_its_lines_has_a_new_route():
    file_format = shipped_format("CR_MAD", "V1.3")
    plain = write(file_format, [DELIVERY]).content.decode()
    assert plain.splitlines()[0].count(";") == 9
    moved = DELIVERY | {"oc_reference": "OCA-2", "routes": [ROUTE, ROUTE]}
    header, first, second = (
        write(file_format, [DELIVERY, moved]).content.decode().splitlines()
    )
    assert header.count(";") == first.count(";") == second.count(";") == 57
    assert first.endswith(";" * 48)
    assert "TIROIR 04" in second


def test_lines_left_out_are_numbered_as_they_came():
    written = write(shipped_format("CR_MAD", "V1.3"), [{"routes": [ROUTE]}, DELIVERY])
    assert written.line_count == 1
    assert {error.line for error in written.errors} == {1}


# -- reasons -----------------------------------------------------------------------


def test_a_reason_is_written_bare_or_with_its_label_and_read_either_way():
    labels = {"FINT04": "pas de continuité optique"}
    bare = shipped_format("CR_MAD", "V1.3")
    labelled = bare.labelled(labels)
    payload = DELIVERY | {"result": "KO", "reason_code": "FINT04"}
    for file_format, text in (
        (bare, "FINT04"),
        (labelled, "FINT04 : pas de continuité optique"),
    ):
        content = write(file_format, [payload]).content
        assert f";{text};" in content.decode()
        assert read(bare, content)[0]["reason_code"] == "FINT04"


def test_a_reason_without_label_is_written_bare():
    labelled = shipped_format("CR_MAD", "V1.3").labelled({"FINT05": "x"})
    payload = DELIVERY | {"result": "KO", "reason_code": "FINT04"}
    assert ";FINT04;" in write(labelled, [payload]).content.decode()


def test_a_label_that_the_encoding_has_not_is_reported_as_an_error():
    labelled = shipped_format("CR_MAD", "V1.3").labelled({"FINT04": "光"})
    payload = DELIVERY | {"result": "KO", "reason_code": "FINT04"}
    file_format = labelled.encoded("cp1252")
    [error] = write(file_format, [payload]).errors
    assert (error.column, error.message_key) == ("MotifKoCrMadPrise", "unencodable")


# -- notices -----------------------------------------------------------------------


@pytest.mark.parametrize(("wire", "key"), [("CHAUD", "HOT"), ("FROID", "COLD")])
def test_a_reprovisioning_is_hot_or_cold(wire, key):
    file_format = shipped_format("NOTIF_REPROV", "V1.3")
    payload = {
        "oc_reference": "OCA-1",
        "service_reference": "OICP1",
        "date": "2025-04-01T09:00:00",
        "reprovision_type": key,
    }
    content = write(file_format, [payload]).content
    assert f";{wire};" in content.decode()
    assert read(file_format, content) == [payload]


def test_a_takeover_has_no_column_that_could_name_the_new_operator():
    header = " ".join(shipped_format("NOTIF_ECRASEMENT", "V1.3").header)
    assert "OC" not in header.replace("InterneOC", "")
