import json
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...pto_reference import reference_of
from ..wiring import Wiring


@tagged("post_install", "-at_install")
class TestBulkUndone(HttpCase):
    """A tool that fails on its way leaves nothing behind, and says why in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_and_install_lang("fr_FR")
        cls.wiring = Wiring(cls.env, "T90")
        cls.fibres = cls.wiring.strand_cable("CB-A", 12)
        cls.drop = cls.wiring.strand_cable("CB-B", 12, cls.wiring.box)
        cls.building = cls.wiring.building("IMB/99001/X/0090", dwelling_count=5)
        cls.user = new_test_user(
            cls.env,
            "chief_planner",
            "oiconnect_base.group_infra_manager",
            lang="fr_FR",
            password="chief_planner",
            tz="Europe/Paris",
        )

    def call(self, model, method, args, context=None):
        """Call as the web client does; return the answer."""
        payload = {
            "params": {
                "model": model,
                "method": method,
                "args": args,
                "kwargs": {"context": {"lang": "fr_FR", **(context or {})}},
            }
        }
        with mute_logger("odoo.http", "odoo.sql_db"):
            return self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps(payload),
                headers={"Content-Type": "application/json"},
            ).json()

    def press(self, tool, button, **values):
        """Fill in a tool and press its button; return the message of the refusal."""
        self.authenticate(self.user.login, self.user.login)
        made = self.call(f"oiconnect.{tool}", "create", [values])
        answer = self.call(f"oiconnect.{tool}", button, [[made["result"]]])
        self.env.invalidate_all()
        return answer.get("error", {}).get("data", {}).get("message")

    def failing(self, model):
        """Let the last records of a tool fail, after the first are made."""
        return patch.object(
            type(self.env[model]), "create", side_effect=UserError("panne")
        )

    def changes(self):
        return self.env["oiconnect.change"].search_count(
            [("network_id", "=", self.wiring.network.id)]
        )

    # ------------------------------------------------------------------

    def test_no_position_without_the_requested_routes(self):
        before = self.changes()
        values = {
            "module_id": self.wiring.drawer.id,
            "count": 6,
            "cable_id": self.drop.cable_id.id,
            "with_routes": True,
        }
        with self.failing("oiconnect.route"):
            message = self.press("module.positions", "action_apply", **values)
        self.assertEqual(message, "panne")
        self.assertFalse(self.wiring.drawer.position_ids)
        self.assertEqual(self.changes(), before, "the history tells nothing either")
        self.assertIsNone(self.press("module.positions", "action_apply", **values))
        self.assertEqual(len(self.wiring.drawer.position_ids), 6)
        self.assertGreater(self.changes(), before)

    def test_no_splice_of_a_range_with_one_fibre_in_use(self):
        self.wiring.splice(self.fibres[5:6], self.drop[5:6])
        message = self.press(
            "splice.range",
            "action_splice",
            upstream_cable_id=self.fibres.cable_id.id,
            upstream_first_id=self.fibres[0].id,
            upstream_last_id=self.fibres[11].id,
            downstream_cable_id=self.drop.cable_id.id,
            downstream_first_id=self.drop[0].id,
            box="CH-1",
        )
        self.assertIn("Aucune épissure n'a été faite", message)
        self.assertIn("CB-A / ROUGE / 6", message)
        self.assertEqual(len(self.fibres.lower_splice_ids), 1)

    def test_no_splice_is_undone_when_one_carries_a_service(self):
        splices = self.wiring.splice(self.fibres, self.drop)
        position = self.wiring.position("P3", self.fibres[3])
        self.wiring.route(
            position,
            self.drop[3],
            name="R3",
            state="used",
            operator_id=self.wiring.operator("OCAA").id,
        )
        message = self.press(
            "splice.undo", "action_undo", splice_ids=[(6, 0, splices.ids)]
        )
        self.assertIn("R3", message)
        self.assertIn("Libérez", message)
        self.assertEqual(len(splices.exists()), 12)

    def test_no_fibre_of_a_range_is_deleted_with_one_in_use(self):
        self.wiring.route(None, self.drop[7], name="R7")
        message = self.press(
            "bulk.range",
            "action_apply",
            cable_id=self.drop.cable_id.id,
            operation="delete",
            first=1,
            last=12,
        )
        self.assertIn("CB-B / ROUGE / 8", message)
        self.assertIn("Libérez", message)
        self.assertEqual(len(self.drop.exists()), 12)

    def test_references_that_were_rolled_back_are_not_given_again(self):
        """A failure costs numbers, never a reference that two PTOs have."""
        tool = {"building_id": self.building.id}
        with self.failing("oiconnect.pto"):
            self.assertEqual(
                self.press("pto.generation", "action_apply", **tool), "panne"
            )
        self.assertFalse(self.building.pto_ids)
        self.assertIsNone(self.press("pto.generation", "action_apply", **tool))
        made = self.building.pto_ids.mapped("reference")
        self.assertEqual(len(set(made)), 5)
        for reference in made:
            self.assertRegex(reference, r"^ZZ-[0-9A-HJ-NP-Z]{4}-[0-9A-HJ-NP-Z]{4}$")

    def test_a_reference_of_another_network_is_not_made_again(self):
        """One prefix on two networks: still unique in the database."""
        other = Wiring(self.env, "T89")
        lots = self.env["oiconnect.pto.lot"]
        self.env.cr.execute("SELECT nextval('oiconnect_pto_number')")
        [number] = self.env.cr.fetchone()
        taken = reference_of("ZZ", number + 1)
        other.pto(other.building("IMB/99001/X/0089"), taken)
        made = lots._new_references(self.wiring.network, 2)
        self.assertEqual(made, [reference_of("ZZ", number + rank) for rank in (2, 3)])
