"""Public sample deliveries of GraceTHD, when a developer has put them beside.

They are not ours to copy: each is looked for under ``OIC_GRACETHD_SAMPLES``, by default
the folder ``shared/gracethd-samples`` beside the project. A folder is brought in a zip.
"""

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
    """A public delivery: whose it is, where it is looked for, its version."""

    origin: str
    path: str
    generation: str


SAMPLES = {
    "check": Sample("GraceTHD-Check, shpcsv-in", "gracethd-check/shpcsv-in", "2"),
    "gracelite": Sample("Gracelite, shpcsv-out", "gracelite/shpcsv-out", "2"),
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
