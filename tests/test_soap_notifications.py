"""A real server and an operator's: tickets are notified, whatever fails.

One server plays the OI in all tests: each has tickets and a server of the operator of
its own.
"""

import itertools
from contextlib import ExitStack

import pytest
from conftest import OdooServer, copy_of, forget_partners
from oc_server import FailingOcServer
from oictools import database
from oictools.oc_tickets import TicketClient
from oictools.ticket_story import SOLVING, TicketStory
from waiting import wait_until

pytestmark = pytest.mark.slow
LIMIT = 120
DAY = 24 * 3600
ACCOUNT = "oiconnect.soap.account"
# SIRENs of OCAA and of the OI in the demo
SIRENS = "999000029", "999000011"
INFORMATION = "SU CASE INFORMATION NOTIFICATION"
RANKS = itertools.count(1)
LINES = """
    SELECT o.service_reference FROM oiconnect_access_order o
      JOIN oiconnect_operator op ON op.id = o.operator_id
     WHERE op.interop_code = 'OCAA' AND o.state = 'in_service'
       AND NOT EXISTS (SELECT FROM oiconnect_ticket t WHERE t.order_id = o.id)
     ORDER BY o.id LIMIT %s"""
# What waits for its time is due now.
MOVE_ON = """
    UPDATE oiconnect_soap_account SET next_try_date = NULL
     WHERE next_try_date IS NOT NULL RETURNING id"""
MOVE_JOBS = """
    UPDATE queue_job SET eta = NULL
     WHERE identity_key LIKE 'oiconnect-soap-notify-%' AND state = 'pending'
    RETURNING id"""
# What a test before, which may have failed, left on the connection
FORGET = """
    UPDATE oiconnect_soap_account
       SET failure_count = 0, last_error = NULL, stopped_code = NULL,
           next_try_date = NULL, warned_date = NULL, suspect_event_id = NULL"""
FORGET_TASKS = "DELETE FROM mail_activity WHERE res_model = %s"
JOBS = """
    SELECT state, eta IS NOT NULL FROM queue_job
     WHERE channel = 'root.oiconnect_notify'
       AND state IN ('pending', 'enqueued', 'started')"""


class Notified:
    """The demo's OI, whose notifications to OCAA go to the server ``oc``.

    :param cursor: of the demo's database, for looks at what is committed
    """

    def __init__(self, server, cursor, oc):
        self.server = server
        self.cursor = cursor
        self.oc = oc
        self.client = server.client()
        self.operator = TicketClient(
            f"http://127.0.0.1:{server.port}", "ocaa", "demo-ocaa", *SIRENS
        )
        [(self.last_call,)] = self.rows(
            "SELECT COALESCE(max(id), 0) FROM oiconnect_soap_call"
        )
        self.account_id = self._connect()

    def _connect(self):
        """Lead the connection of OCAA to the server of this test."""
        domain = [
            ["operator_id.interop_code", "=", "OCAA"],
            ["network_id.is_sandbox", "=", False],
        ]
        [account] = self.client.read(ACCOUNT, domain, "id")
        values = {
            "url": self.oc.url,
            "remote_login": "oicn",
            "remote_password": "demo-oicn",
            "is_notified": True,
            "timeout_seconds": 2,
        }
        self.client.call(ACCOUNT, "write", [account["id"]], values)
        return account["id"]

    def rows(self, query, *parameters):
        self.cursor.execute(query, parameters or None)
        return self.cursor.fetchall()

    def stories(self, count):
        """Return stories of tickets, each on a line of its own."""
        lines = [line for (line,) in self.rows(LINES, count)]
        assert len(lines) == count
        return [self._story(line) for line in lines]

    def _story(self, line):
        heard = self._heard
        key = f"SIG-{next(RANKS):04d}"
        return TicketStory(self.operator, self.client, heard, key, line)

    def _heard(self):
        return list(self.oc.notifications)

    def write_to_operator(self, story, text):
        values = {
            "ticket_id": story.ticket_id,
            "message_type": "question",
            "content": text,
        }
        self.client.call("oiconnect.ticket.message", "create", values)

    def account(self):
        """Return ``(failures, stopped code, last error)``, as committed."""
        [row] = self.rows(
            "SELECT failure_count, stopped_code, last_error "
            "FROM oiconnect_soap_account WHERE id = %s",
            self.account_id,
        )
        return row

    def next_wait(self):
        """Return for how many seconds the next try has to wait."""
        [(seconds,)] = self.rows(
            "SELECT extract(epoch FROM next_try_date - now() AT TIME ZONE 'UTC') "
            "FROM oiconnect_soap_account WHERE id = %s",
            self.account_id,
        )
        return seconds and float(seconds)

    def wait_for_failures(self, count):
        """Wait until so many tries have failed in a row, and the next is planned.

        By a job, or by its time alone: the scheduled action then makes a job. Where it
        came at the same time as a job, one try more may have failed.

        :return: how many have failed
        """
        planned = ([], [("pending", True)])
        wait_until(
            lambda: (
                self.account()[0] >= count
                and self.next_wait()
                and self.rows(JOBS) in planned
            ),
            LIMIT,
        )
        return self.account()[0]

    def move_on(self):
        """Change dates as if the time of the next try had come."""
        self.rows(MOVE_ON)
        self.rows(MOVE_JOBS)

    def events(self, *keys):
        """Return ``[(id, ticket, state)]`` of the messages about tickets, in order."""
        return self.rows(
            "SELECT e.id, t.reference, e.state FROM oiconnect_event e "
            "JOIN oiconnect_ticket t ON t.id = e.res_id "
            "WHERE e.res_model = 'oiconnect.ticket' AND t.reference = ANY(%s) "
            "ORDER BY e.id",
            list(keys),
        )

    def wait_for_all(self, *stories):
        """Wait until all is sent: each message once, in the order of its ticket."""
        keys = [story.key for story in stories]
        wait_until(
            lambda: {state for _id, _key, state in self.events(*keys)} == {"done"},
            LIMIT,
        )
        for key in keys:
            sent = [event_id for event_id, _key, _state in self.events(key)]
            had = [one.version for one in self.oc.notifications if one.ticket == key]
            assert had == sent


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory):
    """The server of the demo, and a cursor on its database."""
    with ExitStack() as stack:
        name = copy_of("demo")
        stack.callback(database.drop, name)
        server = OdooServer(name, tmp_path_factory.mktemp("notified") / "odoo.log")
        forget_partners(server)
        stack.callback(server.stop)
        server.start()
        yield server, stack.enter_context(database.connect(name))


@pytest.fixture
def oc():
    with FailingOcServer() as server:
        yield server


@pytest.fixture
def world(demo_server, oc):
    server, cursor = demo_server
    forget_partners(server)
    cursor.execute(FORGET)
    cursor.execute(FORGET_TASKS, [ACCOUNT])
    return Notified(server, cursor, oc)


def test_a_ticket_from_its_opening_to_its_acceptance(world):
    """Create, tasks, message, freeze, solved, rejected, solved, accepted."""
    [story] = world.stories(1)
    story.open()
    world.write_to_operator(story, "Le client est-il là demain ?")
    story.hear(SOLVING)
    question = story.hear(INFORMATION).values
    assert question["messageContent"] == "Le client est-il là demain ?"
    freeze(world, story)
    story.hear(SOLVING)
    world.client.call(
        "oiconnect.ticket", "action_fire", [story.ticket_id], context={"event": "thaw"}
    )
    story.hear(SOLVING)
    solved = list(story.repair())[-1].values
    assert solved["troubleTicketClosureLabel"].startswith("RET01#")
    assert solved["closureDuration"].startswith("PT")
    assert (solved["serviceProviderID"], solved["supplierID"]) == SIRENS
    assert solved["interactionDate"][-6:] in ("+01:00", "+02:00")
    story.reject()
    list(story.repair())
    story.accept()
    assert story.end().values["troubleTicketState"] == "CLOSED"
    world.wait_for_all(story)
    assert not world.oc.repeated
    assert_journal_is_discreet(world)


def freeze(world, story):
    values = {
        "ticket_ids": [(6, 0, [story.ticket_id])],
        "event": "freeze",
        "reason": "answer",
    }
    dialog = world.client.call("oiconnect.ticket.decision", "create", values)
    world.client.call("oiconnect.ticket.decision", "action_confirm", [dialog])


def assert_journal_is_discreet(world):
    rows = world.rows(
        "SELECT count(*), count(*) FILTER (WHERE code = '0') FROM oiconnect_soap_call "
        "WHERE direction = 'out' AND id > %s",
        world.last_call,
    )
    assert rows[0][0] == rows[0][1] == len(world.oc.notifications)
    said = world.rows(
        "SELECT count(*) FROM oiconnect_soap_call "
        "WHERE request LIKE '%demo-oicn%' OR request LIKE '%client est-il%'"
    )
    assert said == [(0,)]
    log = world.server.log.read_text()
    assert "demo-oicn" not in log
    assert "client est-il" not in log


def test_a_dead_server_for_a_day(world):
    """Tickets go on; all is sent afterwards, in order, exactly once."""
    stories = world.stories(2)
    for story in stories:
        story.open()
    world.oc.stop()
    for story in stories:
        world.write_to_operator(story, "Depuis quand ?")
        freeze(world, story)
    dead_for, failures, reminders = 0, world.wait_for_failures(1), [5, 20]
    # The last try is over: the next one meets the server that is back.
    while (dead_for := dead_for + world.next_wait()) < DAY:
        # Work on tickets is not disturbed.
        if reminders and failures >= reminders[0]:
            world.write_to_operator(stories[0], f"Relance {reminders.pop(0)}")
        world.move_on()
        failures = world.wait_for_failures(failures + 1)
    assert not reminders
    assert failures < 40, "it waits for an hour in the end"
    assert_staff_notified(world)
    assert not world.oc.notifications
    world.oc.start()
    world.move_on()
    world.wait_for_all(*stories)
    assert not world.oc.repeated
    wait_until(lambda: world.account() == (0, None, None), LIMIT)


def assert_staff_notified(world):
    domain = [["res_model", "=", ACCOUNT], ["res_id", "=", world.account_id]]
    assert len(world.client.read("mail.activity", domain, "summary")) == 1


def test_whatever_the_server_answers_nothing_is_lost_or_doubled(world):
    """It drops, loses, hangs, drips, breaks, then works: each message arrives once."""
    failing = ("drop", "lose", "hang", "drip", "error", "garbage", "huge", "move")
    steps = [*failing, 10, -14, 20, -21, 23]
    [story] = world.stories(1)
    story.open()
    world.oc.fails(*steps)
    world.write_to_operator(story, "Depuis quand ?")
    for count in range(1, len(steps) + 1):
        world.wait_for_failures(count)
        world.move_on()
    world.wait_for_all(story)
    # What the operator had when its answer was lost, it knew again.
    assert [one.ticket for one in world.oc.repeated] == [story.key]


def test_an_operator_that_refuses_us_is_left_alone_until_the_test_works(world):
    [story] = world.stories(1)
    story.open()
    world.oc.fails(-12)
    world.write_to_operator(story, "Depuis quand ?")
    wait_until(lambda: world.account()[1] == "12", LIMIT)
    calls = world.oc.calls
    freeze(world, story)
    world.move_on()
    # The scheduled action was woken by the freeze; its job has nothing to do.
    wait_until(lambda: not world.rows(JOBS), LIMIT)
    assert world.oc.calls == calls
    shown = world.client.call(ACCOUNT, "action_test_connection", [world.account_id])
    assert shown["params"]["type"] == "success"
    world.wait_for_all(story)


def test_a_killed_server_tells_the_rest_when_it_is_back(world):
    """The server dies while the operator thinks: the message is sent again, once."""
    [story] = world.stories(1)
    story.open()
    world.oc.fails("hang")
    world.client.call(ACCOUNT, "write", [world.account_id], {"timeout_seconds": 60})
    world.write_to_operator(story, "Depuis quand ?")
    wait_until(lambda: world.oc.calls == 1, LIMIT, 0.02)
    world.server.kill()
    world.server.start()
    world.client = world.server.client()
    world.move_on()
    world.wait_for_all(story)
    assert not world.oc.repeated
