import base64
import importlib
import json
import sys
from pathlib import Path
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser
from odoo.addons.oiconnect_import.tests.common import queue_and_run

#: of the whole project: it makes networks whose truth is known
GENERATOR = Path(__file__).parents[3] / "tests"
TOUR = "oiconnect_gracethd"


def generated(name):
    """Return a module of the generator of deliveries."""
    with patch.object(sys, "path", [*sys.path, str(GENERATOR)]):
        return importlib.import_module(f"generator.{name}")


@tagged("post_install", "-at_install")
class TestTourGracethd(HttpCase):
    """A delivery in the browser, in French: checked, seen, applied, traced, undone."""

    def _delivery(self):
        """Return a generated delivery with two wrong counts, and what it holds."""
        gracethd, file = generated("gracethd"), generated("gracethd_file")
        traits = gracethd.PLAIN._replace(dwellings=(8, 10))
        network = gracethd.Network(1, 7, traits)
        for row in network.tables["t_adresse"][:2]:
            row["ad_nblhab"] = 99
        wired = next(route for route in network.routes if route.pto)
        rows = {
            name: {row[key]: row for row in network.tables[name]}
            for name, key in (
                ("t_ebp", "bp_code"),
                ("t_position", "ps_code"),
                ("t_tiroir", "ti_code"),
            )
        }
        position = rows["t_position"][wired.positions[0]]
        return {
            "content": base64.b64encode(file.zipped(network.tables)).decode(),
            "errors": 2,
            "pto": rows["t_ebp"][wired.pto]["bp_linecod"],
            "drawer": rows["t_tiroir"][position["ps_ti_code"]]["ti_codeext"],
        }

    @needs_browser
    def test_check_see_apply_trace_and_undo(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        network = self.env["oiconnect.network"].create(
            {"name": "Essai", "code": "GT_9", "oi_code": "OICN", "pto_prefix": "ZT"}
        )
        user = new_test_user(
            self.env,
            "gracethd_tour",
            "base.group_user,oiconnect_base.group_import_manager,"
            "oiconnect_base.group_infra_read",
            lang="fr_FR",
        )
        # The page fetches it: a failure repeats the code, which is to be short.
        attachment = self.env["ir.attachment"].create(
            {"name": "delivery", "raw": json.dumps(self._delivery()), "public": True}
        )
        default = type(self.env["oiconnect.network"])
        with (
            patch.object(type(self.env["oiconnect.import"]), "_queue", queue_and_run),
            patch.object(default, "_default_network", lambda model: network),
        ):
            self.browser_js(
                "/odoo/action-oiconnect_import.import_action",
                f"fetch('/web/content/{attachment.id}').then((found) => found.json())"
                ".then((json) => { window.oiconnectDelivery = json; })"
                f".then(() => odoo.startTour('{TOUR}'))",
                ready=f"odoo.isTourReady('{TOUR}')",
                login=user.login,
                success_signal="tour succeeded",
                timeout=180,
            )
        record = self.env["oiconnect.import"].search([("network_id", "=", network.id)])
        self.assertEqual(record.state, "undone")
        self.assertFalse(
            self.env["oiconnect.pto"].search([("network_id", "=", network.id)])
        )
