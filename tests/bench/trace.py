"""Following fibres from one end to the other: one route, and all of a network."""

import random

from . import trace_network
from .common import environment, figure, percentile, timed

COUNTS = {"small": 20_000, "full": 100_000}
ROUNDS = 300
# One point of each kind that people start from: kind, query of its id.
POINTS = {
    "route": "SELECT id FROM oiconnect_route WHERE network_id = %s",
    "fibre": "SELECT id FROM oiconnect_pbo_fibre WHERE network_id = %s",
    "position": "SELECT id FROM oiconnect_pm_position WHERE network_id = %s",
    "splice": "SELECT id FROM oiconnect_splice WHERE network_id = %s",
}


def run(size):
    count = COUNTS[size]
    with environment() as env:
        made = trace_network.make(env, count)
        trace = env["oiconnect.trace"]
        _one(env, trace, made)
        _many(env, trace, made, count)
        _prdm(trace, made, count)
        env.cr.rollback()


def _one(env, trace, made):
    """Any single point, at random, hardly longer than the wire."""
    rng = random.Random(1)
    times, slowest = [], {}
    for kind, query in POINTS.items():
        env.cr.execute(query, [made["network"]])
        ids = [row[0] for row in env.cr.fetchall()]
        own = []
        for point in rng.sample(ids, min(ROUNDS, len(ids))):
            with timed() as clock:
                found = trace._trace([(kind, point)])
            assert len(found) == 1
            own.append(clock.seconds * 1000)
        times += own
        slowest[kind] = round(percentile(own, 0.95), 2)
    figure("trace_one_p95", percentile(times, 0.95), "ms", by_kind=slowest)


def _many(env, trace, made, count):
    """All routes in one call; the baseline reads the bare rows of the splices."""
    env.cr.execute(
        "SELECT id FROM oiconnect_route WHERE module_id = %s", [made["module"]]
    )
    points = [("route", row[0]) for row in env.cr.fetchall()]
    with timed() as bare:
        env.cr.execute(
            """
            SELECT route.id, fibre.id, splice.id FROM oiconnect_route route
            JOIN oiconnect_pbo_fibre fibre ON fibre.id = route.fibre_id
            LEFT JOIN oiconnect_splice splice ON splice.downstream_id = fibre.id
            """
        )
        env.cr.fetchall()
    with timed() as clock:
        paths = trace._trace(points)
    gaps = sum(not path.is_continuous for path in paths)
    assert len(paths) == count
    assert sum(len(path.fibres) for path in paths) == _fibres(env, made)
    figure(
        "trace_many",
        clock.seconds,
        "s",
        bare.seconds,
        clock.seconds / bare.seconds,
        routes=count,
        interrupted=gaps,
    )


def _fibres(env, made):
    env.cr.execute(
        """
        SELECT count(*) FROM oiconnect_pbo_fibre fibre
        JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id
        WHERE cable.reference LIKE 'TRC-%%' AND cable.network_id = %s
        """,
        [made["network"]],
    )
    return env.cr.fetchone()[0]


def _prdm(trace, made, count):
    """What the screens of the PRDM and of its link show first."""
    for name, model, key in (
        ("trace_prdm_screen", "oiconnect.prdm", "prdm"),
        ("trace_link_screen", "oiconnect.pm.link", "link"),
        ("trace_module_screen", "oiconnect.pm.module", "module"),
    ):
        with timed() as clock:
            trace.show(model, made[key])
        figure(name, clock.seconds * 1000, "ms", routes=count)
