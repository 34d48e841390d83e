"""A GraceTHD delivery on a full disk: nothing is half done, and people are notified."""

import errno
import io
import tempfile
import zipfile
from unittest.mock import patch

import conftest
import import_jobs
import pytest
from generator import gracethd
from odoo_process import environment, registry
from oictools import database
from psycopg2.errors import DiskFull
from small_disk import SmallDisk, mounted
from test_gracethd_apply import Place

#: rows that a small disk cannot hold
MANY = gracethd.PLAIN._replace(dwellings=(150, 160), spares=20)


@pytest.fixture
def disk():
    """A small disk for a database of its own: it is dropped before the disk is."""
    with mounted() as path:
        found = SmallDisk(path, conftest.copy_of("nodemo"))
        found.create()
        try:
            yield found
        finally:
            database.drop(found.database)
            found.drop()


def test_full_while_it_is_read_then_at_the_last_step(disk):
    with registry(disk.database) as found:
        place = Place(found, 11, traits=MANY)
        # Rows as received are the last that is written.
        disk.hold("oiconnect_gracethd_object")
        import_id = place.upload()
        import_jobs.start(found, import_id)
        before = place.written()
        assert_waits_for_room(place, import_id, before)
        disk.hold_new_tables()
        import_jobs.start(found, import_id)
        assert_waits_for_room(place, import_id, before)
        disk.make_room()
        import_jobs.start(found, import_id)
        import_jobs.run(found, import_id)
        place.assert_traced()
        assert place.staging_tables() == []


def assert_waits_for_room(place, import_id, before):
    with pytest.raises(DiskFull):
        import_jobs.run(place.registry, import_id)
    with environment(place.registry, lang="fr_FR") as env:
        record = env["oiconnect.import"].browse(import_id)
        assert record.state == "failed"
        assert "the disk is full, make room and start it again" in record.message
    assert place.staging_tables() == []
    assert place.written() == before


def test_no_room_to_unpack_a_database():
    """It is not the fault of the file, which must not be reported as broken."""
    from odoo.addons.oiconnect_gracethd.reading import open_delivery

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("livraison.gpkg", b"SQLite format 3\0" + bytes(3 << 20))
        archive.writestr("t_noeud.csv", b"nd_code\nND1\n")
    with (
        mounted() as path,
        patch.object(tempfile, "tempdir", path),
        pytest.raises(OSError) as caught,
        open_delivery(content),
    ):
        pass
    assert caught.value.errno == errno.ENOSPC
