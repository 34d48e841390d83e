"""One server of OIConnect, a good operator and a hostile one, each with its account."""

import re
import threading
import time
from contextlib import contextmanager
from functools import cache

import small_network
from odoo_process import environment, registry
from oictools.oc import read, write
from waiting import wait_until

OI, GOOD, HOSTILE = "OITH", "OCG1", "OCH1"
LOGIN, PASSWORD = "ocaa", "demo-ocaa"
# What the hostile operator's files tell of its customers: no log may name it.
CUSTOMER, PHONE, REFERENCE = "MARQUISE-FICTIVE", "0699999999", "SECRETE"
SECRETS = (CUSTOMER, PHONE, REFERENCE)
TIMEOUT = 2
#: of anything that is awaited; only what hangs comes near
LIMIT = 300
PAUSE = 0.1
#: from an answer to the next order: the good one is not what keeps a core busy
BREATH = 3
#: turns of a wait between two words to the account not to wait: three seconds, in which
#: a look at a silent server comes to its end, and its failure can be noted
HASTEN = 30
FRENCH = re.compile("Le serveur|n'a pas pu être pris|est refusé|n'est pas")
OF_FILES = "res_model IN ('oiconnect.endpoint', 'oiconnect.exchange')"
TASKS = f"SELECT summary FROM mail_activity WHERE {OF_FILES} ORDER BY id"
DONE = f"DELETE FROM mail_activity WHERE {OF_FILES}"
# Once no look and no sending is going on
LEAD = """
    SELECT pg_advisory_xact_lock(hashtext('oiconnect.endpoint.poll'), %s),
           pg_advisory_xact_lock(hashtext('oiconnect.endpoint.send'), %s);
    UPDATE oiconnect_endpoint
       SET kind = %s, host = %s, port = %s, host_key = %s, timeout_seconds = %s,
           still_seconds = %s, active = %s, poll_seconds = %s, failure_count = 0,
           last_error = NULL, next_try_date = NULL
     WHERE id = %s"""

CHECK = """
    UPDATE oiconnect_claim SET check_date = now() AT TIME ZONE 'utc'
     WHERE account_model = 'oiconnect.endpoint' AND account_id = %s"""


def prepare(name):
    """Make the network and the accounts; return their ids and what orders name."""
    with registry(name) as found, environment(found) as env:
        staff = env["res.users"].create(
            {"name": "Camille Exemple", "login": "camille", "lang": "fr_FR"}
        )
        made = small_network.make(env, OI, GOOD, HOSTILE)
        for operator in made["operators"]:
            operator.lang = "fr_FR"
        values = {
            "login": LOGIN,
            "password": PASSWORD,
            "responsible_id": staff.id,
        }
        endpoints = {
            operator.interop_code: small_network.make_endpoint(
                env, made, operator, **values
            ).id
            for operator in made["operators"]
        }
        return endpoints | {
            "pm": made["pm"].reference,
            "building": made["building"].identifier,
        }


class Scene:
    """The share of both operators: the server, the network, the names of files."""

    def __init__(self, server, made):
        self.server = server
        self.made = made
        self._rank = 0
        self._lock = threading.Lock()

    def orders(self, code, count=1, **columns):
        """Return the (name, references, bytes) of a file of orders."""
        with self._lock:
            self._rank += 1
            rank = self._rank
        name = f"{OI}_{code}_ACCES_CMD_ACCES_V13_20260314_{rank:03d}.csv"
        references = [f"{REFERENCE}-{rank}-{line}" for line in range(count)]
        rows = [self._row(reference) | columns for reference in references]
        return name, references, write("CMD_ACCES", rows)

    def _row(self, reference):
        return {
            "ReferenceCommandePriseInterneOC": reference,
            "TypeRacco": "STOC",
            "NomClient": CUSTOMER,
            "ContactClient1": PHONE,
            "ReferencePm": self.made["pm"],
            "IdentifiantImmeuble": self.made["building"],
            "PriseExistante": "N",
            "TypeCommandeDemande": "AUTO",
            "DateCommandePrise": "20260314 10:05",
        }

    def lead(
        self, code, server, port=None, timeout=TIMEOUT, still=0, active=True, every=1
    ):
        """Lead the account of an operator to a server.

        ``every``: seconds from one look to the next
        """
        endpoint_id = self.made[code]
        place = (server.kind, server.host, port or server.port, server.host_key)
        values = (*place, timeout, still, active, every)
        self.server.rows(LEAD, endpoint_id, endpoint_id, *values, endpoint_id)

    def hasten(self, code):
        """Do not wait for the end of a back-off, of looks and of sendings."""
        client = self.server.client()
        client.call("oiconnect.endpoint", "action_poll", [self.made[code]])
        domain = [("endpoint_id", "=", self.made[code]), ("state", "=", "out_ready")]
        waiting = client.call("oiconnect.exchange", "search", domain)
        client.call("oiconnect.exchange", "action_try_now", waiting)

    def rows(self, query, *parameters):
        return self.server.rows(query, *parameters)


def drop(folder, name, content):
    """Put a file there as one should: under its name once it is complete."""
    temporary = folder / f"{name}.tmp"
    temporary.write_bytes(content)
    temporary.rename(folder / name)


def answered(out):
    """Return the references in all acknowledgements of a folder, in their order.

    It is read many times a second: each file is read once.
    """
    return [
        reference
        for path in sorted(out.glob("*_AR_CMD_*.csv"))
        for reference in _references(path, *_version(path))
    ]


def _version(path):
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@cache
def _references(path, _written, _size):
    """Return the references in a file, read anew once it was written again."""
    content = path.read_bytes()
    return tuple(row["ReferenceCommandePriseInterneOC"] for row in read(content))


class Good:
    """An operator that does all as it should, again and again, and takes the time."""

    def __init__(self, scene, home):
        self.scene = scene
        self.home = home
        self.times = []

    def order(self):
        """Drop an order; return after how many seconds its acknowledgement is there."""
        name, references, content = self.scene.orders(GOOD)
        began = time.monotonic()
        drop(self.home / "in", name, content)
        wait_until(lambda: references[0] in answered(self.home / "out"), LIMIT, PAUSE)
        return time.monotonic() - began

    @contextmanager
    def at_work(self):
        """Order all the time meanwhile; what goes wrong is raised at the end."""
        self.times, failures, stop = [], [], threading.Event()

        def work():
            try:
                while not stop.is_set() or not self.times:
                    self.times.append(self.order())
                    stop.wait(BREATH)
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(2 * LIMIT)
        assert not failures, failures


class Hostile:
    """The account of the operator that misbehaves, and what OI staff hear of it."""

    def __init__(self, scene, server, good):
        self.scene = scene
        self.server = server
        self.good = good
        self.faults = server.faults
        self.inbox = server.folder / "in"
        self.out = server.folder / "out"
        # Staff have done the tasks from before; the same are given again.
        scene.rows(DONE)

    # -- what it does ----------------------------------------------------------------

    def orders(self, count=1, **columns):
        return self.scene.orders(HOSTILE, count, **columns)

    def drop(self, name, content):
        drop(self.inbox, name, content)

    def lead(self, **values):
        """Lead our account to this server, or to another port, with other settings."""
        self.scene.lead(HOSTILE, self.server, **values)

    # -- what is awaited -------------------------------------------------------------

    def wait(self, is_true, hasten=False):
        """``hasten``: looks and sendings wait for no back-off meanwhile."""
        end, turn = time.monotonic() + LIMIT, 0
        while not is_true():
            assert time.monotonic() < end, f"does not come; tasks: {self.tasks()}"
            if hasten and turn % HASTEN == 0:
                self.scene.hasten(HOSTILE)
            turn += 1
            time.sleep(PAUSE)

    def wait_looks(self, count):
        """Wait until the folder was listed so many times more."""
        seen = self.faults.counts["list"]
        self.wait(lambda: self.faults.counts["list"] >= seen + count, hasten=True)

    def wait_for_the_good(self):
        """Wait until the good operator is answered an order that it makes now."""
        self.good.times.append(self.good.order())

    def wait_task(self, *words):
        """Wait until staff have a task with these words."""
        self.wait(lambda: any(_says(text, words) for text in self.tasks()), hasten=True)

    def wait_answered(self, references):
        """Wait for one acknowledgement of each order, and one order for each."""
        wanted = set(references)
        self.wait(lambda: wanted <= self.answered(), hasten=True)
        received = [item for item in answered(self.out) if item in wanted]
        assert sorted(received) == sorted(references), "answered twice"
        self.assert_orders(references)

    def wait_for_the_next_check(self, is_true):
        """Files put away are looked at again, later and later: do not wait for it."""
        self.scene.rows(CHECK, self.scene.made[HOSTILE])
        self.wait(is_true, hasten=True)

    def wait_put_away(self, name, folder="archive"):
        self.wait((self.inbox / folder / name).exists, hasten=True)
        assert not [path for path in self.inbox.iterdir() if path.name.endswith(name)]

    # -- what is seen ----------------------------------------------------------------

    def answered(self):
        return set(answered(self.out))

    def tasks(self):
        """Return the tasks that staff were given since it began."""
        return [text for (text,) in self.scene.rows(TASKS)]

    def assert_tasks_in_french(self):
        tasks = self.tasks()
        assert tasks
        assert [text for text in tasks if not FRENCH.search(text)] == []

    def last_error(self):
        return self._value("SELECT last_error FROM oiconnect_endpoint WHERE id = %s")

    def unsent_message(self):
        return self._value(
            "SELECT max(message) FROM oiconnect_exchange "
            "WHERE endpoint_id = %s AND state = 'out_ready'"
        )

    def _value(self, query):
        [(value,)] = self.scene.rows(query, self.scene.made[HOSTILE])
        return value

    def assert_orders(self, references):
        """Each is one order."""
        assert self._ordered(references) == sorted(references)

    def assert_not_ordered(self, references):
        assert self._ordered(references) == []

    def _ordered(self, references):
        query = (
            "SELECT oc_reference FROM oiconnect_access_order "
            "WHERE oc_reference = ANY(%s)"
        )
        return sorted(item for (item,) in self.scene.rows(query, list(references)))

    def stored_sizes(self, name):
        query = "SELECT size FROM oiconnect_exchange WHERE name = %s ORDER BY id"
        return [size for (size,) in self.scene.rows(query, name)]

    def stored(self, column):
        """Return what the stored files of the operator have in a column."""
        query = f"SELECT {column} FROM oiconnect_exchange WHERE endpoint_id = %s"
        found = self.scene.rows(query, self.scene.made[HOSTILE])
        return [value for (value,) in found]


def _says(text, words):
    return all(word in text for word in words)
