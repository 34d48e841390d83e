from odoo.tests.common import tagged

from .rest_common import RestCase


@tagged("post_install", "-at_install")
class TestRestEligibility(RestCase):
    """Eligibility of a place: as an order would be studied there."""

    def _offers(self, value=None, **params):
        return self._get("/eligibility", value or self.operator_value, **params)["data"]

    def _reasons(self, offer):
        return {
            mode["type"]: mode["reason"] and mode["reason"]["code"]
            for mode in offer["modes"]
        }

    def test_a_building_is_open_in_every_mode(self):
        [offer] = self._offers(identifier="OITO/B/1")
        self.assertEqual(self._reasons(offer), dict.fromkeys(("oc", "oi", "stoc")))
        self.assertEqual((offer["pm"], offer["state"]), ("OITO-PM-1", "deployed"))
        self.assertEqual(offer["from"], str(self.pm.commercial_date))

    def test_by_each_way_of_telling_a_place(self):
        self.building.write({"latitude": 45.9, "longitude": 5.3})
        pto = self.env["oiconnect.pto"].create(
            {
                "network_id": self.network.id,
                "reference": "ZO-0001",
                "building_id": self.building.id,
            }
        )
        for params in (
            {"building_id": self.building.id},
            {"address_code": "99001OITO1"},
            {"insee_code": "99001", "rivoli_code": "0123", "street_number": "1"},
            {"pto_reference": pto.reference},
        ):
            [offer] = self._offers(**params)
            self.assertEqual(offer["building"]["id"], self.building.id, params)

    def test_the_reason_is_the_code_of_an_order(self):
        self.building.state = "deploying"
        [offer] = self._offers(identifier="OITO/B/1")
        self.assertEqual(set(self._reasons(offer).values()), {"FIMP10"})
        [other] = self._offers(self.rival_value, identifier="OITO/B/2")
        self.assertEqual(set(self._reasons(other).values()), {"FIMP09"})

    def test_no_fibre_is_left(self):
        self.routes.write({"state": "out_of_service"})
        [offer] = self._offers(identifier="OITO/B/1")
        self.assertFalse(any(mode["eligible"] for mode in offer["modes"]))

    def test_unknown_places_and_operators(self):
        self.assertEqual(self._offers(identifier="nowhere"), [])
        for params in ({}, {"insee_code": "99001"}, {"operator": "OCT2"}):
            answer = self._call(
                "GET", "/eligibility", self.operator_value, params=params
            )
            self.assertProblem(answer, 422, "invalid")
        answer = self._call("GET", "/eligibility", params={"identifier": "OITO/B/1"})
        self.assertProblem(answer, 422, "invalid")
        [offer] = self._offers(self.value, identifier="OITO/B/1", operator="OCT1")
        self.assertTrue(offer["modes"][0]["eligible"])

    def test_nothing_without_key_or_scope(self):
        answer = self._call("GET", "/eligibility", "", params={"identifier": "x"})
        self.assertProblem(answer, 401, "no-key")
        _key, value = self._new_key(operator_id=self.operator.id, resources=["pms"])
        answer = self._call("GET", "/eligibility", value, params={"identifier": "x"})
        self.assertProblem(answer, 403, "no-scope")
