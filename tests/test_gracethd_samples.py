"""Public sample deliveries of GraceTHD, when a developer has put them beside.

They are not ours to copy: each is looked for under ``OIC_GRACETHD_SAMPLES``, by default
the folder ``shared/gracethd-samples`` beside the project. A folder is brought in a zip.
"""

import base64
import io
import itertools
import os
import zipfile
from pathlib import Path
from typing import NamedTuple

import import_jobs
import pytest
from odoo_process import environment, registry

ROOT = Path(__file__).parent.parent
FOLDER = Path(
    os.environ.get("OIC_GRACETHD_SAMPLES") or ROOT.parent / "shared/gracethd-samples"
)
NUMBERS = itertools.count(1)


class Sample(NamedTuple):
    """A public delivery: whose it is, where it is looked for, its version.

    ``figures`` are how many records it makes, by model, where they are known.
    """

    origin: str
    path: str
    generation: str
    figures: dict[str, int] = {}


SAMPLES = {
    "check": Sample(
        "GraceTHD-Check, shpcsv-in",
        "gracethd-check/shpcsv-in",
        "2",
        {"pbo.cable": 22, "pto": 21, "splice": 13, "route": 4},
    ),
    "gracelite": Sample(
        "Gracelite, shpcsv-out",
        "gracelite/shpcsv-out",
        "2",
        {"pbo.cable": 22, "pto": 21, "splice": 13, "route": 4},
    ),
    "usecases": Sample("GraceTHD-MCD, use cases", "gracethd-mcd/usecases", "2"),
    "mod": Sample(
        "GraceTHD-MOD, Exemple", "gracethd-mod/AVP-DLG-R2DSPEA001-01-V1.zip", "2"
    ),
    "dbt": Sample("dbt-grace-thd, input_data", "dbt-grace-thd/input_data", "3"),
}


def zipped(folder):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder.parent))
    return target.getvalue()


def rows_of(folder):
    """Return {table: rows} of the csv files of a folder."""
    return {
        path.stem.lower(): sum(
            bool(line.strip(b"\r\n;")) for line in path.read_bytes().split(b"\n")[1:]
        )
        for path in folder.rglob("t_*.csv")
    }


@pytest.fixture(params=SAMPLES)
def sample(request):
    found = SAMPLES[request.param]
    if not (FOLDER / found.path).exists():
        pytest.skip(f"{found.origin}: put it in {FOLDER / found.path}")
    return found


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


def test_a_public_delivery_is_checked_and_brought(base, sample):
    path = FOLDER / sample.path
    content = zipped(path) if path.is_dir() else path.read_bytes()
    network_id = import_jobs.make_network(base, f"GTS_{next(NUMBERS)}")
    upload = (base, network_id, path.with_suffix(".zip").name, content)
    import_id = import_jobs.upload(*upload)
    with environment(base) as env:
        env["oiconnect.import"].browse(import_id).action_check()
    import_jobs.run(base, import_id)
    with environment(base, lang="fr_FR") as env:
        record = env["oiconnect.import"].browse(import_id)
        assert record.state == "checked", record.message
        assert record.gracethd_version[0] == sample.generation
        counts = {item.table_name: item.row_count for item in record.gracethd_table_ids}
        if path.is_dir():
            assert rows_of(path).items() <= counts.items()
        keys = set(record.error_ids.mapped("message_key"))
        assert not keys & {"bad_date", "bad_datetime", "unknown_table"}, keys
        assert all(record.error_ids.mapped("message"))
        assert not env["oiconnect.splice.box"].search_count(
            [("network_id", "=", network_id)]
        )
    import_id = import_jobs.done(*upload)
    query = "SELECT state, message FROM oiconnect_import WHERE id = %s"
    [(state, message)] = import_jobs.rows(base.db_name, query, import_id)
    assert state in ("done", "done_errors"), message
    again = import_jobs.counts(base, import_jobs.done(*upload))
    assert not any(created or changed for created, changed, _same in again.values())


#: records of the network, by model, and those that an undoing leaves
MADE = ("pbo.cable", "pto", "splice", "route", "pbo.fibre", "gracethd.object")


def test_a_public_delivery_goes_out_and_comes_back_and_is_undone(base, sample):
    path = FOLDER / sample.path
    content = zipped(path) if path.is_dir() else path.read_bytes()
    network_id = import_jobs.make_network(base, f"GTS_{next(NUMBERS)}")
    upload = (base, network_id, path.with_suffix(".zip").name, content)
    first_id = import_jobs.done(*upload)
    made = counts(base, network_id)
    assert made["pbo.cable"]
    assert sample.figures.items() <= made.items(), made
    if sample.figures:
        assert reaching_pto(base, network_id) == sample.figures["route"]
    exported = export(base, network_id)
    with environment(base) as env:
        levels = refused(env, first_id)
    again_id = import_jobs.done(base, network_id, "retour.zip", exported)
    again = import_jobs.counts(base, again_id)
    assert not any(created or changed for created, changed, _same in again.values())
    with environment(base) as env:
        assert refused(env, again_id) <= levels
    for import_id in (again_id, first_id):
        with environment(base) as env:
            env["oiconnect.import"].browse(import_id).action_undo()
        import_jobs.run(base, import_id)
    assert not any(counts(base, network_id).values())


def reaching_pto(base, network_id):
    """Return how many routes of the network reach their PTO."""
    reached = [("network_id", "=", network_id), ("pto_id", "!=", False)]
    with environment(base) as env:
        return env["oiconnect.route"].search_count(reached)


def counts(base, network_id):
    """Return {model: records of the network}."""
    own = [("network_id", "=", network_id)]
    with environment(base) as env:
        return {name: env[f"oiconnect.{name}"].search_count(own) for name in MADE}


def refused(env, import_id):
    """Return what a grid refuses of a delivery: (check, table, column)."""
    errors = env["oiconnect.import"].browse(import_id).error_ids
    errors = errors.filtered(lambda error: error.severity == "error")
    return {(error.code, error.table_name, error.column) for error in errors}


def export(base, network_id):
    """Return the export of the whole network, in version 2.0.2."""
    own = [("network_id", "=", network_id)]
    with environment(base) as env:
        export = env["oiconnect.gracethd.export"].create(
            {
                "network_id": network_id,
                "version": "2.0.2",
                "nro_ids": env["oiconnect.nro"].search(own).ids,
                "pm_ids": env["oiconnect.pm"].search(own).ids,
            }
        )
        export.sudo()._perform()
        assert export.state == "done", export.message
        return base64.b64decode(export.file)
