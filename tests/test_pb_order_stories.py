"""Stories of PB orders, end to end by files on a real SFTP server.

Each file of `stories/pb_orders/` is one; all are played at once on one server.
"""

from contextlib import ExitStack

import pytest
from conftest import demo_running
from golden_files import check
from oictools.oc import Account
from pb_order_stage import SCRIPTS, PbNetwork, PbStage
from story_network import PRESENT
from story_script import scripts

STORIES = {script.name: script for script in scripts(SCRIPTS)}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The stage once all stories have been played."""
    with ExitStack() as stack:
        logins = [code.lower() for code in PRESENT]
        running = demo_running(tmp_path_factory.mktemp("pb_orders"), *logins)
        server, sftp = stack.enter_context(running)
        PbNetwork(server.client(), list(STORIES.values())).make()
        accounts = {
            code: stack.enter_context(Account(sftp.port, login, f"demo-{login}"))
            for code, login in zip(PRESENT, logins, strict=True)
        }
        stage = PbStage(server, accounts)
        stage.play()
        yield stage


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story_goes_as_it_is_written(stage, name):
    [play] = [play for play in stage.plays if play.script.name == name]
    assert play.failure is None
    left = {key: [flow for flow, *_ in got] for key, got in play.inbox.items() if got}
    assert not left, "more was told than the story says"
    check(f"pb_orders/{name}", play.messages)


@pytest.mark.slow
def test_nothing_is_left(stage):
    """No message waits, no PB is ordered twice, nobody else was written to."""
    rows = stage.server.rows
    assert rows("SELECT id, flow FROM oiconnect_event WHERE state = 'pending'") == []
    assert (
        rows(
            "SELECT building_id FROM oiconnect_pb_order WHERE state "
            "IN ('ar_ok', 'planned', 'laid') GROUP BY 1 HAVING count(*) > 1"
        )
        == []
    )
    assert stage.strangers == []


@pytest.mark.slow
def test_every_operator_of_the_pm_got_its_report(stage):
    for code in PRESENT:
        reports = stage.reports[code]
        assert reports, code
        assert all(name.startswith("CRMAD_") for name in reports), code


def test_there_are_stories_enough():
    assert len(STORIES) >= 6
    assert all(script.title.endswith(".") for script in STORIES.values())
