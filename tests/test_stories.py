"""Stories of the trade, end to end by files on a real SFTP server.

First the whole line of an access, alone. Then each file of `stories/` is one; all are
played at once on the same server. What is said and heard is in `golden/<story>/`, and
OIC_GOLDEN_UPDATE=1 writes it anew.
"""

import re
from contextlib import ExitStack

import demo_facts
import pytest
from conftest import demo_running
from golden_files import check
from oictools.oc import Account
from oictools.story import Story
from story_network import PRESENT, Network
from story_script import scripts
from story_stage import Stage

SCRIPTS = {script.name: script for script in scripts()}
LOGINS = [code.lower() for code in PRESENT]
PREFIX = "OCA-STORY"
NAME = re.compile(r"^OICN_OCAA_ACCES_[A-Z_]+_V13_\d{8}_\d{2}\.csv$")
STATES = {
    "OCA-STORY-001": "in_service",
    "OCA-STORY-002": "cr_ko",
    "OCA-STORY-003": "cr_ko",
    "OCA-STORY-004": "ar_ko",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with demo_running(tmp_path_factory.mktemp("stories"), *LOGINS) as servers:
        yield servers


# -- the whole line --------------------------------------------------------------------


def account(sftp, **values):
    return Account(sftp.port, "ocaa", "demo-ocaa", **values)


def states(server):
    rows = server.rows(
        "SELECT oc_reference, state FROM oiconnect_access_order "
        "WHERE oc_reference LIKE %s ORDER BY oc_reference, id",
        f"{PREFIX}%",
    )
    assert len(rows) == len(dict(rows)), f"an order stands twice: {rows}"
    return dict(rows)


def left_to_do(server):
    """Messages still in the outbox, files still to process or to send."""
    return server.rows("SELECT flow FROM oiconnect_event WHERE state = 'pending'") or (
        server.rows(
            "SELECT name FROM oiconnect_exchange "
            "WHERE state IN ('out_ready', 'in_received', 'in_processing')"
        )
    )


@pytest.mark.slow
def test_the_whole_line_from_order_to_service_and_to_its_end(demo):
    server, sftp = demo
    with account(sftp) as operator:
        story = Story(operator, demo_facts.place(), PREFIX)
        list(story.steps())
        check("order", story.messages)
        assert states(server) == STATES
        list(story.end())
        check("order", story.messages)
        for message in story.messages:
            if message.ours:
                operator.wait_put_away(message.name)
        left = operator.sent()
    assert states(server) == STATES | {
        "OCA-STORY-001": "terminated",
        "OCA-STORY-005": "cancelled",
    }
    assert left == sorted(m.name for m in story.messages if not m.ours)
    assert all(NAME.match(message.name) for message in story.messages)
    assert not left_to_do(server)
    assert_files_are_put_away(sftp, story)
    assert_fibres_are_free(server)


def assert_files_are_put_away(sftp, story):
    home = sftp.home("ocaa")
    sent = sorted(message.name for message in story.messages if message.ours)
    assert sorted(path.name for path in (home / "in" / "archive").iterdir()) == sent
    assert [path.name for path in (home / "in").iterdir() if path.is_file()] == []
    assert list((home / "in" / "error").iterdir()) == []


def assert_fibres_are_free(server):
    held = server.rows(
        "SELECT r.id FROM oiconnect_route r "
        "JOIN oiconnect_access_order o ON o.id = r.access_order_id "
        "WHERE o.oc_reference LIKE %s",
        f"{PREFIX}%",
    )
    assert held == []


# -- all stories -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def stage(demo):
    """The stage once all stories have been played."""
    server, sftp = demo
    with ExitStack() as stack:
        Network(server.client(), list(SCRIPTS.values())).make()
        accounts = {
            code: stack.enter_context(Account(sftp.port, login, f"demo-{login}"))
            for code, login in zip(PRESENT, LOGINS, strict=True)
        }
        for one in accounts.values():
            # What was sent of the whole line, which no story hears
            one.take()
        stage = Stage(server, accounts)
        stage.play()
        yield stage


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_story(stage, name):
    [play] = [play for play in stage.plays if play.script.name == name]
    if play.failure:
        pytest.fail(play.failure)
    left = {key: [flow for flow, *_ in got] for key, got in play.inbox.items() if got}
    assert not left, "more was sent than the story says"
    check(name, play.messages)


@pytest.mark.slow
def test_nothing_is_left(stage):
    """No message waits, no order stands twice, no one else was written to."""
    rows = stage.server.rows
    assert rows("SELECT id, flow FROM oiconnect_event WHERE state = 'pending'") == []
    assert rows("SELECT name FROM oiconnect_exchange WHERE state = 'out_ready'") == []
    assert (
        rows(
            "SELECT oc_reference FROM oiconnect_access_order WHERE state != 'ar_ko' "
            "GROUP BY operator_id, oc_reference HAVING count(*) > 1"
        )
        == []
    )
    assert stage.strangers == []


def test_there_are_stories_of_all_kinds():
    """At least 25: each mode, each family of reasons, both versions."""
    assert len(SCRIPTS) >= 25
    said = [
        (step.what, step.values, step.words)
        for script in SCRIPTS.values()
        for step in script.steps
    ]
    orders = [values for what, values, _words in said if what == "CMD_ACCES"]
    modes = {(v.get("TypeRacco", "STOC"), v.get("PriseExistante", "N")) for v in orders}
    assert modes >= {(mode, pto) for mode in ("OC", "OI", "STOC") for pto in "NO"}
    words = {
        text for _what, values, words in said for text in (*words, *values.values())
    }
    for family in ("FADR", "FCLI", "FIMP", "FINT", "FRDV", "FAUT"):
        assert any(word.startswith(family) for word in words), family


def test_numbers_of_stories_are_their_own():
    numbers = [script.number for script in SCRIPTS.values()]
    assert len(numbers) == len(set(numbers))
    assert all(script.title for script in SCRIPTS.values())
