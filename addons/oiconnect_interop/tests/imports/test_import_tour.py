import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests.common import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_import.tests.common import queue_and_run

from .import_common import ImportCase, ipe_file, ipe_line


@tagged("post_install", "-at_install")
class TestImportTour(HttpCase, ImportCase):
    """The screen: choose a file, import it, look at its errors."""

    @needs_browser
    def test_choose_import_look_at_the_errors_then_mend_them_in_six_clicks(self):
        fixed, record = self._tour(
            "oiconnect_import", [ipe_line(1), ipe_line(2, TypeZone="9")]
        ).sorted("id", reverse=True)
        self.assertEqual((record.state, fixed.state), ("done_errors", "done"))
        self.assertTrue(self._building(1))
        self.assertTrue(self._building(2))

    @needs_browser
    def test_check_then_apply(self):
        self._import([ipe_line(1), ipe_line(2)])
        record = self._tour("oiconnect_import_check", [ipe_line(1), ipe_line(3)])
        self.assertEqual((record.state, record.mode), ("done", "removal"))
        self.assertEqual(self._building(2).state, "abandoned")
        self.assertTrue(self._building(3))

    def _importer(self):
        return new_test_user(
            self.env,
            "import_tour",
            "base.group_user,oiconnect_base.group_import_user,"
            "oiconnect_base.group_infra_read",
            lang="fr_FR",
        )

    @contextmanager
    def _played(self):
        """Imports run as they are queued, on the network of the test."""
        default = type(self.env["oiconnect.network"])
        with (
            patch.object(type(self.imports), "_queue", queue_and_run),
            patch.object(default, "_default_network", lambda model: self.network),
        ):
            yield

    def _tour(self, name, lines):
        """Play a tour of an importer who chooses a file of ``lines``."""
        user = self._importer()
        content = json.dumps(ipe_file(lines).decode())
        with self._played():
            self.browser_js(
                "/odoo/action-oiconnect_import.import_action",
                f"window.oiconnectFile = {content}; odoo.startTour('{name}')",
                ready=f"odoo.isTourReady('{name}')",
                login=user.login,
                success_signal="tour succeeded",
                timeout=120,
            )
        return self.imports.search([("create_uid", "=", user.id)])
