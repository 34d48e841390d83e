"""OCAA orders accesses: the whole line, over a real SFTP server."""

import re

import demo_facts
import pytest
from golden_files import check
from oictools.oc import Account
from oictools.story import Story

PREFIX = "OCA-STORY"
NAME = re.compile(r"^OICN_OCAA_ACCES_[A-Z_]+_V13_\d{8}_\d{2}\.csv$")
STATES = {
    "OCA-STORY-001": "in_service",
    "OCA-STORY-002": "cr_ko",
    "OCA-STORY-003": "cr_ko",
    "OCA-STORY-004": "ar_ko",
}


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
