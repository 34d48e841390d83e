"""A day at an OI, all at once, on a database of a million lines: who waits, what grows?

People browse by HTTP, operators drop files of orders on a real SFTP server and open
tickets by SOAP, while an IPE is imported and its differences are published. Servers are
those of production: one of pages, one of jobs and scheduled actions, with processes of
their own. `make soak` does the same for an hour. Limits: `mixed_limits`.
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
from .common import environment, figure, percentile, sized
from .http_server import HttpServer
from .mixed_clients import Hotline, Network, Ordering, People, Servers
from .mixed_watch import Watch

#: lines of the database, people, operators, seconds
SIZES = {"small": (50_000, 5, 2, 120), "full": (1_000_000, 50, 10, 300)}
#: the share of the time after which processes have what they keep
WARM_UP = 0.2
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
            with environment() as env:
                plan = mixed_fill.make(env, lines, people, operators, seconds, sftp)
            mixed_fill.settle()
            load(folder, sftp, plan, seconds)


def load(folder, sftp, plan, seconds):
    """Have all of them at work for ``seconds``; exit with an error on broken limits."""
    with ExitStack() as stack:
        web = stack.enter_context(server(folder / "web.log", "root:0", workers=4))
        jobs = stack.enter_context(server(folder / "jobs.log", CHANNELS, workers=2))
        servers = Servers({"web": web, "jobs": jobs})
        people = People(web.port, plan, seconds)
        others = [
            ordering := Ordering(sftp, plan),
            hotline := Hotline(web.port, plan),
            network := Network(plan, folder),
        ]
        watch = Watch(servers, people)
        stack.enter_context(watch)
        stack.enter_context(people)
        for other in others:
            stack.enter_context(other)
        people.wait(lambda: tell_minute(watch, people, ordering))
        for other in others:
            other.stop()
        ordering.wait_answered(LAST)
        watch.stop()
        watch.wait_vacuumed(LAST)
    found = mixed_limits.Found(
        warm_up=WARM_UP * seconds,
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
    tell(found, watch, hotline, network, seconds)
    broken = mixed_limits.broken(found)
    for words in broken:
        print(f"BROKEN: {words}", flush=True)
    if broken:
        sys.exit(f"{len(broken)} limits are broken")
    print("All limits hold.", flush=True)


def server(log, channels, workers):
    cron = int(channels == CHANNELS)
    options = (f"--workers={workers}", f"--max-cron-threads={cron}")
    return HttpServer(options, channels, log)


# -- figures ---------------------------------------------------------------------------


def tell_minute(watch, people, ordering):
    """What the last minute was like."""
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


def tell(found, watch, hotline, network, seconds):
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
    receipts = found.measured_receipts()
    figure(
        "mixed.receipts_p95",
        percentile(receipts, 0.95) if receipts else 0,
        "s",
        goal=mixed_limits.RECEIPTS_S,
        median=round(percentile(receipts, 0.5), 1) if receipts else None,
        files=len(receipts),
        unanswered=found.unanswered,
    )
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
    figure(
        "mixed.load",
        watch.client_share(),
        "processors taken by the clients",
        servers=watch.server_shares(),
        processors=os.cpu_count(),
        seconds=seconds,
        tickets=hotline.count,
        imports=network.imports,
        deltas=network.deltas,
        queue_most=max((waiting for _at, waiting in found.queue), default=0),
    )
    figure("mixed.bloat", len(found.bloated()), "tables", tables=found.bloated())


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
