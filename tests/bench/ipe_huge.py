"""A country: its IPE in one file imported, published in one file, and looked up.

The file is written as it is generated: memory never holds all its lines. A tenth
comes first: ten times as many lines may take eleven times as long.
"""

import tempfile
from itertools import chain
from pathlib import Path

from ..generator import ipe as ipe_generator
from . import publication
from .common import environment, figure, percentile, require_disk, sized, timed
from .ipe_baselines import make_network
from .ipe_import import (
    FEW,
    NAME,
    Memory,
    check,
    import_few,
    packing,
    rolled_back,
    timed_import,
    vacuum,
)

COUNTS = {"small": 20_000, "full": 1_000_000, "huge": 10_000_000}
#: of a line: its rows with their indexes, what was staged, the log of it, the files
DISK_PER_LINE = 3_500
LINEAR, LOOK_UP_MS, LOOK_UPS = 11, 5, 300
#: megabytes of a file, unpacked
LARGEST = 50 * 1024


def run(size):
    count = sized(COUNTS, size)
    require_disk(count * DISK_PER_LINE)
    with tempfile.TemporaryDirectory(prefix="oic-huge-") as folder:
        folder = Path(folder)
        few = rolled_back(lambda env: import_few(env, folder))
        few_published = rolled_back(publication.publish_few)
        tenth = pack(folder, count // 10)
        first = rolled_back(lambda env: imported(env, tenth, count // 10)[1])
        tenth.with_suffix(".zip").unlink()
        whole = pack(folder, count)
        with environment() as env:
            network, clock, growth = imported(env, whole, count)
            network = network.id
        whole.with_suffix(".zip").unlink()
    tell_import(count, clock, first, growth, few)
    with environment() as env:
        vacuum(env.cr.dbname, publication.OLD)
        network = env["oiconnect.network"].browse(network)
        publish(network, count, few_published)
        look_up(network, count)


def pack(folder, count):
    """Write a zip of ``count`` lines; return the path of the file in it."""
    path = folder / f"{NAME}_{count}.csv"
    with packing(path.with_suffix(".zip")) as target:
        rows = chain([ipe_generator.header()], ipe_generator.generate(count))
        target.writelines(f"{';'.join(cells)}\r\n".encode() for cells in rows)
    return path


def imported(env, path, count):
    """Return the network, the clock and the megabytes of an import."""
    env["ir.config_parameter"].set_param("oiconnect_import.max_import_mb", LARGEST)
    network = make_network(env)
    record, clock, growth = timed_import(env, network, path)
    check(record, building=(count, 0, 0))
    return network, clock, growth


def tell_import(count, clock, first, growth, few):
    figure(
        "huge.import_linear",
        clock.seconds,
        "s",
        baseline=first.seconds,
        ratio=clock.seconds / first.seconds,
        goal_ratio=LINEAR,
        cpu_seconds=round(clock.cpu, 1),
        cpu_ratio=round(clock.cpu / first.cpu, 2),
        lines=count,
        against=f"{count // 10} lines",
    )
    figure(
        "huge.import_memory",
        growth,
        "MB above the start at most",
        baseline=few,
        lines=count,
        against=f"{FEW} lines",
    )


def publish(network, count, few):
    plan = publication.make_plan(network)
    with timed(network.env) as clock, Memory() as memory:
        [made] = publication.publish(plan, "full")
    assert 0.9 * count < made.line_count <= count
    figure(
        "huge.publication",
        clock.seconds,
        "s",
        cpu_seconds=round(clock.cpu, 1),
        published=made.line_count,
        lines=count,
    )
    figure(
        "huge.publication_memory",
        memory.growth,
        "MB above the start at most",
        baseline=few,
        lines=count,
        against=f"{FEW} lines",
    )
    network.env.cr.execute(
        "SELECT pg_database_size(current_database()),"
        " pg_total_relation_size('oiconnect_building'),"
        " pg_total_relation_size('oiconnect_published_line')"
    )
    total, buildings, published = network.env.cr.fetchone()
    figure(
        "huge.database",
        total / 1e9,
        "GB",
        bytes_a_building=buildings // count,
        bytes_a_published_line=published // count,
        lines=count,
    )


def look_up(network, count):
    """Time buildings by their identifiers."""
    buildings = network.env["oiconnect.building"]
    step = max(count // LOOK_UPS, 1)
    network.env.cr.execute(
        "SELECT identifier FROM oiconnect_building WHERE network_id = %s"
        " AND identifier IS NOT NULL AND id %% %s = 0 LIMIT %s",
        [network.id, step, LOOK_UPS],
    )
    times = []
    for (identifier,) in network.env.cr.fetchall():
        network.env.invalidate_all()
        with timed() as clock:
            assert buildings.search([("identifier", "=", identifier)], limit=2)
        times.append(clock.seconds * 1000)
    figure(
        "huge.building_by_identifier_p95",
        percentile(times, 0.95),
        "ms",
        goal=LOOK_UP_MS,
        slowest=round(max(times), 1),
        lines=count,
    )
