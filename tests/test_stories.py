"""Stories of the trade, end to end by files on a real SFTP server.

Each file of `stories/` is one; all are played at once on one server. What is said and
heard is in `golden/<story>/`, and OIC_GOLDEN_UPDATE=1 writes it anew.
"""

from contextlib import ExitStack

import pytest
from conftest import demo_running
from golden_files import check
from oictools.oc import Account
from story_network import PRESENT, Network
from story_script import scripts
from story_stage import Stage

SCRIPTS = {script.name: script for script in scripts()}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The stage once all stories have been played."""
    with ExitStack() as stack:
        logins = [code.lower() for code in PRESENT]
        running = demo_running(tmp_path_factory.mktemp("stories"), *logins)
        server, sftp = stack.enter_context(running)
        Network(server.client(), list(SCRIPTS.values())).make()
        accounts = {
            code: stack.enter_context(Account(sftp.port, login, f"demo-{login}"))
            for code, login in zip(PRESENT, logins, strict=True)
        }
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
    assert not left, "more was told than the story says"
    check(name, play.messages)


@pytest.mark.slow
def test_nothing_is_left(stage):
    """No message waits, no order stands twice, nobody else was written to."""
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
