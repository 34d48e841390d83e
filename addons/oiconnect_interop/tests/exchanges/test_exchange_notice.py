from odoo.tests.common import tagged

from ..common import ExchangeCase, make_file
from .test_exchange_flows import MES

NOTICE = ["NomFichier", "EtatNotif", "DateNotif", "NombreLignes", "Commentaire"]


@tagged("post_install", "-at_install")
class TestNotice(ExchangeCase):
    """Technical acknowledgements: the other side says that it has read a file."""

    def _notice(self, file, flow="NOTIF_AR", **values):
        line = {
            "NomFichier": file.name,
            "EtatNotif": "OK",
            "DateNotif": "20260314 11:00",
            "NombreLignes": "1",
            **values,
        }
        return self._take(make_file(NOTICE, [line]), self._name(flow))

    def _receipt(self):
        self._take([self._wire()])
        return self._drain()

    def _activation(self):
        line = {
            "ReferenceCommandePriseInterneOC": "INCONNUE",
            "ReferencePrestationPrise": "X",
            "DateMiseEnServicePrise": "20260328 11:15",
        }
        return self._take(make_file(MES, [line]), self._name("CR_MES"))

    # ------------------------------------------------------------------
    # From the operator
    # ------------------------------------------------------------------

    def test_the_file_that_an_operator_has_read_says_so(self):
        receipt = self._receipt()
        exchange = self._notice(receipt)
        self.assertEqual(exchange.state, "in_done")
        self.assertEqual(receipt.notice_result, "OK")
        self.assertEqual(str(receipt.notice_date), "2026-03-14 10:00:00")
        self.assertFalse(receipt.activity_ids)

    def test_a_file_that_it_could_not_read_is_a_task_for_the_one_in_charge(self):
        receipt = self._receipt()
        self._notice(receipt, EtatNotif="KO", Commentaire="En-tête inconnu")
        self.assertEqual(receipt.notice_result, "KO")
        self.assertEqual(receipt.notice_comment, "En-tête inconnu")
        self.assertNotIn("En-tête", receipt.message, "its words may name a customer")
        self.assertEqual(receipt.activity_ids.user_id, self.endpoint.responsible_id)

    def test_an_unknown_file_or_one_of_another_kind_is_reported_in_error(self):
        receipt = self._receipt()
        for flow, name in (("NOTIF_AR", "INCONNU.csv"), ("NOTIF_CR", receipt.name)):
            with self.subTest(flow):
                exchange = self._notice(receipt, flow, NomFichier=name)
                self.assertEqual(exchange.state, "in_partial")
                self.assertEqual(exchange.error_ids.column, "NomFichier")
        self.assertFalse(receipt.notice_result)

    def test_a_notice_is_never_acknowledged(self):
        self._notice(self._receipt())
        self.assertFalse(self._drain())

    # ------------------------------------------------------------------
    # To the operator
    # ------------------------------------------------------------------

    def _agree(self):
        self.env["oiconnect.flow.terms"].create(
            {
                "operator_id": self.operator.id,
                "flow_id": self.env["oiconnect.flow"]._by_code("CR_MES").id,
                "is_acknowledged": True,
            }
        )

    def test_nothing_is_acknowledged_that_was_not_agreed(self):
        self._activation()
        self.assertFalse(self._drain())

    def test_the_report_of_an_operator_is_acknowledged_where_agreed(self):
        self._agree()
        exchange = self._activation()
        [notice] = self._drain()
        self.assertEqual(notice.flow_id.code, "NOTIF_CR")
        self.assertEqual(notice.source_id, exchange)
        [row] = self._rows(notice)
        self.assertEqual((row["NomFichier"], row["EtatNotif"]), (exchange.name, "OK"))
        self.assertEqual((row["NombreLignes"], row["NombreLignesRejetees"]), ("1", "1"))

    def test_a_report_that_cannot_be_read_is_acknowledged_so(self):
        self._agree()
        exchange = self._take(b"A;B\r\n1;2\r\n", self._name("CR_MES"))
        [row] = self._rows(self._drain())
        self.assertEqual(row["EtatNotif"], "KO")
        self.assertEqual(row["Commentaire"], exchange.message)
