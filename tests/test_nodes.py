"""Several nodes, a replica, sessions in the database: each may die, nothing is lost."""

import json
import re
import threading
import urllib.error
import urllib.request
from datetime import datetime
from itertools import pairwise

import nodes
import pytest
from nodes import Browser
from waiting import wait_until

pytestmark = pytest.mark.slow
#: two show that each has its own answers
OPERATORS = nodes.OPERATORS[:2]
#: of each of the operators, three times
LINES = 8
#: seconds in which thousands are answered too
LONG = 3000
TAG = "res.partner.category"
SCANS = (
    "SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_user_tables "
    "WHERE relname = 'oiconnect_access_order'"
)
JOB_REQUEST = "asking Odoo to run job"
#: when, number of the scheduled action, whether it begins
ACTION = re.compile(
    r"^(\S+ \S+) .*ir_cron: Job .* \((\d+)\) (starting|.* \(#loop )", re.MULTILINE
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nodes")
    orders = 3 * LINES * len(OPERATORS)
    # Looks cost, and each wave is looked for at once.
    with nodes.running(folder, orders, OPERATORS, poll_seconds=3) as found:
        yield found


def a_browser(world):
    browser = Browser(world.web, world.second_web)
    assert browser.log_in()["uid"]
    return browser


def tags(browser):
    found = browser.call(
        TAG, "web_search_read", domain=[], specification={"name": {}}, limit=80
    )
    return {record["name"] for record in found["records"]}


def scans(world):
    """Number of reads of the table of orders by its replica"""
    return world.cluster.ask_replica(world.web.database, SCANS)


# -- reads -----------------------------------------------------------------------------


def test_lists_come_from_the_replica(world):
    browser = a_browser(world)
    # Who has just logged in has written: the replica has that in a moment.
    wait_until(world.cluster.has_all)
    before = scans(world)

    def are_read_there():
        browser.references()
        return scans(world) > before

    # A server says what it has read once a second.
    wait_until(are_read_there)


def test_who_wrote_reads_that_back_however_late_the_replica_is(world):
    writer, other = a_browser(world), a_browser(world)
    name = world.web.database
    wait_until(world.cluster.has_all)
    world.cluster.ask_replica(name, "SELECT pg_wal_replay_pause()", user="postgres")
    try:
        writer.call(TAG, "create", [{"name": "Just written"}])
        assert "Just written" in tags(writer)
        # So it is by the other node.
        writer.nodes.reverse()
        assert "Just written" in tags(writer)
        # Others are served by the replica, which lacks it.
        assert "Just written" not in tags(other)
    finally:
        resume = "SELECT pg_wal_replay_resume()"
        world.cluster.ask_replica(name, resume, user="postgres")
    wait_until(lambda: "Just written" in tags(other))


def test_sessions_are_those_of_all_nodes_and_on_no_disk(world):
    browser = a_browser(world)
    browser.nodes = [world.second_web]
    assert browser.ask("/web/session/get_session_info")["uid"] == 2
    assert not nodes.session_file(browser.cookies["session_id"]).exists()


def check_of_replica(node):
    """Return the check of the replica by the monitoring of a node."""
    url = f"http://127.0.0.1:{node.port}/oiconnect/health"
    try:
        answer = urllib.request.urlopen(url, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return json.load(answer)["checks"]["replica"]


def test_monitoring_hears_of_a_replica_that_is_well(world):
    wait_until(world.cluster.has_all)
    check = check_of_replica(world.second_web)
    assert (check["status"], check.get("advice")) == ("ok", None)


# -- deaths ----------------------------------------------------------------------------


class Reading(threading.Thread):
    """A person who looks at the list of orders all the time."""

    def __init__(self, browser, pause):
        super().__init__(daemon=True)
        self.pause = pause
        self.browser, self.pages, self.errors = browser, 0, []
        self.ends = threading.Event()

    def run(self):
        while not self.ends.wait(self.pause):
            try:
                self.browser.references()
                self.pages += 1
            except AssertionError as error:
                self.errors.append(error)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.ends.set()
        self.join(60)


def test_a_web_node_the_job_node_and_the_replica_die_and_nothing_is_lost(world):
    survive(world, LINES, pause=1)
    # The replica is dead still: lists were read all the same.
    check = check_of_replica(world.second_web)
    assert (check["status"], check["state"]) == ("alert", "dead")
    assert check["advice"]


def survive(world, lines, pause=0.3):
    """Orders come in waves; in each, something is killed. Return the lists read.

    ``pause``: seconds between two lists that a person reads
    """
    with Reading(a_browser(world), pause) as reading:
        for kill in KILLS:
            before = world.taken()
            world.drop(lines)
            look_now(world)
            wait_until(lambda seen=before: world.taken() > seen)
            kill(world)
        wait_until(world.is_answered, LONG)
        pages = reading.pages
        wait_until(lambda: reading.pages > pages)
    # What the replica was answering as it died is requested again by a person.
    assert len(reading.errors) <= 1, reading.errors
    world.check()
    check_actions(world)
    return reading.pages


def look_now(world):
    client = world.second_web.client()
    for endpoint in client.read("oiconnect.endpoint", [], "id"):
        client.call("oiconnect.endpoint", "action_poll", [endpoint["id"]])


def kill_web(world):
    world.web.kill()


def kill_jobs(world):
    """Its place is taken by the other, which had been waiting and ran no job."""
    assert JOB_REQUEST not in world.second_jobs.log.read_text()
    world.jobs.kill()
    wait_until(lambda: JOB_REQUEST in world.second_jobs.log.read_text())


def kill_replica(world):
    world.cluster.kill_replica()


KILLS = (kill_web, kill_jobs, kill_replica)


def check_actions(world):
    """No scheduled action was at work on two nodes at once."""
    runs = {}
    for node in (world.jobs, world.second_jobs):
        begun = {}
        for when, action, what in ACTION.findall(node.log.read_text()):
            moment = datetime.strptime(when, "%Y-%m-%d %H:%M:%S,%f")
            if what == "starting":
                begun[action] = moment
            elif action in begun:
                runs.setdefault(action, []).append((begun.pop(action), moment))
    assert runs
    for spans in runs.values():
        spans.sort()
        for (_begin, end), (begin, _end) in pairwise(spans):
            assert end <= begin, spans
