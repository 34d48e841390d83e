from odoo.exceptions import UserError
from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_base.workflow import Origin

from ..common import OrderCase

WRITTEN = {
    "city": "Exempleville",
    "postal_code": "99100",
    "insee_code": "99001",
    "rivoli_code": "0123",
    "street_number": "12",
    "street_number_suffix": "B",
    "street_type": "RUE",
    "street_name": "DES ESSAIS",
    "address_code": "99001OITO1",
    "building_name": "BAT A",
    "staircase": "1",
    "floor": "RDC",
    "pm_service_reference": "XPM-OCT1",
    "pto_reference": "ZO-0000-0001",
    "appointment_reference": "RDV-1",
    "customer_firstname": "Alix",
    "customer_contact2": "0600000002",
    "comment": "Interphone",
    "offer": "FTTH PRO",
}


@tagged("post_install", "-at_install")
class TestOrderStored(OrderCase):
    """An order stores all values of its operator, and all messages to it."""

    def test_all_values_of_the_line_are_stored(self):
        [(order, refusals)] = self.orders._receive(
            [
                self._line(
                    **WRITTEN,
                    existing_socket=True,
                    install_date="2026-03-20T08:30:00",
                    info_1=None,
                    info_2="x",
                )
            ],
            self.operator,
            self.network,
            Origin("file", name="CMD_1.csv", version="V1.2"),
        )
        self.assertFalse(refusals)
        self.assertEqual({name: order[name] for name in WRITTEN}, WRITTEN)
        self.assertTrue(order.existing_socket)
        self.assertEqual(str(order.install_date), "2026-03-20 07:30:00")
        self.assertEqual((order.origin, order.flow_version), ("CMD_1.csv", "V1.2"))
        self.assertEqual(order.info, {"info_2": "x"})
        self.assertEqual(order.display_name, order.oc_reference)

    def test_an_order_without_reference_is_named_by_its_number(self):
        order = self._receive(self._line(oc_reference=None))
        french = order.with_context(lang="fr_FR")
        self.assertEqual(french.display_name, f"Commande {order.id}")

    def test_later_messages_are_in_the_version_of_the_order(self):
        order = self._order()
        order._fire("connected", Origin(version="V9.9"))
        self.assertEqual(set(order.event_ids.mapped("version")), {"V1.3"})

    def test_every_message_is_dated_of_what_it_tells(self):
        order = self._delivered()
        order._fire("terminate", note="Fin du bail")
        for flow in ("AR_CMD", "CR_CMD", "CMD_STOC", "CR_MAD", "CR_RES"):
            with self.subTest(flow):
                # In Paris, to the second
                date = self._payload(order, flow)["date"]
                self.assertRegex(date, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
        self.assertEqual(self._payload(order, "CR_RES")["comment"], "Fin du bail")

    def test_an_acknowledged_order_wakes_the_study_a_refused_one_does_not(self):
        cron = self.env.ref("oiconnect_orders.cron_study")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._receive(self._line(order_date=None))
        after = triggers.search([("cron_id", "=", cron.id)])
        self.assertEqual(after, triggers)
        self._receive(self._line(), self._line())
        self.assertEqual(len(triggers.search([("cron_id", "=", cron.id)]) - after), 1)

    def test_measures_of_the_installer_are_stored(self):
        order = self._order()
        line = {
            "oc_reference": order.oc_reference,
            "subcontract_reference": order.subcontract_reference,
            "result": "OK",
            "discharge_number": "QT-7",
            "optical_budget": "-18.4 dBm",
        }
        self.orders._receive_stoc_report(line, self.operator, self.network, self.origin)
        self.assertEqual(order.discharge_number, "QT-7")
        self.assertEqual(order.optical_budget, "-18.4 dBm")
        self.assertFalse(order.socket_installed)
        self.assertFalse(order.connection_date)
        self.assertFalse(self._payload(order, "CR_MAD")["socket_installed"])

    def test_an_end_may_leave_its_operation_out(self):
        order = self._order()
        line = {"oc_reference": order.oc_reference, "operation": None}
        origin = Origin("file", group="file:7")
        _order, refusals = self.orders._receive_cancellation(
            line, self.operator, self.network, origin
        )
        self.assertFalse(refusals)
        self.assertEqual(order.state, "cancelled")
        line["oc_reference"] = "OCT-UNKNOWN"
        self.orders._receive_cancellation(line, self.operator, self.network, origin)
        events = self.env["oiconnect.event"].search([("group_key", "=", "file:7")])
        results = [(e.flow, e.payload["result"]) for e in events]
        self.assertEqual(results, [("CR_ANNUL", "KO"), ("CR_ANNUL", "OK")])

    def test_the_technical_pm_sent_is_where_the_fibre_starts(self):
        second = self.env["oiconnect.technical.pm"].create(
            {"reference": "OITO-PMT-2", "pm_id": self.pm.id}
        )
        self.routes.module_id.technical_pm_id = second
        payload = self._payload(self._order(), "CR_CMD")
        self.assertEqual(payload["pm_technical_reference"], "OITO-PMT-2")

    def test_what_many_orders_name_is_not_deleted_and_three_are_listed(self):
        for count, ends in ((3, r"\(3 : .*X0\)"), (4, r"\(4 : .*X1, …\)")):
            while self.other_pm.access_order_count < count:
                self.orders.create(
                    {
                        "operator_id": self.operator.id,
                        "network_id": self.network.id,
                        "pm_id": self.other_pm.id,
                        "oc_reference": f"X{self.other_pm.access_order_count}",
                    }
                )
                self.other_pm.invalidate_recordset(["access_order_count"])
            pm = self.other_pm.with_context(lang="fr_FR")
            with self.subTest(count), self.assertRaisesRegex(UserError, ends):
                pm.unlink()

    def test_history_and_messages_are_read_with_the_right_on_their_kind(self):
        order = self._order()
        other = self.env["oiconnect.event"].create(
            {
                "flow": "OTHER",
                "operator_id": self.operator.id,
                "network_id": self.network.id,
                "payload": {"result": "OK"},
                "res_model": "oiconnect.operator",
                "res_id": self.operator.id,
            }
        )
        self.env["oiconnect.workflow.step"]._append(
            [
                {
                    "res_model": "oiconnect.operator",
                    "res_id": self.operator.id,
                    "event": "create",
                    "channel": "ui",
                    "user_id": self.env.uid,
                }
            ]
        )
        reader = new_test_user(
            self.env, "histoire_lect", "oiconnect_base.group_access_read"
        )
        seen = order.with_user(reader)
        self.assertEqual(len(seen.step_ids), 4)
        self.assertEqual(
            seen.event_ids.mapped("flow"), ["CMD_STOC", "CR_CMD", "AR_CMD"]
        )
        events = self.env["oiconnect.event"].with_user(reader).search([])
        self.assertNotIn(other, events)
        self.assertLessEqual(order.event_ids, events)
        steps = self.env["oiconnect.workflow.step"].with_user(reader).search([])
        self.assertEqual(set(steps.mapped("res_model")), {order._name})
