"""Use of the processors during a load, and by other work on the machine."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Processors:
    """Seconds of processor by group of processes, each time that it looks.

    ``web`` and ``jobs``, with the workers that ended; ``postgres``, and of it the
    connections of each server; ``people``, and ``generator``: this process, which has
    the SFTP server and the other clients. ``others`` are none of ours.
    """

    def __init__(self, servers, people, backend):
        self._servers, self._people = servers, people
        self._postmaster = int(_stat(backend)[1])
        self._backends = {}
        self.samples, self.load = [], []

    def look(self, now, connections):
        """:param connections: ``[(process of PostgreSQL, "odoo-<process>")]``"""
        spent = {name: _family(pid) for name, pid in self._servers.items()}
        spent["postgres"] = _family(self._postmaster)
        spent["people"], spent["generator"] = _own(self._people), _own(os.getpid())
        spent["all"] = _machine()
        self.samples.append((now, spent | self._postgres_of(connections)))
        self.load.append((now, os.getloadavg()[0]))

    def _postgres_of(self, connections):
        owners = {
            str(process): name
            for name, pid in self._servers.items()
            for process in (pid, *children(pid))
        }
        for backend, application in connections:
            owner = owners.get(application.rpartition("-")[2])
            if owner and (seconds := _own(backend)):
                self._backends[backend] = (owner, seconds)
        spent = {f"postgres of {name}": 0 for name in self._servers}
        for owner, seconds in self._backends.values():
            spent[f"postgres of {owner}"] += seconds
        return spent

    def shares(self, seconds):
        """Return ``{group: processors that it took}`` after the first ``seconds``."""
        start = self.samples[0][0] + seconds
        measured = [sample for sample in self.samples if sample[0] >= start]
        (first, before), (last, after) = measured[0], measured[-1]
        lasted = max(last - first, 1)
        taken = {name: (after[name] - before[name]) / lasted for name in after}
        ours = ("web", "jobs", "postgres", "people", "generator")
        taken["others"] = taken["all"] - sum(taken[name] for name in ours)
        return {name: round(share, 3) for name, share in taken.items()}

    def loads(self, seconds):
        start = self.load[0][0] + seconds
        return [load for at, load in self.load if at >= start]


def children(pid):
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _stat(pid):
    """Return what the system says of a process, after its name."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _own(pid):
    found = _stat(pid)
    return sum(map(int, found[11:13])) / TICKS if found else 0


def _family(pid):
    """Return the seconds of a process and its children, those that ended too."""
    found = _stat(pid)
    if not found:
        return 0
    return sum(map(int, found[11:15])) / TICKS + sum(map(_own, children(pid)))


def _machine():
    """Return the seconds of all processors that were not idle."""
    line = Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]
    idle = sum(map(int, line[3:5]))
    return (sum(map(int, line)) - idle) / TICKS
