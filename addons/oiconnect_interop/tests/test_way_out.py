"""Everything that connects to another machine: by the one way out, or not at all."""

import ast
import os
import socket
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

from odoo.modules import module
from odoo.tests import TransactionCase
from odoo.tests.common import _super_send

from odoo.addons.oiconnect_base import openid, outgoing
from odoo.addons.queue_job.jobrunner import runner

from .. import job_runner

ADDONS = Path(__file__).parents[2]
#: an address of the public internet, to which nothing of this test goes
PUBLIC = "93.184.216.34"
SECRETS = {"password": "x", "private_key": ""}
#: what opens connections
LIBRARIES = {
    *("aiohttp", "ftplib", "http.client", "httpx", "imaplib", "paramiko", "poplib"),
    *("requests", "smtplib", "socket", "telnetlib", "urllib.request", "urllib3"),
    *("websocket", "zeep"),
}
#: the files of ours that use one of them, and what for
USERS = {
    "oiconnect_base/openid.py": "identity providers of our people",
    "oiconnect_base/outgoing.py": "the way out itself",
    "oiconnect_infra/models/map/map_search.py": "address search",
    "oiconnect_interop/job_runner.py": "jobs: this very server",
    "oiconnect_interop/models/evidence/seal_timestamp.py": "timestamps",
    "oiconnect_api/rest/stream.py": "reads the socket of a request that came in",
    "oiconnect_interop/transport/ftp.py": "files of operators",
    "oiconnect_interop/transport/http_client.py": "SOAP notifications and webhooks",
    "oiconnect_interop/transport/sftp.py": "files of operators",
}


class Recorder:
    """Takes the place of the system: nothing leaves this machine."""

    def __init__(self):
        self.found = []

    def connect(self, _socket, address):
        way = outgoing._way.get()
        self.found.append((way and way.purpose, *address[:2]))
        raise ConnectionRefusedError

    def getaddrinfo(self, host, port, *_args, **_options):
        address = host if host[0].isdigit() else PUBLIC
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, int(port)))]


class WayOutCase(TransactionCase):
    """Nothing leaves this machine; what was about to is known."""

    def setUp(self):
        super().setUp()
        outgoing.install()
        self.system = Recorder()
        self.enterContext(patch.dict(os.environ, {outgoing.VARIABLE: ""}))
        for name in ("connect", "connect_ex"):
            self.enterContext(patch.object(outgoing.system, name, self.system.connect))
        self.enterContext(
            patch.object(outgoing.system, "getaddrinfo", self.system.getaddrinfo)
        )

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Send what Odoo's tests refuse before it comes to a socket."""
        return _super_send(session, request, **options)

    @contextmanager
    def refused(self):
        """Nothing leaves; whether it fails, and how, is the caller's affair."""
        with (
            self.assertLogs(outgoing._logger.name, "WARNING") as log,
            # Odoo's services are otherwise not tried in a test.
            patch.object(module, "current_test", None),
            suppress(Exception),
        ):
            yield
        self.assertIn("way out: refused", log.output[0])
        self.assertEqual(self.system.found, [])

    def assertGoesOut(self, purpose, port, host=PUBLIC):
        self.assertEqual(set(self.system.found), {(purpose, host, port)})
        self.system.found.clear()


class TestWayOut(WayOutCase):
    # ------------------------------------------------------------------
    # Ours
    # ------------------------------------------------------------------

    def test_files_of_operators(self):
        for kind, port in (("sftp", 22), ("ftp", 21), ("ftps", 21)):
            with self.subTest(kind):
                account = self.env["oiconnect.endpoint"].new(
                    {"kind": kind, "host": "sftp.oct1.example", "port": port}
                )
                with (
                    patch.object(type(account), "_secrets", lambda _self: SECRETS),
                    suppress(Exception),
                    account._open(),
                ):
                    self.fail("no server is there")
                self.assertGoesOut(f"files by {kind}", port)

    def test_identity_providers(self):
        with self.assertRaises(openid.Refused):
            openid.call("GET", "https://sso.oin.example/keys")
        self.assertGoesOut("single sign-on", 443)

    def test_search_of_addresses(self):
        found, message = self.env["oiconnect.map"]._addresses("1 rue des Fleurs")
        self.assertEqual(found, [])
        self.assertTrue(message)
        self.assertGoesOut("address search", 443)

    def test_mail(self):
        self._connect_mail()
        self.assertGoesOut("mail", 2525)

    def _connect_mail(self):
        servers = self.env["ir.mail_server"]
        with patch.object(type(servers), "_disable_send", lambda _self: False):
            with suppress(Exception):
                servers._connect__("mail.oin.example", 2525)

    def test_mail_boxes(self):
        values = {"name": "x", "server_type": "imap", "server": "mail.oin.example"}
        box = self.env["fetchmail.server"].new({**values, "port": 143})
        with suppress(Exception):
            box._connect__()
        self.assertGoesOut("mail box", 143)

    def test_the_runner_of_jobs_asks_this_server(self):
        job_runner.let_out()
        with suppress(Exception):
            runner.requests.get("http://127.0.0.1:8069/queue_job/runjob", timeout=1)
        self.assertGoesOut("runner of jobs", 8069, "127.0.0.1")

    def test_no_other_file_of_ours_connects(self):
        found = {
            str(path.relative_to(ADDONS))
            for path in ADDONS.glob("oiconnect_*/**/*.py")
            if "tests" not in path.parts and imported(path) & LIBRARIES
        }
        self.assertEqual(found, set(USERS))

    def test_a_file_that_connects_is_found(self):
        self.assertEqual(
            imported_in("import requests\nfrom http import client\nimport socket as s"),
            {"requests", "http", "http.client", "socket"},
        )

    # ------------------------------------------------------------------
    # Odoo's
    # ------------------------------------------------------------------

    def test_a_document_fetches_nothing_from_elsewhere(self):
        """It is made by another program: a server of this machine sees who asks it."""
        received = []
        with listening(received) as address:
            html = (
                f'<html><body>Facture<img src="http://{address}/x.png"></body></html>'
            )
            reports = self.env["ir.actions.report"]
            # The requested host name is not this server's.
            with patch.object(
                type(reports), "_get_report_url", lambda _self: "http://oi.invalid"
            ):
                content = reports._run_wkhtmltopdf([html])
        self.assertEqual(content[:5], b"%PDF-")
        self.assertEqual(received, [])

    def test_a_planted_connection_is_refused(self):
        with self.refused():
            socket.create_connection((PUBLIC, 80), 1)

    def test_previews_of_links(self):
        from odoo.addons.mail.tools.link_preview import get_link_preview_from_url

        with self.refused():
            get_link_preview_from_url("http://127.0.0.1:8069/web/database/manager")
        previews = self.env["mail.link.preview"]
        self.assertFalse(previews._is_link_preview_enabled())
        self.assertFalse(previews._search_or_create_from_url(f"http://{PUBLIC}/"))
        self.assertEqual(self.system.found, [])

    def test_nothing_is_sent_to_the_publisher(self):
        contracts = self.env["publisher_warranty.contract"]
        self.assertTrue(contracts.update_notification(cron_mode=False))
        self.assertEqual(self.system.found, [])
        with self.refused():
            contracts._get_sys_logs()

    def test_services_that_odoo_sells(self):
        from odoo.addons.iap.tools.iap_tools import iap_jsonrpc

        with self.refused():
            iap_jsonrpc("https://iap.odoo.com/iap/1/balance", params={}, timeout=1)

    def test_a_vat_number_is_looked_up_nowhere(self):
        with suppress(Exception):
            self.env["res.partner"].create({"name": "OCT1", "vat": "FR23334175221"})
        self.assertEqual(self.system.found, [])


@contextmanager
def listening(received):
    """Have a server on this machine note who asks it: yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve():
            while not over.is_set():
                with suppress(TimeoutError):
                    connected, _address = server.accept()
                    received.append(connected.recv(1000))
                    connected.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def imported(path):
    return imported_in(path.read_text(encoding="utf-8"))


def imported_in(source):
    """Return the names of the modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
