"""What a load takes and leaves: memory of processes, processors, queue, dead rows."""

import os
import time
from contextlib import closing
from pathlib import Path

import psycopg2

from . import mixed_limits
from .mixed_clients import Repeating

TICKS = os.sysconf("SC_CLK_TCK")
#: jobs that could be done now
QUEUE = """
    SELECT count(*) FROM queue_job
     WHERE state IN ('pending', 'enqueued', 'started')
       AND (eta IS NULL OR eta <= now() AT TIME ZONE 'UTC')
"""
FAILED = "SELECT name, exc_message FROM queue_job WHERE state = 'failed'"
BLOAT = """
    SELECT relname, n_live_tup, n_dead_tup FROM pg_stat_user_tables
     WHERE relname ~ '^(oiconnect|queue_job|ir_|mail_|bus_)'
"""


class Watch(Repeating):
    """Looks every few seconds; what it asks of the database is cheap."""

    pause = 5

    def __init__(self, servers, people):
        super().__init__()
        self.servers, self.people = servers.servers, people
        self.memory, self.queue, self._spent = {}, [], {}
        self._start = time.time()

    def work(self):
        now = time.time()
        for name, pid in self._processes():
            if megabytes := _resident(pid):
                self.memory.setdefault(name, []).append((now, megabytes))
            self._spent[name] = _processor(pid) or self._spent.get(name, 0)
        self._spent["people"] = _processor(self.people.pid)
        self._spent["others"] = _processor(os.getpid())
        [(waiting,)] = rows(QUEUE)
        self.queue.append((now, waiting))
        self._end = now

    def _processes(self):
        for name, server in self.servers.items():
            yield f"{name} {server.pid}", server.pid
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
            for child in children.read_text().split():
                yield f"{name} {child}", int(child)

    def last_memory(self):
        return round(sum(samples[-1][1] for samples in self.memory.values()))

    def client_share(self):
        return self._share("people", "others")

    def server_shares(self):
        return {name: round(self._share(*self._of(name)), 2) for name in self.servers}

    def _of(self, name):
        return [key for key in self._spent if key.startswith(f"{name} ")]

    def _share(self, *names):
        seconds = self._end - self._start
        return sum(self._spent.get(name, 0) for name in names) / seconds

    def failed(self):
        return [f"failed job {name}: {message}" for name, message in rows(FAILED)]

    def bloat(self):
        return {table: (live, dead) for table, live, dead in rows(BLOAT)}

    def wait_vacuumed(self, seconds):
        """Give autovacuum, which looks once a minute, the time to come."""
        end = time.time() + seconds
        while time.time() < end:
            found = mixed_limits.Found(0, [], [], 0, [], {}, [], self.bloat())
            if not found.bloated():
                return
            time.sleep(5)


def rows(query):
    with closing(psycopg2.connect(dbname=os.environ["OIC_BENCH_DB"])) as connection:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()


def _resident(pid):
    """Return the megabytes that a process has; nothing once it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _processor(pid):
    """Return the seconds of processor that a process has taken."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:
        return 0
    return sum(map(int, text.split()[11:13])) / TICKS
