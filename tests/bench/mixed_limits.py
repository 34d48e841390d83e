"""What a mixed load may not do: plain figures in, broken limits out."""

from statistics import median
from typing import NamedTuple

PAGES_MS, RECEIPTS_S = 500, 30
#: of the memory of a process, once it is warm
GROWTH = 0.05
#: seconds of a warm process before which it still learns what it will keep
LONG = 1_200
#: growths below this are a list that was read, not a leak
LEAST_MB = 8
#: of a connection of PostgreSQL, which keeps what its largest query took
CONNECTION, CONNECTION_MB = "postgres ", 256
#: jobs that may be more at the end than at the start
MORE_JOBS = 20
#: what autovacuum leaves of a table, as its settings have it, and as much again
VACUUM_ROWS, VACUUM_SHARE = 50, 0.2


class Page(NamedTuple):
    """A page that a person has looked at: when, its kind, what of it, how long."""

    at: float
    kind: str
    what: str
    ms: float


class Found(NamedTuple):
    """What was measured; times are seconds since the epoch."""

    #: seconds at the start of which only errors count
    warm_up: float
    pages: list
    #: [(when a file was dropped, seconds to its receipt)], and files without one
    receipts: list
    unanswered: int
    errors: list
    #: {process: [(when, megabytes)]}
    memory: dict
    #: [(when, jobs that could be done)]
    queue: list
    #: {table: (live rows, dead rows)}
    bloat: dict

    def measured_pages(self):
        return _after(self.pages, self.warm_up)

    def measured_receipts(self):
        return [seconds for _at, seconds in _after(self.receipts, self.warm_up)]

    def ends(self):
        """Return ``{process: (megabytes at first, at last)}``, once it is warm."""
        return {
            name: ends
            for name, samples in self.memory.items()
            if (ends := _ends(_after(samples, self.warm_up)))
        }

    def growths(self):
        """Return ``{process: share by which it grew}`` of those that are judged."""
        return {
            name: last / first - 1 if last - first > LEAST_MB else 0
            for name, (first, last) in self.ends().items()
            if self._is_long(self.memory[name]) and not name.startswith(CONNECTION)
        }

    def large_connections(self):
        """Return ``{process of PostgreSQL: megabytes}`` of those that have too much."""
        return {
            name: most
            for name, samples in self.memory.items()
            if name.startswith(CONNECTION)
            and (most := max(megabytes for _at, megabytes in samples)) > CONNECTION_MB
        }

    def _is_long(self, samples):
        return samples[-1][0] - samples[0][0] - self.warm_up >= LONG

    def bloated(self):
        """Return ``{table: dead rows}`` of those that autovacuum did not take back."""
        return {
            table: dead
            for table, (live, dead) in self.bloat.items()
            if dead > 2 * (VACUUM_ROWS + VACUUM_SHARE * live)
        }


def broken(found):
    """Return what is broken, in words: nothing when all is well."""
    return [
        *_slow(found),
        *(f"error: {error}" for error in found.errors[:20]),
        *(
            f"memory of {name} grew by {growth:.0%}, limit {GROWTH:.0%}"
            for name, growth in found.growths().items()
            if growth > GROWTH
        ),
        *(
            f"memory of {name}: {most:.0f} MB, limit {CONNECTION_MB} MB"
            for name, most in found.large_connections().items()
        ),
        *_grown_queue(found),
        *(
            f"table {table}: {dead} dead rows that autovacuum did not take back"
            for table, dead in found.bloated().items()
        ),
    ]


def _slow(found):
    pages = [page.ms for page in found.measured_pages()]
    for name, values, limit, unit in (
        ("pages", pages, PAGES_MS, "ms"),
        ("receipts", found.measured_receipts(), RECEIPTS_S, "s"),
    ):
        if not values:
            yield f"no {name}"
        elif (value := _p95(values)) > limit:
            yield f"{name} p95: {value:.0f} {unit}, limit {limit} {unit}"
    if found.unanswered:
        yield f"{found.unanswered} files without a receipt"


def _grown_queue(found):
    ends = _ends(_after(found.queue, found.warm_up))
    if ends and ends[1] - ends[0] > MORE_JOBS:
        yield f"jobs that wait: {ends[0]:.0f} at first, {ends[1]:.0f} at last"


def _p95(values):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]


def _after(samples, seconds):
    """Leave out what was first, by the time that each sample begins with."""
    start = min((sample[0] for sample in samples), default=0)
    return [sample for sample in samples if sample[0] >= start + seconds]


def _ends(samples):
    """Return the middle values of the first and of the last quarter, if there are."""
    quarter = len(samples) // 4
    if not quarter:
        return None
    values = [value for _at, value in samples]
    return median(values[:quarter]), median(values[-quarter:])
