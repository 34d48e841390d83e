from odoo.tests.common import tagged

from ..common import ExchangeCase, make_file

STOC = (
    "ReferenceCommandePriseInterneOC ReferencePrestationPrise "
    "ReferenceCommandeSousTraitantOI CrRaccordementPrise MotifKoCrRaccordementPrise "
    "ReferencePrise DateRaccordementPrise PrisePosee BilanOptique Commentaire "
    "NotificationReprovisioningHL NumeroDecharge"
).split() + [f"Reserve{n}" for n in range(1, 18)]
MES = (
    "ReferenceCommandePriseInterneOC ReferencePrestationPrise ReferencePrise "
    "DateMiseEnServicePrise Commentaire"
).split()
END = (
    "ReferenceCommandePriseInterneOC TypeOperation IdRdv ReferencePrise "
    "ReferencePrestationPrise DateAnnulation ResponsabiliteAnnulationCommandePrise "
    "Commentaire"
).split()


@tagged("post_install", "-at_install")
class TestExchangeFlows(ExchangeCase):
    """The whole conversation of an order, file by file."""

    def setUp(self):
        super().setUp()
        exchange = self._take([self._wire()])
        self.order = self._orders_of(exchange)
        self.order._study()
        self._drain()

    def _keys(self, order=None):
        order = order or self.order
        return {
            "ReferenceCommandePriseInterneOC": order.oc_reference,
            "ReferencePrestationPrise": order.service_reference,
        }

    def _report(self, **values):
        line = self._keys() | {
            "ReferenceCommandeSousTraitantOI": self.order.subcontract_reference,
            "CrRaccordementPrise": "OK",
            "ReferencePrise": self.order.pto_id.reference,
            "DateRaccordementPrise": "20260328 09:40",
            "PrisePosee": "OUI",
            "BilanOptique": "-18.4 dBm",
            **values,
        }
        return self._take(make_file(STOC, [line]), self._name("CR_STOC"))

    def _end(self, flow, operation, **values):
        line = self._keys() | {
            "TypeOperation": operation,
            "DateAnnulation": "20260326 17:00",
            **values,
        }
        return self._take(make_file(END, [line]), self._name(flow))

    def test_report_and_sub_contract_leave_in_their_files(self):
        sent = self.env["oiconnect.exchange"].search(
            [("operator_id", "=", self.operator.id), ("direction", "=", "out")]
        )
        codes = sorted(sent.mapped("flow_id.code"))
        self.assertEqual(codes, ["AR_CMD", "CMD_STOC", "CR_CMD"])
        report = sent.filtered(lambda e: e.flow_id.code == "CR_CMD")
        [row] = self._rows(report)
        self.assertEqual(len(row), 77)
        self.assertEqual(row["NomModulePm N°1"], "TIROIR 04")
        self.assertEqual(row["ReferencePrise"], self.order.pto_id.reference)

    def test_from_connection_to_service(self):
        exchange = self._report()
        self.assertEqual(exchange.state, "in_done")
        [delivery] = self._drain()
        [row] = self._rows(delivery)
        self.assertEqual(delivery.flow_id.code, "CR_MAD")
        self.assertEqual((row["EtatCrMadPrise"], row["PrisePosee"]), ("OK", "OUI"))
        line = self._keys() | {"DateMiseEnServicePrise": "20260328 11:15"}
        exchange = self._take(make_file(MES, [line]), self._name("CR_MES"))
        self.assertEqual(exchange.state, "in_done")
        self.assertEqual(self.order.state, "in_service")
        self.assertFalse(self._drain(), "the protocol has no answer to a CR_MES")

    def test_a_report_that_names_nothing_we_know_is_shown(self):
        exchange = self._report(ReferenceCommandePriseInterneOC="INCONNUE")
        self.assertEqual(exchange.state, "in_partial")
        self.assertEqual(exchange.error_ids.code, "FIMP14")
        self.assertEqual(exchange.error_ids.column, "ReferenceCommandePriseInterneOC")
        self.assertEqual(self.order.state, "connecting")

    def test_a_line_that_cannot_be_read_does_not_reach_its_order(self):
        exchange = self._report(CrRaccordementPrise="PEUT-ETRE")
        self.assertEqual(exchange.error_ids.column, "CrRaccordementPrise")
        self.assertEqual(self.order.state, "connecting")

    def test_cancellation_is_answered_with_its_file(self):
        exchange = self._end("ANNUL_ACCES", "ANNUL")
        self.assertEqual(self.order.state, "cancelled")
        [answer] = self._drain()
        self.assertEqual(answer.flow_id.code, "CR_ANNUL")
        self.assertEqual(answer.source_id, exchange)
        [row] = self._rows(answer)
        self.assertEqual(row["EtatCrAnnResCommandePrise"], "OK")

    def test_termination_is_answered_with_its_file(self):
        self._report()
        self._drain()
        self._end("RES_ACCES", "RESIL")
        self.assertEqual(self.order.state, "terminated")
        [answer] = self._drain()
        self.assertEqual(answer.flow_id.code, "CR_RES")
        [row] = self._rows(answer)
        self.assertEqual(
            (row["TypeOperation"], row["EtatCrAnnResCommandePrise"]), ("RESIL", "OK")
        )

    def test_cancelling_what_is_unknown_is_answered_no(self):
        exchange = self._end(
            "ANNUL_ACCES",
            "ANNUL",
            ReferenceCommandePriseInterneOC="INCONNUE",
            ReferencePrestationPrise="",
        )
        self.assertEqual(exchange.refused_count, 1)
        [answer] = self._drain()
        [row] = self._rows(answer)
        self.assertEqual(row["ReferenceCommandePriseInterneOC"], "INCONNUE")
        self.assertEqual(row["MotifKoCrAnnResCommandePrise"], "FIMP14")

    def test_a_message_that_its_format_refuses_is_set_aside(self):
        other = self._orders_of(self._take([self._wire()]))
        self._drain()
        event = self.env["oiconnect.event"].create(
            {
                "flow": "CR_MAD",
                "operator_id": self.operator.id,
                "network_id": self.network.id,
                "payload": {"oc_reference": "X", "result": "OK"},
            }
        )
        other._study()
        other._fire("connected")
        made = self._drain()
        self.assertEqual(event.state, "error")
        self.assertIn("ReferencePrestationPrise", event.error)
        self.assertIn("CR_MAD", made.mapped("flow_id.code"))

    def test_names_are_numbered_by_flow_and_day(self):
        for _n in range(2):
            self._take([self._wire()])
            self._drain()
        receipts = self.env["oiconnect.exchange"].search(
            [("flow_id.code", "=", "AR_CMD"), ("operator_id", "=", self.operator.id)],
            order="id",
        )
        numbers = [name.rsplit("_", 1)[1] for name in receipts.mapped("name")]
        self.assertEqual(numbers, ["01.csv", "02.csv", "03.csv"])

    def test_an_operator_without_connection_can_still_be_answered(self):
        self.endpoint.active = False
        self._report()
        [delivery] = self._drain()
        self.assertEqual(delivery.state, "out_ready")
        self.assertFalse(delivery.endpoint_id)
        self.assertTrue(delivery.message)

    def test_one_operator_that_breaks_us_keeps_no_other_waiting(self):
        outbound = self.env.registry["oiconnect.outbound"]
        drain, broken = outbound._drain, self.rival
        self.env["oiconnect.event"].create(
            {
                "flow": "AR_CMD",
                "operator_id": broken.id,
                "network_id": self.network.id,
                "payload": {"oc_reference": "X"},
            }
        )
        self._report()

        def explode(records, operator):
            if operator == broken:
                raise ZeroDivisionError("boom")
            return drain(records, operator)

        self.patch(outbound, "_drain", explode)
        cron = self.env.ref("oiconnect_interop.cron_drain")
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.oiconnect_interop", "ERROR"),
        ):
            cron.method_direct_trigger()
        message = self.order.event_ids.filtered(lambda e: e.flow == "CR_MAD")
        self.assertEqual(message.state, "done")

    def test_the_operators_files_are_separate(self):
        self._report()
        self.assertFalse(self._drain(self.rival))
