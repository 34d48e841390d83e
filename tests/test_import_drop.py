"""Files to import dropped on real servers, taken by a look, imported by a job."""

import string
import tracemalloc
from contextlib import closing

import pytest
import small_network
from ftp_server import PASSWORD, TestFtp
from odoo_process import environment, parameter, registry

pytestmark = pytest.mark.slow
LETTERS = iter(string.ascii_uppercase)


@pytest.fixture(scope="module")
def found(shared_database):
    with registry(shared_database) as found:
        yield found


class Drop:
    """A network, and the account where its files are dropped, of one test."""

    def __init__(self, found, home, **account):
        self.registry = found
        self.home = home
        self.oi_code = f"OIP{next(LETTERS)}"
        self.name = f"TEST_01_{self.oi_code}_PM_IPEZMD_V31_20260901_00.csv"
        with environment(found) as env:
            self.network_id = small_network.make(env, self.oi_code)["network"].id
            source = env["oiconnect.import.source"].create(
                {
                    "name": "SI",
                    "network_id": self.network_id,
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
            self.source_id = source.id

    def close(self):
        """Leave its place to the server of another test."""
        with environment(self.registry) as env:
            env["oiconnect.import.source"].browse(self.source_id).active = False


@pytest.fixture(params=["sftp", "ftps"])
def drop(request, found, sftp, tmp_path):
    with TestFtp(tmp_path / "ftps", tls=True) as ftps:
        home, account = {
            "sftp": (
                sftp.home("ocaa"),
                {"port": sftp.port, "host_key": sftp.host_key},
            ),
            "ftps": (
                ftps.home,
                {"port": ftps.port, "certificate": ftps.certificate},
            ),
        }[request.param]
        with closing(Drop(found, home, kind=request.param, **account)) as drop:
            yield drop


def look(base, times=3):
    """Look so often that a file is seen, taken, and put away."""
    for _n in range(times):
        with environment(base.registry) as env:
            env["oiconnect.import.source"].browse(base.source_id)._poll()


def imports(base):
    with environment(base.registry) as env:
        found = env["oiconnect.import"].search(
            [("source_id", "=", base.source_id)], order="id"
        )
        return [(item.file_name, item.state, item.file_size) for item in found]


def names(base, folder):
    return sorted(
        path.name for path in (base.home / folder).iterdir() if path.is_file()
    )


def line(drop):
    from odoo.addons.oiconnect_interop.tests.imports.import_common import (
        ipe_file,
        ipe_line,
    )

    reference = f"{drop.oi_code}-01004-0001"
    return ipe_file([ipe_line(CodeOI=drop.oi_code, ReferencePM=reference)])


def test_a_dropped_file_is_imported_and_put_away(drop):
    (drop.home / "import" / drop.name).write_bytes(line(drop))
    look(drop)
    assert imports(drop) == [(drop.name, "queued", len(line(drop)))]
    assert (names(drop, "import"), names(drop, "import/archive")) == ([], [drop.name])
    with environment(drop.registry) as env:
        env["oiconnect.import"].search([("source_id", "=", drop.source_id)])._run()
    assert imports(drop)[0][1] in ("done", "done_errors")
    with environment(drop.registry) as env:
        assert env["oiconnect.building"].search(
            [
                ("network_id", "=", drop.network_id),
                ("identifier", "=", "IMB/01004/X/0001"),
            ]
        )


def test_the_same_file_again_changes_nothing(drop):
    for _n in range(2):
        (drop.home / "import" / drop.name).write_bytes(line(drop))
        look(drop)
    assert len(imports(drop)) == 1
    assert len(names(drop, "import/archive")) == 2


def test_a_file_larger_than_allowed_is_not_read(drop):
    with (drop.home / "import" / drop.name).open("wb") as file:
        file.truncate(500_000_000)
    with parameter(drop.registry, "oiconnect_import.max_import_mb", "1"):
        tracemalloc.start()
        look(drop)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 40_000_000
    assert imports(drop) == [(drop.name, "failed", 0)]
    assert names(drop, "import/error") == [drop.name]


def test_a_large_file_comes_in_through_little_memory(drop):
    """The file is no IPE: it is stored, reported, and put aside."""
    with (drop.home / "import" / drop.name).open("wb") as file:
        file.truncate(60_000_000)
    look(drop, 1)
    tracemalloc.start()
    look(drop, 2)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000
    assert [name for name, _state, _size in imports(drop)] == [drop.name]
    assert names(drop, "import/error") == [drop.name]
