from odoo.tests.common import tagged

from ...soap.services import emutation
from .other_services_common import BodyHeaderCase

SEARCH, FIBRES = "RecherchePBO", "ConsultationFibres"
CHANGE = "MiseAJourRouteOptique"
REASON = "PB erroné"


@tagged("post_install", "-at_install")
class TestSoapEmutation(BodyHeaderCase):
    """E-mutation: search the PBOs of an access, look at fibres, change the route."""

    contract = emutation.SERVICE

    def setUp(self):
        super().setUp()
        # There is more than one PBO to choose from.
        self.building.pbo_ids = self.pbo | self.other_pbo

    def _theirs(self):
        """Return an access of the rival at the PBO of ours."""
        self.building.pbo_ids = self.pbo
        order = self._delivered(operator=self.rival)
        self.building.pbo_ids = self.pbo | self.other_pbo
        return order

    def _of_order(self, **values):
        return self._request_payload(
            service_reference=self.order.service_reference, **values
        )

    def _fibres(self, pbo=None, login="ocaa"):
        pbo = pbo or self.pbo
        query = self._request_payload(
            login, pm_reference=pbo.pm_id.reference, pbo_reference=pbo.reference
        )
        return self._answer_of(FIBRES, query, login)["fibres"]

    def _free_fibre(self, pbo=None):
        pbo = pbo or self.other_pbo
        return next(
            fibre["fibre_identifier"]
            for fibre in self._fibres(pbo)
            if fibre["state"] == "fibre disponible"
        )

    def _changing(self, fibre, **values):
        return self._of_order(fibre_identifier=fibre, mutation_reason=REASON, **values)

    def assertRefusedBy(self, code, element, name, payload, login="ocaa"):
        status, content = self._send(name, payload, login)
        reply = self._read_answer(name, status, content)
        self.assertTrue(reply.is_fault)
        self.assertIn(f">{code}<".encode(), content)
        self.assertIn(element.encode(), content)

    # ------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------

    def test_pbos_of_an_access_its_own_first(self):
        answer = self._answer_of(SEARCH, self._of_order())
        self.assertHeader(answer)
        self.assertEqual(
            [pbo["pbo_reference"] for pbo in answer["pbos"]],
            [self.pbo.reference, self.other_pbo.reference],
        )
        first = answer["pbos"][0]
        self.assertEqual(first["pm_reference"], self.pm.reference)
        self.assertEqual(first["free_fibre_count"], 1)

    def test_pages(self):
        answer = self._answer_of(SEARCH, self._of_order(offset=1, limit=1))
        [pbo] = answer["pbos"]
        self.assertEqual(pbo["pbo_reference"], self.other_pbo.reference)
        answer = self._answer_of(SEARCH, self._of_order(offset=5))
        self.assertEqual(answer.get("pbos", []), [])

    def test_the_reference_of_the_operator_will_do(self):
        query = self._request_payload(oc_reference=self.order.oc_reference)
        self.assertEqual(len(self._answer_of(SEARCH, query)["pbos"]), 2)

    def test_an_access_that_ended_or_is_unknown(self):
        for payload in (
            self._request_payload(),
            self._request_payload(service_reference="INCONNUE"),
        ):
            self.assertRefusedBy("S02", "FunctionalFault", SEARCH, payload)
        self.order._fire("terminate")
        self.assertRefusedBy("S02", "FunctionalFault", SEARCH, self._of_order())

    # ------------------------------------------------------------------
    # Fibres
    # ------------------------------------------------------------------

    def test_fibres_of_a_pbo(self):
        own, other = sorted(self._fibres(), key=lambda one: "pto_reference" not in one)
        route = self.order.route_ids
        self.assertEqual(own["state"], "fibre occupée")
        self.assertEqual(own["pto_reference"], self.order.pto_id.reference)
        self.assertEqual((own["tube"], own["fibre"]), (route.tube, route.fibre))
        self.assertEqual(own["cable_reference"], route.cable_id.reference)
        self.assertEqual(other["state"], "fibre disponible")
        self.assertNotIn("pto_reference", other)

    def test_fibres_of_the_pbo_of_an_access(self):
        answer = self._answer_of(FIBRES, self._of_order(limit=1))
        self.assertEqual(answer["pbo"]["pbo_reference"], self.pbo.reference)
        self.assertEqual(len(answer["fibres"]), 1)

    def test_the_holder_of_a_fibre_is_never_shown(self):
        theirs = self._theirs()
        status, content = self._send(
            FIBRES,
            self._request_payload(
                pm_reference=self.pm.reference, pbo_reference=self.pbo.reference
            ),
        )
        self.assertEqual(status, 200)
        for secret in (
            self.rival.interop_code,
            self.rival.name,
            theirs.service_reference,
            theirs.oc_reference,
            theirs.pto_id.reference,
        ):
            self.assertNotIn(secret.encode(), content)
        held = [fibre["state"] for fibre in self._fibres()]
        self.assertEqual(held, ["fibre occupée"] * 2, "theirs as ours")

    def test_fibres_that_are_dedicated(self):
        route, theirs = self.other_pbo.route_ids.sorted("sequence")
        route.position_id.dedicated_operator_id = self.operator
        theirs.position_id.dedicated_operator_id = self.rival
        states = {fibre["state"] for fibre in self._fibres(self.other_pbo)}
        self.assertEqual(states, {"fibre dédiée disponible", "fibre occupée"})
        answer = self._answer_of(SEARCH, self._of_order())["pbos"]
        self.assertEqual([pbo["free_fibre_count"] for pbo in answer], [1, 1])

    def test_a_pbo_that_does_not_exist(self):
        for pm, pbo in (
            (self.pm.reference, "PBO-INCONNU"),
            (self.other_pm.reference, self.pbo.reference),
        ):
            query = self._request_payload(pm_reference=pm, pbo_reference=pbo)
            self.assertRefusedBy("I01", "ConsultationFibresFault", FIBRES, query)

    # ------------------------------------------------------------------
    # Change
    # ------------------------------------------------------------------

    def test_a_route_is_changed_once(self):
        fibre = self._free_fibre()
        old = self.order.route_ids
        answer = self._answer_of(CHANGE, self._changing(fibre, seen_floor="2"))
        self.assertHeader(answer)
        self.assertEqual(self.order.pbo_id, self.other_pbo)
        self.assertEqual(answer["discharge_number"], self.order.discharge_number)
        self.assertEqual(answer["pbo_reference"], self.other_pbo.reference)
        self.assertEqual(answer["pto_reference"], self.order.pto_id.reference)
        [route] = answer["routes"]
        self.assertEqual(route["operator_code"], self.operator.interop_code)
        self.assertEqual(route["connector_number"], 1)
        self.assertEqual(old.state, "free")
        again = self._answer_of(CHANGE, self._changing(fibre))
        self.assertEqual(again["discharge_number"], answer["discharge_number"])
        self.assertEqual(len(self._payloads(self.order, "NOTIF_REPROV")), 1)

    def test_a_fibre_that_is_none_or_not_to_be_had(self):
        theirs = self._theirs()
        taken = self._fibres()[1]["fibre_identifier"]
        self.assertEqual(theirs.pbo_id, self.pbo)
        for fibre in ("F-1", "OITO-FIB-9999999999", "OITO-FIB-0000000000", taken):
            with self.subTest(fibre):
                query = self._changing(fibre)
                self.assertRefusedBy("S03", "MiseAJourFault", CHANGE, query)

    def test_a_fibre_of_a_pbo_that_does_not_serve_the_address(self):
        fibre = self._free_fibre()
        self.building.pbo_ids = self.pbo
        self.assertRefusedBy("S03", "MiseAJourFault", CHANGE, self._changing(fibre))

    def test_an_address_that_we_do_not_know(self):
        query = self._changing(
            self._free_fibre(), address={"building_identifier": "INCONNU"}
        )
        self.assertRefusedBy("C01", "MiseAJourFault", CHANGE, query)

    def test_a_state_that_allows_no_change(self):
        fibre = self._free_fibre()
        self.order._fire("terminate")
        self.assertRefusedBy("C03", "MiseAJourFault", CHANGE, self._changing(fibre))

    def test_reasons_are_those_that_administrators_keep(self):
        fibre = self._free_fibre()
        reasons = self.env["oiconnect.mutation.reason"]
        reasons.search([("name", "=", REASON)]).active = False
        self.assertFault(self._ask_service(CHANGE, self._changing(fibre)), 2)

    # ------------------------------------------------------------------
    # Isolation
    # ------------------------------------------------------------------

    def test_the_access_of_another_is_as_unknown_as_none(self):
        theirs = self._theirs()
        routes = theirs.route_ids
        fibre = self._free_fibre()
        change = {"fibre_identifier": fibre, "mutation_reason": REASON}
        for key, reference in (
            ("service_reference", theirs.service_reference),
            ("oc_reference", theirs.oc_reference),
        ):
            for name, more in ((SEARCH, {}), (FIBRES, {}), (CHANGE, change)):
                with self.subTest(name, key=key):
                    self.assertSameAnswer(
                        name,
                        reference,
                        "X" * len(reference),
                        lambda value, key=key, more=more: self._request_payload(
                            **{key: value}, **more
                        ),
                    )
        self.assertEqual(theirs.route_ids, routes)

    def test_a_pm_where_one_is_not_is_as_unknown_as_none(self):
        pbo = self.env["oiconnect.pbo"].create(
            {
                "network_id": self.network.id,
                "reference": "OITO-PBO-3",
                "pm_id": self.other_pm.id,
            }
        )
        self.assertSameAnswer(
            FIBRES,
            pbo.reference,
            "X" * len(pbo.reference),
            lambda reference: self._request_payload(
                pm_reference=self.other_pm.reference, pbo_reference=reference
            ),
        )

    def test_a_header_of_another_is_refused(self):
        query = self._request_payload(
            "ocbb", service_reference=self.order.service_reference
        )
        for name in (SEARCH, FIBRES):
            self.assertFault(self._ask_service(name, query, "ocaa"), 15)
