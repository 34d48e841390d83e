"""A database of the version before upgrades, and is afterwards what it was.

As docs/production.md says, *Upgrade*, while operators go on to drop files of orders.
"""

import re
import threading
from dataclasses import dataclass

import demo_sftp
import earlier_version
import pytest
import releases
import upgrade_content
import upgrade_declarations
from conftest import OdooServer, look_now
from demo_sftp import DemoSftp
from odoo_process import environment, registry
from oictools import database, sources
from ordering import Operators
from test_install import complaints, upgrade
from upgrade_content import rows
from upgrade_under_way import UnderWay
from waiting import wait_until

#: of them, in all states of an order
ORDERS = 10_000
#: in a file of an operator; in one that takes its time; seconds between two files
LINES, MANY, EACH = 3, 60, 5
#: in which the version before is stopped with orders at work, each a try
TURNS = 5
STATES = """
SELECT DISTINCT state FROM oiconnect_access_order WHERE oc_reference LIKE 'BENCH-%'
"""
# Columns, indexes and constraints: those of a database that was installed today. What
# tables held before they had a part a month is a part of its own.
STRUCTURE = (
    """
    SELECT table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_name ~ '^oiconnect_'
    AND NOT (SELECT relispartition FROM pg_class WHERE oid = table_name::regclass)
    """,
    """
    SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename ~ '^oiconn'
    AND NOT (SELECT relispartition FROM pg_class WHERE oid = tablename::regclass)
    """,
    """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conrelid::regclass::text ~ '^oiconnect_'
    AND NOT (SELECT relispartition FROM pg_class WHERE oid = conrelid)
    AND contype != 'n'
    """,
)
PARTS = "SELECT relid::text FROM pg_partition_tree('{table}') WHERE isleaf"
COUNTS = "SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1"
# External identifiers of the product, which an upgrade gives to the same records;
# which addon names a field that Odoo's own have too depends on what was there first.
NAMES = """
SELECT module || '.' || name FROM ir_model_data
WHERE module ~ '^oiconnect_(base|infra|orders|import|interop|soap|api|billing)$'
AND name !~ '^(field_|model_inherit__)'
"""
# External identifiers of the demo
OWNED = """
SELECT name FROM ir_model_data WHERE module = 'oiconnect_demo' AND noupdate ORDER BY 1
"""
# What the demo got since: one that is there keeps what it is
NEWER = {
    *("soap_account_ocaa", "soap_account_ocbb", "soap_account_occc"),
    *("user_tickets", "user_tickets_res_partner"),
    *("user_ocaa", "partner_ocaa_camille"),
    *("network_sandbox", "endpoint_ocaa_sandbox", "soap_account_ocaa_sandbox"),
}
ALL_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public'
AND NOT (SELECT relispartition FROM pg_class WHERE oid = table_name::regclass)
"""
ALL_NAMES = """
SELECT module || '.' || name, model FROM ir_model_data WHERE module ~ '^oiconnect_'
AND name !~ '^(field_|model_|selection__|constraint_)'
"""
VIEWS = "SELECT name, active, upgrade_error FROM ir_ui_view WHERE name IN %s"
# What operators ordered while versions changed
TAKEN = "SELECT count(*) FROM oiconnect_access_order WHERE oc_reference LIKE 'OCU%'"
HELD = """
SELECT oc_reference, access.state, count(route.id)
  FROM oiconnect_access_order access
  LEFT JOIN oiconnect_route route ON route.access_order_id = access.id
 WHERE oc_reference LIKE 'OCU%' GROUP BY access.id ORDER BY oc_reference
"""
SILENCE = """
UPDATE oiconnect_event SET state = 'done' WHERE payload->>'oc_reference' LIKE 'BENCH-%'
"""
# Every record that a row names is there.
LOST = """
SELECT count(*) FROM {table} line
WHERE res_model = 'oiconnect.access.order'
AND NOT EXISTS (SELECT FROM oiconnect_access_order WHERE id = line.res_id)
"""


NEWEST, *OLDER = releases.releases()


@dataclass
class Upgraded:
    """A database of a release, upgraded to today's version."""

    name: str
    before: upgrade_content.Snapshot
    #: what it declared before, see ``upgrade_declarations``
    declared: dict
    log: str


def upgrade_with_demo(name):
    """Upgrade a database as *Upgrade* of docs/production.md says."""
    before = upgrade_content.Snapshot(name)
    declared = upgrade_declarations.declared(name)
    addons = ",".join([*sources.present(), sources.DEMO])
    return Upgraded(name, before, declared, upgrade(name, "-u", addons, "-i", addons))


class Checks:
    """Checks of each upgraded database, as people had worked with it."""

    def test_orders_tickets_files_invoices_and_settings_are_as_they_were(
        self, upgraded
    ):
        assert upgraded.before.orders and upgraded.before.invoices
        assert upgraded.before.lost() == []

    def test_what_an_administrator_made_is_preserved_where_it_fits(self, upgraded):
        found = rows(upgraded.name, VIEWS % ((releases.FITS, releases.UNFIT),))
        views = {name: (active, reason) for name, active, reason in found}
        assert views[releases.FITS] == (True, None)
        active, reason = views[releases.UNFIT]
        assert not active and "gone" in reason
        lines = complaints(upgraded.log)
        assert len(lines) == 1, "\n".join(lines)
        assert releases.UNFIT in lines[0] and "was deactivated" in lines[0]

    def test_what_went_is_in_a_migration(self, upgraded):
        after = upgrade_declarations.declared(upgraded.name)
        with registry(upgraded.name) as base, environment(base) as env:
            gone = upgrade_declarations.gone(upgraded.declared, after, env)
            assert upgrade_declarations.unexplained(gone) == []
            assert upgrade_declarations.unknown_choices(env) == []

    @pytest.mark.parametrize("query", [ALL_COLUMNS, ALL_NAMES])
    def test_nothing_is_left_of_what_went(self, upgraded, demo_database, query):
        left = set(rows(upgraded.name, query)) - set(rows(demo_database, query))
        assert left == set()

    @pytest.mark.parametrize("query", [*STRUCTURE, NAMES])
    def test_its_tables_and_names_are_those_of_a_new_installation(
        self, upgraded, shared_database, query
    ):
        assert set(rows(upgraded.name, query)) == set(rows(shared_database, query))

    @pytest.mark.parametrize("part", ["delay_miss", "decision", "todo", "event"])
    def test_no_line_lost_its_order(self, upgraded, part):
        assert rows(upgraded.name, LOST.format(table=f"oiconnect_{part}")) == [(0,)]


@pytest.mark.slow
class TestRelease(Checks):
    """Each release that docs/releases.md lists but the newest."""

    @pytest.fixture(scope="class", params=OLDER, ids=str)
    def upgraded(self, request):
        name = "oic_test_e2e_release"
        database.clone(request.param.database(), name)
        try:
            yield upgrade_with_demo(name)
        finally:
            database.drop(name)

    @pytest.mark.parametrize("table", ["exchange_line", "change"])
    def test_what_was_there_is_one_part_and_new_rows_have_their_month(
        self, upgraded, table
    ):
        name, table = upgraded.name, f"oiconnect_{table}"
        held = dict(rows(name, COUNTS.format(table=table)))
        assert held.get(f"{table}_before", 0) >= upgraded.before.content[table][0]
        parts = {part for (part,) in rows(name, PARTS.format(table=table))}
        assert f"{table}_other" in parts
        assert len(parts) > 3
        assert rows(name, f"SELECT count(*) FROM {table} WHERE date IS NULL") == [(0,)]

    def test_the_demo_is_taken_over_by_its_addon(self, upgraded, demo_database):
        owned = {name for (name,) in rows(upgraded.name, OWNED)}
        assert owned == {name for (name,) in rows(demo_database, OWNED)} - NEWER
        assert "network_demo" in owned


def test_what_went_without_a_migration_is_found():
    before = {
        "fields": {("oiconnect.pbo", "colour_of_its_door"), ("oiconnect.pbo", "road")},
        "selections": set(),
        "records": {("ir.cron", 1, "cron_of_doors"), ("ir.cron", 2, "cron_reconcile")},
    }
    after = {"fields": set(), "records": {("ir.cron", 2, "cron_reconcile")}}
    gone = upgrade_declarations.gone(before, after, {})
    assert "field oiconnect.pbo.road" in gone
    assert upgrade_declarations.unexplained(gone) == [
        "field oiconnect.pbo.colour_of_its_door",
        "ir.cron cron_of_doors",
    ]


def test_the_list_of_releases_names_commits_of_which_a_database_is_made():
    listed = releases.releases()
    assert all(re.fullmatch("[0-9a-f]{40}", release.commit) for release in listed)
    assert len(releases.GUIDE.read_text().split("| `")) == len(listed) + 1


# -- the newest release, whose operators go on -----------------------------------------


@pytest.fixture(scope="module")
def operators(tmp_path_factory):
    """Their SFTP server, which is there before, during and after the upgrade."""
    own = {
        code.lower(): earlier_version.PASSWORD.format(code)
        for code in earlier_version.OPERATORS
    }
    folder = tmp_path_factory.mktemp("sftp")
    with DemoSftp(folder, accounts=demo_sftp.ACCOUNTS | own) as sftp:
        yield Operators(sftp, earlier_version.OI, earlier_version.OPERATORS, [])


@pytest.fixture(scope="module")
def under_way(tmp_path_factory):
    with UnderWay(tmp_path_factory.mktemp("under_way")) as under_way:
        yield under_way


@pytest.fixture(scope="module")
def upgraded_under_load(operators, under_way, tmp_path_factory):
    """The newest release with many orders, stopped at work and upgraded.

    Operators order all the time.
    """
    name = "oic_test_e2e_upgrade"
    database.clone(NEWEST.database(), name)
    try:
        folder = tmp_path_factory.mktemp("earlier")
        earlier = earlier_version.Earlier(name, NEWEST.commit, folder)
        operators.places = earlier.add_network(operators.sftp)
        stop_under_load(earlier.server(folder / "odoo.log"), operators)
        earlier.fill(ORDERS)
        under_way.leave(earlier)
        with Ordering(operators):
            upgraded = upgrade_with_demo(name)
        yield upgraded
    finally:
        database.drop(name)


class Ordering(threading.Thread):
    """Operators that drop a file each, again and again, for the time of a block."""

    def __init__(self, operators):
        super().__init__(daemon=True)
        self.operators, self.ends = operators, threading.Event()

    def run(self):
        while not self.ends.wait(EACH):
            self.operators.drop(LINES)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.ends.set()
        self.join(60)


def stop_under_load(server, operators):
    """Let the earlier version answer some orders, and stop it while it is at others.

    It may be done with them by then, where this process had to wait for a processor.
    """
    operators.drop(LINES)
    for _turn in range(TURNS):
        try:
            server.start()
            look_now(server)
            wait_until(operators.is_answered)
            known = server.rows(TAKEN)
            operators.drop(MANY)
            wait_until(lambda known=known: server.rows(TAKEN) > known)
        finally:
            # As `docker compose stop` does: what is at work is not finished.
            server.stop()
        if not operators.is_answered():
            return
    pytest.fail("the earlier version was never stopped in the middle")


@pytest.fixture(scope="module")
def goes_on(upgraded_under_load, operators, tmp_path_factory):
    """The new version on a copy of what was upgraded, once it has answered all."""
    name = f"{upgraded_under_load.name}_on"
    database.clone(upgraded_under_load.name, name)
    server = OdooServer(name, tmp_path_factory.mktemp("new") / "odoo.log")
    try:
        # The many orders that are no operator's have no one to hear of them.
        server.rows(SILENCE)
        server.start()
        operators.drop(LINES)
        look_now(server)
        wait_until(operators.is_answered)
        yield server
    finally:
        server.stop()
        database.drop(name)


@pytest.mark.slow
@pytest.mark.early
class TestUnderLoad(Checks):
    @pytest.fixture(scope="class")
    def upgraded(self, upgraded_under_load):
        return upgraded_under_load

    def test_the_earlier_version_had_orders_in_all_states(self, upgraded):
        assert len(rows(upgraded.name, STATES)) >= 12
        assert upgraded.before.orders > ORDERS
        for table in ("delay_miss", "decision", "event", "todo", "workflow_step"):
            assert upgraded.before.content[f"oiconnect_{table}"][0] > 200, table

    @pytest.mark.parametrize("model", ["oiconnect.flow", "oiconnect.flow.format"])
    def test_what_was_never_edited_is_still_as_delivered(self, upgraded, model):
        with registry(upgraded.name) as base, environment(base) as env:
            delivered = env[model].search([("seed_hash", "!=", False)])
            edited = delivered.filtered(
                lambda record: (
                    record.seed_hash != record._seed_digest(record._seed_content())
                )
            )
            assert delivered
            if model == "oiconnect.flow":
                edited -= env[model]._by_code(earlier_version.EDITED)
            assert edited.mapped("display_name") == []

    def test_what_an_administrator_edited_is_preserved(self, upgraded, operators):
        with registry(upgraded.name) as base, environment(base) as env:
            flow = env["oiconnect.flow"]._by_code(earlier_version.EDITED)
            assert flow.encoding == "cp1252"
            assert env["oiconnect.reason"]._of("FINT01").name == "Changed"
            commune = env["oiconnect.commune"].search([("insee_code", "=", "01004")])
            assert commune.name == "Changed"
            ports = set(env["oiconnect.endpoint"].search([]).mapped("port"))
            assert ports == {operators.sftp.port}

    # -- operators drop files before, during and after ---------------------------------

    def test_no_order_is_lost_and_none_is_doubled(self, goes_on, operators):
        ordered = sorted(sum(operators.ordered.values(), []))
        # Many came while neither version ran.
        assert len(ordered) > (MANY + 3 * LINES) * len(operators.codes)
        assert goes_on.rows(HELD) == [(name, "connecting", 1) for name in ordered]

    def test_each_is_answered_once(self, goes_on, operators):
        operators.check_answers()
        operators.check_receipts_first()

    def test_receipts_are_numbered_without_a_gap_and_in_order(self, goes_on, operators):
        for operator in operators.codes:
            numbers = {}
            for day, number, _path in operators.names(operator, "AR_CMD"):
                numbers.setdefault(day, []).append(number)
            for of_day in numbers.values():
                assert of_day == list(range(1, len(of_day) + 1))
            answers = operators.answers(operator, "AR_CMD")
            rank = {name: place for place, (name, _when) in enumerate(answers)}
            # A file that a stop left half taken may come after its next one.
            for of_file in operators.files[operator]:
                assert of_file == sorted(of_file, key=rank.__getitem__)

    # -- a ticket, a webhook and a publication go on where they were -------------------

    def test_a_ticket_at_work_goes_on_and_its_operator_is_notified_of_each_step(
        self, goes_on, under_way
    ):
        operator, ticket = under_way.operator, under_way.ticket
        state = "SELECT state FROM oiconnect_ticket WHERE id = %s"
        wait_until(lambda: operator.notifications)
        assert goes_on.rows(state, ticket) == [("expertise",)]
        event = {"event": "end_expertise"}
        staff = goes_on.client()
        staff.call("oiconnect.ticket", "action_fire", [ticket], context=event)
        assert goes_on.rows(state, ticket) == [("in_progress",)]
        wait_until(lambda: len(operator.notifications) == 2)
        assert len({one.ticket for one in operator.notifications}) == 1
        assert operator.repeated == []

    def test_an_event_that_waited_reaches_its_receiver_once_in_its_order(
        self, goes_on, under_way
    ):
        receiver = under_way.receiver
        wait_until(lambda: receiver.taken)
        [numbers] = receiver.records().values()
        assert numbers == sorted(numbers)
        assert receiver.repeated == receiver.forged == []

    def test_files_that_were_being_made_are_made(self, goes_on, under_way):
        query = """
            SELECT state, count(name), count(sha256) FROM oiconnect_publication
             WHERE id = ANY(%s) GROUP BY 1
        """
        count = len(under_way.publications)
        made = [("done", count, count)]
        wait_until(lambda: goes_on.rows(query, under_way.publications) == made)
