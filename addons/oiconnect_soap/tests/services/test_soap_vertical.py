from odoo.tests.common import tagged

from ...soap.services import vertical_structure
from .other_services_common import BodyHeaderCase

STRUCTURE, PTO = "obtentionStructureVerticale", "recherchePrise"


@tagged("post_install", "-at_install")
class TestSoapVertical(BodyHeaderCase):
    """Order help: how we describe a building, and never who holds a line."""

    contract = vertical_structure.SERVICE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels = cls.env["oiconnect.building.level"].create(
            [
                {
                    "building_id": cls.building.id,
                    "staircase": "A",
                    "floor": floor,
                    "dwelling_count": 2,
                    "pbo_id": cls.pbo.id,
                }
                for floor in ("01", "02")
            ]
        )
        cls.order.pto_id.level_id = cls.levels[0]

    def _structure_of(self, address=None, login="ocaa", **values):
        address = address or {"building_identifier": self.building.identifier}
        query = self._request_payload(login, address=address, **values)
        return self._answer_of(STRUCTURE, query, login)

    def _floors(self, answer):
        """Return ``{floor: content}`` of the only staircase of the only building."""
        [building] = answer["buildings"]
        [staircase] = building["staircases"]
        return {floor["reference"]: floor for floor in staircase["floors"]}

    def assertRefusedBy(self, code, answer):
        self.assertEqual(answer["result"]["error_code"], code)
        self.assertTrue(answer["result"]["error_label"])
        self.assertEqual(answer.keys(), {"header", "result"})

    # ------------------------------------------------------------------

    def test_the_structure_of_a_building(self):
        answer = self._structure_of()
        self.assertHeader(answer)
        self.assertEqual(answer["result"], {"return_code": 0})
        self.assertEqual(
            answer["address"]["building_identifier"], self.building.identifier
        )
        self.assertEqual(answer["building_state"], "DEPLOYE")
        [pm] = answer["pms"]
        self.assertEqual(pm["pm_reference"], self.pm.reference)
        self.assertEqual(pm["pm_service_reference"], self.service.reference)
        floors = self._floors(answer)
        self.assertEqual(list(floors), ["01", "02"])
        self.assertEqual(floors["01"]["dwelling_count"], 2)
        [pbo] = floors["01"]["pbos"]
        self.assertEqual(pbo["pbo_reference"], self.pbo.reference)
        self.assertEqual(pbo["is_saturated"], "N")
        [pto] = floors["01"]["ptos"]
        self.assertEqual(
            pto,
            {
                "pto_reference": self.order.pto_id.reference,
                "state": "EXISTANTE",
                "in_use": "O",
            },
        )

    def test_an_address_by_any_of_its_keys(self):
        building = self.building
        building.street_code = "9900100001"
        number = {"street_number": 1}
        for address in (
            {"address_code": building.address_code},
            {"rivoli": {"insee_code": "99001", "rivoli_code": "0123", **number}},
            {"street": {"street_code": "9900100001", **number}},
        ):
            with self.subTest(address):
                answer = self._structure_of(address)
                self.assertEqual(
                    answer["address"]["building_identifier"], building.identifier
                )

    def test_criteria_narrow_the_answer(self):
        self.assertEqual(list(self._floors(self._structure_of(floor="2"))), ["02"])
        answer = self._structure_of(staircase="a")
        self.assertEqual(list(self._floors(answer)), ["01", "02"])
        answer = self._structure_of(existing_socket="N")
        self.assertNotIn("ptos", self._floors(answer)["01"])
        answer = self._structure_of(pto_reference=self.order.pto_id.reference)
        self.assertTrue(self._floors(answer)["01"]["ptos"])

    def test_a_building_without_floors(self):
        self.order.pto_id.level_id = False
        self.levels.unlink()
        floors = self._floors(self._structure_of())
        self.assertEqual(list(floors), ["_NA_"])
        self.assertTrue(floors["_NA_"]["ptos"])
        self.assertTrue(floors["_NA_"]["pbos"])

    def test_a_saturated_pbo(self):
        self._delivered(operator=self.rival, staircase="A", floor="1")
        [pbo] = self._floors(self._structure_of())["01"]["pbos"]
        self.assertEqual(pbo["is_saturated"], "O")

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def test_addresses_that_are_refused(self):
        other = self.other_building
        other.street_number = "1"
        number = {"street_number": 1}
        street = {"insee_code": "99001", "rivoli_code": "0123", **number}
        place = {"projection": "RGF93", "x": 1.0, "y": 2.0}
        for address, code in (
            ({"building_identifier": "INCONNU"}, "I01"),
            ({"rivoli": street}, "I02"),
            ({"position": place}, "S02"),
        ):
            with self.subTest(address):
                self.assertRefusedBy(code, self._structure_of(address))
        answer = self._structure_of(pto_reference="INCONNUE")
        self.assertRefusedBy("I03", answer)
        self.assertEqual(self._last_call().code, "I03")

    def test_an_address_that_is_not_deployed(self):
        self.env.cr.execute(
            "UPDATE oiconnect_building SET state = 'deploying' WHERE id = %s",
            [self.building.id],
        )
        self.env.invalidate_all()
        self.assertRefusedBy("C01", self._structure_of())

    def test_a_pm_where_one_is_not(self):
        self.service.active = False
        self.assertRefusedBy("C02", self._structure_of())

    # ------------------------------------------------------------------
    # Sockets, and their holder
    # ------------------------------------------------------------------

    def test_a_socket_is_found(self):
        query = self._request_payload(pto_reference=self.order.pto_id.reference)
        answer = self._answer_of(PTO, query)
        self.assertEqual(answer["state"], "EXISTANTE")
        floors = self._floors(answer)
        self.assertEqual(list(floors), ["01"])
        [pto] = floors["01"]["ptos"]
        self.assertEqual(pto["pto_reference"], self.order.pto_id.reference)

    def test_a_socket_where_one_is_not_is_as_unknown_as_none(self):
        reference = self.order.pto_id.reference
        self.service.active = False
        answers = [
            self._answer_of(PTO, self._request_payload(pto_reference=text))["result"]
            for text in (reference, "X" * len(reference))
        ]
        self.assertEqual(*answers)
        self.assertEqual(answers[0]["error_code"], "I03")

    def test_the_holder_is_never_shown(self):
        """Two operators, one of whom holds the line, are answered the same."""
        answers = [self._structure_of(login=login) for login in ("ocaa", "ocbb")]
        for one in answers:
            del one["header"], one["pms"]
        self.assertEqual(*answers)
        queries = [
            self._request_payload(login, pto_reference=self.order.pto_id.reference)
            for login in ("ocaa", "ocbb")
        ]
        _status, content = self._send(PTO, queries[1], "ocbb")
        for secret in (
            self.operator.interop_code,
            self.operator.name,
            self.order.service_reference,
            self.order.oc_reference,
        ):
            self.assertNotIn(secret.encode(), content)

    def test_a_header_of_another_is_refused(self):
        address = {"building_identifier": self.building.identifier}
        query = self._request_payload("ocbb", address=address)
        self.assertFault(self._ask_service(STRUCTURE, query, "ocaa"), 15)
