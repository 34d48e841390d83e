"""Files to import dropped on real servers, taken by a look, imported by a job."""

import tracemalloc

import pytest
import small_network
from ftp_server import PASSWORD, TestFtp
from odoo_process import environment, registry

NAME = "TEST_01_OITP_PM_IPEZMD_V31_20260901_00.csv"


@pytest.fixture(params=["sftp", "ftps"])
def drop(request, empty_database, sftp, tmp_path):
    """The home of an account where files are dropped, and the database that looks."""
    with TestFtp(tmp_path / "ftps", tls=True) as ftps, registry(empty_database) as base:
        account = {
            "sftp": {"port": sftp.port, "host_key": sftp.host_key},
            "ftps": {"port": ftps.port, "certificate": ftps.certificate},
        }[request.param]
        base.home = sftp.home("ocaa") if request.param == "sftp" else ftps.home
        base.source_id = make_source(base, kind=request.param, **account)
        yield base


def make_source(base, **account):
    with environment(base) as env:
        made = small_network.make(env, "OITP")
        source = env["oiconnect.import.source"].create(
            {
                "name": "SI",
                "network_id": made["network"].id,
                "host": "127.0.0.1",
                "login": "ocaa",
                "password": PASSWORD,
                "still_seconds": 0,
                "afterwards": "apply",
                "responsible_id": env.ref("base.user_admin").id,
                **account,
            }
        )
        assert source.action_test()["params"]["type"] == "success"
        return source.id


def look(base, times=3):
    """Look so often that a file is seen, taken, and put away."""
    for _n in range(times):
        with environment(base) as env:
            env["oiconnect.import.source"].browse(base.source_id)._poll()


def imports(base):
    with environment(base) as env:
        found = env["oiconnect.import"].search(
            [("source_id", "=", base.source_id)], order="id"
        )
        return [(item.file_name, item.state, item.file_size) for item in found]


def names(base, folder):
    return sorted(
        path.name for path in (base.home / folder).iterdir() if path.is_file()
    )


def line():
    from odoo.addons.oiconnect_interop.tests.imports.import_common import (
        ipe_file,
        ipe_line,
    )

    return ipe_file([ipe_line(CodeOI="OITP", ReferencePM="OITP-01004-0001")])


def test_a_dropped_file_is_imported_and_put_away(drop):
    (drop.home / "import" / NAME).write_bytes(line())
    look(drop)
    assert imports(drop) == [(NAME, "queued", len(line()))]
    assert (names(drop, "import"), names(drop, "import/archive")) == ([], [NAME])
    with environment(drop) as env:
        env["oiconnect.import"].search([])._run()
    assert imports(drop)[0][1] in ("done", "done_errors")
    with environment(drop) as env:
        assert env["oiconnect.building"].search(
            [("identifier", "=", "IMB/01004/X/0001")]
        )


def test_the_same_file_again_changes_nothing(drop):
    for _n in range(2):
        (drop.home / "import" / NAME).write_bytes(line())
        look(drop)
    assert len(imports(drop)) == 1
    assert len(names(drop, "import/archive")) == 2


def test_a_file_larger_than_allowed_is_not_read(drop):
    with environment(drop) as env:
        env["ir.config_parameter"].set_param("oiconnect_interop.max_import_mb", "1")
    with (drop.home / "import" / NAME).open("wb") as file:
        file.truncate(500_000_000)
    tracemalloc.start()
    look(drop)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000
    assert imports(drop) == [(NAME, "failed", 0)]
    assert names(drop, "import/error") == [NAME]


def test_a_large_file_comes_in_through_little_memory(drop):
    """The file is no IPE: it is kept, told, and put aside."""
    with (drop.home / "import" / NAME).open("wb") as file:
        file.truncate(60_000_000)
    look(drop, 1)
    tracemalloc.start()
    look(drop, 2)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000
    assert [name for name, _state, _size in imports(drop)] == [NAME]
    assert names(drop, "import/error") == [NAME]
