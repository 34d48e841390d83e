from lxml import etree

from odoo.tests.common import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval
from odoo.tools.view_validation import get_expression_field_names

from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW

from ...states import STATES
from ..appointment_common import AppointmentCase

KINDS = (("stoc", False), ("oi", False), ("oi", True), ("oc", False), ("oc", True))


@tagged("post_install", "-at_install")
class TestNextStep(AppointmentCase):
    """The highlighted button is the next step, and it works: in every state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "suite_util", "oiconnect_base.group_access_manager"
        )
        cls.env["oiconnect.reason"]._of("FCLI07").customer_absent = True

    # ------------------------------------------------------------------
    # The header, as the web client shows it
    # ------------------------------------------------------------------

    def _shown(self, record):
        """Return the buttons of the header that people see now."""
        record.invalidate_recordset()
        arch = record.with_user(self.user).get_view(view_type="form")["arch"]
        buttons = etree.fromstring(arch).findall("./header/button")
        return [
            button
            for button in buttons
            if not safe_eval(
                button.get("invisible", "False"),
                self._values(record, button.get("invisible", "False")),
            )
        ]

    def _values(self, record, expression):
        values = {}
        for name in get_expression_field_names(expression):
            value = record[name]
            field = record._fields[name]
            values[name] = value.id if field.type == "many2one" else value
        return values

    def _highlighted(self, record):
        return [b for b in self._shown(record) if "btn-primary" in b.get("class", "")]

    def _press(self, record, button):
        context = safe_eval(button.get("context", "{}"))
        record = record.with_user(self.user).with_context(**context)
        return getattr(record, button.get("name"))()

    def _check_steps(self, record):
        """One button at most is highlighted; each that is shown can be pressed."""
        self.assertLessEqual(len(self._highlighted(record)), 1)
        for button in self._shown(record):
            savepoint = self.env.cr.savepoint()
            with self.subTest(button=button.get("string")):
                self._press(record, button)
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    def test_every_state_of_an_order_offers_steps_that_work(self):
        order = self._order()
        order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        for state, _label in STATES:
            for kind, existing in KINDS:
                with self.subTest(state=state, kind=kind, existing=existing):
                    savepoint = self.env.cr.savepoint()
                    order.with_context(workflow=_WORKFLOW).write(
                        {
                            "state": state,
                            "connection_type": kind,
                            "existing_socket": existing,
                        }
                    )
                    self._check_steps(order)
                    if state in ("ar_ok", "cr_ok", "connecting", "delivered"):
                        self.assertEqual(len(self._highlighted(order)), 1)
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_an_order_with_a_proposed_rejection_offers_its_confirmation_first(self):
        self.network.person_decides = True
        order = self._order(pm_reference=self.other_pm.reference)
        self.assertTrue(order.proposed_reason_id)
        [first, second, third] = self._shown(order)[:3]
        self.assertEqual(first.get("name"), "action_confirm_rejection")
        self.assertEqual(second.get("name"), "action_override")
        self.assertEqual(third.get("name"), "action_study")
        self._check_steps(order)

    def _failed(self, code="FCLI07"):
        order = self._oi_order()
        order.reason_id = self.env["oiconnect.reason"]._of(code)
        order._fire("connection_failed")
        return order

    def test_a_visit_that_failed_is_moved_and_confirmed_from_the_order(self):
        for code in ("FCLI07", "FINT04"):
            with self.subTest(code):
                order = self._failed(code)
                [button] = self._highlighted(order)
                self.assertEqual(button.get("name"), "action_move_visit")
                self._check_steps(order)
                choice = self._press(order, button)
                self._take(choice)
                [button] = self._highlighted(order)
                self.assertEqual(button.get("name"), "action_confirm_visit")
                self._press(order, button)
                self.assertEqual(order.state, "connecting")

    def _take(self, choice):
        """Take the first slot of the dialog, which is open on a week that has one."""
        dialog = self.env[choice["res_model"]].browse(choice["res_id"])
        dialog.with_user(self.user).slot_ids[0].action_take()

    def test_a_visit_that_was_called_off_is_booked_again_from_the_order(self):
        order = self._failed()
        order.appointment_id._move(self._slots()[2].reference)
        order.appointment_id._fire("cancel")
        [button] = self._highlighted(order)
        self.assertEqual(button.get("name"), "action_book_appointment")
        self._check_steps(order)
        self._take(self._press(order, button))
        [button] = self._highlighted(order)
        self.assertEqual(button.get("name"), "action_confirm_visit")
        self._press(order, button)
        self.assertEqual(order.state, "connecting")

    def test_a_visit_where_no_commune_is_known_is_booked_once_it_is_chosen(self):
        order = self._order()
        self.assertFalse(order.building_id.commune_id)
        opened = order.with_user(self.user).action_book_appointment()
        dialog = self.env[opened["res_model"]].browse(opened["res_id"])
        self.assertFalse(dialog.searched)
        dialog.with_user(self.user).commune_id = self.commune
        dialog.with_user(self.user).action_search()
        self.assertTrue(dialog.slot_ids)

    def test_an_order_without_a_visit_is_resumed(self):
        order = self._order()
        order.reason_id = self.env["oiconnect.reason"]._of("FINT04")
        order._fire("connection_failed")
        [button] = self._highlighted(order)
        self.assertEqual(button.get("name"), "action_resume")
        self._check_steps(order)

    # ------------------------------------------------------------------
    # Appointments
    # ------------------------------------------------------------------

    def test_every_state_of_an_appointment_offers_steps_that_work(self):
        ways = ((), ("confirm",), ("visit",), ("miss",), ("cancel",), ("expire",))
        for events in ways:
            booked = self._book(building_id=self.building.id)
            for event in events:
                booked._fire(event)
            with self.subTest(state=booked.state):
                self._check_steps(booked)

    def test_the_visit_of_an_order_offers_steps_that_work(self):
        order = self._oi_order()
        self._check_steps(order.appointment_id)
        self._check_steps(self._failed().appointment_id)
