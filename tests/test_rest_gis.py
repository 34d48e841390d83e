"""The network in GIS tools: GDAL, by which QGIS reads too, asks our server itself."""

import http.client
import json
import re
import shutil
import subprocess

import pytest
import small_network
from conftest import OdooServer
from odoo_process import environment, registry

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("ogrinfo"), reason="no GDAL on this machine"),
]
ROOT = "/oiconnect/api/v1"
LATITUDE, LONGITUDE = 45.5, 5.25
TILE, FAR_TILE = "15/16861/11722", "9/263/183"
COUNT = 12


@pytest.fixture(scope="module")
def served(shared_database, tmp_path_factory):
    with registry(shared_database) as found, environment(found) as env:
        value = prepare(env)
    log = tmp_path_factory.mktemp("gis") / "odoo.log"
    server = OdooServer(shared_database, log, scheduled=False, jobs=False).start()
    yield server, value
    server.stop()


def prepare(env):
    """Buildings in one tile, one without place; return the value of a key."""
    network = small_network.make(env, "OIGI", "OCG1")["network"]
    place = {"projection": "WGS84", "x": LONGITUDE, "y": LATITUDE}
    base = {"network_id": network.id}
    pm = env["oiconnect.pm"].search([("network_id", "=", network.id)], limit=1)
    pm.write(place)
    prdm = env["oiconnect.prdm"].create(
        base | {"reference": "OIGI-PRDM-1", **place, "x": LONGITUDE + 0.001}
    )
    env["oiconnect.pm.link"].create(
        base | {"reference": "OIGI-L", "pm_id": pm.id, "prdm_id": prdm.id}
    )
    env["oiconnect.building"].create(
        base
        | place
        | {
            "identifier": f"OIGI/G/{rank}",
            "state": "deployed" if rank % 3 else "target",
            "x": LONGITUDE + rank / 1e5,
        }
        for rank in range(COUNT)
    )
    _key, value = env["oiconnect.api.key"]._make(
        {
            "name": "SIG",
            "company_id": network.company_id.id,
            "network_ids": [(6, 0, network.ids)],
            "user_id": env.ref("base.user_admin").id,
            "rate_class": "fast",
        }
    )
    return value


def gdal(served, program, *arguments):
    """Return what a program of GDAL says of an address of ours, which it opens."""
    server, value = served
    address = f"http://127.0.0.1:{server.port}{ROOT}"
    command = [program, "--config", "GDAL_HTTP_HEADERS"]
    command += [f"Authorization: Bearer {value}"]
    command += [one.replace("ROOT", address) for one in arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def counts(text):
    """Return ``{layer: number of features}`` of what ogrinfo says."""
    names = re.findall(r"^Layer name: (.+)$", text, re.MULTILINE)
    found = re.findall(r"^Feature Count: (\d+)$", text, re.MULTILINE)
    return dict(zip(names, map(int, found), strict=True))


def listed(served, path):
    server, value = served
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", ROOT + path, headers={"Authorization": f"Bearer {value}"})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def test_ogrinfo_reads_a_tile(served):
    text = gdal(served, "ogrinfo", "-ro", "-al", f"MVT:ROOT/tiles/{TILE}.mvt")
    assert counts(text) == {"prdms": 1, "pms": 1, "pm-links": 1, "buildings": COUNT}
    assert text.count("state (String) = target") == COUNT / 3
    assert "label (String) = OIGI/G/7" in text
    # Where they are, to a unit of the tile: a quarter of a metre
    [line] = re.findall(r"LINESTRING \(([\d.]+) ([\d.]+),", text)
    east, north = map(float, line)
    assert abs(east - LONGITUDE * 20037508.342789 / 180) < 1
    assert abs(north - 5700582.73) < 1


def test_ogrinfo_reads_numbers_from_afar(served):
    text = gdal(served, "ogrinfo", "-ro", "-al", f"MVT:ROOT/tiles/{FAR_TILE}.mvt")
    found = re.findall(r"count \(Integer\) = (\d+)", text)
    assert sum(map(int, found)) == COUNT
    assert f"target (Integer) = {COUNT // 3}" in text


def test_ogrinfo_reads_geojson(served):
    text = gdal(
        served, "ogrinfo", "-ro", "-al", "-so", "ROOT/buildings/export?format=geojson"
    )
    expected = listed(served, "/buildings?count=true&limit=1")["count"]
    assert list(counts(text).values()) == [expected]
    assert "Geometry: Point" in text
    assert "WGS 84" in text
    assert "identifier: String" in text


def test_ogr2ogr_makes_a_file_of_lines(served, tmp_path):
    target = tmp_path / "links.csv"
    gdal(
        served,
        "ogr2ogr",
        *("-f", "CSV", "-lco", "GEOMETRY=AS_WKT"),
        str(target),
        "ROOT/pm-links/export?format=geojson",
    )
    assert f"LINESTRING ({LONGITUDE} {LATITUDE}," in target.read_text()
