"""Orders of one file, from their reception to AR and CR with fibres reserved.

As deployed: jobs receive files while scheduled actions study what was received, each
in a process of its own. And by one process alone, one step after the other.
"""

import csv
import io
import select
import subprocess
import sys

from odoo.addons.oiconnect_base.reception import QUIET
from odoo.addons.oiconnect_import.protocol import CsvReader
from odoo.addons.oiconnect_interop.tests.common import HEADER_V13

from ..small_network import make_endpoint
from . import network
from .common import environment, figure, timed
from .ipe_import import vacuum

NAME = "OIBO_OCBO_ACCES_CMD_ACCES_V13_20260314_{:02d}.csv"
NETWORK = ("oiconnect_route", "oiconnect_pbo", "oiconnect_building")
COUNTS = {"small": 2_000, "full": 10_000}
WARM_UP = 1_000


def run(size):
    count = COUNTS[size]
    with environment() as env:
        made = network.make(env, "OIBO", 2 * count + WARM_UP)
        endpoint = make_endpoint(env, made, made["operator"])
        env.cr.commit()
        vacuum(env.cr.dbname, NETWORK)
        files = Files(env, made, endpoint)
        baseline = bare_create(env, made, endpoint, files.content(count))
        with Studying() as worker:
            # Real workers have been at it since long.
            work_together(files, worker, WARM_UP)
            before = footprint(env)
            with timed(env) as together:
                work_together(files, worker, count)
            tell_footprint(before, footprint(env), count)
        check(env, made, WARM_UP + count)
        seal(env)
        with timed(env) as alone:
            receive(files, count)
            study(env)
            drain(files)
        check(env, made, WARM_UP + 2 * count)
        with timed(env) as sealing:
            seal(env)
    tell("orders_to_ar_and_cr", count, together, baseline, workers=2)
    tell("orders_to_ar_and_cr_alone", count, alone, baseline, workers=1)
    figure(
        "orders_sealed",
        sealing.seconds / count * 1000,
        "ms an order",
        baseline=alone.seconds / count * 1000,
        ratio=sealing.seconds / alone.seconds,
        orders=count,
        against="what is sealed, from reception to report",
    )


def tell(name, count, clock, baseline, **more):
    figure(
        name,
        count / clock.seconds,
        "orders/s",
        baseline=count / baseline.seconds,
        ratio=clock.seconds / baseline.seconds,
        orders=count,
        against="bare batched create() of the same orders",
        **more,
    )


def footprint(env):
    """Return ``{table: (rows, bytes with its indexes)}`` of what orders may write."""
    env.cr.execute(
        "SELECT relname FROM pg_stat_user_tables "
        "WHERE relname ~ '^(oiconnect|queue_job|mail_message|ir_attachment)'"
    )
    tables = [name for (name,) in env.cr.fetchall()]
    found = {}
    for table in tables:
        env.cr.execute(
            f"SELECT count(*), pg_total_relation_size('{table}') FROM {table}"
        )
        found[table] = env.cr.fetchone()
    env.cr.commit()
    return found


def tell_footprint(before, after, count):
    """What an order leaves in the database: rows and bytes, by table."""
    rows, size = {}, 0
    for table, (lines, octets) in after.items():
        size += octets - before[table][1]
        if more := (lines - before[table][0]) / count:
            rows[table.removeprefix("oiconnect_")] = round(more, 2)
    figure(
        "orders_footprint",
        size / count,
        "bytes an order",
        rows=round(sum(rows.values()), 1),
        tables=dict(sorted(rows.items(), key=lambda item: -item[1])[:10]),
        orders=count,
    )


def rows(made, count, first=0):
    names = made["identifiers"]
    for rank in range(first, first + count):
        yield {
            "ReferenceCommandePriseInterneOC": f"BENCH-{rank:07d}",
            "TypeRacco": "STOC",
            "NomClient": "EXEMPLE",
            "ContactClient1": "0600000001",
            "ReferencePm": made["pm"].reference,
            "PriseExistante": "N",
            "TypeCommandeDemande": "AUTO",
            "DateCommandePrise": "20260314 10:05",
            "IdentifiantImmeuble": names[rank % len(names)],
        }


def make_content(made, count, first=0):
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER_V13, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows(made, count, first))
    return text.getvalue().encode()


class Files:
    """The files that the operator sends, one after the other."""

    def __init__(self, env, made, endpoint):
        self.env, self.endpoint = env, endpoint
        self._made, self._files, self.orders = made, 0, 0

    def content(self, count):
        return make_content(self._made, count, self.orders)

    def send(self, count):
        content = self.content(count)
        self._files += 1
        self.orders += count
        return self.env["oiconnect.exchange"]._receive_file(
            self.endpoint, NAME.format(self._files), content
        )


def bare_create(env, made, endpoint, content):
    """Time the same orders, all that their lines say, by create() alone."""
    orders = env["oiconnect.access.order"].with_context(**QUIET)
    read = env["oiconnect.exchange"].new({"flow_id": flow(env).id, "version": "V1.3"})
    lines = read._format().parse_rows(CsvReader(io.BytesIO(content)))
    common = {
        "operator_id": made["operator"].id,
        "network_id": made["network"].id,
        "origin": NAME.format(1),
        "flow_version": "V1.3",
    }
    vals = [orders._vals_of(line.payload, []) | common for line in lines]
    with env.cr.savepoint() as savepoint, timed(env) as clock:
        for start in range(0, len(vals), 1000):
            orders.create(vals[start : start + 1000])
            env.flush_all()
        savepoint.rollback()
    env.invalidate_all()
    return clock


def flow(env):
    return env["oiconnect.flow"]._by_code("CMD_ACCES")


# -- what the workers do -------------------------------------------------------------
# Each step is a transaction, as theirs are. In one for all, PostgreSQL would look at
# every foreign key of a row at each of its updates: it trusts what is committed only.


def receive(files, count):
    """The worker of jobs: the file, line by line."""
    exchange = files.send(count)
    files.env.cr.commit()
    while not exchange._is_settled():
        exchange._process()
        files.env.cr.commit()


def study(env):
    """The worker of scheduled actions: routes and reports."""
    env["oiconnect.access.order"]._cron_study()
    env.cr.commit()


def seal(env):
    """A worker of scheduled actions: the evidence of what happened."""
    env["oiconnect.seal"]._cron_seal()
    env.cr.commit()


def drain(files):
    """A worker of scheduled actions: the files to send, of what is there to tell."""
    files.env["oiconnect.outbound"]._drain(files.endpoint.operator_id)
    files.env.cr.commit()
    files.env.invalidate_all()


def work_together(files, worker, count):
    worker.start(files.orders + count)
    receive(files, count)
    while not worker.is_done():
        drain(files)
    drain(files)


class Studying:
    """A process that studies what comes."""

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.order_study"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *error):
        self._process.kill()
        self._process.wait()

    def start(self, count):
        """Have it study until so many orders are answered."""
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()

    def is_done(self, wait=0.1):
        """Wait a moment for its word."""
        ready, _write, _error = select.select([self._process.stdout], [], [], wait)
        assert self._process.poll() is None, "the worker ended"
        return bool(ready and self._process.stdout.readline())


def check(env, made, count):
    """Every order so far is answered and holds its own fibre."""
    groups = env["oiconnect.access.order"]._read_group(
        [("operator_id", "=", made["operator"].id)], ["state"], ["__count"]
    )
    assert groups == [("connecting", count)], groups
    sent = env["oiconnect.exchange"]._read_group(
        [("operator_id", "=", made["operator"].id), ("direction", "=", "out")],
        ["flow_id"],
        ["line_count:sum"],
    )
    lines = {flow.code: lines for flow, lines in sent}
    assert lines == {"AR_CMD": count, "CR_CMD": count, "CMD_STOC": count}, lines
