"""Stories of PM orders, end to end by files on a real SFTP server.

Each file of `stories/pm_orders/` is one; all are played at once on one server.
"""

from contextlib import ExitStack

import pytest
from conftest import demo_running
from oictools.oc import Account
from pm_places import Places
from pm_stage import SCRIPTS, PmStage
from story_script import scripts

STORIES = {script.name: script for script in scripts(SCRIPTS)}
PRESENT = ("OCAA", "OCBB")


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The stage once all stories have been played."""
    with ExitStack() as stack:
        logins = [code.lower() for code in PRESENT]
        running = demo_running(tmp_path_factory.mktemp("pm_stories"), *logins)
        server, sftp = stack.enter_context(running)
        places = Places(server.client(), list(STORIES.values())).make()
        accounts = {
            code: stack.enter_context(Account(sftp.port, login, f"demo-{login}"))
            for code, login in zip(PRESENT, logins, strict=True)
        }
        stage = PmStage(server, accounts, list(STORIES.values()), places)
        stage.play()
        yield stage


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story_goes_as_it_is_written(stage, name):
    play = stage.plays[name]
    assert play.failure is None
    left = {
        who: [flow for flow, _rows in got] for who, got in play.inbox.items() if got
    }
    assert not left, "more was told than the story says"


@pytest.mark.slow
def test_nothing_is_left(stage):
    """No message waits, and no operator has a PM twice."""
    rows = stage.server.rows
    waiting = (
        "SELECT flow, error FROM oiconnect_event "
        "WHERE state != 'done' AND res_model = 'oiconnect.pm.order'"
    )
    assert rows(waiting) == []
    assert stage.strangers == []


def test_there_are_stories_enough():
    assert len(STORIES) >= 8
    numbers = [script.number for script in STORIES.values()]
    assert len(numbers) == len(set(numbers))
    assert all(script.title for script in STORIES.values())
