"""Orders of one file, from their reception to AR and CR with fibres reserved."""

import csv
import io

from odoo.addons.oiconnect_interop.protocol import CsvReader
from odoo.addons.oiconnect_interop.tests.common import HEADER_V13
from odoo.addons.oiconnect_orders.models.access_order_receive import QUIET
from odoo.addons.oiconnect_orders.models.access_order_study import STUDY_BATCH

from ..small_network import make_endpoint
from . import network
from .common import environment, figure, timed

NAME = "OIBO_OCBO_ACCES_CMD_ACCES_V13_20260314_01.csv"
COUNTS = {"small": 2_000, "full": 10_000}


def run(size):
    count = COUNTS[size]
    with environment() as env:
        made = network.make(env, "OIBO", count)
        endpoint = make_endpoint(env, made, made["operator"])
        content = make_content(made, count)
        baseline = bare_create(env, made, endpoint, content)
        with timed(env) as clock:
            process(env, endpoint, content)
        check(env, made, count)
        # The figures are the work's, not the disk's: nothing is kept.
        env.cr.rollback()
    figure(
        "orders_to_ar_and_cr",
        count / clock.seconds,
        "orders/s",
        baseline=count / baseline.seconds,
        ratio=clock.seconds / baseline.seconds,
        cpu_ratio=round(clock.cpu / baseline.cpu, 3),
        orders=count,
        against="bare batched create() of the same orders",
    )


def rows(made, count):
    names = made["identifiers"]
    for rank in range(count):
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


def make_content(made, count):
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER_V13, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows(made, count))
    return text.getvalue().encode()


def bare_create(env, made, endpoint, content):
    """Time the same orders, all that their lines say, by create() alone."""
    orders = env["oiconnect.access.order"].with_context(**QUIET)
    read = env["oiconnect.exchange"].new({"flow_id": flow(env).id, "version": "V1.3"})
    lines = read._format().parse_rows(CsvReader(io.BytesIO(content)))
    common = {
        "operator_id": made["operator"].id,
        "network_id": made["network"].id,
        "origin": NAME,
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


def process(env, endpoint, content):
    """What the jobs do, one after the other."""
    exchange = env["oiconnect.exchange"]._take_in(endpoint, NAME, content)
    while not exchange._is_settled():
        exchange._process()
        env.flush_all()
    orders = env["oiconnect.access.order"].with_context(oiconnect_road="job")
    while batch := orders.search(
        [("state", "=", "ar_ok")], limit=STUDY_BATCH, order="id"
    ):
        batch._study()
        env.flush_all()
        env.invalidate_all()
    env["oiconnect.outbound"]._drain(endpoint.operator_id)
    env.flush_all()


def check(env, made, count):
    """Every order is answered and holds its own fibre."""
    groups = env["oiconnect.access.order"]._read_group(
        [("operator_id", "=", made["operator"].id)], ["state"], ["__count"]
    )
    assert groups == [("connecting", count)], groups
    sent = env["oiconnect.exchange"].search(
        [("operator_id", "=", made["operator"].id), ("direction", "=", "out")]
    )
    lines = {exchange.flow_id.code: exchange.line_count for exchange in sent}
    assert lines == {"AR_CMD": count, "CR_CMD": count, "CMD_STOC": count}, lines
