"""The server is killed at ten moments of the story: nothing is lost or doubled."""

import threading
from functools import partial

import demo_facts
import pytest
from conftest import look_now
from golden_files import check
from oictools import database
from oictools.story import Story
from test_stories import PREFIX, STATES, account, left_to_do, states
from waiting import wait_until

# A job that was running when its server died is taken up a minute later.
LIMIT = 1200
ORDER = "oc_reference LIKE 'OCA-STORY%'"


def exists(query):
    def is_there(cursor, home):
        cursor.execute(f"SELECT 1 FROM {query} LIMIT 1")
        return bool(cursor.fetchone())

    return is_there


def claimed(cursor, home):
    return any(path.name.startswith(".oic-") for path in (home / "in").iterdir())


def dropped(cursor, home):
    return any("_CMD_ACCES_" in path.name for path in (home / "in").rglob("*"))


def being_written(cursor, home):
    return any((home / "out").iterdir())


def flow(code, state="name IS NOT NULL"):
    return exists(
        "oiconnect_exchange e JOIN oiconnect_flow f ON f.id = e.flow_id "
        f"WHERE f.code = '{code}' AND e.create_date > now() - interval '1 hour' "
        f"AND e.{state}"
    )


# In the order of the story; each stays true once it is.
MOMENTS = {
    "the order file is dropped": dropped,
    "the order file is claimed": claimed,
    "the order file is stored": flow("CMD_ACCES"),
    "the orders are made": exists(f"oiconnect_access_order WHERE {ORDER}"),
    "the orders are studied": exists(
        f"oiconnect_access_order WHERE {ORDER} AND state IN ('cr_ko', 'connecting')"
    ),
    "the receipt is made": flow("AR_CMD"),
    "an answer is written": being_written,
    "the report of connection is stored": flow("CR_STOC"),
    "the line is made available": exists(
        f"oiconnect_access_order WHERE {ORDER} AND state IN ('delivered', 'in_service')"
    ),
    "the delivery is put in a file": flow("CR_MAD"),
}


class Killer(threading.Thread):
    """Kills the server at each moment as it comes, and starts it again.

    It looks a hundred times a second, so by one connection.
    """

    def __init__(self, server, home):
        super().__init__(daemon=True)
        self.server = server
        self.home = home
        self.kills = []
        self.failure = None

    def run(self):
        try:
            with database.connect(self.server.database) as cursor:
                for name in MOMENTS:
                    self._kill_at(name, cursor)
        except BaseException as error:
            self.failure = error

    def _kill_at(self, name, cursor):
        wait_until(partial(MOMENTS[name], cursor, self.home), LIMIT, 0.01)
        self.server.kill()
        self.kills.append(name)
        self.server.start()
        look_now(self.server)


@pytest.mark.slow
def test_killing_the_server_loses_and_doubles_nothing(demo):
    server, sftp = demo
    killer = Killer(server, sftp.home("ocaa"))
    killer.start()
    with account(sftp, timeout=LIMIT) as operator:
        story = Story(operator, demo_facts.place(), PREFIX)
        list(story.steps())
        killer.join(LIMIT)
        assert killer.failure is None, killer.failure
        assert killer.kills == list(MOMENTS)
        wait_until(lambda: states(server) == STATES, LIMIT)
        wait_until(lambda: not left_to_do(server), LIMIT)
        sent = operator.sent()
    check("order", story.messages)
    assert sent == sorted(m.name for m in story.messages if not m.ours)
    assert_each_file_is_once(server, story)


def assert_each_file_is_once(server, story):
    """Every file of the story is one exchange: no replay, no anomaly."""
    names = [message.name for message in story.messages]
    rows = server.rows(
        "SELECT name, count(*) FROM oiconnect_exchange WHERE name = ANY(%s) "
        "GROUP BY name",
        names,
    )
    assert dict(rows) == dict.fromkeys(names, 1)
