import base64

from asn1crypto import pem
from asn1crypto.x509 import Certificate

from odoo.exceptions import ValidationError
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.exceptions import RefusedError

from ..common import ExchangeCase, make_file
from ..exchanges.test_exchange_flows import END, MES, STOC
from .signature import is_signed


class ConformanceCase(ExchangeCase):
    """An operator sends real files on a sandbox network, and its run finds them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network.is_sandbox = True
        cls.run_ = cls.env["oiconnect.conformance.run"].create(
            {
                "operator_id": cls.operator.id,
                "network_id": cls.network.id,
                "scope": "file",
            }
        )

    def _step(self, code):
        return self.run_.step_ids.filtered(lambda step: step.code == code)

    def _check(self):
        self.run_.action_check()
        return {step.code: step.state for step in self.run_.step_ids}

    def _states(self, *codes):
        states = self._check()
        return [states[code] for code in codes]

    def _order_access(self, code, study=True, endpoint=None, **values):
        """Send a CMD_ACCES with the reference of a step; return its orders."""
        reference = self._step(code).reference
        line = self._wire(ReferenceCommandePriseInterneOC=reference, **values)
        orders = self._orders_of(self._take([line]))
        if study:
            orders.filtered(lambda order: order.state == "ar_ok")._study()
        return orders

    def _keys(self, order):
        return {
            "ReferenceCommandePriseInterneOC": order.oc_reference,
            "ReferencePrestationPrise": order.service_reference,
        }

    def _end_order(self, flow, operation, **values):
        line = {
            "TypeOperation": operation,
            "DateAnnulation": "20260326 17:00",
            **values,
        }
        return self._take(make_file(END, [line]), self._name(flow))

    def _connect(self, order):
        line = self._keys(order) | {
            "ReferenceCommandeSousTraitantOI": order.subcontract_reference,
            "CrRaccordementPrise": "OK",
            "ReferencePrise": order.pto_id.reference,
            "DateRaccordementPrise": "20260328 09:40",
            "PrisePosee": "OUI",
        }
        self._take(make_file(STOC, [line]), self._name("CR_STOC"))

    def _activate(self, order):
        line = self._keys(order) | {"DateMiseEnServicePrise": "20260328 11:15"}
        self._take(make_file(MES, [line]), self._name("CR_MES"))

    def _play_all(self):
        """Send what each step asks for, not in their order."""
        unknown = self._step("F11").reference
        self._end_order("ANNUL_ACCES", "ANNUL", ReferenceCommandePriseInterneOC=unknown)
        self._take(b"n'importe quoi")
        second = self._order_access("F09")
        self._end_order("ANNUL_ACCES", "ANNUL", **self._keys(second))
        order = self._order_access("F01")
        self._order_access("F02", CodeAdresseImmeuble="99001OITO9")
        self._order_access("F03", DateCommandePrise="")
        self._order_access("F04")
        self._connect(order)
        self._activate(order)
        self._end_order("RES_ACCES", "RESIL", **self._keys(order))


@tagged("post_install", "-at_install")
class TestConformanceFiles(ConformanceCase):
    """Each step finds what was sent for it: late, twice, half or out of order."""

    def test_a_whole_run_is_as_expected_and_its_report_is_signed(self):
        certificate = self.env["oiconnect.signing.certificate"].create({})
        self.assertIn(self.network.company_id.name, certificate.name)
        self._play_all()
        self.run_.action_end()
        texts = {step.code: step.got_text for step in self.run_.step_ids}
        self.assertEqual(self.run_.state, "passed", texts)
        report = base64.b64decode(self.run_.report)
        root = Certificate.load(
            pem.unarmor(base64.b64decode(certificate.certificate))[2]
        )
        self.assertTrue(is_signed(report, root))
        changed = bytearray(report)
        changed[report.index(b"/MediaBox") + 12] ^= 1
        self.assertFalse(is_signed(bytes(changed), root))

    def test_what_is_looked_at_again_is_the_same(self):
        self._play_all()
        self._check()
        found = self.run_.step_ids.read()
        self._check()
        self.run_.step_ids.invalidate_recordset()
        self.assertEqual(self.run_.step_ids.read(), found)

    def test_an_order_that_is_not_studied_yet_is_half_of_a_step(self):
        order = self._order_access("F01", study=False)
        self.assertEqual(self._states("F01"), ["waiting"])
        self.assertIn(self._step("F01").reference, self._step("F01").sent)
        order._study()
        self.assertEqual(self._states("F01", "F02"), ["passed", "waiting"])

    def test_the_second_line_of_a_reference_does_not_spoil_the_first(self):
        self._order_access("F04")
        self.assertEqual(self._states("F01", "F04"), ["passed", "waiting"])
        self._order_access("F04")
        self.assertEqual(self._states("F01", "F04"), ["passed", "passed"])

    def test_what_differs_is_shown_and_the_step_starts_again(self):
        self._order_access("F01", DateCommandePrise="hier")
        self.assertEqual(self._states("F01"), ["differs"])
        step = self._step("F01")
        self.assertEqual((step.got_outcome, step.got_line), ("refused", 2))
        self.assertEqual(step.got_column, "DateCommandePrise")
        self.assertEqual(step.got_value, "hier")
        self.assertTrue(step.got_code and step.got_message)
        exchange = self.env[step.evidence_model].browse(step.evidence_id)
        self.assertEqual(exchange.operator_id, self.operator)
        reference = step.reference
        step.action_restart()
        self.assertEqual((step.state, step.got_column), ("waiting", False))
        self.assertEqual(step.reference, f"{reference}-2")
        self.assertEqual(self._step("F04").reference, step.reference)
        self._order_access("F01")
        self.assertEqual(self._states("F01"), ["passed"])

    def test_the_name_of_a_customer_is_never_repeated(self):
        self._order_access("F01", NomClient="EXEMPLE" * 20)
        self.assertEqual(self._states("F01"), ["differs"])
        step = self._step("F01")
        self.assertEqual(step.got_column, "NomClient")
        self.assertNotIn("EXEMPLE", f"{step.got_value}{step.got_message}")

    def test_files_of_another_operator_are_not_evidence(self):
        self.endpoint.operator_id = self.rival
        line = self._wire(ReferenceCommandePriseInterneOC=self._step("F01").reference)
        self._orders_of(self._take([line], self._name(oc="OCT2")))._study()
        self._take(b"n'importe quoi", self._name(oc="OCT2"))
        self.assertEqual(set(self._check().values()), {"waiting"})


@tagged("post_install", "-at_install")
class TestConformanceRun(ConformanceCase):
    """One run at a time, on a sandbox network; it ends once."""

    def _start(self, **values):
        return self.env["oiconnect.conformance.run"].create(
            {"operator_id": self.rival.id, "network_id": self.network.id, **values}
        )

    def test_a_real_network_is_refused(self):
        self.network.is_sandbox = False
        with self.assertRaisesRegex(ValidationError, "real network"):
            self._start()

    @mute_logger("odoo.sql_db")
    def test_one_run_of_an_operator_is_in_progress(self):
        self._start()
        with self.assertRaisesRegex(Exception, "running_uniq"):
            self._start()

    def test_without_a_certificate_it_does_not_end(self):
        self.env["oiconnect.signing.certificate"].search([]).active = False
        with self.assertRaisesRegex(RefusedError, "Signing certificates"):
            self.run_.action_end()

    def test_a_run_where_something_is_missing_is_not_conformant(self):
        self.env["oiconnect.signing.certificate"].create({})
        self.run_.action_end()
        self.assertEqual(self.run_.state, "failed")
        for action in ("action_end", "action_check", "action_abandon"):
            with self.assertRaisesRegex(RefusedError, "has ended"):
                getattr(self.run_, action)()

    def test_an_abandoned_run_makes_room_for_another(self):
        self.run_.action_abandon()
        self.assertFalse(self.run_.report)
        self.assertTrue(self._start(operator_id=self.operator.id).step_ids)

    def test_a_run_open_for_a_month_is_abandoned(self):
        self.env.cr.execute(
            "UPDATE oiconnect_conformance_run SET create_date = "
            "create_date - INTERVAL '31 days' WHERE id = %s",
            [self.run_.id],
        )
        other = self._start()
        self.env["oiconnect.conformance.run"]._abandon_old()
        self.assertEqual((self.run_.state, other.state), ("abandoned", "running"))

    def test_an_archived_case_is_in_no_later_run(self):
        self.env.ref("oiconnect_interop.conformance_case_f06").active = False
        self.assertNotIn("F06", self._start().step_ids.mapped("code"))
        self.assertTrue(self._step("F06"))

    def test_steps_speak_the_language_of_the_operator(self):
        self.assertEqual(self._step("F10").name, "Annulation")
