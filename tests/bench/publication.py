"""Publication of an IPE: full file and delta, beside a raw COPY and a zip."""

import tempfile
import zipfile
from pathlib import Path

from odoo.tools import SQL

from odoo.addons.oiconnect_interop.bulk.publish.ipe import IpeSource

from ..generator import ipe as ipe_generator
from .common import environment, figure, timed
from .ipe_baselines import ipe_format, make_network
from .ipe_import import NAME, Memory, rolled_back, upload, vacuum

COUNTS = {"small": 20_000, "full": 1_000_000}
FEW = 10_000
LEVEL = 6
# What lines are drawn from: written long before they are published
OLD = (
    "oiconnect_building",
    "oiconnect_pm",
    "oiconnect_lot",
    "oiconnect_pbo_type",
    "oiconnect_pbo_connection_type",
)


def run(size):
    count = COUNTS[size]
    few = rolled_back(publish_few)
    with environment() as env:
        network = fill(env, count).id
    # As a night leaves the tables of a network that is at work
    vacuum(env.cr.dbname, OLD)
    with environment() as env:
        publish_all(env, env["oiconnect.network"].browse(network), count, few)


def publish_few(env):
    """Megabytes that the publication of a small network takes."""
    plan = make_plan(fill(env, FEW))
    with Memory() as memory:
        publish(plan, "full")
    return memory.growth


def publish_all(env, network, count, few):
    plan = make_plan(network)
    baseline = raw_export(env, network)
    with timed() as first, Memory() as memory:
        publish(plan, "full")
    with timed() as clock:
        [full] = publish(plan, "full")
    # Those that were abandoned for long are not published.
    assert 0.9 * count < full.line_count <= count
    report(count, clock.seconds, first.seconds, baseline)
    figure(
        "publication_memory",
        memory.growth,
        "MB above the start at most",
        baseline=few,
        lines=count,
        against=f"{FEW} lines",
    )
    report_delta(env, plan, count)


def report(count, seconds, first, baseline):
    figure(
        "publication_full",
        seconds,
        "s",
        baseline=baseline,
        ratio=seconds / baseline,
        lines=count,
        against="raw COPY of the same columns + zip",
    )
    figure(
        "publication_first",
        first,
        "s",
        baseline=baseline,
        ratio=first / baseline,
        lines=count,
        against="raw COPY of the same columns + zip",
    )


def report_delta(env, plan, count):
    """One line in a hundred changes."""
    env.cr.execute(
        "UPDATE oiconnect_building SET city = city || '.', "
        "write_date = now() AT TIME ZONE 'UTC' WHERE network_id = %s AND id %% 100 = 0",
        [plan.network_id.id],
    )
    changed = env.cr.rowcount
    with timed() as clock:
        [delta] = publish(plan, "delta")
    assert 0.9 * changed < delta.modified_count <= changed
    figure("publication_delta", clock.seconds, "s", lines=count, changed=changed)


# -- network and plan ----------------------------------------------------------------


def fill(env, count):
    """Return a network of ``count`` buildings, of long ago."""
    network = make_network(env)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.csv"
        ipe_generator.write(path, count)
        upload(env, network, path)._apply()
    for table in OLD:
        env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = write_date - interval '1 week'",
                SQL.identifier(table),
            )
        )
    return network


def make_plan(network):
    env = network.env
    # What is behind the publication, not what the network should be
    env["oiconnect.rule"].search(
        [("network_id", "=", network.id), ("severity", "=", "blocking")]
    ).filtered(lambda rule: not rule.fixed).severity = "warning"
    return env["oiconnect.publication.plan"].create(
        {"name": "Bench", "network_id": network.id, "family": "ipe"}
    )


def publish(plan, step):
    flow = plan.env["oiconnect.flow"]._by_code("IPE")
    form = flow.format_ids.filtered(
        lambda item: item.version == "V3.1" and not item.operator_id
    )
    publication = plan.env["oiconnect.publication"].create(
        {
            "plan_id": plan.id,
            "network_id": plan.network_id.id,
            "kind": plan._kind(step),
            "format_id": form.id,
            "version": form.version,
        }
    )
    publication._produce()
    assert publication.state == "done", publication.issue_ids.mapped("title")
    return publication


# -- raw COPY and zip ----------------------------------------------------------------


def raw_export(env, network):
    """Seconds that a script takes without formats, rules nor state."""
    form = ipe_format(env)
    source = IpeSource(network, form, env.cr.now().date())
    fields = [source.value(column.field) for column in form.columns if column.field]
    query = SQL(
        """COPY (SELECT %s FROM oiconnect_building b
                   LEFT JOIN oiconnect_pm p ON p.id = b.pm_id
                   LEFT JOIN oiconnect_lot lot ON lot.id = p.lot_id
                   LEFT JOIN oiconnect_pbo_type pbo_type ON pbo_type.id = b.pbo_type_id
                   LEFT JOIN oiconnect_pbo_connection_type connection_type
                        ON connection_type.id = b.connection_type_id
                   CROSS JOIN LATERAL (SELECT p.id, p.last_change_date AS changed,
                        p.projection, TRUE AS placed) pm
                  WHERE b.network_id = %s)
           TO STDOUT (FORMAT csv, DELIMITER ';')""",
        SQL(", ").join(value.sql for value in fields),
        network.id,
    )
    with timed() as clock, tempfile.TemporaryFile() as target:
        with (
            zipfile.ZipFile(
                target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL
            ) as pack,
            pack.open("raw.csv", "w", force_zip64=True) as entry,
        ):
            env.cr.copy_expert(env.cr.mogrify(query).decode(), entry)
    return clock.seconds
