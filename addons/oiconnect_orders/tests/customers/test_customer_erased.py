# pylint: disable=translation-required
from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.discussion import OPERATOR_SUBTYPE, to_operator

from ...personal import CUSTOMER_FIELDS, MASK
from ..common import OrderCase

CUSTOMER = {
    "customer_name": "EXEMPLE",
    "customer_firstname": "CAMILLE",
    "customer_contact1": "0600000001",
    "customer_contact2": "camille@exemple.invalid",
    "comment": "Interphone B12, chien gentil",
}
RETAINED_FIELDS = (
    "oc_reference service_reference state operator_id connection_type order_date "
    "receipt_date report_date end_date reason_id pto_id pm_id building_id pbo_id city"
).split()


class ErasedCase(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network.customer_days = 90
        cls.manager = new_test_user(
            cls.env, "erased_manager", "oiconnect_base.group_access_manager"
        )

    def _cancelled(self, days=0, **values):
        """Return an order of that customer, cancelled so many days ago."""
        order = self._order(**{**CUSTOMER, **values})
        date = fields.Datetime.now() - timedelta(days=days)
        order._fire("cancel", date=date, note="M. Exemple renonce, 06 00 00 00 01")
        return order

    def _run(self):
        self.env.flush_all()
        cron = self.env.ref("oiconnect_orders.cron_erase_customers")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def assertErased(self, order):
        self.assertTrue(order.customer_erased_on)
        for name in (*CUSTOMER_FIELDS, "comment", "info"):
            self.assertFalse(order[name], name)

    def assertKnown(self, order):
        self.assertFalse(order.customer_erased_on)
        for name, value in CUSTOMER.items():
            self.assertEqual(order[name], value)


@tagged("post_install", "-at_install")
class TestRetention(ErasedCase):
    """The nightly run erases the customers whose order ended long ago."""

    def test_a_customer_is_known_until_the_last_day(self):
        order = self._cancelled(days=89)
        self._run()
        self.assertKnown(order)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self._run()
        self.assertErased(order)

    def test_each_network_keeps_its_own_time(self):
        order = self._cancelled(days=91)
        self.network.customer_days = 365
        self._run()
        self.assertKnown(order)
        self.network.customer_days = 90
        self._run()
        self.assertErased(order)

    def test_an_order_in_progress_or_in_service_keeps_its_customer(self):
        waiting = self._order(**CUSTOMER)
        served = self._delivered(**CUSTOMER, building_identifier="OITO/B/2")
        served._fire("activate", date=fields.Datetime.now() - timedelta(days=900))
        with freeze_time(fields.Datetime.now() + timedelta(days=1000)):
            self._run()
        self.assertKnown(waiting)
        self.assertKnown(served)

    def test_a_line_is_terminated_and_its_customer_forgotten_in_time(self):
        order = self._delivered(**CUSTOMER)
        order._fire("activate")
        order._fire("terminate")
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self._run()
        self.assertErased(order)

    def test_rejected_orders_count_from_their_report(self):
        refused = self._receive(self._line(**CUSTOMER, order_date=None))
        rejected = self._order(**CUSTOMER, building_identifier="OITO/B/404")
        self.assertEqual((refused.state, rejected.state), ("ar_ko", "cr_ko"))
        self._run()
        self.assertKnown(rejected)
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self._run()
        self.assertErased(refused)
        self.assertErased(rejected)

    def test_many_orders_are_erased_by_batches(self):
        orders = self._receive(*(self._line(**CUSTOMER) for _n in range(3)))
        orders._fire("cancel", date=fields.Datetime.now() - timedelta(days=91))
        self.patch(self._module(), "BATCH", 2)
        self._run()
        for order in orders:
            self.assertErased(order)

    def _module(self):
        from ...models.access import customer

        return customer

    def test_a_run_erases_once(self):
        order = self._cancelled(days=91)
        self._run()
        erased_on = order.customer_erased_on
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self._run()
        self.assertEqual(order.customer_erased_on, erased_on)

    @mute_logger("odoo.sql_db")
    def test_a_month_is_the_shortest(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.network.customer_days = 29
            self.network.flush_recordset()


@tagged("post_install", "-at_install")
class TestWhatIsErased(ErasedCase):
    """The customer goes; what invoices and the regulator need stays."""

    def test_references_dates_states_and_steps_stay(self):
        order = self._cancelled(days=91)
        before = order.read(RETAINED_FIELDS)
        steps = order.step_ids.mapped("event")
        self._run()
        self.assertErased(order)
        self.assertEqual(order.read(RETAINED_FIELDS), before)
        self.assertEqual(order.step_ids.mapped("event"), steps)

    def test_a_step_says_what_was_done_not_of_whom(self):
        order = self._cancelled(days=91)
        self._run()
        self.assertEqual(self._last_step(order).note, f"M. {MASK} renonce, {MASK}")

    def test_messages_to_the_operator_lose_the_comment_and_keep_the_rest(self):
        order = self._cancelled(days=91)
        self.assertEqual(
            self._payload(order, "CMD_STOC")["comment"], CUSTOMER["comment"]
        )
        before = self._payload(order, "CMD_STOC")
        self._run()
        self.env.invalidate_all()
        self.assertEqual(self._payload(order, "CMD_STOC"), before | {"comment": None})
        payload = self._payload(order, "CR_ANNUL")
        self.assertEqual(payload["result"], "OK")
        self.assertEqual(payload["comment"], f"M. {MASK} renonce, {MASK}")

    def test_the_reason_of_a_failure_stays_without_the_name(self):
        order = self._order(**CUSTOMER)
        order.write(
            {
                "reason_id": self.env["oiconnect.reason"]._of("FCLI05").id,
                "reason_comment": "Mme EXEMPLE refuse les travaux",
            }
        )
        order._fire("abandon")
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self._run()
        self.assertErased(order)
        self.assertEqual(order.reason_id.code, "FCLI05")
        self.assertEqual(order.reason_comment, f"Mme {MASK} refuse les travaux")

    def test_decisions_keep_their_reason_without_the_name(self):
        order = self._cancelled(days=91)
        decisions = self.env["oiconnect.decision"]
        values = {
            "outcome": "rejected",
            "controls": [{"control": "form", "asked": {"x": "EXEMPLE"}}],
            "note": "Vu avec Mme Exemple",
        }
        decisions._append(order, "override", [values])
        self._run()
        decision = order.decision_ids[0]
        self.assertEqual(decision.note, f"Vu avec Mme {MASK}")
        self.assertEqual(decision.controls, [{"control": "form", "asked": {"x": MASK}}])

    def test_the_chatter_hides_the_customer(self):
        order = self._cancelled(days=91)
        order.message_post(body="Rappeler Camille Exemple au 06.00.00.00.01")
        self._run()
        self.assertIn(f"Rappeler {MASK} {MASK} au {MASK}", order.message_ids[0].body)

    def test_what_a_message_was_before_its_author_changed_it_hides_the_customer(self):
        order = self._cancelled(days=91)
        message = order.message_post(
            body="Rappeler Camille Exemple", message_type="comment"
        )
        order._message_update_content(message, body="Rappeler")
        self.assertIn("Camille Exemple", order.message_ids[0].body)
        self._run()
        self.assertIn(f"Rappeler {MASK} {MASK}", order.message_ids[0].body)

    def test_a_message_to_the_operator_hides_the_customer(self):
        order = self._cancelled(days=91)
        message = to_operator(order).message_post(
            subject="Chez Camille Exemple",
            body="Camille Exemple attend",
            message_type="comment",
            subtype_xmlid=OPERATOR_SUBTYPE,
        )
        order._mail_to_operator(message, self.env.user.partner_id)
        mails = self.env["mail.mail"].search([("parent_id", "=", message.id)])
        self.assertIn("Camille Exemple", mails.body_html)
        self._run()
        self.assertFalse(mails.exists())
        self.assertNotIn("Camille", f"{message.subject} {message.body}")

    def test_what_the_chatter_tracked_is_emptied(self):
        order = self._cancelled(days=91)
        message = order.message_post(body="Changement")
        tracked = self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": self.env["ir.model.fields"]._get(order._name, "comment").id,
                "old_value_char": "EXEMPLE",
                "new_value_text": "Chien méchant",
            }
        )
        self._run()
        self.assertFalse(tracked.old_value_char)
        self.assertFalse(tracked.new_value_text)

    def test_another_customer_is_not_touched(self):
        other = self._cancelled(days=10, customer_name="EXEMPLE")
        self._cancelled(days=91)
        self._run()
        self.assertKnown(other)
        self.assertEqual(
            self._payload(other, "CMD_STOC")["comment"], CUSTOMER["comment"]
        )


@tagged("post_install", "-at_install")
class TestOnRequest(ErasedCase):
    """A customer asks to be forgotten: an administrator does it at once."""

    def test_an_administrator_erases_and_the_order_keeps_that_it_was_done(self):
        order = self._cancelled()
        order.with_user(self.manager).action_erase_customer()
        self.assertErased(order)
        message = order.message_ids[0]
        self.assertEqual(message.author_id, self.manager.partner_id)
        self.assertIn("erased", message.body)

    def test_an_order_in_progress_is_refused_with_the_way_out(self):
        order = self._order(**CUSTOMER)
        with self.assertRaisesRegex(UserError, f"{order.oc_reference}.*in progress"):
            order.with_user(self.manager).action_erase_customer()
        self.assertKnown(order)

    def test_a_user_does_not_erase(self):
        user = new_test_user(
            self.env, "erased_user", "oiconnect_base.group_access_user"
        )
        order = self._cancelled()
        with self.assertRaisesRegex(UserError, "administrator"):
            order.with_user(user).action_erase_customer()
        self.assertKnown(order)

    def test_a_reader_neither_erases_nor_sees_the_customer(self):
        reader = new_test_user(
            self.env, "erased_reader", "oiconnect_base.group_access_read"
        )
        order = self._cancelled().with_user(reader)
        with self.assertRaises(AccessError):
            order.action_erase_customer()
