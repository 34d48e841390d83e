"""Names of files: those met in the field are read, ours are built and read back."""

import csv
import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.oiconnect_import.protocol import (
    FileError,
    FileName,
    build_name,
    compile_pattern,
    identify,
    read_name,
)
from odoo.addons.oiconnect_import.protocol.naming import compact_version, dotted_version

from .protocol_common import FORMATS


def rows(name):
    with (FORMATS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


PROTOCOLS = {row["protocol"]: row for row in rows("protocols.csv")}
FLOWS = {row["code"]: row for row in rows("flows.csv")}


def tokens(flow):
    return (flow, *FLOWS[flow]["aliases"].split())


def read(name, flow):
    pattern = PROTOCOLS[FLOWS[flow]["protocol"]]["reading_pattern"]
    return read_name(name, pattern, tokens(flow))


@pytest.mark.parametrize(
    ("name", "flow", "expected"),
    [
        (
            "OICN_OCAA_ACCES_CMD_ACCES_V13_20250314_01.csv",
            "CMD_ACCES",
            ("OICN", "OCAA", "", "CMD_ACCES", "V1.3", "2025-03-14", 1),
        ),
        (
            "ACCES_REF-12_OICN_OCAA_ACCES_REF-12_ACCES_V12_20230427_01.csv",
            "CMD_ACCES",
            ("OICN", "OCAA", "REF-12", "ACCES", "V1.2", "2023-04-27", 1),
        ),
        (
            "OICN_OCAA-CMD_ACCESS_V1.3_20230427_102233.csv",
            "CMD_ACCES",
            ("OICN", "OCAA", "", "CMD_ACCESS", "V1.3", "2023-04-27", 102233),
        ),
        (
            "oicn_ocaa_acces_cmd_acces_v13_20250314_01.CSV",
            "CMD_ACCES",
            ("OICN", "OCAA", "", "cmd_acces", "V1.3", "2025-03-14", 1),
        ),
        (
            "ARACCES_R1_OICN_OCAA_ACCES_R1_ARACCES_V12_20230427_01.csv",
            "AR_CMD",
            ("OICN", "OCAA", "R1", "ARACCES", "V1.2", "2023-04-27", 1),
        ),
        (
            "AnnRes_R1_OICN_OCAA_ACCES_R1_AnnRes_V12_20230427_02.csv",
            "ANNUL_ACCES",
            ("OICN", "OCAA", "R1", "AnnRes", "V1.2", "2023-04-27", 2),
        ),
        (
            "OICN_OCAA_ACCES_CR_MES_V13_20259999.csv",
            "CR_MES",
            ("OICN", "OCAA", "", "CR_MES", "V1.3", "", None),
        ),
        (
            "IPE_Forbach_OICN_PM_IPEZMD_V30_20210419.csv",
            "IPE",
            ("OICN", "", "", "IPEZMD", "V3.0", "2021-04-19", None),
        ),
        (
            "OICONNECT_01_OICN_PM_IPE_V31_20260901_00.csv",
            "IPE",
            ("OICN", "", "", "IPE", "V3.1", "2026-09-01", 0),
        ),
        (
            "LIAIN_01_OICN_PM_IPEZMD_V20_20220620_00_PBOOK.zip",
            "IPE",
            ("OICN", "", "", "IPEZMD", "V2.0", "2022-06-20", 0),
        ),
    ],
)
def test_names_met_in_the_field(name, flow, expected):
    found = read(name, flow)._replace(bad_date="")
    assert found == FileName(*expected, extension=name[-3:].lower())


def test_a_name_whose_day_is_no_date_says_what_it_has_in_its_place():
    name = "OICN_OCAA_ACCES_CMD_ACCES_V13_{}_01.csv"
    for token in ("20269999", "20260230", "20261301"):
        found = read(name.format(token), "CMD_ACCES")
        assert (found.date, found.bad_date) == ("", token)
    found = read(name.format("20260228"), "CMD_ACCES")
    assert (found.date, found.bad_date) == ("2026-02-28", "")


@pytest.mark.parametrize(
    "name",
    [
        "readme.txt",
        "CMD_ACCES.csv",
        "OICN_OCAA_ACCES_CMD_ACCES_V13.csv",
        "OICN_OCAA_ACCES_CMD_ACCES_V13_20250314_01.csv.tmp",
        "../OICN_OCAA_ACCES_CMD_ACCES_V13_20250314_01.exe",
        "OICN_OCAA_ACCES_UNKNOWN_V13_20250314_01.csv",
        "x" * 300 + "_OICN_OCAA_ACCES_CMD_ACCES_V13_20250314_01.csv",
        "",
    ],
)
def test_other_names_are_not_read(name):
    assert read(name, "CMD_ACCES") is None


def test_a_name_belongs_to_one_flow_only():
    for flow in FLOWS:
        name = build(flow)
        assert identified(name) == flow


def identified(name):
    flows = [
        (flow, PROTOCOLS[row["protocol"]]["reading_pattern"], tokens(flow))
        for flow, row in FLOWS.items()
    ]
    found = identify(name, flows)
    return found and found[0]


def test_a_name_of_no_flow_is_not_identified():
    assert identified("OICN_OCAA_ACCES_UNKNOWN_V13_20250314_01.csv") is None


def build(code, **parts):
    template = PROTOCOLS[FLOWS[code]["protocol"]]["file_template"]
    values = {
        "oi": "OICN",
        "oc": "OCAA",
        "network": "OICONNECT_01",
        "zone": "01",
        "flow": code,
        "version": "V1.3",
        "date": "2025-03-14",
        "sequence": 1,
    }
    return build_name(template, values | parts)


def test_names_are_built_by_the_template():
    assert build("AR_CMD") == "OICN_OCAA_ACCES_AR_CMD_V13_20250314_01.csv"
    assert (
        build("IPE", version="V3.1", flow="IPEZMD", sequence=0)
        == "OICONNECT_01_OICN_PM_IPEZMD_V31_20250314_00.csv"
    )


codes = st.text(string.ascii_uppercase + string.digits, min_size=4, max_size=4)


@given(
    flow=st.sampled_from(sorted(FLOWS)),
    oi=codes,
    oc=codes,
    version=st.sampled_from(["V1.2", "V1.3", "V2.0", "V3.1"]),
    date=st.dates(min_value=datetime.date(1900, 1, 1)),
    sequence=st.integers(0, 99),
)
def test_a_built_name_is_read_back(flow, oi, oc, version, date, sequence):
    name = build(flow, oi=oi, oc=oc, version=version, date=date, sequence=sequence)
    found = read(name, flow)
    assert found.flow_token == flow
    assert (found.oi, found.version) == (oi, version)
    assert (found.date, found.sequence) == (date.isoformat(), sequence)
    assert found.oc in (oc, "")


@given(st.text())
def test_any_text_is_a_name_or_not_but_never_an_error(name):
    for flow in FLOWS:
        assert read(name, flow) is None or isinstance(read(name, flow), FileName)


@pytest.mark.parametrize(
    "template",
    [
        "{oi.__class__}.csv",
        "{oi[0]}.csv",
        "{secret}.csv",
        "{}.csv",
        "{oi",
        "{oi:{oc}}.csv",
        "../{oi}.csv",
        "a/{oi}.csv",
        ".{oi}.csv",
        "{oi} .csv",
        "{oi:d}.csv",
    ],
)
def test_a_template_that_could_harm_is_refused(template):
    with pytest.raises(FileError) as caught:
        build_name(template, {"oi": "OICN", "oc": "OCAA"})
    assert caught.value.reason == "bad_template"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("oi", ""),
        ("oi", "../x"),
        ("oi", ".tmp"),
        ("oc", None),
        ("oc", "A B"),
        ("sequence", -1),
        ("sequence", "1"),
        ("date", None),
        ("version", ""),
    ],
)
def test_a_part_that_could_harm_is_refused(part, value):
    with pytest.raises(FileError) as caught:
        build("CMD_ACCES", **{part: value})
    assert (caught.value.reason, caught.value.params["part"]) == ("bad_name_part", part)


def test_a_pattern_that_is_no_expression_is_refused():
    with pytest.raises(FileError) as caught:
        compile_pattern("(?P<oi>", ("X",))
    assert caught.value.reason == "bad_pattern"


@pytest.mark.parametrize("token", ["V13", "V1.3", "v1.3", "1.3"])
def test_versions_have_one_spelling(token):
    assert dotted_version(token) == "V1.3"
    assert compact_version("V1.3") == "V13"


def test_a_token_that_is_no_version():
    assert dotted_version("VX") == ""
