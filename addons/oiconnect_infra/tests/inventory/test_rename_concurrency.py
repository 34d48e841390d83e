# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

import json
from functools import partial

from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.tests.two_transactions import WAIT

from ..common import Network
from ..network_race import NetworkRaceCase

NEW = "NOUVEAU-NOM"
# Message to the user who comes second
REFUSALS = {
    "oiconnect.pm": "Un PM de cette référence existe déjà",
    "oiconnect.pbo": "Un PBO de cette référence existe déjà",
    "oiconnect.pto": "Une prise de cette référence existe déjà",
    "oiconnect.building": "Un immeuble de cet identifiant existe déjà",
    "oiconnect.pbo.cable": "Un câble de cette référence existe déjà",
    "oiconnect.pbo.fibre": "Cette fibre de ce tube est déjà dans le câble",
}


def rename(env, record, value):
    """Save the new name as the form does."""
    name = {"oiconnect.building": "identifier", "oiconnect.pbo.fibre": "fibre"}.get(
        record._name, "reference"
    )
    model = env[record._name]
    call_kw(model, "web_save", [[record.id], {name: value}, {"id": {}}], {})
    env.flush_all()


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestRenameConcurrency(NetworkRaceCase):
    """Two users give the same name at the same time: one of them has it."""

    tables = (
        "oiconnect_pto",
        "oiconnect_pbo_fibre",
        "oiconnect_pbo_cable",
        "oiconnect_building",
        "oiconnect_pbo",
        "oiconnect_pm",
    )

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env["res.lang"]._activate_and_install_lang("fr_FR")
            self.made = self._make(Network(env, "T95"))
        self.addCleanup(self._clean)
        self._open_cursor()

    def _make(self, net):
        """Return two objects of each kind, by model."""
        self.network_id = net.network.id
        pms = net.pm("PM-A") + net.pm("PM-B")
        buildings = net.building("IMB-A") + net.building("IMB-B")
        cables = net.cable(pms[0], "CB-A") + net.cable(pms[0], "CB-B")
        fibres = net.env["oiconnect.pbo.fibre"].create(
            [{"cable_id": cables[0].id, "tube": "1", "fibre": f} for f in ("A", "B")]
        )
        pairs = (
            pms,
            net.pbo(pms[0], "PBO-A") + net.pbo(pms[0], "PBO-B"),
            net.pto(buildings[0], "ZZ-A") + net.pto(buildings[0], "ZZ-B"),
            buildings,
            cables,
            fibres,
        )
        return {records._name: records.ids for records in pairs}

    def _rename(self, cr, model, record_id, value=NEW):
        env = self._env(cr)
        rename(env, env[model].browse(record_id), value)

    def test_one_wins_and_the_other_sees_an_error_in_french(self):
        for model, (first, second) in self.made.items():
            with self.subTest(model):
                self._rename(self.cr, model, first)
                rival = self._start_rival(
                    partial(self._rename, model=model, record_id=second), lang="fr_FR"
                )
                self._wait_until_blocked(rival)
                self.cr.commit()
                rival.join(WAIT)
                self.assertIn(REFUSALS[model], str(rival.error))
                if model != "oiconnect.pbo.fibre":
                    self.assertIn(f"« {NEW} »", str(rival.error))
                self.assertEqual(self._names(model, first), [NEW])
                self.assertNotEqual(self._names(model, second), [NEW])

    def test_a_rollback_leaves_the_name_to_the_one_who_waits(self):
        first, second = self.made["oiconnect.pm"]
        self._rename(self.cr, "oiconnect.pm", first)
        rival = self._start_rival(
            partial(self._rename, model="oiconnect.pm", record_id=second)
        )
        self._wait_until_blocked(rival)
        self.cr.rollback()
        rival.join(WAIT)
        self.assertIsNone(rival.error)
        self.assertEqual(self._names("oiconnect.pm", second), [NEW])
        self.assertEqual(self._names("oiconnect.pm", first), ["PM-A"])

    def test_the_history_tells_the_winner_only(self):
        first, second = self.made["oiconnect.pbo"]
        self._rename(self.cr, "oiconnect.pbo", first)
        rival = self._start_rival(
            partial(self._rename, model="oiconnect.pbo", record_id=second)
        )
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT res_id FROM oiconnect_change WHERE res_model = 'oiconnect.pbo'"
                " AND field = 'reference' AND after = %s AND network_id = %s",
                [NEW, self.network_id],
            )
            self.assertEqual(cr.fetchall(), [(first,)])

    def _names(self, model, record_id):
        with self.registry.cursor() as cr:
            record = self._env(cr)[model].browse(record_id)
            name = "fibre" if model == "oiconnect.pbo.fibre" else record._rec_name
            return [record[name or "identifier"]]


@tagged("post_install", "-at_install")
class TestRenameRpc(HttpCase):
    """Answer to the web client, which it shows in its dialogue."""

    def test_the_sentence_of_the_constraint_in_french(self):
        self.env["res.lang"]._activate_and_install_lang("fr_FR")
        net = Network(self.env)
        pm, other = net.pm("PM-A"), net.pm("PM-B")
        new_test_user(
            self.env,
            "renamer",
            "oiconnect_base.group_infra_user,oiconnect_base.group_link_user",
            lang="fr_FR",
            password="renamer-password",
        )
        self.authenticate("renamer", "renamer-password")
        with mute_logger("odoo.sql_db", "odoo.http"):
            answer = self.url_open(
                "/web/dataset/call_kw/oiconnect.pm/web_save",
                data=json.dumps(
                    {
                        "params": {
                            "model": "oiconnect.pm",
                            "method": "web_save",
                            "args": [[other.id], {"reference": pm.reference}],
                            "kwargs": {
                                "specification": {"id": {}},
                                "context": {"lang": "fr_FR"},
                            },
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            ).json()
        error = answer["error"]["data"]
        self.assertEqual(error["name"], "odoo.exceptions.ValidationError")
        self.assertIn("Un PM de cette référence existe déjà", error["message"])
        self.assertIn("« PM-A » est déjà pris", error["message"])
        self.assertNotIn("psycopg2", error["message"])
