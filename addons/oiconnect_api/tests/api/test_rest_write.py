import json

from odoo.tests.common import new_test_user, tagged

from .rest_common import RestCase


@tagged("post_install", "-at_install")
class TestRestWrite(RestCase):
    """Creations, changes and actions: as people may on screens, and no more."""

    def _new(self, path="/buildings", value=None, headers=None, **body):
        return self._call("POST", path, value, headers, json=body)

    def _patch(self, body, tag="*", path=None, value=None):
        path = path or f"/buildings/{self.building.id}"
        headers = {"If-Match": tag} if tag else {}
        return self._call("PATCH", path, value, headers, json=body)

    def _count(self):
        return self.env["oiconnect.building"].search_count(
            [("network_id", "=", self.network.id)]
        )

    # -- creation -----------------------------------------------------------------

    def test_a_building_is_created_and_found(self):
        answer = self._new(
            identifier="OITO/N/1",
            pm_id=self.pm.id,
            pbo_ids=[],
            state="target",
            cabling_date="2026-05-01",
        )
        self.assertEqual(answer.status_code, 201, answer.text)
        made = answer.json()
        self.assertTrue(answer.headers["Location"].endswith(f"/buildings/{made['id']}"))
        again = self._call("GET", f"/buildings/{made['id']}")
        self.assertEqual(again.json(), made)
        self.assertEqual(again.headers["ETag"], answer.headers["ETag"])
        building = self.env["oiconnect.building"].browse(made["id"])
        self.assertEqual(building.network_id, self.network)
        self.assertEqual(building.create_uid, self.user)

    def test_all_errors_are_reported_at_once(self):
        answer = self._new(
            identifier="x" * 40, state="zz", dwelling_count=2**40, company_id=1
        )
        problem = self.assertProblem(answer, 422, "invalid")
        wrong = {one["pointer"] for one in problem["errors"]}
        self.assertEqual(
            wrong, {"#/identifier", "#/state", "#/dwelling_count", "#/company_id"}
        )

    def test_a_refusal_of_the_product_is_reported_in_its_words(self):
        answer = self._new(identifier="OITO/B/1")
        problem = self.assertProblem(answer, 422, "refused")
        self.assertIn("OITO/B/1", problem["detail"])
        answer = self._patch({"dwelling_count": -1})
        self.assertIn(
            "not negative", self.assertProblem(answer, 422, "refused")["detail"]
        )

    def test_records_of_other_networks_are_unknown(self):
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OIT9", "code": "OIT9", "pto_prefix": "ZP"}
        )
        theirs = self.env["oiconnect.pm"].create(
            {"network_id": other.id, "reference": "OIT9-PM-1"}
        )
        errors = []
        for pm_id in (theirs.id, 2**30):
            answer = self._patch({"pm_id": pm_id})
            errors.append(self.assertProblem(answer, 422, "invalid")["errors"])
        self.assertEqual(errors[0], errors[1], "its existence is not shown")
        answer = self._new(identifier="OITO/N/1", network_id=other.id)
        self.assertProblem(answer, 422, "invalid")

    def test_bodies_that_are_no_json(self):
        headers = {"Content-Type": "text/csv"}
        answer = self._call("POST", "/buildings", headers=headers, data=b"a;b")
        self.assertProblem(answer, 415, "not-json")
        headers = {"Content-Type": "application/json"}
        answer = self._call("POST", "/buildings", headers=headers, data=b"{")
        self.assertProblem(answer, 422, "invalid")
        answer = self._call(
            "POST", "/buildings", headers=headers, data=b" " * 9_000_000
        )
        self.assertProblem(answer, 413, "too-large")
        body = {"identifier": "a\x00b"}
        self.assertProblem(self._new(**body), 422, "invalid")
        answer = self._call(
            "POST", "/buildings", headers=headers, data=b'{"identifier": "\\ud800"}'
        )
        self.assertProblem(answer, 422, "invalid")

    def test_orders_are_made_by_operators(self):
        for path in ("/access-orders", "/pm-orders", "/appointments"):
            self.assertProblem(self._new(path), 403, "no-scope")

    def test_a_user_without_the_right_changes_nothing(self):
        reader = new_test_user(self.env, "lecture", "oiconnect_base.group_infra_read")
        _key, value = self._new_key(user_id=reader.id, level="write")
        answer = self._patch({"city": "Ailleurs"}, value=value)
        self.assertProblem(answer, 403, "no-right")
        self.assertProblem(self._new(value=value, identifier="X"), 403, "no-right")

    # -- the same request again ---------------------------------------------------

    def test_the_same_request_again_is_done_once(self):
        before = self._count()
        headers = {"Idempotency-Key": "commande-1"}
        first = self._new(headers=headers, identifier="OITO/N/1")
        again = self._new(headers=headers, identifier="OITO/N/1")
        self.assertEqual(first.status_code, 201, first.text)
        self.assertEqual(
            (again.status_code, again.content, again.headers["Location"]),
            (first.status_code, first.content, first.headers["Location"]),
        )
        self.assertEqual(self._count(), before + 1)
        other = self._new(headers=headers, identifier="OITO/N/2")
        self.assertProblem(other, 422, "reused")
        # What was refused was not done: it may be fixed under the same key.
        headers = {"Idempotency-Key": "commande-2"}
        self.assertEqual(
            self._new(headers=headers, identifier="OITO/B/1").status_code, 422
        )
        self.assertEqual(
            self._new(headers=headers, identifier="OITO/N/3").status_code, 201
        )

    def test_keys_of_requests_are_those_of_one_caller(self):
        _key, value = self._new_key(user_id=self.user.id, level="write")
        headers = {"Idempotency-Key": "commande-1"}
        self._new(headers=headers, identifier="OITO/N/1")
        other = self._new(value=value, headers=headers, identifier="OITO/N/2")
        self.assertEqual(other.status_code, 201)

    # -- change -------------------------------------------------------------------

    def test_a_change_says_which_version_it_changes(self):
        path = f"/buildings/{self.building.id}"
        tag = self._call("GET", path).headers["ETag"]
        self.assertProblem(self._patch({"city": "A"}, None), 428, "no-version")
        answer = self._patch({"city": "A", "cabling_date": None}, tag)
        self.assertEqual(answer.json()["city"], "A")
        self.assertProblem(self._patch({"city": "B"}, tag), 412, "other-version")
        answer = self._patch({"city": "B"}, answer.headers["ETag"])
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.building.city, "B")
        self.assertEqual(self.building.write_uid, self.user)

    def test_a_version_that_a_proxy_made_weak_is_the_same(self):
        path = f"/buildings/{self.building.id}"
        tag = f"W/{self._call('GET', path).headers['ETag']}"
        again = self._call("GET", path, headers={"If-None-Match": tag})
        self.assertEqual(again.status_code, 304)
        answer = self._patch({"city": "W"}, tag)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertProblem(self._patch({"city": "X"}, tag), 412, "other-version")

    def test_what_people_do_not_write_is_no_field_here(self):
        answer = self._patch({"last_change_date": "2020-01-01", "address": "x"})
        problem = self.assertProblem(answer, 422, "invalid")
        self.assertIn(
            {"#/last_change_date"}, [{e["pointer"]} for e in problem["errors"]]
        )

    def test_a_deletion_as_the_screens_allow_it(self):
        made = self._new(identifier="OITO/N/1").json()
        path = f"/buildings/{made['id']}"
        self.assertProblem(self._call("DELETE", path), 428, "no-version")
        headers = {"If-Match": "*"}
        self.assertEqual(self._call("DELETE", path, headers=headers).status_code, 204)
        self.assertProblem(self._call("GET", path), 404, "unknown")
        answer = self._call("DELETE", f"/pms/{self.pm.id}", headers=headers)
        self.assertProblem(answer, 405, "wrong-method")

    # -- many ---------------------------------------------------------------------

    def _bulk(self, method, rows, path="/buildings/bulk", headers=None):
        return self._call(method, path, headers=headers, json={"rows": rows})

    def test_many_are_created_or_none(self):
        before = self._count()
        rows = [{"identifier": f"OITO/N/{n}"} for n in range(4)]
        rows[1]["identifier"] = "OITO/B/1"
        rows[2]["pm_id"] = 2**30
        answer = self._bulk("POST", rows)
        problem = self.assertProblem(answer, 422, "invalid")
        pointers = [one["pointer"] for one in problem["errors"]]
        self.assertEqual(pointers, ["#/rows/1", "#/rows/2/pm_id"])
        self.assertEqual(self._count(), before)
        rows[1]["identifier"], rows[2]["pm_id"] = "OITO/N/9", self.pm.id
        answer = self._bulk("POST", rows)
        self.assertEqual(answer.status_code, 201, answer.text)
        identifiers = [one["identifier"] for one in answer.json()["data"]]
        self.assertEqual(identifiers, [row["identifier"] for row in rows])
        self.assertEqual(self._count(), before + 4)

    def test_a_thousand_and_no_more(self):
        rows = [{"identifier": f"OITO/M/{n}"} for n in range(1001)]
        self.assertProblem(self._bulk("POST", rows), 422, "invalid")
        answer = self._bulk("POST", rows[:1000])
        self.assertEqual(len(answer.json()["data"]), 1000)

    def test_many_are_changed_or_none(self):
        tag = self._call("GET", f"/buildings/{self.building.id}").headers["ETag"]
        one, other = self.building.id, self.other_building.id
        rows = [
            {"id": other, "city": "A"},
            {"id": one, "city": "A", "etag": tag},
            {"id": 2**30, "city": "A"},
        ]
        problem = self.assertProblem(self._bulk("PATCH", rows), 422, "invalid")
        self.assertEqual([e["pointer"] for e in problem["errors"]], ["#/rows/2"])
        self.assertFalse(self.building.city)
        answer = self._bulk("PATCH", rows[:2])
        self.assertEqual([row["id"] for row in answer.json()["data"]], [other, one])
        self.assertEqual(self.building.city, "A")
        rows[1]["city"] = "B"
        problem = self.assertProblem(self._bulk("PATCH", rows[:2]), 422, "invalid")
        self.assertEqual([e["pointer"] for e in problem["errors"]], ["#/rows/1"])

    # -- verbs of the workflow ----------------------------------------------------

    def _ticket(self):
        codes = self.env["oiconnect.ticket.code"]
        answer = self._new(
            "/tickets",
            operator_id=self.operator.id,
            # On a PM: no line is needed.
            type_id=codes._of("type", "2").id,
            pm_reference=self.pm.reference,
            defect_id=codes._of("defect", "PAS DE SIGNAL").id,
            defect_class_id=codes._of("defect_class", "1").id,
            prelocation_id=codes._of("location", "PBO").id,
        )
        self.assertEqual(answer.status_code, 201, answer.text)
        return self.env["oiconnect.ticket"].browse(answer.json()["id"])

    def _act(self, ticket, event, **body):
        path = f"/tickets/{ticket.id}/actions/{event}"
        return self._call("POST", path, json=body)

    def test_a_ticket_is_opened_and_decided_as_on_screens(self):
        ticket = self._ticket()
        step = ticket.step_ids
        self.assertEqual((step.event, step.channel), ("create", "rest"))
        problem = self.assertProblem(self._act(ticket, "withdraw"), 422, "invalid")
        self.assertEqual(problem["errors"][0]["pointer"], "#/comment")
        answer = self._act(ticket, "withdraw", comment=" ")
        self.assertProblem(answer, 422, "refused")
        answer = self._act(ticket, "withdraw", comment="Ouvert par erreur")
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.json()["state"], "cancelled")
        last = ticket.step_ids.sorted("id")[-1]
        self.assertEqual((last.event, last.channel), ("withdraw", "rest"))
        self.assertEqual(last.user_id, self.user)

    def test_what_the_state_refuses_has_the_code_of_the_protocol(self):
        ticket = self._ticket()
        answer = self._act(ticket, "thaw")
        problem = self.assertProblem(answer, 409, "refused")
        self.assertEqual(problem["protocol_code"], "13")

    def test_unknown_verbs(self):
        ticket = self._ticket()
        self.assertProblem(self._act(ticket, "unlink"), 404, "unknown")
        self.assertProblem(self._act(ticket, "withdraw", reason="zz"), 422, "invalid")

    # -- documentation and truth --------------------------------------------------

    def test_the_form_of_what_is_created_says_what_is_needed(self):
        document = self._call("GET", "/openapi.json", "").json()
        schemas = document["components"]["schemas"]
        self.assertEqual(schemas["NewPms"]["required"], ["reference"])
        self.assertNotIn("company_id", json.dumps(schemas["NewPms"]))
