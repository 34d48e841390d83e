"""Odd files dropped on the real SFTP server: each gets its answer, none blocks."""

import itertools

import demo_facts
import pytest
from conftest import demo_running, look_now
from oictools import oc
from oictools.oc import Account
from oictools.story import Story
from test_stories import left_to_do
from waiting import wait_until

PREFIX = "OCA-ODD"
RANKS = itertools.count(1)
BUSY = {"in_received", "in_processing"}
NAME = "OICN_OCAA_ACCES_CMD_ACCES_{version}_20260314_{rank:02d}.csv"


class Border:
    """Drops files and tells what became of them, as OI staff see it in French."""

    def __init__(self, server, operator):
        self.server = server
        self.operator = operator
        self.client = server.client()
        self.story = Story(operator, demo_facts.place(), PREFIX)

    def name(self, version="V13"):
        return NAME.format(version=version, rank=next(RANKS))

    def good(self, number):
        return oc.write("CMD_ACCES", [self.story.line(number)])

    def drop(self, content, name=None, folder="in/archive"):
        """Drop a file, wait until it is put away, return its exchange."""
        name = name or self.name()
        before = len(self.states(name))
        self.operator.drop(name, content)
        self.wait_for(name, before + 1)
        self.operator.wait_put_away(name, folder)
        return self.exchanges(name)[0]

    def wait_for(self, name, count):
        def settled():
            found = self.states(name)
            return len(found) >= count and found[0] not in BUSY

        wait_until(settled)

    def states(self, name):
        """Return the states of what came under a name, past the server: it is busy."""
        query = (
            "SELECT state FROM oiconnect_exchange "
            "WHERE name = %s AND direction = 'in' ORDER BY id DESC"
        )
        return [state for (state,) in self.server.rows(query, name)]

    def exchanges(self, name):
        return self.client.read(
            "oiconnect.exchange",
            [["name", "=", name], ["direction", "=", "in"]],
            "state",
            "message",
            "encoding",
            "line_count",
            "refused_count",
            "replay_count",
            "duplicate_of_id",
            order="id desc",
            context={"lang": "fr_FR"},
        )


@pytest.fixture(scope="module")
def demo_servers(tmp_path_factory):
    with demo_running(tmp_path_factory.mktemp("border")) as servers:
        yield servers


@pytest.fixture
def border(demo_servers):
    """The border once nothing is left to answer: what comes answers the test."""
    server, sftp = demo_servers
    wait_until(lambda: not left_to_do(server))
    with Account(sftp.port, "ocaa", "demo-ocaa") as operator:
        yield Border(server, operator)


@pytest.mark.slow
def test_odd_files_are_answered_in_french_and_block_nothing(border):
    refused = {
        "not csv": (b"%PDF-1.7\x00\x01", None, "CSV"),
        "wrong header": (b"A;B\r\n1;2\r\n", None, "en-tête"),
        "unknown version": (border.good(10), border.name("V97"), "V9.7"),
        "foreign operator": (
            border.good(11),
            "OICN_OCBB_ACCES_CMD_ACCES_V13_20260314_90.csv",
            "OCBB",
        ),
    }
    for content, name, text in refused.values():
        exchange = border.drop(content, name, folder="in/error")
        assert exchange["state"] == "in_refused"
        assert text in exchange["message"]
    exchange = border.drop(border.good(12))
    assert exchange["state"] == "in_done"
    name, content = border.operator.wait("AR_CMD")
    assert oc.read(content)


@pytest.mark.slow
def test_a_name_already_seen(border):
    name, content = border.name(), border.good(20)
    border.drop(content, name)
    receipt, first = border.operator.wait("AR_CMD")
    # An answer that is still being noted as sent is not sent twice.
    wait_until(lambda: not left_to_do(border.server))
    border.operator.seen.discard(receipt)
    border.operator._sftp.remove(f"out/{receipt}")
    again = border.drop(content, name)
    assert again["state"] == "in_done"
    assert again["duplicate_of_id"]
    answered, second = border.operator.wait("AR_CMD")
    assert (answered, second) == (receipt, first)
    anomaly = border.drop(border.good(21), name, folder="in/error")
    assert anomaly["state"] == "in_anomaly"
    assert "autre contenu" in anomaly["message"]
    _name, content = border.operator.wait("AR_CMD")
    [line] = oc.read(content)
    assert line["MotifKoArCommandePrise"] == "FIMP16"


@pytest.mark.slow
def test_encodings_and_values_with_quotes_and_line_breaks(border):
    line = border.story.line(30, CommentaireCmdAcces='à "gauche"; puis\r\nau fond')
    text = oc.write("CMD_ACCES", [line]).decode()
    for encoding, shown in (
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
    ):
        number = 31 + ("utf-8", "utf-8-sig", "cp1252").index(encoding)
        content = text.replace("OCA-ODD-030", border.story.reference(number))
        exchange = border.drop(content.encode(encoding))
        assert (exchange["state"], exchange["encoding"]) == ("in_done", shown)
        [order] = border.client.read(
            "oiconnect.access.order",
            [["oc_reference", "=", border.story.reference(number)]],
            "comment",
        )
        assert order["comment"].splitlines() == ['à "gauche"; puis', "au fond"]


@pytest.mark.slow
def test_a_down_partner_does_not_stop_the_others(border):
    """OCBB's server is gone: OCAA's files are taken all the same."""
    border.server.rows(
        "UPDATE oiconnect_endpoint SET port = 1 WHERE login = 'ocbb' RETURNING id"
    )
    look_now(border.server)
    exchange = border.drop(border.good(40))
    assert exchange["state"] == "in_done"
    wait_until(lambda: failing(border) == ["ocbb"])


def failing(border):
    query = "SELECT login FROM oiconnect_endpoint WHERE failure_count > 0"
    return [login for (login,) in border.server.rows(query)]
