"""Files with one fault of any kind in some lines: each reported, the rest applied."""

import io
import itertools

import import_jobs
import pytest
from generator.days import MOVES, Days, Shares
from generator.ipe_file import IpeFile, all_kinds
from generator.tables import VERSIONS, columns
from odoo_process import registry

pytestmark = pytest.mark.slow
# Few lines, but each kind of fault is in some of them.
LINES = 2000
SHARE = 0.2
NEAR = 60
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


@pytest.fixture
def network_id(base):
    return import_jobs.make_network(base, f"TEST_{next(NUMBERS)}")


def keys_of(content, bad=()):
    """Return (identifier, address code) of the lines that are not in ``bad``."""
    rows = content.decode("utf-8", "replace").split("\r\n")
    cells = {rank: row.split(";") for rank, row in enumerate(rows, 1) if row}
    return sorted(
        (line[0], line[5])
        for rank, line in cells.items()
        if rank > 1 and rank not in bad
    )


def buildings(base, network_id):
    query = """
        SELECT COALESCE(identifier, ''), COALESCE(address_code, '')
          FROM oiconnect_building WHERE network_id = %s"""
    return sorted(import_jobs.rows(base.db_name, query, network_id))


@pytest.mark.parametrize(
    ("version", "seed"),
    [("V3.1", 1), ("V3.1", 2), ("V3.0", 3), ("V2.2", 6), ("V2.1", 5)],
)
def test_each_fault_is_reported_and_nothing_else(base, network_id, version, seed):
    file = IpeFile(LINES, seed, version, SHARE, NEAR)
    content = import_jobs.content_of(file)
    assert file.kinds.keys() == {kind.name for kind in all_kinds(version)}
    import_id = import_jobs.done(base, network_id, file.name, content)
    import_jobs.assert_reported(base, import_id, file.reports)
    # Lines in error are left out, the others are applied.
    assert buildings(base, network_id) == keys_of(content, file.bad_lines)
    created = LINES - len(file.bad_lines)
    assert import_jobs.counts(base, import_id)["building"] == (created, 0, 0)


# -- the file of the next day ----------------------------------------------------------


def import_days(base, network_id, days):
    """Import both files; return the import of the second one."""
    first, second = (content_of_day(days, day) for day in (0, 1))
    import_id = import_jobs.done(base, network_id, days.name(0), first)
    assert import_jobs.reported(base, import_id) == []
    return import_jobs.done(base, network_id, days.name(1), second)


def content_of_day(days, day):
    target = io.BytesIO()
    days.write_to(day, target)
    return target.getvalue()


@pytest.mark.parametrize("version", ["V3.1", "V3.0"])
def test_the_next_day_changes_what_it_says(base, network_id, version):
    days = Days(1500, 7, version, Shares(0.05, 0.01, 0.01), lines_per_pm=NEAR)
    second = import_days(base, network_id, days)
    assert import_jobs.reported(base, second) == []
    assert_counted(base, second, days.changes)


def test_what_left_the_file_is_abandoned_on_request(base, network_id):
    days = Days(1500, 11, shares=Shares(0.02, 0.01, 0.03), lines_per_pm=NEAR)
    first, second = (content_of_day(days, day) for day in (0, 1))
    import_jobs.done(base, network_id, days.name(0), first)
    import_id = import_jobs.done(base, network_id, days.name(1), second, mode="removal")
    assert_counted(base, import_id, days.changes)
    query = """
        SELECT count(*) FROM oiconnect_change
         WHERE batch = %s AND field = 'state' AND after = 'abandoned'"""
    batch = f"oiconnect.import,{import_id}"
    assert import_jobs.rows(base.db_name, query, batch) == [(days.changes.left,)]


@pytest.mark.parametrize(("version", "seed"), [("V3.1", 8), ("V3.0", 9)])
def test_moves_against_the_rules_are_reported_and_applied(
    base, network_id, version, seed
):
    days = Days(3000, seed, version, Shares(0.05), faults=True, lines_per_pm=NEAR)
    second = import_days(base, network_id, days)
    assert {(report.code, report.column) for report in days.reports} == set(MOVES)
    import_jobs.assert_reported(base, second, days.reports)
    assert_counted(base, second, days.changes)


def assert_counted(base, import_id, changes):
    assert import_jobs.counts(base, import_id) == {
        "building": (changes.created, changes.changed, changes.unchanged),
        "pm": (0, changes.pms_changed, changes.pms - changes.pms_changed),
    }


# -- nothing is forgotten --------------------------------------------------------------

#: sentences of the protocol about a whole file, a format, a flow, or what is written
NOT_OF_A_LINE = {
    "empty_file", "header_only", "not_csv", "nul_bytes", "utf16", "undecodable",
    "unknown_encoding", "wrong_separator", "no_header", "bad_header",
    "unnamed_column", "doubled_column", "unknown_header", "missing_columns",
    "too_many_columns", "line_too_long", "too_many_lines", "bad_name",
    "bad_name_part", "bad_template", "bad_pattern", "no_column", "bad_column_name",
    "unknown_type", "unknown_rule", "code_without_list", "not_two_values",
    "bad_field", "bad_expression", "same_name", "same_field", "bad_writing",
    "mark_separates", "not_text", "unencodable", "unknown_column",
    "unknown_column_near",
}  # fmt: skip
#: types of columns that an IPE has not, or that are too short there
OF_OTHER_TYPES = {
    "not_datetime", "not_phone", "not_contact", "not_reason", "too_large",
}  # fmt: skip


def test_every_sentence_about_a_line_is_provoked(base):
    from odoo.addons.oiconnect_import.protocol import MESSAGES

    provoked = {key for _code, _column, key in every_name()}
    assert (
        MESSAGES.keys() - NOT_OF_A_LINE - OF_OTHER_TYPES == provoked & MESSAGES.keys()
    )


def test_every_rule_of_a_file_is_broken_by_each_column_that_it_blames(base):
    from odoo.addons.oiconnect_infra.rules import CATALOGUE, FILE

    broken = {(code, column) for code, column, _key in every_name()} | set(MOVES)
    names = {
        column.field: column.name
        for version in VERSIONS
        for column in columns("IPE", version)
    }
    expected = {
        (rule.code, names[field])
        for rule in CATALOGUE
        if FILE in rule.scopes and rule.key
        for field in blamed(rule)
    }
    assert expected - broken == set()


def blamed(rule):
    """The fields that are reported: of lines that share a value, those that differ."""
    if rule.code == "K1":
        return rule.fields[:1]
    return rule.same if rule.code == "P1" else rule.fields


def every_name():
    return {kind.name for version in VERSIONS for kind in all_kinds(version)}
