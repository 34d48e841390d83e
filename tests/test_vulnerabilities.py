"""Known vulnerabilities of locked packages are reported, and stop until accepted."""

import http.server
import json
import threading

import pytest
import vulnerabilities
from oictools.console import Failure

LOCK = "jinja2==3.1.2 \\\n    --hash=sha256:00\nidna==3.20 \\\n    --hash=sha256:00\n"
ANSWERS = {
    "/pypi/jinja2/3.1.2/json": [
        {"id": "PYSEC-1", "aliases": ["CVE-2024-22195"], "fixed_in": ["3.1.3"]},
        {"id": "PYSEC-2", "aliases": [], "fixed_in": ["9"], "withdrawn": "2024-01-01"},
    ],
    "/pypi/idna/3.20/json": [],
}


class Index(http.server.BaseHTTPRequestHandler):
    has_field = True

    def do_GET(self):
        found = ANSWERS.get(self.path) if self.has_field else None
        self.send_response(404 if found is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps({"vulnerabilities": found}).encode())

    def log_message(self, *arguments):
        """Tests print nothing."""


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The data file of a folder whose lock names two packages."""
    path = tmp_path / "vulnerabilities.json"
    (tmp_path / "runtime-3.13.txt").write_text(LOCK)
    monkeypatch.setattr(vulnerabilities, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(vulnerabilities, "DATA", path)
    write(path, known={})
    return path


@pytest.fixture
def index(monkeypatch):
    monkeypatch.setattr(Index, "has_field", True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(vulnerabilities, "INDEX", url)
    yield Index
    server.shutdown()
    server.server_close()


def write(path, known, accepted=()):
    content = {"date": "2026-11-01", "source": "hand", "answered": []}
    content |= {"known": known, "accepted": dict.fromkeys(accepted, "a reason")}
    path.write_text(json.dumps(content))


def test_what_is_known_of_a_locked_version_stops_the_check_until_it_is_accepted(
    data, capsys
):
    known = {"jinja2==3.1.2": {"CVE-2024-22195": "3.1.3"}}
    write(data, known)
    with pytest.raises(Failure, match="CVE-2024-22195"):
        vulnerabilities.report()
    write(data, known, accepted=["CVE-2024-22195"])
    vulnerabilities.report()
    assert "2026-11-01" in capsys.readouterr().out


def test_what_is_known_of_another_version_stops_nothing(data):
    write(data, {"jinja2==3.1.1": {"CVE-2024-22195": "3.1.3"}})
    vulnerabilities.report()


def test_the_index_is_queried_for_each_locked_version(data, index):
    with pytest.raises(Failure, match="CVE-2024-22195"):
        vulnerabilities.refresh("2026-12-01")
    written = json.loads(data.read_text())
    assert written["known"] == {"jinja2==3.1.2": {"CVE-2024-22195": "3.1.3"}}
    assert written["answered"] == ["idna==3.20", "jinja2==3.1.2"]
    assert written["date"] == "2026-12-01"


def test_an_index_without_the_field_leaves_the_data_as_they_are(data, index):
    index.has_field = False
    before = data.read_text()
    with pytest.raises(Failure, match="2026-11-01"):
        vulnerabilities.refresh("2026-12-01")
    assert data.read_text() == before


def test_our_own_locks_have_nothing_that_is_not_accepted():
    vulnerabilities.report()
