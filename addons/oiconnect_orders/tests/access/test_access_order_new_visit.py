from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..appointment_common import AppointmentCase


@tagged("post_install", "-at_install")
class TestOrderByHandWithVisit(AppointmentCase):
    """Hotline: a connection by us, with the visit that was booked for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "hotline_rdv", "oiconnect_base.group_access_user"
        )
        cls.network.search([("id", "!=", cls.network.id)]).active = False

    def _form(self):
        form = Form(self.env["oiconnect.access.order.new"].with_user(self.user))
        form.operator_id = self.operator
        form.connection_type = "oi"
        form.customer_name = "EXEMPLE"
        form.customer_contact1 = "0600000001"
        return form

    def test_the_visit_tells_its_reference_its_hour_and_its_place(self):
        visit = self._book(building_id=self.building.id)
        form = self._form()
        form.appointment_id = visit
        self.assertEqual(form.appointment_reference, visit.reference)
        self.assertEqual(form.install_date, visit.start)
        self.assertEqual(form.building_id, self.building)
        self.assertFalse(form.refusals)
        action = form.save().action_order()
        order = self.env["oiconnect.access.order"].browse(action["res_id"])
        self.assertEqual((order.state, visit.state), ("connecting", "confirmed"))
        self.assertEqual(visit.order_id, order)

    def test_the_visit_is_booked_on_the_way_to_the_order(self):
        self.building.commune_id = self.commune
        form = self._form()
        form.building_id = self.building
        self.assertIn("FIMP15", form.refusals)
        new = form.save()
        opened = new.action_book_visit()
        slot = self.env[opened["res_model"]].browse(opened["res_id"]).slot_ids[0]
        action = slot.with_user(self.user).action_take()
        self.assertEqual((action["res_model"], action["res_id"]), (new._name, new.id))
        visit = new.appointment_id
        self.assertEqual((visit.team_id, visit.building_id), (slot.team_id, self.building))  # fmt: skip  # noqa: E501
        self.assertEqual(new.install_date, visit.start)
        self.assertFalse(new.refusals)
        order = self.env["oiconnect.access.order"].browse(new.action_order()["res_id"])
        self.assertEqual((order.state, visit.state), ("connecting", "confirmed"))
        self.assertEqual((visit.order_id, visit.oc_reference), (order, order.oc_reference))  # fmt: skip  # noqa: E501

    def test_who_changes_his_mind_comes_back_to_the_order(self):
        self.building.commune_id = self.commune
        form = self._form()
        form.building_id = self.building
        new = form.save()
        action = new.action_book_visit()
        choice = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(choice.with_user(self.user).action_back()["res_id"], new.id)
        self.assertFalse(new.appointment_id)

    def test_a_slot_needs_the_operator_and_the_building(self):
        new = self._form().save()
        with self.assertRaisesRegex(UserError, "building first"):
            new.action_book_visit()
        new.operator_id = False
        with self.assertRaisesRegex(UserError, "operator that orders"):
            new.action_book_visit()

    def test_without_a_visit_the_order_waits(self):
        form = self._form()
        form.building_id = self.building
        self.assertIn("FIMP15", form.refusals)

    def test_a_visit_that_was_given_back_is_refused_at_once(self):
        visit = self._book()
        visit._fire("cancel")
        form = self._form()
        form.building_id = self.building
        form.appointment_reference = visit.reference
        self.assertIn("FRDV04", form.refusals)
