"""A day at an OI, all at once, on a database of a million lines: who waits, what grows?

People browse by HTTP (how often: `mixed_people`), each of the operators drops a file of
five orders every twenty seconds on a real SFTP server, one opens a ticket by SOAP every
five seconds; every 45 seconds one building in a hundred changes and the differences are
published, every 90 an IPE is imported. Servers are those of production, as the table of
sizes has them: one of pages, one of jobs and scheduled actions, with processes of their
own. Accounts are looked at every ten seconds, and files are renamed once they are
whole: nothing waits for them to stand still. The first minutes are not measured.
`make soak` does the same for an hour. Limits: `mixed_limits`.
"""

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from demo_sftp import DemoSftp
from oictools import settings
from run import CHANNELS

from . import mixed_fill, mixed_limits
from .common import environment, figure, percentile, sized, timed
from .http_server import HttpServer
from .mixed_clients import Hotline, Network, Ordering, People, Servers
from .mixed_watch import Watch, road

#: lines of the database, people, operators, seconds
SIZES = {"small": (50_000, 50, 10, 180), "full": (1_000_000, 50, 10, 480)}
#: processes of pages, of jobs, of scheduled actions: the table of sizes
WORKERS, JOB_WORKERS, CRON = 8, 6, 2
#: before what is measured: one second for so many, and at least so many
WARM_UP, LEAST_WARM_UP = 5, 60
#: seconds for what is on its way at the end
LAST = 120


def run(size):
    lines, people, operators, seconds = SIZES[size]
    lines = sized({size: lines}, size)
    seconds = int(os.environ.get("DURATION") or seconds)
    sys.path.insert(0, str(settings.ROOT / "tests"))
    with tempfile.TemporaryDirectory(prefix="oic-mixed-") as folder:
        folder = Path(folder)
        with DemoSftp(folder / "sftp", accounts=mixed_fill.accounts(operators)) as sftp:
            warm_up = max(seconds // WARM_UP, LEAST_WARM_UP)
            wanted = (lines, people, operators, warm_up + seconds)
            with environment() as env:
                plan = mixed_fill.make(env, *wanted, sftp, folder)
            with timed() as clock:
                mixed_fill.settle()
            figure("mixed.vacuum", clock.seconds, "s")
            load(folder, sftp, plan, seconds, warm_up)


def load(folder, sftp, plan, seconds, warm_up):
    """Have all of them at work for ``seconds``; exit with an error on broken limits."""
    with ExitStack() as stack:
        web = stack.enter_context(pages_server(folder))
        jobs = stack.enter_context(jobs_server(folder))
        servers = Servers({"web": web, "jobs": jobs})
        others = [
            ordering := Ordering(sftp, plan),
            hotline := Hotline(web.port, plan),
            network := Network(plan),
        ]
        people = stack.enter_context(People(web.port, plan, warm_up + seconds))
        watch = stack.enter_context(Watch(servers, people))
        for other in others:
            stack.enter_context(other)
        people.wait(lambda: tell_minute(watch, people, ordering))
        for other in others:
            other.stop()
        ordering.wait_answered(LAST)
        watch.stop()
        watch.wait_vacuumed(LAST)
    found = mixed_limits.Found(
        warm_up=warm_up,
        pages=people.pages,
        receipts=ordering.receipts(),
        unanswered=ordering.unanswered(),
        errors=[
            *people.errors,
            *hotline.errors,
            *network.errors,
            *servers.complaints(),
            *watch.failed(),
        ],
        memory=watch.memory,
        queue=watch.queue,
        bloat=watch.bloat(),
    )
    tell(found, watch, ordering)
    figure("mixed.work", seconds, "s", warm_up=warm_up, **done(hotline, network))
    broken = mixed_limits.broken(found)
    for words in broken:
        print(f"BROKEN: {words}", flush=True)
    if broken:
        sys.exit(f"{len(broken)} limits are broken")
    print("All limits hold.", flush=True)


def pages_server(folder):
    options = (f"--workers={WORKERS}", "--max-cron-threads=0")
    return HttpServer(options, "root:0", folder / "web.log")


def jobs_server(folder):
    options = (f"--workers={JOB_WORKERS}", f"--max-cron-threads={CRON}")
    return HttpServer(options, CHANNELS, folder / "jobs.log")


def done(hotline, network):
    return {
        "tickets": hotline.count,
        "imports": network.imports,
        "deltas": network.deltas,
    }


# -- figures ---------------------------------------------------------------------------


def tell_minute(watch, people, ordering):
    """Report the figures of the last minute."""
    pages = [page.ms for page in people.pages if page.at > time.time() - 60]
    figure(
        "mixed.minute_pages_p95",
        percentile(pages, 0.95) if pages else 0,
        "ms",
        pages=len(pages),
        receipts=len(ordering.receipts()),
        waiting=ordering.unanswered(),
        queue=watch.queue[-1][1] if watch.queue else None,
        errors=len(people.errors),
        megabytes=watch.last_memory(),
    )


def tell(found, watch, ordering):
    tell_all_pages(found)
    tell_receipts(found, ordering)
    figure("mixed.errors", len(found.errors), "errors", first=found.errors[:5])
    figure(
        "mixed.memory",
        max((growth for growth in found.growths().values()), default=0) * 100,
        "% at most",
        goal=mixed_limits.GROWTH * 100,
        processes={
            name: [round(mb) for mb in ends] for name, ends in found.ends().items()
        },
    )
    figure("mixed.queue", max(count for _at, count in found.queue), "jobs at most")
    figure("mixed.bloat", len(found.bloated()), "tables", tables=found.bloated())
    shares = watch.processors.shares(found.warm_up)
    loads = watch.processors.loads(found.warm_up)
    figure(
        "mixed.processors",
        shares.pop("all"),
        "processors busy",
        processors=os.cpu_count(),
        load_average=[round(percentile(loads, share), 1) for share in (0, 0.5, 1)],
        **{name.replace(" ", "_"): share for name, share in shares.items()},
    )


def tell_all_pages(found):
    kinds = {}
    for page in found.measured_pages():
        kinds.setdefault(page.kind, []).append(page.ms)
    for kind, times in sorted(kinds.items()):
        tell_pages(f"mixed.page_{kind}_p95", times)
    slow = {}
    for page in found.measured_pages():
        slow[page.what] = max(slow.get(page.what, 0), round(page.ms))
    worst = dict(sorted(slow.items(), key=lambda item: -item[1])[:12])
    times = [page.ms for page in found.measured_pages()]
    tell_pages("mixed.pages_p95", times, goal=mixed_limits.PAGES_MS, slowest=worst)


def tell_receipts(found, ordering):
    receipts = found.measured_receipts()
    first = min((at for at, _seconds in found.receipts), default=0)
    steps = road(ordering.names(first + found.warm_up))
    figure(
        "mixed.receipts_p95",
        percentile(receipts, 0.95) if receipts else 0,
        "s",
        goal=mixed_limits.RECEIPTS_S,
        median=round(percentile(receipts, 0.5), 1) if receipts else None,
        slowest=round(max(receipts, default=0), 1),
        files=len(receipts),
        unanswered=found.unanswered,
        road={
            step: [round(percentile(times, share), 1) for share in (0.5, 0.95)]
            for step, times in steps.items()
            if times
        },
    )


def tell_pages(name, times, **more):
    figure(
        name,
        percentile(times, 0.95) if times else 0,
        "ms",
        median=round(percentile(times, 0.5), 1) if times else None,
        slowest_ms=round(max(times, default=0), 1),
        pages=len(times),
        **more,
    )
