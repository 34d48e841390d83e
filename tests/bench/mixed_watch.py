"""What a load takes and leaves: memory of processes, queue, dead rows."""

import os
import time
from pathlib import Path

import psycopg2

from . import mixed_limits
from .mixed_clients import Repeating
from .mixed_processors import Processors, children

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
#: connections of servers: process of PostgreSQL, name that the other end gives
CONNECTIONS = """
    SELECT pid, application_name FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'odoo-%'
"""
#: seconds that each step of a receipt took: the file was seen still and taken, its
#: lines were answered, the answers were written to a file, which was sent
ROAD = """
    SELECT received.name, extract(epoch FROM received.create_date),
           extract(epoch FROM event.create_date),
           extract(epoch FROM sent.create_date), extract(epoch FROM sent.sent_date)
      FROM oiconnect_exchange received
      JOIN oiconnect_exchange_line line
           ON line.exchange_id = received.id AND line.line = 2
      JOIN oiconnect_event event ON event.res_model = line.res_model
           AND event.res_id = line.res_id AND event.flow = 'AR_CMD'
      JOIN oiconnect_exchange sent ON sent.id = event.exchange_id
     WHERE received.direction = 'in'
"""


class Watch(Repeating):
    """Looks every few seconds; what it asks of the database is cheap."""

    pause = 5

    def __init__(self, servers, people):
        super().__init__()
        self.servers = servers.servers
        self.memory, self.queue = {}, []
        masters = {name: server.pid for name, server in self.servers.items()}
        with _cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [backend] = cursor.fetchone()
            # While it is there
            self.processors = Processors(masters, people.pid, backend)

    def work(self):
        now = time.time()
        with _cursor() as cursor:
            cursor.execute(QUEUE)
            [waiting] = cursor.fetchone()
            cursor.execute(CONNECTIONS)
            connections = cursor.fetchall()
        self.queue.append((now, waiting))
        for name, pid in [*self._processes(), *self._backends(connections)]:
            if megabytes := _own_memory(pid):
                self.memory.setdefault(name, []).append((now, megabytes))
        self.processors.look(now, connections)

    def _processes(self):
        for name, server in self.servers.items():
            for pid in (server.pid, *children(server.pid)):
                yield f"{name} {pid}", pid

    def _backends(self, connections):
        return [(f"postgres {pid}", pid) for pid, _name in connections]

    def last_memory(self):
        return round(sum(samples[-1][1] for samples in self.memory.values()))

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


def road(dropped):
    """Return ``{step: [seconds]}`` of files: ``{name: when it was dropped}``."""
    steps = {"taken": [], "answered": [], "written": [], "sent": []}
    for name, *ends in rows(ROAD):
        if name in dropped:
            moments = [dropped[name], *map(float, ends)]
            for step, start, end in zip(steps, moments, moments[1:], strict=False):
                steps[step].append(end - start)
    return steps


def rows(query):
    with _cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


class _cursor:
    """A cursor on a connection of its own, which leaves nothing open."""

    def __enter__(self):
        self._connection = psycopg2.connect(dbname=os.environ["OIC_BENCH_DB"])
        return self._connection.cursor()

    def __exit__(self, *error):
        self._connection.close()


def _own_memory(pid):
    """Return the megabytes that a process has for itself; nothing once it is gone."""
    try:
        sizes = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return (int(sizes[1]) - int(sizes[2])) * os.sysconf("SC_PAGE_SIZE") / 1e6
