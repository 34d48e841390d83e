from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.exceptions import RefusedError
from odoo.addons.oiconnect_base.models.workflow.workflow import _WORKFLOW

from .common import LinkCase, list_fibres


@tagged("post_install", "-at_install")
class TestLinkOrderRules(LinkCase):
    """Rules of the guide, and of the protocol, on what an operator may order."""

    def test_the_first_order_of_a_link_is_initial(self):
        order = self._order()
        self.assertEqual((order.state, order.link_id), ("ar_ok", self.link))
        self.assertEqual(order.prdm_id, self.link.prdm_id)
        [payload] = self._payloads(order, "ARCMDLIEN")
        self.assertEqual((payload["result"], payload["reason_code"]), ("OK", None))
        self.assertEqual(payload["expected_date"], order.expected_date.isoformat())

    def test_extension_before_the_initial_order(self):
        order = self.assertRefused("FIMP06", order_type="EXTE")
        [payload] = self._payloads(order, "ARCMDLIEN")
        self.assertEqual((payload["result"], payload["reason_code"]), ("KO", "FIMP06"))

    def test_extension_before_the_report_of_availability(self):
        self._order()
        self.assertRefused("FIMP09", order_type="EXTE")

    def test_extension_of_an_order_that_could_not_be_produced(self):
        order = self._order()
        order.sudo().reason_id = order._reason("FINT04")
        order._fire("abandon")
        self.assertRefused("FIMP06", order_type="EXTE")
        self.assertEqual(self._order().state, "ar_ok")

    def test_initial_order_twice(self):
        self._available()
        self.assertRefused("FIMP06", fibre_count=1)

    def test_initial_order_twice_in_a_file(self):
        first, second = self._receive(self._line(), self._line())
        self.assertEqual((first.state, second.state), ("ar_ok", "ar_ko"))
        self.assertEqual(second.reason_id.code, "FIMP09")

    def test_one_order_in_progress_a_link(self):
        self._order()
        self.assertRefused("FIMP09", operator=self.rival, fibre_count=1)

    def test_one_order_in_progress_a_link_and_operator(self):
        self.network.link_order_scope = "operator"
        self._order()
        self.assertEqual(self._order(self.rival).state, "ar_ok")
        self.assertRefused("FIMP09", fibre_count=1)

    def test_extension_adds_to_the_service(self):
        first = self._available()
        extension = self._available(order_type="EXTE", fibre_count=1)
        self.assertEqual(extension.service_id, first.service_id)
        self.assertEqual(first.service_id.fibre_ids.mapped("number"), [1, 2, 3])

    def test_links_that_are_ordered(self):
        for state in ("planned", "deploying"):
            with self.subTest(state):
                self.link.state = state
                order = self._order()
                self.assertEqual(order.state, "ar_ok")
                order._fire("cancel")
        self.link.with_context(active_test=False).state = "abandoned"
        self.assertRefused("FIMP09")

    def test_saturation(self):
        self._available(fibre_count=3)
        self.assertRefused("FINT01", operator=self.rival)
        self.assertEqual(self._order(self.rival, fibre_count=1).state, "ar_ok")

    def test_fibres_that_orders_wait_for_are_not_free(self):
        """A link whose fibres are not listed yet has its two numbers."""
        self.network.link_order_scope = "operator"
        self.link.fibre_ids.unlink()
        self.link.write({"capacity": 3, "used_fibre_count": 0, "state": "deploying"})
        self._order(fibre_count=2)
        self.assertRefused("FINT01", operator=self.rival)
        self.assertEqual(self._order(self.rival, fibre_count=1).state, "ar_ok")

    def test_a_planned_link_without_a_capacity_is_ordered(self):
        self.link.fibre_ids.unlink()
        self.link.write({"capacity": 0, "used_fibre_count": 0, "state": "planned"})
        order = self._order()
        self.assertEqual((order.state, order.held_count), ("ar_ok", 0))
        self.link.state = "deployed"
        self.env.flush_all()
        refused = self.assertRaisesRegex(RefusedError, self.link.reference)
        with refused, self.env.cr.savepoint():
            order._fire("make_available")
        self.env.invalidate_all(flush=False)
        self.assertEqual(order.state, "ar_ok")
        list_fibres(self.env, self.link, 2)
        order._fire("make_available")
        self.assertEqual(self._numbers(order), [1, 2])

    def test_form_of_the_order(self):
        self.assertRefused("FIMP07", pm_reference="OITO-NO-PM")
        self.assertRefused("FIMP12", order_type="NEUF")
        self.assertRefused("FIMP15", fibre_count=None)
        self.assertRefused("FIMP16", fibre_count=-1)
        self.assertRefused("FIMP16", order_date="2999-01-01")
        self.assertRefused("FIMP16", link_reference="OITO-NO-LINK")
        self.assertRefused("FIMP16", prdm_reference="OITO-NO-PRDM")

    def test_a_value_longer_than_its_field_is_refused(self):
        """Formats are data: they may let more pass than columns keep."""
        for name, limit in self.links._limits(self.links._copied_fields).items():
            with self.subTest(name):
                order = self._order(**{name: "X" * (limit + 1)})
                self.assertEqual(order.state, "ar_ko")
                refused = order.decision_ids.sudo().controls
                at_fault = [step for step in refused if step["field"] == name]
                self.assertIn("FIMP16", [step["code"] for step in at_fault])

    def test_the_link_is_found_by_its_ends(self):
        order = self._order(
            link_reference=None, prdm_reference=self.link.prdm_id.reference
        )
        self.assertEqual(order.link_id, self.link)

    def test_one_of_several_links_is_named(self):
        self.link.copy({"reference": "OITO-LNP-2"})
        self.assertRefused("FIMP15", link_reference=None)

    def test_a_reference_serves_once(self):
        order = self._available()
        self.assertRefused(
            "FIMP13",
            oc_reference=order.oc_reference,
            order_type="EXTE",
            fibre_count=1,
        )

    # ------------------------------------------------------------------
    # The database refuses what a race would let through
    # ------------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def assertDatabaseRefuses(self, constraint, record, vals):
        with self.assertRaisesRegex(IntegrityError, constraint):
            with self.env.cr.savepoint():
                record.with_context(workflow=_WORKFLOW).sudo().write(vals)
                record.flush_recordset()
        self.env.invalidate_all()

    def test_the_database_knows_one_order_in_progress(self):
        first = self._order(fibre_count=1)
        second = self._order(self.rival)
        vals = {"state": "ar_ok", "reason_id": False}
        self.assertEqual(second.state, "ar_ko")
        self.assertEqual(first.link_id, second.link_id)
        self.assertDatabaseRefuses("progress_uniq", second, vals)

    def test_the_database_knows_one_initial_order(self):
        self._available()
        second = self._order()
        self.assertDatabaseRefuses(
            "initial_uniq", second, {"state": "ar_ok", "reason_id": False}
        )

    def test_the_database_knows_no_extension_of_nothing(self):
        order = self._order(order_type="EXTE")
        self.assertDatabaseRefuses(
            "extension_has_service", order, {"state": "ar_ok", "reason_id": False}
        )

    def test_the_database_sells_a_fibre_once(self):
        self.network.link_order_scope = "operator"
        first, second = self._order(fibre_count=1), self._order(self.rival)
        self.assertDatabaseRefuses(
            "held_once",
            second.held_fibre_ids[0],
            {"fibre_id": first.held_fibre_ids.fibre_id.id},
        )

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_who_may_not_read_link_orders(self):
        user = new_test_user(self.env, "acces", "oiconnect_base.group_access_manager")
        order = self._order().with_user(user)
        with self.assertRaises(AccessError):
            order.read(["state"])
        with self.assertRaises(AccessError):
            order.service_id.search([])

    def test_a_held_fibre_is_not_given_away_by_hand(self):
        user = new_test_user(self.env, "liens", "oiconnect_base.group_link_manager")
        order = self._available()
        fibre = order.held_fibre_ids[0].fibre_id.with_user(user)
        for vals in ({"state": "free", "operator_id": False}, {"operator_id": False}):
            with self.assertRaisesRegex(RefusedError, order.oc_reference):
                fibre.write(vals)
        fibre.write({"state": "out_of_service", "attenuation_db": 1.2})
        self.assertEqual(fibre.operator_id, self.operator)
