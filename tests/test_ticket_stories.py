"""Stories of tickets, end to end: operators call by zeep, and their servers are called.

Each file of `stories/tickets/` is one; all are played at once on one server.
"""

from contextlib import ExitStack

import pytest
from conftest import OdooServer, copy_of, forget_partners
from demo_soap import LOGIN, PASSWORD, OcServer
from oictools import database
from story_script import scripts
from ticket_stage import OPERATORS, SCRIPTS, TicketStage

STORIES = {script.name: script for script in scripts(SCRIPTS)}
ACCOUNT = "oiconnect.soap.account"


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """{name: its play} once all stories have been played."""
    folder = tmp_path_factory.mktemp("tickets")
    with ExitStack() as stack:
        name = copy_of("demo", "tickets")
        stack.callback(database.drop, name)
        server = OdooServer(name, folder / "odoo.log")
        forget_partners(server)
        stack.callback(server.stop)
        server.start()
        oc_servers = {code: stack.enter_context(OcServer()) for code in OPERATORS}
        connect(server.client(), oc_servers)
        yield TicketStage(server, oc_servers).play()


def connect(client, oc_servers):
    """Let each operator and us call each other, in the version that it speaks."""
    for code, (version, _siren) in OPERATORS.items():
        [operator] = client.read(
            "oiconnect.operator", [("interop_code", "=", code)], "id"
        )
        client.call(
            "oiconnect.operator", "write", [operator["id"]], {"ticket_version": version}
        )
        values = {
            "login": code.lower(),
            "password": f"demo-{code.lower()}",
            "url": oc_servers[code].url,
            "remote_login": LOGIN,
            "remote_password": PASSWORD,
            "is_notified": True,
        }
        known = client.read(ACCOUNT, [("operator_id", "=", operator["id"])], "id")
        if known:
            client.call(ACCOUNT, "write", [known[0]["id"]], values)
        else:
            [network] = client.read("oiconnect.network", [], "id", limit=1)
            vals = values | {"operator_id": operator["id"], "network_id": network["id"]}
            client.call(ACCOUNT, "create", vals)


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story_goes_as_it_is_written(played, name):
    assert played[name].failure is None


def test_there_are_stories_enough():
    """Each says in its first line what it is about, and hears or reads something."""
    assert len(STORIES) >= 25
    for script in STORIES.values():
        assert script.title.endswith("."), script.name
        assert {"hears", "reads", "is", "answered"} & {s.verb for s in script.steps}
