from lxml import html

from odoo.tests.common import tagged

from ..common import ExchangeCase


@tagged("post_install", "-at_install")
class TestEventContent(ExchangeCase):
    """OI staff read a message as its operator does: by the columns of its file."""

    def _table(self, event):
        rows = html.fromstring(event.content).iter("tr")
        return {row[0].text: row[1].text for row in rows}

    def test_a_message_is_shown_by_the_columns_of_its_file(self):
        order = self._orders_of(self._take([self._wire()]))
        table = self._table(order.event_ids.filtered(lambda e: e.flow == "AR_CMD"))
        self.assertEqual(table["ReferenceCommandePriseInterneOC"], order.oc_reference)
        self.assertEqual(table["EtatArCommandePrise"], "OK")
        self.assertNotIn("MotifKoArCommandePrise", table, "empty cells are left out")

    def test_what_an_operator_wrote_is_shown_as_text(self):
        order = self._orders_of(self._take([self._wire()]))
        event = order.event_ids[0]
        event.payload = event.payload | {"oc_reference": "<b>X</b>"}
        self.assertEqual(
            self._table(event)["ReferenceCommandePriseInterneOC"], "<b>X</b>"
        )

    def test_a_message_that_no_format_can_write_has_no_table(self):
        event = self._orders_of(self._take([self._wire()])).event_ids[0]
        self.assertTrue(event.content)
        event.version = "V9.9"
        self.assertFalse(event.content)
        event.write({"version": "V1.3", "flow": "NO_FLOW"})
        self.assertFalse(event.content)
        event.write({"flow": "AR_CMD", "payload": {"oc_reference": "X" * 100}})
        self.assertFalse(event.content)
