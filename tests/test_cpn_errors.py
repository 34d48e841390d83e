"""CPN files with one fault in some lines: reported exactly, the rest applied."""

import csv
import io
import itertools

import import_jobs
import pytest
from generator import cpn
from generator.cpn_file import CpnFile, all_kinds
from generator.ipe_file import IpeFile
from generator.tables import VERSIONS, columns
from odoo_process import registry

pytestmark = pytest.mark.slow
# Lines of the IPE: many PMs, of few addresses each
LINES = 2500
NEAR = 8
SHARE = 0.3
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


def make_network(base, version, seed):
    """A network that has the PMs of an IPE."""
    network_id = import_jobs.make_network(base, f"TEST_{next(NUMBERS)}")
    file = IpeFile(LINES, seed, version, errors=0, lines_per_pm=NEAR)
    content = import_jobs.content_of(file)
    first = import_jobs.done(base, network_id, file.name, content)
    assert import_jobs.reported(base, first) == []
    return network_id


def links(base, network_id):
    query = "SELECT reference FROM oiconnect_pm_link WHERE network_id = %s ORDER BY 1"
    return [name for (name,) in import_jobs.rows(base.db_name, query, network_id)]


def links_of(content, bad):
    """Return the links of the lines that are not in ``bad``."""
    text = io.StringIO(content.decode("utf-8", "replace"))
    rows = csv.DictReader(text, delimiter=";", quoting=csv.QUOTE_NONE)
    good = [row for number, row in enumerate(rows, 2) if number not in bad]
    return sorted(filter(None, (row["ReferenceLienPMPRDM"] for row in good)))


@pytest.mark.parametrize(("version", "seed"), [("V3.1", 1), ("V3.0", 2), ("V2.2", 3)])
def test_each_fault_is_reported_and_nothing_else(base, version, seed):
    network_id = make_network(base, version, seed)
    file = CpnFile(LINES, seed, version, SHARE, NEAR)
    content = import_jobs.content_of(file)
    assert file.kinds.keys() == {kind.name for kind in all_kinds(version)}
    import_id = import_jobs.done(base, network_id, file.name, content)
    import_jobs.assert_reported(base, import_id, file.reports)
    assert links(base, network_id) == links_of(content, file.bad_lines)


def test_a_good_file_has_no_report_and_changes_nothing_again(base, tmp_path):
    network_id = make_network(base, "V3.1", 4)
    path = tmp_path / "cpn.csv"
    cpn.write(path, LINES, 4, "V3.1", NEAR)
    name = CpnFile(0).name
    first = import_jobs.done(base, network_id, name, path.read_bytes())
    assert import_jobs.reported(base, first) == []
    made = import_jobs.counts(base, first)["pm"]
    again = import_jobs.done(base, network_id, name, path.read_bytes())
    assert import_jobs.reported(base, again) == []
    assert made[0] == 0
    for created, changed, _unchanged in import_jobs.counts(base, again).values():
        assert (created, changed) == (0, 0)


# Reports on what the network has: addons/oiconnect_interop/tests has them.
OF_THE_NETWORK = {"C9", "C10", "C11"}


def test_every_rule_of_a_file_is_broken_by_each_column_that_it_blames(base):
    from odoo.addons.oiconnect_interop.bulk.cpn_rules import ROW_RULES, SAME_COLUMNS

    broken = {
        (kind.code, kind.column) for version in VERSIONS for kind in all_kinds(version)
    }
    names = {column.field: column.name for column in columns("CPN", "V3.1")}
    expected = {(rule.code, names[rule.field]) for rule in ROW_RULES}
    expected |= {
        (rule.code, names[field]) for rule in SAME_COLUMNS for field in rule.fields
    }
    assert expected - broken == set()
