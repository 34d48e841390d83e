from odoo.tests.common import tagged

from .works_common import DAY, NOW, OI_SIREN, WorksCase


@tagged("post_install", "-at_install")
class TestWorksPayloads(WorksCase):
    """Works and incidents as sent to operators, and which operators get them."""

    # ------------------------------------------------------------------
    # Impact
    # ------------------------------------------------------------------

    def test_lines_are_found_from_any_part(self):
        line = self._delivered(building_identifier=self.other_building.identifier)
        technical = self.pm.technical_pm_ids
        self.order.route_ids.module_id.technical_pm_id = technical
        parts = (
            ({}, self.order | line),
            (
                {
                    "equipment": "technical_pm",
                    "technical_pm_ids": [(6, 0, technical.ids)],
                },
                self.order | line,
            ),
            ({"equipment": "link"}, self.order | line),
            (
                {"equipment": "link", "pbo_ids": [(6, 0, line.pbo_id.ids)]},
                line,
            ),
            (
                {"equipment": "pbo", "pbo_ids": [(6, 0, self.order.pbo_id.ids)]},
                self.order,
            ),
        )
        for values, orders in parts:
            with self.subTest(values):
                works = self._plan(**values)
                lines = works._impacted_lines()
                self.assertEqual({one.order_id for one in lines}, set(orders.ids))
                self.assertEqual(works.impacted_count, len(orders))
                self.assertEqual(works.impacted_operator_ids, self.operator)

    # ------------------------------------------------------------------
    # Payload
    # ------------------------------------------------------------------

    def test_works_are_sent_with_the_operators_own_lines(self):
        theirs = self._delivered(operator=self.rival)
        works = self._plan(
            operator_needed=True,
            contact="0100000001",
            comment="Pose d'un module",
        )
        [[payload], _codes] = self._find()
        expected = {
            "reference": works.reference,
            "oi_siren": OI_SIREN,
            "category": "TP",
            "equipment": "PM",
            "pm_reference": self.pm.reference,
            "pm_service_reference": self.service.reference,
            "operator_needed": True,
            "start_date": NOW + 7 * DAY,
            "end_date": NOW + 8 * DAY,
            "nature": "EXTE",
            "state": "NOUVEAU",
            "pbo_references": [],
            "comment": "Pose d'un module",
            "oi_contact": "0100000001",
            "service_references": [self.order.service_reference],
            "pto_references": [self.order.pto_id.reference],
        }
        self.assertEqual({name: payload[name] for name in expected}, expected)
        self.assertNotIn(theirs.service_reference, str(payload))

    def test_an_operator_without_line_is_notified_too(self):
        """The PM was made available to it: that is enough (SAV 3.0 §7.1)."""
        works = self._plan()
        [[payload], _codes] = self._find(self.rival)
        self.assertEqual(payload["reference"], works.reference)
        self.assertEqual(payload["service_references"], [])

    def test_pbos_that_are_not_laid_have_no_name(self):
        self._plan(equipment="link")
        [[payload], _codes] = self._find()
        self.assertEqual(payload["equipment"], "LIENPMPBO")
        self.assertEqual(payload["pbo_references"], ["_NA_"])

    def test_pbos_are_sent_with_their_buildings(self):
        self._plan(equipment="pbo", pbo_ids=[(6, 0, self.pbo.ids)])
        [[payload], _codes] = self._find()
        self.assertEqual(payload["pbo_references"], [self.pbo.reference])
        self.assertEqual(payload["building_identifiers"], [self.building.identifier])

    def test_an_incident_is_sent_with_the_same_fields(self):
        self._plan()
        incident = self._incident("pbo", pbo_id=self.order.pbo_id.id)
        payloads, _codes = self._find()
        planned, collective = payloads
        self.assertEqual(planned.keys(), collective.keys())
        expected = {
            "reference": incident.reference,
            "category": "DERCO",
            "equipment": "PBO",
            "pm_reference": self.pm.reference,
            "pbo_references": [self.order.pbo_id.reference],
            "repair": True,
            "state": "NOUVEAU",
            "comment": "Coupure",
            "service_references": [self.order.service_reference],
        }
        self.assertEqual({name: collective[name] for name in expected}, expected)

    def test_the_reference_of_an_incident_is_stable(self):
        incident = self._incident()
        before = self._references(category="DERCO")
        incident.action_close()
        self.assertEqual(self._references(category="DERCO"), before)
        [[payload], _codes] = self._find(category="DERCO")
        self.assertEqual(payload["state"], "CLOTURE")

    def test_an_incident_on_a_cable_tells_its_pbos(self):
        self._incident("cable", cable_id=self.order.route_ids.cable_id.id)
        [[payload], _codes] = self._find()
        self.assertEqual(payload["equipment"], "LIENPMPBO")
        self.assertEqual(
            payload["pbo_references"], [self.pbo.reference, self.other_pbo.reference]
        )

    # ------------------------------------------------------------------
    # Criteria
    # ------------------------------------------------------------------

    def test_criteria_are_combined(self):
        works = self._plan(operator_needed=True, contact="0100000001")
        later = self._plan(start_date=NOW + 40 * DAY, end_date=NOW + 41 * DAY)
        later.contact = "0100000002"
        incident = self._incident()
        week = {"start": NOW, "end": NOW + 10 * DAY}
        for criteria, found in (
            ({}, works | later),
            ({"category": "TP"}, works | later),
            ({"state": "MAJ"}, later),
            ({"state": "ANNULE"}, self.works),
            ({"operator_needed": True}, works),
            ({"start_period": week, "category": "TP"}, works),
            ({"start_period": week, "category": "TP", "state": "MAJ"}, self.works),
            ({"end_period": week, "category": "TP"}, works),
            ({"pm_service_references": [self.service.reference]}, works | later),
            ({"pm_service_references": ["XPM-INCONNU"]}, self.works),
            ({"pto_reference": self.order.pto_id.reference}, works | later),
            ({"service_reference": self.order.service_reference}, works | later),
            ({"service_reference": "INCONNUE"}, self.works),
        ):
            with self.subTest(criteria):
                expected = set(found.mapped("reference"))
                references = self._references(**criteria)
                self.assertEqual(references - {incident.reference}, expected)

    def test_a_reference_is_given_alone(self):
        works = self._plan()
        self.assertEqual(self._references(reference=works.reference), {works.reference})
        answer = self._find(reference=works.reference, category="TP")
        self.assertEqual(answer, ([], ["4"]))

    def test_a_range_has_three_months(self):
        self._plan()
        for days, codes in ((92, []), (93, ["4"]), (-1, ["4"])):
            with self.subTest(days):
                period = {"start": NOW, "end": NOW + days * DAY}
                _payloads, found = self._find(start_period=period)
                self.assertEqual(found, codes)

    def test_too_many_are_refused(self):
        self._plan()
        self._incident()
        self.assertEqual(self._find(limit=1), ([], ["7"]))
        self.assertEqual(len(self._find(limit=2)[0]), 2)

    def test_nothing_found_is_reported(self):
        self.assertEqual(self._find(), ([], ["5"]))

    def test_what_is_over_stays_eight_days(self):
        closed, cancelled = self._plan(), self._plan()
        incident = self._incident()
        closed.action_close()
        cancelled.action_cancel()
        incident.action_close()
        references = {closed.reference, cancelled.reference, incident.reference}
        self.assertEqual(self._at(NOW + 8 * DAY, self._references), references)
        self.assertEqual(self._at(NOW + 9 * DAY, self._references), set())
        self.assertEqual(
            self._at(NOW + 9 * DAY, self._references, reference=closed.reference),
            {closed.reference},
        )

    # ------------------------------------------------------------------
    # Isolation
    # ------------------------------------------------------------------

    def test_a_pm_of_others_is_as_unknown_as_none(self):
        works = self._plan(pm_id=self.other_pm.id)
        nothing = ([], ["5"])
        self.assertEqual(self._find(), nothing)
        self.assertEqual(self._find(reference=works.reference), nothing)
        self.assertEqual(self._find(reference="OITO-TP-9999999999"), nothing)

    def test_a_service_that_ended_tells_nothing_more(self):
        self._plan()
        self.service.end_date = NOW.date()
        self.assertTrue(self._references())
        self.assertFalse(self._at(NOW + DAY, self._references))

    def test_the_pm_service_of_another_finds_nothing(self):
        self._plan()
        theirs = self.env["oiconnect.pm.service"].search(
            [("operator_id", "=", self.rival.id), ("pm_id", "=", self.pm.id)]
        )
        found = self._find(pm_service_references=[theirs.reference])
        self.assertEqual(found, ([], ["5"]))

    def test_the_line_of_another_finds_nothing(self):
        theirs = self._delivered(operator=self.rival)
        self._plan()
        for criteria in (
            {"service_reference": theirs.service_reference},
            {"pto_reference": theirs.pto_id.reference},
        ):
            with self.subTest(criteria):
                self.assertEqual(self._find(**criteria), ([], ["5"]))
