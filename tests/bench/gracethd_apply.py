"""A GraceTHD delivery applied, compared with the former one, and undone.

Each is done at two sizes: what takes longer than its rows grow shows by ``growth``.
"""

import base64
import tempfile
from pathlib import Path

from ..generator.gracethd import PMS_PER_NRO
from .common import environment, figure, timed
from .gracethd import delivery

#: PMs of the smaller and of the larger delivery
PMS = {"small": (20, 40), "full": (40, 160)}
#: what the network is made of
COUNTED = ("oiconnect_pbo_fibre", "oiconnect_splice", "oiconnect_route")
STEPS = ("apply", "again", "difference", "undo")


def run(size):
    few, many = (measured(pms) for pms in PMS["small" if size == "small" else "full"])
    rows = many["rows"] / few["rows"]
    for step in STEPS:
        figure(
            f"gracethd_{step}",
            many["rows"] / many[step],
            "rows/s",
            baseline=few["rows"] / few[step],
            growth=round(many[step] / few[step] / rows, 2),
            seconds=round(many[step], 2),
            rows=many["rows"],
            against=f"{few['rows']} rows",
        )


def measured(pms):
    """Return the seconds of each step, and the rows of the delivery."""
    with tempfile.TemporaryDirectory() as folder:
        former, _counts = delivery(Path(folder) / "former.zip", pms - PMS_PER_NRO // 2)
        path, counts = delivery(Path(folder) / "delivery.zip", pms)
        with environment() as env:
            try:
                return {"rows": sum(counts.values())} | steps(env, former, path)
            finally:
                env.cr.rollback()


def steps(env, former, path):
    """Return the seconds of each step."""
    network = env["oiconnect.network"].create(
        {"name": "Bench", "code": "BENCH_GT", "oi_code": "OICN", "pto_prefix": "ZB"}
    )
    found, empty = {}, filled(env, network)
    found["apply"], record = applied(env, network, path)
    full = filled(env, network)
    assert all(full[table] > empty[table] for table in COUNTED), full
    found["again"], again = applied(env, network, path, dry_run=True)
    changes = again.count_ids.read(["model", "created", "changed", "abandoned"])
    assert changes and not any(
        item["created"] or item["changed"] or item["abandoned"] for item in changes
    ), changes
    found["difference"] = compared(env, record, upload(env, network, former))
    with timed() as clock:
        record._undo()
        env.flush_all()
    found["undo"] = clock.seconds
    assert filled(env, network) == empty, record.message
    return found


def filled(env, network):
    """Return the rows of the network by table."""
    counts = {}
    for table in COUNTED:
        env.cr.execute(
            f"SELECT count(*) FROM {table} WHERE network_id = %s", [network.id]
        )
        [(counts[table],)] = env.cr.fetchall()
    return counts


def applied(env, network, path, dry_run=False):
    """Apply a delivery, or look at what this would do; return seconds and import."""
    record = upload(env, network, path, dry_run)
    with timed() as clock:
        record._apply()
        env.flush_all()
    messages = record.error_ids[:5].mapped("message")
    assert record.state == ("checked" if dry_run else "done"), (
        record.message,
        messages,
    )
    return clock.seconds, record


def upload(env, network, path, dry_run=False):
    record = env["oiconnect.import"].create(
        {
            "network_id": network.id,
            "file_name": path.name,
            "dry_run": dry_run,
            "file": base64.b64encode(path.read_bytes()),
        }
    )
    env.flush_all()
    env.invalidate_all()
    return record


def compared(env, new, old):
    """Compare two deliveries; return the seconds."""
    difference = env["oiconnect.gracethd.difference"].create(
        {"import_id": new.id, "other_id": old.id}
    )
    with timed() as clock:
        difference._perform()
        env.flush_all()
    assert difference.created_count > 0, difference.message
    return clock.seconds
