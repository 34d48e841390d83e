"""Stories of link orders, end to end by files on a real SFTP server.

Each file of `stories/link_orders/` is one; all are played at once on one server.
"""

from contextlib import ExitStack

import pytest
from conftest import demo_running
from link_stage import SCRIPTS, LinkNetwork, LinkStage
from oictools.oc import Account
from story_script import scripts

STORIES = {script.name: script for script in scripts(SCRIPTS)}
OPERATORS = ("OCAA", "OCBB")


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The stage once all stories have been played."""
    with ExitStack() as stack:
        logins = [code.lower() for code in OPERATORS]
        running = demo_running(tmp_path_factory.mktemp("links"), *logins)
        server, sftp = stack.enter_context(running)
        LinkNetwork(server.client(), list(STORIES.values())).make()
        accounts = {
            code: stack.enter_context(Account(sftp.port, login, f"demo-{login}"))
            for code, login in zip(OPERATORS, logins, strict=True)
        }
        stage = LinkStage(server, accounts)
        stage.play()
        yield stage


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story_goes_as_it_is_written(stage, name):
    [play] = [play for play in stage.plays if play.script.name == name]
    if play.failure:
        pytest.fail(play.failure)
    left = {key: [flow for flow, *_ in got] for key, got in play.inbox.items() if got}
    assert not left, "more was told than the story says"


@pytest.mark.slow
def test_nothing_is_left(stage):
    """No message waits, nobody else was written to, no fibre is sold twice."""
    rows = stage.server.rows
    waiting = "SELECT flow FROM oiconnect_event WHERE state IN ('pending', 'error') "
    assert rows(waiting + "AND res_model = 'oiconnect.link.order'") == []
    assert stage.strangers == []
    held = "SELECT fibre_id FROM oiconnect_link_order_fibre WHERE end_date IS NULL "
    assert rows(held + "GROUP BY fibre_id HAVING count(*) > 1") == []


def test_there_are_stories_enough():
    assert len(STORIES) >= 8
    assert all(script.title.endswith(".") for script in STORIES.values())
