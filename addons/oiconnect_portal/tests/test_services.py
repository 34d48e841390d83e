import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.oiconnect_api.rest import ROOT

from .space_common import SpaceCase


@tagged("post_install", "-at_install")
class TestServices(SpaceCase):
    """Files, keys, terms and eligibility."""

    def _endpoint(self, **values):
        return self.env["oiconnect.endpoint"].create(
            {
                "name": "Compte d'essai",
                "operator_id": self.operator.id,
                "network_id": self.network.id,
                "host": "sftp.example.com",
                "login": "ocaa",
                "responsible_id": self.env.ref("base.user_admin").id,
                **values,
            }
        )

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def test_what_was_exchanged_is_downloaded(self):
        self._log_in()
        for key in ("echanges", "publications"):
            record = self.own[key]
            answer = self.url_open(f"/my/oiconnect/{key}/{record.id}/telecharger")
            self.assertEqual(answer.content, record.name.encode())
            self.assertIn(record.name, answer.headers["Content-Disposition"])

    def test_a_file_that_is_gone_is_not_downloaded(self):
        record = self.own["publications"]
        record.publication_id._erase()
        self.env.flush_all()
        self._log_in()
        self._get(f"/publications/{record.id}/telecharger", status=404)
        answer = self._post(f"/publications/{record.id}/renvoyer")
        self.assertIn("alert-danger", answer)

    def test_a_file_that_is_requested_twice_leaves_once(self):
        record = self.own["echanges"]
        record.endpoint_id = self._endpoint()
        self.env.flush_all()
        self._log_in()
        self._post(f"/echanges/{record.id}/renvoyer")
        self.assertEqual(record.state, "out_ready")
        waiting = record.message_ids
        self._post(f"/echanges/{record.id}/renvoyer")
        self.assertEqual((record.state, record.message_ids), ("out_ready", waiting))

    def test_what_cannot_leave_by_itself_is_a_task_of_ours_once(self):
        record = self.own["echanges"]
        record.write({"endpoint_id": self._endpoint().id, "state": "out_expired"})
        self.env.flush_all()
        self._log_in()
        self._post(f"/echanges/{record.id}/renvoyer")
        self._post(f"/echanges/{record.id}/renvoyer")
        self.assertEqual(len(record.activity_ids), 1)

    def test_a_file_of_the_operator_is_not_sent_to_it(self):
        record = self._file(self.operator, "LA-SIENNE.csv", direction="in")
        record.state = "in_done"
        with self.assertRaises(UserError):
            self._space()._resend(self._as(record._name).browse(record.id))

    # ------------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------------

    def test_a_key_is_made_shown_once_and_revoked(self):
        self._log_in()
        answer = self._post("/cles/nouvelle", name="SI commandes")
        key = self.env["oiconnect.api.key"].search([("name", "=", "SI commandes")])
        value = answer.split(f'value="{key.public_id}.')[1].split('"')[0]
        self.assertNotIn(value, self._get(f"/cles/{key.id}"))
        answer = self.url_open(
            f"{ROOT}/access-orders",
            headers={"Authorization": f"Bearer {key.public_id}.{value}"},
        )
        found = [one["id"] for one in json.loads(answer.text)["data"]]
        self.assertEqual(found, self.own["acces"].ids)
        self._post(f"/cles/{key.id}/revoquer")
        self.assertEqual(key.state, "revoked")

    def test_a_second_key_of_a_name_is_refused(self):
        key, _value = self._space()._make_key("SI")
        self.assertIn(self.network, key.sudo().network_ids)
        with self.assertRaises(UserError):
            self._space()._make_key("SI")

    def test_a_key_for_trials_opens_the_sandbox_only(self):
        networks = self._space()._networks()
        with self.assertRaises(UserError):
            self._space()._make_key("Essais", on_sandbox=True)
        sandbox = self.network.copy({"code": "OITO2", "is_sandbox": True})
        self.assertEqual(self._space()._networks().ids, [*networks.ids, sandbox.id])
        key, _value = self._space()._make_key("Essais", on_sandbox=True)
        self.assertEqual(key.sudo().network_ids, sandbox)
        key, _value = self._space()._make_key("SI")
        self.assertNotIn(sandbox, key.sudo().network_ids)

    def test_who_has_no_right_on_keys_makes_and_revokes_none(self):
        self.person.partner_id.oiconnect_makes_keys = False
        self.env.flush_all()
        self._log_in()
        answer = self._post("/cles/nouvelle", name="SI")
        self.assertIn("alert-danger", answer)
        key = self.own["cles"]
        self._post(f"/cles/{key.id}/revoquer")
        self.assertEqual(key.state, "active")
        self.assertFalse(self.env["oiconnect.api.key"].search([("name", "=", "SI")]))

    # ------------------------------------------------------------------
    # Terms and eligibility
    # ------------------------------------------------------------------

    def test_terms_are_those_of_the_form_of_the_operator(self):
        flow = self.env["oiconnect.flow"]._by_code("CR_CMD")
        self.env["oiconnect.flow.terms"].create(
            {"operator_id": self.operator.id, "flow_id": flow.id, "encoding": "utf-8"}
        )
        self.env.flush_all()
        self._log_in()
        answer = self._get("/conditions")
        self.assertIn(self.operator.access_version, answer)
        self.assertIn(flow.code, answer)

    def test_eligibility_is_answered_as_by_the_rest_api(self):
        self._log_in()
        answer = self._get(f"/eligibilite?identifier={self.building.identifier}")
        self.assertIn(self.building.identifier, answer)
        self.assertEqual(answer.count("o_oiconnect_mode"), 3)

    def test_eligibility_of_nowhere_says_what_to_do(self):
        self._log_in()
        self.assertIn("alert-warning", self._get("/eligibilite?identifier=NULLE-PART"))
        self.assertIn("alert-danger", self._get("/eligibilite?insee_code=99001"))
