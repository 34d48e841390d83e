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

    ``figures``: cables, PTOs, splices and routes that the network has of it, by the
    standard grid; ``wired``: routes that reach their PTO.
    """

    origin: str
    path: str
    generation: str
    figures: tuple[int, ...] = ()
    wired: int = 0


SAMPLES = {
    "check": Sample(
        "GraceTHD-Check, shpcsv-in",
        "gracethd-check/shpcsv-in",
        "2",
        (22, 21, 13, 4),
        4,
    ),
    "gracelite": Sample(
        "Gracelite, shpcsv-out", "gracelite/shpcsv-out", "2", (22, 21, 13, 4), 4
    ),
    "usecases": Sample("GraceTHD-MCD, use cases", "gracethd-mcd/usecases", "2"),
    "mod": Sample(
        "GraceTHD-MOD, Exemple", "gracethd-mod/AVP-DLG-R2DSPEA001-01-V1.zip", "2"
    ),
    "dbt": Sample("dbt-grace-thd, input_data", "dbt-grace-thd/input_data", "3"),
}
PRESENT = [name for name, found in SAMPLES.items() if (FOLDER / found.path).exists()]
#: those whose figures are known
COUNTED = [name for name in PRESENT if SAMPLES[name].figures]
MODELS = ("pbo_cable", "pto", "splice", "route")


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


@pytest.fixture(scope="module")
def base(shared_database):
    with registry(shared_database) as found:
        yield found


class Delivery:
    """A sample that is brought to a network of its own."""

    def __init__(self, found, name):
        self.registry = found
        self.sample = SAMPLES[name]
        self.path = FOLDER / self.sample.path
        self.network_id = import_jobs.make_network(found, f"GTS_{next(NUMBERS)}")

    def content(self):
        return zipped(self.path) if self.path.is_dir() else self.path.read_bytes()

    def upload(self, content=None, **values):
        upload = (self.registry, self.network_id, self.path.with_suffix(".zip").name)
        return import_jobs.upload(*upload, content or self.content(), **values)

    def checked(self, content=None, **values):
        """Check a delivery, by default the sample; return its import."""
        import_id = self.upload(content, **values)
        with environment(self.registry) as env:
            env["oiconnect.import"].browse(import_id).action_check()
        import_jobs.run(self.registry, import_id)
        return import_id

    def applied(self, import_id):
        """Apply a checked delivery; return its state and its message."""
        import_jobs.start(self.registry, import_id)
        import_jobs.run(self.registry, import_id)
        query = "SELECT state, message FROM oiconnect_import WHERE id = %s"
        [(state, message)] = self.rows(query, import_id)
        assert state in ("done", "done_errors"), message

    def undone(self, import_id):
        with environment(self.registry) as env:
            env["oiconnect.import"].browse(import_id).action_undo()
        import_jobs.run(self.registry, import_id)

    def exported(self):
        with environment(self.registry) as env:
            nros = env["oiconnect.nro"].search([("network_id", "=", self.network_id)])
            values = {"network_id": self.network_id, "nro_ids": nros.ids}
            export = env["oiconnect.gracethd.export"].create(
                {**values, "version": "2.0.2"}
            )
            export.sudo()._perform()
            assert export.state == "done", export.message
            return base64.b64decode(export.file)

    def rows(self, query, *parameters):
        return import_jobs.rows(self.registry.db_name, query, *parameters)

    def figures(self):
        """Return how many cables, PTOs, splices and routes the network has."""
        return tuple(
            self.rows(
                f"SELECT count(*) FROM oiconnect_{model} WHERE network_id = %s",
                self.network_id,
            )[0][0]
            for model in MODELS
        )

    def wired(self):
        query = """SELECT count(*) FROM oiconnect_route
                    WHERE network_id = %s AND pto_id IS NOT NULL"""
        return self.rows(query, self.network_id)[0][0]


def lax_grid(env):
    """Return a grid by which tables that are absent do not block the others."""
    grid = env.ref("oiconnect_gracethd.grid_standard").copy({"name": "Exemples"})
    grid.check_ids.filtered(lambda item: item.level == "1").level = "3"
    grid.due_ids.filtered(lambda item: item.level == "1").level = "3"
    return grid.id


@pytest.mark.skipif(not PRESENT, reason=f"put public deliveries in {FOLDER}")
@pytest.mark.parametrize("name", PRESENT)
def test_a_public_delivery_is_checked_and_brought(base, name):
    delivery = Delivery(base, name)
    with environment(base) as env:
        values = {"gracethd_grid_id": lax_grid(env)}
    import_id = delivery.checked(**values)
    with environment(base, lang="fr_FR") as env:
        record = env["oiconnect.import"].browse(import_id)
        assert record.state == "checked", record.message
        assert record.gracethd_version[0] == delivery.sample.generation
        counts = {item.table_name: item.row_count for item in record.gracethd_table_ids}
        if delivery.path.is_dir():
            assert rows_of(delivery.path).items() <= counts.items()
        keys = set(record.error_ids.mapped("message_key"))
        assert not keys & {"bad_date", "bad_datetime", "unknown_table"}, keys
        assert all(record.error_ids.mapped("message"))
    assert not any(delivery.figures())
    delivery.applied(import_id)
    second = delivery.upload(**values)
    delivery.applied(second)
    counts = import_jobs.counts(base, second)
    assert not any(created or changed for created, changed, _same in counts.values())
    # Another test brings it to a network of its own, and a PM is on one.
    delivery.undone(second)


@pytest.mark.skipif(not COUNTED, reason=f"put public deliveries in {FOLDER}")
@pytest.mark.parametrize("name", COUNTED)
def test_a_public_delivery_goes_all_the_way_by_the_standard_grid(base, name):
    """Checked, applied, exported, checked again, applied again, undone."""
    delivery = Delivery(base, name)
    import_id = delivery.checked()
    delivery.applied(import_id)
    assert delivery.figures() == delivery.sample.figures
    assert delivery.wired() == delivery.sample.wired
    exported = delivery.checked(delivery.exported())
    query = "SELECT state, message FROM oiconnect_import WHERE id = %s"
    assert delivery.rows(query, exported) == [("checked", None)]
    counts = import_jobs.counts(base, exported)
    assert counts["route"] == (0, 0, delivery.sample.figures[-1])
    assert counts["splice"] == (0, 0, delivery.sample.figures[-2])
    delivery.undone(import_id)
    assert not any(delivery.figures())
