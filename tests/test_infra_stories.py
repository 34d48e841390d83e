"""Stories of orders of links, PMs and PBs, end to end by files on a real SFTP server.

Each file of `stories/link_orders/`, `pm_orders/` and `pb_orders/` is one. Those of a
kind are played at once, kind after kind, on one server: each has places of its own.
"""

from contextlib import ExitStack

import link_stage
import pb_order_stage
import pm_stage
import pytest
from conftest import demo_running
from golden_files import check
from oictools.oc import Account
from pm_places import Places
from story_network import PRESENT
from story_script import scripts
from waiting import wait_until

LINKS, PMS, PBS = (
    {script.name: script for script in scripts(stage.SCRIPTS)}
    for stage in (link_stage, pm_stage, pb_order_stage)
)
#: what is still to be sent to operators: events, files on their way
PENDING = """
    SELECT id FROM oiconnect_event WHERE state = 'pending' AND channel = 'file'
     UNION ALL SELECT id FROM oiconnect_exchange
     WHERE state IN ('out_ready', 'in_received', 'in_processing')"""


class World:
    """A server, and the accounts of the operators, where stages follow each other."""

    def __init__(self, server, accounts):
        self.server = server
        self.accounts = accounts

    def play(self, stage):
        """Play all stories of a stage, which hears nothing of those before."""
        wait_until(lambda: not self.server.rows(PENDING))
        for account in self.accounts.values():
            account.take()
        stage.play()
        return stage


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with ExitStack() as stack:
        logins = [code.lower() for code in PRESENT]
        running = demo_running(tmp_path_factory.mktemp("infra"), *logins)
        server, sftp = stack.enter_context(running)
        accounts = {
            code: stack.enter_context(Account(sftp.port, login, f"demo-{login}"))
            for code, login in zip(PRESENT, logins, strict=True)
        }
        yield World(server, accounts)


@pytest.fixture(scope="module")
def links(world):
    """The stage once all stories of links have been played."""
    link_stage.LinkNetwork(world.server.client(), list(LINKS.values())).make()
    return world.play(link_stage.LinkStage(world.server, world.accounts))


@pytest.fixture(scope="module")
def pms(world):
    """The stage once all stories of PMs have been played."""
    stories = list(PMS.values())
    places = Places(world.server.client(), stories).make()
    stage = pm_stage.PmStage(world.server, world.accounts, stories, places)
    return world.play(stage)


@pytest.fixture(scope="module")
def pbs(world):
    """The stage once all stories of PBs have been played."""
    pb_order_stage.PbNetwork(world.server.client(), list(PBS.values())).make()
    return world.play(pb_order_stage.PbStage(world.server, world.accounts))


def played(stage, name):
    """Return a story that was played to its end, after which nothing more was sent."""
    [play] = [play for play in stage.plays if play.script.name == name]
    if play.failure:
        pytest.fail(play.failure)
    assert_all_heard(play)
    return play


def assert_all_heard(play):
    left = {key: [flow for flow, *_ in got] for key, got in play.inbox.items() if got}
    assert not left, "more was sent than the story says"


# -- links -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", LINKS)
def test_a_story_of_links_goes_as_it_is_written(links, name):
    played(links, name)


@pytest.mark.slow
def test_nothing_is_left_of_links(links):
    """No message waits, no other operator was written to, no fibre is sold twice."""
    rows = links.server.rows
    waiting = "SELECT flow FROM oiconnect_event WHERE state IN ('pending', 'error') "
    assert rows(waiting + "AND res_model = 'oiconnect.link.order'") == []
    assert links.strangers == []
    held = "SELECT fibre_id FROM oiconnect_link_order_fibre WHERE end_date IS NULL "
    assert rows(held + "GROUP BY fibre_id HAVING count(*) > 1") == []


# -- PMs -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", PMS)
def test_a_story_of_pms_goes_as_it_is_written(pms, name):
    play = pms.plays[name]
    assert play.failure is None
    assert_all_heard(play)


@pytest.mark.slow
def test_nothing_is_left_of_pms(pms):
    """No message waits, and no operator has a PM twice."""
    waiting = (
        "SELECT flow, error FROM oiconnect_event "
        "WHERE state != 'done' AND res_model = 'oiconnect.pm.order'"
    )
    assert pms.server.rows(waiting) == []
    assert pms.strangers == []


# -- PBs -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", PBS)
def test_a_story_of_pbs_goes_as_it_is_written(pbs, name):
    play = played(pbs, name)
    check(f"pb_orders/{name}", play.messages)


@pytest.mark.slow
def test_nothing_is_left_of_pbs(pbs):
    """No message waits, no PB is ordered twice, no one else was written to."""
    rows = pbs.server.rows
    assert rows("SELECT id, flow FROM oiconnect_event WHERE state = 'pending'") == []
    assert (
        rows(
            "SELECT building_id FROM oiconnect_pb_order WHERE state "
            "IN ('ar_ok', 'planned', 'laid') GROUP BY 1 HAVING count(*) > 1"
        )
        == []
    )
    assert pbs.strangers == []


@pytest.mark.slow
def test_every_operator_of_the_pm_got_its_report(pbs):
    for code in PRESENT:
        reports = pbs.reports[code]
        assert reports, code
        assert all(name.startswith("CRMAD_") for name in reports), code


def test_there_are_stories_enough():
    assert len(LINKS) >= 8
    assert len(PMS) >= 8
    assert len(PBS) >= 6
    for stories in (LINKS, PMS, PBS):
        numbers = [script.number for script in stories.values()]
        assert len(numbers) == len(set(numbers))
        assert all(script.title for script in stories.values())
    for script in (*LINKS.values(), *PBS.values()):
        assert script.title.endswith(".")
