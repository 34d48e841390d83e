from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import OrderCase


@tagged("post_install", "-at_install")
class TestOrderByHand(OrderCase):
    """Hotline: OI staff take an order for an operator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "hotline_test",
            "oiconnect_base.group_access_user",
            lang="fr_FR",
        )
        cls.building.write(
            {
                "street_type": "RUE",
                "street_name": "DES LILAS",
                "city": "EXEMPLEVILLE",
                "postal_code": "99100",
            }
        )
        cls.env["oiconnect.network"].search([]).filtered(
            lambda network: network != cls.network
        ).active = False

    def _form(self, user=None):
        news = self.env["oiconnect.access.order.new"].with_user(user or self.user)
        return Form(news.with_context(lang="fr_FR"))

    def _filled(self, building=None):
        form = self._form()
        form.network_id = self.network
        form.operator_id = self.operator
        form.building_id = building or self.building
        form.customer_name = "EXEMPLE"
        form.customer_contact1 = "0600000001"
        return form

    def _order_of(self, form):
        action = form.save().action_order()
        self.assertEqual(action["res_model"], "oiconnect.access.order")
        return self.env["oiconnect.access.order"].browse(action["res_id"])

    def test_an_order_by_telephone_goes_the_way_of_those_by_file(self):
        form = self._filled()
        form.comment = "Par téléphone"
        order = self._order_of(form)
        self.assertEqual(order.state, "connecting")
        self.assertEqual(order.building_id, self.building)
        self.assertEqual(order.customer_name, "EXEMPLE")
        self.assertEqual(order.street_name, "DES LILAS")
        flows = order.event_ids.sorted("id").mapped("flow")
        self.assertEqual(flows, ["AR_CMD", "CR_CMD", "CMD_STOC"])
        steps = order.step_ids
        self.assertEqual(set(steps.mapped("channel")), {"ui"})
        self.assertEqual(set(steps.mapped("user_id")), {self.user})

    def test_the_reference_is_the_operators_or_one_of_ours(self):
        form = self._filled()
        form.oc_reference = "OCT-TEL-1"
        self.assertEqual(self._order_of(form).oc_reference, "OCT-TEL-1")
        self.network.manual_prefix = "TEL"
        first, second = (
            self._order_of(self._filled(building))
            for building in (self.building, self.other_building)
        )
        self.assertRegex(first.oc_reference, r"^TEL-\d{9}$")
        self.assertNotEqual(first.oc_reference, second.oc_reference)
        self.assertEqual(
            self._payload(first, "AR_CMD")["oc_reference"], first.oc_reference
        )

    def test_a_reference_of_ours_that_the_operator_used_is_passed_over(self):
        given = self.network._new_manual_reference(self.operator)
        prefix, number = given.rsplit("-", 1)
        taken = f"{prefix}-{int(number) + 1:09d}"
        self._receive(self._line(oc_reference=taken))
        self.assertNotEqual(self.network._new_manual_reference(self.operator), taken)

    def test_the_building_says_its_network_where_there_are_several(self):
        """Of two networks the first is empty: no list is, and nothing is preset."""
        self.network.copy({"name": "AAA", "code": "AAA"})
        form = self._form()
        form.operator_id = self.operator
        self.assertFalse(form.network_id)
        self.assertIn("Choisissez ce qui est commandé", form.refusals)
        form.building_id = self.building
        self.assertEqual(form.network_id, self.network)
        form.customer_name = "EXEMPLE"
        form.customer_contact1 = "0600000001"
        self.assertEqual(self._order_of(form).network_id, self.network)

    def test_errors_are_shown_at_once_in_french(self):
        form = self._form()
        self.assertIn("Choisissez l'opérateur", form.refusals)
        form.network_id = self.network
        form.operator_id = self.operator
        form.connection_type = "oi"
        shown = form.refusals
        for code in ("Choisissez l'immeuble", "rendez-vous", "FIMP15"):
            self.assertIn(code, shown)
        self.assertGreaterEqual(shown.count("<li>"), 4)
        before = self.env["oiconnect.access.order"].search_count([])
        new = form.save()
        with self.assertRaisesRegex(UserError, "Choisissez l'immeuble"):
            new.action_order()
        self.assertEqual(self.env["oiconnect.access.order"].search_count([]), before)

    def test_the_network_is_queried_live(self):
        form = self._filled()
        self.assertFalse(form.refusals)
        form.requested_type = "cofi"
        self.assertIn("FIMP06", form.refusals)
        form.requested_type = "auto"
        self.assertFalse(form.refusals)
        form.existing_socket = True
        self.assertIn("FIMP01", form.refusals)
        form.pto_id = self._laid_pto()
        self.assertFalse(form.refusals)

    def test_the_pm_and_the_service_of_the_operator_are_filled_in(self):
        form = self._filled()
        self.assertEqual(form.pm_id, self.pm)
        self.assertEqual(form.pm_service_id, self.service)
        self.service.active = False
        form.operator_id = self.rival
        form.operator_id = self.operator
        self.assertFalse(form.pm_service_id)
        self.assertIn("FIMP09", form.refusals)

    def test_what_was_chosen_in_another_building_is_forgotten(self):
        form = self._filled()
        form.existing_socket = True
        form.pto_id = self._laid_pto()
        form.building_id = self.other_building
        self.assertFalse(form.pto_id)
        form.pto_id = self._laid_pto(self.other_building)
        form.existing_socket = False
        self.assertFalse(form.pto_id)

    def test_missing_values_and_refusals_of_the_network_are_shown_together(self):
        form = self._filled()
        form.customer_name = False
        form.requested_type = "cofi"
        for code in ("FIMP15", "FIMP06"):
            self.assertIn(code, form.refusals)

    def test_an_empty_telephone_is_reported_once(self):
        form = self._filled()
        for contact in (False, "  "):
            form.customer_contact1 = contact
            self.assertEqual(form.refusals.count("<li>"), 1, form.refusals)

    def test_a_saturated_building_is_known_before_the_order(self):
        self._order()
        self._order()
        self.assertIn("FINT01", self._filled().refusals)

    def test_a_reference_that_the_operator_used_is_refused(self):
        known = self._order()
        form = self._filled()
        form.oc_reference = known.oc_reference
        self.assertIn("FIMP13", form.refusals)

    def test_the_building_is_found_by_its_address(self):
        buildings = self.env["oiconnect.building"].with_user(self.user)
        self.env.flush_all()
        by_address = buildings.with_context(by_address=True)
        domain = [("network_id", "=", self.network.id)]
        for text in ("lilas 1", "1 rue des lilas", self.building.identifier):
            with self.subTest(text):
                found = dict(by_address.name_search(text, domain))
                self.assertIn(self.building.id, found)
        self.assertIn("RUE DES LILAS", found[self.building.id])
        self.assertFalse(by_address.name_search("lilas 1", [("network_id", "=", 0)]))

    def test_a_reader_takes_no_order(self):
        reader = new_test_user(
            self.env, "hotline_lect", "oiconnect_base.group_access_read"
        )
        with self.assertRaises(AccessError):
            self._form(reader)
        new = self._filled().save()
        with self.assertRaises(AccessError):
            new.with_user(reader).action_order()

    def test_a_prefix_that_files_could_not_carry_is_refused(self):
        with self.assertRaises(Exception) as caught, self.cr.savepoint():
            self.network.manual_prefix = "té;l"
            self.env.flush_all()
        self.assertIn("manual_prefix", str(caught.exception))
