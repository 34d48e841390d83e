"""The IPE of the demo network keeps the rules of the protocol (R1 to R16).

Read here by its header only, without the product's own reader.
"""

import csv
import io
import zipfile
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import make_demo_ipe
import pytest

NAME = "OICONNECT_01_OICN_PM_IPEZMD_V31_20261101_00"
PATH = Path(__file__).parent / "data" / f"{NAME}.zip"
FILE_DATE = date(2026, 11, 1)
STATES = {
    "CIBLE",
    "SIGNE",
    "RACCORDABLE DEMANDE",
    "RAD EN COURS DE DEPLOIEMENT",
    "EN COURS DE DEPLOIEMENT",
    "DEPLOYE",
    "ABANDONNE",
}
PM_STATES = {"PLANIFIE", "EN COURS DE DEPLOIEMENT", "DEPLOYE", "ABANDONNE"}
ADDRESS = (
    "CodeInseeImmeuble",
    "CodePostalImmeuble",
    "CommuneImmeuble",
    "CodeVoieRivoliImmeuble",
    "TypeVoieImmeuble",
    "NomVoieImmeuble",
    "NumeroVoieImmeuble",
    "ComplementNumeroVoieImmeuble",
)
# Columns 27 to 48, 51, 52 and 55 to 58 of the file, from 0.
PM_COLUMNS = [*range(26, 48), 50, 51, *range(54, 58)]
PM_REQUIRED = (
    "EtatPM",
    "DateInstallationPM",
    "TypeEmplacementPM",
    "CodeInseePM",
    "CodePostalPM",
    "CommunePM",
    "NomVoiePM",
    "NumeroVoiePM",
    "TypeIngenierie",
    "NombreLogementsPM",
)
AGREED = ("SIGNE", "EN COURS DE DEPLOIEMENT", "DEPLOYE")


@pytest.fixture(scope="module")
def content():
    with zipfile.ZipFile(PATH) as archive:
        assert archive.namelist() == [f"{NAME}.csv"]
        return archive.read(f"{NAME}.csv")


@pytest.fixture(scope="module")
def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter=";"))


def day(text):
    return date(int(text[:4]), int(text[4:6]), int(text[6:])) if text else None


def with_pm(rows):
    return [row for row in rows if row["ReferencePM"]]


def in_state(rows, *states):
    return [row for row in rows if row["EtatImmeuble"] in states]


def test_the_script_makes_the_same_file_again(content):
    assert make_demo_ipe.content() == content


def test_the_file_of_the_tests_is_the_one_of_the_addon():
    assert PATH.is_symlink()
    assert PATH.resolve() == make_demo_ipe.TARGET.resolve()


def test_size_and_shape(content, rows):
    assert len(rows[0]) == 78
    assert len(rows) == 3000
    assert content.count(b"\r\n") == 3001
    assert b'"' not in content
    assert all(len(line.split(";")) == 78 for line in content.decode().splitlines())


def test_every_state_has_its_lines(rows):
    states = Counter(row["EtatImmeuble"] for row in rows)
    assert states.keys() == STATES
    assert min(states.values()) >= 20
    pms = {row["ReferencePM"]: row["EtatPM"] for row in with_pm(rows)}
    assert Counter(pms.values()) == {
        "DEPLOYE": 8,
        "EN COURS DE DEPLOIEMENT": 2,
        "PLANIFIE": 1,
        "ABANDONNE": 1,
    }
    assert len({row["CodeInseeImmeuble"] for row in rows}) == 6


def test_houses_buildings_and_suffixes(rows):
    kinds = Counter(row["TypeImmeuble"] for row in rows)
    assert kinds.keys() == {"PAVILLON", "IMMEUBLE"}
    suffixes = {row["ComplementNumeroVoieImmeuble"] for row in rows}
    assert suffixes == {"", "B", "T"}
    assert any("É" in row["NomVoieImmeuble"] for row in rows)
    assert any(row["NumeroVoieImmeuble"] == "0" for row in rows)


def test_r1_identifiers_are_unique(rows):
    found = [row["IdentifiantImmeuble"] for row in rows if row["IdentifiantImmeuble"]]
    assert len(found) == len(set(found)) > 2900


def test_r2_lines_of_one_address_differ_by_their_building(rows):
    addresses = defaultdict(list)
    for row in rows:
        if row["CodeAdresseImmeuble"]:
            addresses[row["CodeAdresseImmeuble"]].append(row)
    shared = [found for found in addresses.values() if len(found) > 1]
    assert len(shared) > 20
    for found in shared:
        assert len({tuple(row[name] for name in ADDRESS) for row in found}) == 1
        assert len({row["BatimentImmeuble"] for row in found}) == len(found)


def test_r3_a_pm_is_published_whole_or_not_at_all(rows):
    names = list(rows[0])
    for row in rows:
        if row["ReferencePM"]:
            assert all(row[name] for name in PM_REQUIRED)
        else:
            assert not any(row[names[rank]] for rank in PM_COLUMNS)


def test_a_pm_is_the_same_on_each_of_its_lines(rows):
    names = [name for name in list(rows[0])[25:58] if "Immeuble" not in name]
    names.remove("FibreDedieeLibre")
    published = defaultdict(set)
    for row in with_pm(rows):
        published[row["ReferencePM"]].add(tuple(row[name] for name in names))
    assert {len(found) for found in published.values()} == {1}


def test_r4_r5_r6_dates_of_the_pms(rows):
    for row in with_pm(rows):
        assert row["EtatPM"] in PM_STATES
        installed = day(row["DateInstallationPM"])
        if row["EtatPM"] != "DEPLOYE":
            assert not row["DateMiseEnServiceCommercialePM"]
            continue
        first = day(row["DatePremiereMADPM"])
        assert installed <= first <= FILE_DATE
        months = first.month + 2
        sold = first.replace(year=first.year + months // 12, month=months % 12 + 1)
        assert day(row["DateMiseEnServiceCommercialePM"]) == sold


def test_r7_r8_no_work_without_the_agreement_of_the_manager(rows):
    needed = [row for row in rows if row["AccordGestionnaireImmeubleNecessaire"] == "O"]
    assert len(needed) > 80
    for row in in_state(needed, *AGREED):
        assert day(row["DateSignatureConvention"]) <= FILE_DATE
    for row in rows:
        if row["DateSignatureConvention"]:
            assert row["GestionnaireImmeuble"] and row["NomVoieGestionnaire"]
            assert row["CodePostalGestionnaire"] and row["CommuneGestionnaire"]
    assert {
        row["AccordGestionnaireImmeubleNecessaire"] for row in in_state(rows, "SIGNE")
    } == {"O"}


def test_r9_what_is_deployed_is_behind_a_deployed_pm(rows):
    for row in in_state(rows, "DEPLOYE"):
        assert row["EtatPM"] == "DEPLOYE"
        assert day(row["DateCablageAdresse"]) <= FILE_DATE
        assert row["TypePBO"] and row["TypeRaccoPBPTO"]
        assert row["DateDebutAcceptationCmdAcces"]
    for row in in_state(rows, "EN COURS DE DEPLOIEMENT", "SIGNE"):
        assert day(row["DateCablageAdresse"]) > FILE_DATE


def test_r10_what_is_abandoned_is_shown_three_months(rows):
    for row in in_state(rows, "ABANDONNE"):
        changed = day(row["DateDerniereModification"])
        assert FILE_DATE - timedelta(days=92) <= changed <= FILE_DATE


def test_r11_the_dwellings_of_a_pm_are_those_of_its_lines(rows):
    behind, published = Counter(), {}
    for row in with_pm(rows):
        behind[row["ReferencePM"]] += int(row["NombreLogementsAdresseIPE"])
        published[row["ReferencePM"]] = int(row["NombreLogementsPM"])
        assert int(row["NombreLogementsPM"]) <= int(row["CapaciteMaxPM"])
    assert behind == published


def test_r13_no_change_lies_ahead(rows):
    assert all(day(row["DateDerniereModification"]) <= FILE_DATE for row in rows)


def test_r14_cabling_within_six_months_of_the_agreement(rows):
    signed = [row for row in rows if row["DateSignatureConvention"]]
    for row in signed:
        limit = day(row["DateSignatureConvention"]) + timedelta(days=181)
        assert day(row["DateCablageAdresse"]) <= limit


def test_r15_orders_are_accepted_before_they_are_answered(rows):
    for row in in_state(rows, "DEPLOYE"):
        accepted = day(row["DateDebutAcceptationCmdAcces"])
        answered = day(row["DateDebutFournitureCRCmdAcces"])
        assert day(row["DateCablageAdresse"]) <= accepted <= answered
        assert answered >= day(row["DateMiseEnServiceCommercialePM"])


def test_r16_every_line_can_be_found(rows):
    for row in rows:
        assert row["CodeAdresseImmeuble"] or row["CoordonneeImmeubleX"]
    without_code = [row for row in rows if not row["CodeAdresseImmeuble"]]
    assert 100 < len(without_code) < 300


def test_places_are_near_their_pm_and_apart_from_each_other(rows):
    def metres(row, name):
        return float(row[name].replace(",", "."))

    points = set()
    for row in rows:
        x, y = metres(row, "CoordonneeImmeubleX"), metres(row, "CoordonneeImmeubleY")
        points.add((x, y))
        if row["ReferencePM"]:
            away = (
                abs(x - metres(row, "CoordonneePMX")),
                abs(y - metres(row, "CoordonneePMY")),
            )
            assert max(away) < 1500
    assert len(points) == len(rows)


def test_siret_numbers_are_right(rows):
    siret = pytest.importorskip("stdnum.fr.siret")
    found = {row["SiretGestionnaire"] for row in rows} - {""}
    assert len(found) == 5
    assert all(siret.is_valid(number) for number in found)
