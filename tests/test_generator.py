"""What the generated files are: the same for a seed, believable, made as they go."""

import csv
import io
import itertools
import os
import tracemalloc

import import_jobs
import pytest
from generator import cpn, ipe, tables
from generator.ipe_file import IpeFile
from stdnum.fr import siret


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter=";"))


@pytest.fixture(scope="module")
def rows():
    return rows_of(import_jobs.content_of(IpeFile(20_000, 1, errors=0)))


def values(rows, name):
    return {row[name] for row in rows}


def test_a_seed_makes_one_file(tmp_path):
    made = [
        import_jobs.content_of(IpeFile(2000, seed, errors=0.05)) for seed in (1, 1, 2)
    ]
    assert made[0] == made[1]
    assert made[0] != made[2]
    for rank, seed in enumerate((1, 1, 2)):
        cpn.write(tmp_path / f"{rank}.csv", 5000, seed)
    files = [(tmp_path / f"{rank}.csv").read_bytes() for rank in range(3)]
    assert files[0] == files[1]
    assert files[0] != files[2]


def test_without_faults_both_ways_of_writing_agree(tmp_path):
    path = tmp_path / "ipe.csv"
    ipe.write(path, 3000, 4, "V3.0")
    assert path.read_bytes() == import_jobs.content_of(IpeFile(3000, 4, "V3.0", 0))


def test_versions_have_their_columns():
    numbers = [len(ipe.header(version)) for version in tables.VERSIONS]
    assert numbers == [60, 60, 65, 75, 78]
    assert len(tables.header("CPN")) == 22


def test_all_states_are_there(rows):
    assert values(rows, "EtatPM") == {
        "",
        "PLANIFIE",
        "EN COURS DE DEPLOIEMENT",
        "DEPLOYE",
        "ABANDONNE",
    }
    assert values(rows, "EtatImmeuble") == {
        "CIBLE",
        "SIGNE",
        "RACCORDABLE DEMANDE",
        "RAD EN COURS DE DEPLOIEMENT",
        "EN COURS DE DEPLOIEMENT",
        "DEPLOYE",
        "ABANDONNE",
    }


def test_planned_pms_are_not_shown_before_v2_2():
    for version in tables.BEFORE_PLANNED:
        rows = rows_of(import_jobs.content_of(IpeFile(8000, 1, version, 0)))
        assert "PLANIFIE" not in values(rows, "EtatPM")


def test_places_are_real_and_addresses_varied(rows):
    real = {code for code, _postal, _city in tables.communes()}
    assert values(rows, "CodeInseeImmeuble") <= real
    assert len(values(rows, "CodeInseeImmeuble")) > 30
    assert any(not name.isascii() for name in values(rows, "NomVoieImmeuble"))
    assert values(rows, "ComplementNumeroVoieImmeuble") == {"", "B"}


def test_addresses_stand_in_clusters_behind_their_pm(rows):
    """All lines of a PM follow each other."""
    found = ["", *(row["ReferencePM"] for row in rows)]
    begun = [name for last, name in itertools.pairwise(found) if name != last]
    assert len(set(begun)) > 30
    assert len([name for name in begun if name]) == len(set(begun) - {""})


def test_managers_have_valid_sirets_and_one_address(rows):
    managed = [row for row in rows if row["GestionnaireImmeuble"]]
    numbers = values(managed, "SiretGestionnaire")
    assert "" in numbers
    assert all(map(siret.is_valid, numbers - {""}))
    names = values(managed, "GestionnaireImmeuble")
    places = {
        (row["GestionnaireImmeuble"], row["CodePostalGestionnaire"]) for row in managed
    }
    assert len(names) == len(places)
    assert any(row["ConditionsSyndic"] for row in managed)


def test_keys_have_gaps_and_twins(rows):
    """Two buildings of one address, lines without one of the keys, none without any."""
    assert any(not row["IdentifiantImmeuble"] for row in rows)
    assert any(not row["CodeAdresseImmeuble"] for row in rows)
    assert all(row["IdentifiantImmeuble"] or row["CodeAdresseImmeuble"] for row in rows)
    codes = [row["CodeAdresseImmeuble"] for row in rows if row["CodeAdresseImmeuble"]]
    assert len(codes) - len(set(codes)) > 5


def test_two_lines_in_a_hundred_have_a_fault():
    count = 50_000
    file = IpeFile(count, 1)
    import_jobs.content_of(file)
    assert file.kinds.total() == pytest.approx(1000, rel=0.02)
    # Some faults are of two lines.
    assert 0.015 < len({report.line for report in file.reports}) / count < 0.025


def test_a_file_is_made_with_flat_memory():
    file = IpeFile(15_000, 1, errors=0)
    tracemalloc.start()
    try:
        with open(os.devnull, "wb") as nowhere:
            file.write_to(nowhere)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # A cluster of lines is held, some hundreds: all of them would be fifty times that.
    assert peak < 6_000_000
