from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests.common import tagged

from odoo.addons.oiconnect_orders.tests.appointment_common import NOW

from ...soap.services import works
from ..soap.soap_common import envelope
from .other_services_common import (
    OC_SIREN,
    OI_SIREN,
    RIVAL_SIREN,
    SIRENS,
    OtherServiceCase,
)

NAME = "getInfoTravauxFTTH"
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestSoapWorks(OtherServiceCase):
    """getInfoTravauxFTTH: an operator asks for what is planned at its PMs."""

    contract = works.SERVICE

    def _header(self, login, **values):
        return {"oi_siren": OI_SIREN, "oc_siren": SIRENS[login], **values}

    def _plan(self, **values):
        nature = self.env["oiconnect.ticket.code"]._of("work_nature", "EXTE")
        return self.env["oiconnect.works"].create(
            {
                "network_id": self.network.id,
                "pm_id": self.pm.id,
                "nature_id": nature.id,
                "start_date": NOW + 7 * DAY,
                "end_date": NOW + 8 * DAY,
                **values,
            }
        )

    def _incident(self):
        return self.env["oiconnect.incident"].create(
            {
                "name": "Coupure",
                "point": "pm",
                "pm_id": self.pm.id,
                "network_id": self.network.id,
            }
        )

    def _find(self, login="ocaa", **criteria):
        return self._answer_of(NAME, criteria, login)["works"]

    def assertRefusedBy(self, code, criteria, login="ocaa", **header):
        self.assertFault(self._ask_service(NAME, criteria, login, **header), code)

    # ------------------------------------------------------------------

    def test_works_list_own_lines_only(self):
        theirs = self._delivered(operator=self.rival)
        planned = self._plan(operator_needed=True, contact="0100000001")
        [work] = self._find()
        expected = {
            "reference": planned.reference,
            "oi_siren": OI_SIREN,
            "category": "TP",
            "equipment": "PM",
            "pm_reference": self.pm.reference,
            "pm_service_reference": self.service.reference,
            "operator_needed": "OUI",
            "start_date": NOW + 7 * DAY,
            "nature": "EXTE",
            "state": "NOUVEAU",
            "oi_contact": "0100000001",
            "service_references": [self.order.service_reference],
        }
        self.assertEqual({key: work[key] for key in expected}, expected)
        _status, content = self._send(NAME, {})
        self.assertNotIn(theirs.service_reference.encode(), content)
        [to_rival] = self._find("ocbb")
        self.assertEqual(to_rival["service_references"], [theirs.service_reference])

    def test_an_incident_is_a_derco(self):
        incident = self._incident()
        [work] = self._find(category="DERCO")
        self.assertEqual(work["reference"], incident.reference)
        self.assertEqual((work["repair"], work["operator_needed"]), ("OUI", "NON"))
        self.assertNotIn("nature", work)

    def test_criteria_are_combined(self):
        planned = self._plan()
        self._incident()
        period = {"start": NOW, "end": NOW + 30 * DAY}
        [work] = self._find(
            category="TP", start_period=period, operator_needed="NON", state="NOUVEAU"
        )
        self.assertEqual(work["reference"], planned.reference)
        [work] = self._find(reference=planned.reference)
        self.assertEqual(work["reference"], planned.reference)

    def test_a_reference_excludes_other_criteria(self):
        planned = self._plan()
        criteria = {"reference": planned.reference, "category": "TP"}
        self.assertRefusedBy(4, criteria)

    def test_a_range_of_more_than_three_months(self):
        self._plan()
        for name in ("creation", "change", "start", "end"):
            with self.subTest(name):
                period = {"start": NOW, "end": NOW + 100 * DAY}
                self.assertRefusedBy(4, {f"{name}_period": period})

    def test_the_quota_is_a_setting(self):
        self._plan()
        self._plan()
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("oiconnect_interop.works_quota", "1")
        self.assertRefusedBy(7, {})
        parameters.set_param("oiconnect_interop.works_quota", "2")
        self.assertEqual(len(self._find()), 2)
        with self.assertRaises(ValidationError):
            self.env["res.config.settings"].create({"oiconnect_works_quota": 0})

    def test_nothing_found(self):
        self.assertRefusedBy(5, {})
        self.assertEqual(self._last_call().code, "5")

    def test_swapped_sirens_are_read(self):
        self._plan()
        self.assertTrue(
            self._answer_of(NAME, {}, oi_siren=OC_SIREN, oc_siren=OI_SIREN)["works"]
        )

    def test_sirens_of_others_are_refused(self):
        self._plan()
        for first, second in (
            (OI_SIREN, RIVAL_SIREN),
            (RIVAL_SIREN, OI_SIREN),
            (OC_SIREN, RIVAL_SIREN),
        ):
            with self.subTest((first, second)):
                self.assertRefusedBy(15, {}, oi_siren=first, oc_siren=second)

    def test_a_header_in_or_out_of_the_namespace(self):
        """Versions of the specification differ; the SIRENs of one are swapped."""
        incident = self._incident()
        content = envelope("works/by_start")
        status, answer = self._send_body(content)
        reply = self._read_answer(NAME, status, answer)
        self.assertEqual(reply.payload["works"][0]["reference"], incident.reference)
        # No operator has these PM services: the header passed, and nothing is found.
        status, answer = self._send_body(envelope("works/by_services_qualified"))
        self.assertFault(self._read_answer(NAME, status, answer), 5)

    # ------------------------------------------------------------------
    # Isolation
    # ------------------------------------------------------------------

    def test_a_pm_of_others_is_as_unknown_as_none(self):
        planned = self._plan(pm_id=self.other_pm.id)
        unknown = "X" * len(planned.reference)
        self.assertSameAnswer(
            NAME, planned.reference, unknown, lambda reference: {"reference": reference}
        )

    def test_the_line_of_another_is_as_unknown_as_none(self):
        theirs = self._delivered(operator=self.rival)
        self._plan()
        for name, reference in (
            ("service_reference", theirs.service_reference),
            ("pto_reference", theirs.pto_id.reference),
        ):
            with self.subTest(name):
                self.assertSameAnswer(
                    NAME,
                    reference,
                    "X" * len(reference),
                    lambda value, name=name: {name: value},
                )
