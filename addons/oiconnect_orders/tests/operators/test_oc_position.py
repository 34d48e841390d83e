from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..common import OrderCase, make_operator, open_pm


@tagged("post_install", "-at_install")
class TestOcPosition(OrderCase):
    """The operator's own position at the PM, where we patch its line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.position, cls.other = cls.env["oiconnect.operator.position"].create(
            [
                {
                    "service_id": cls.service.id,
                    "rack": "B2",
                    "drawer": "T1",
                    "port": port,
                }
                for port in ("07", "08")
            ]
        )

    def line_at(self, *place, **values):
        """Return an order on a laid PTO, which we only have to patch."""
        info = {f"info_{rank}": part for rank, part in enumerate(place, 1)}
        pto = self._laid_pto()
        return {
            "connection_type": "OI",
            "existing_socket": True,
            "pto_reference": pto.reference,
            **info,
            **values,
        }

    def order_at(self, *place, **values):
        return self._order(**self.line_at(*place, **values))

    def check_positions(self):
        self.network.check_oc_position = True

    def test_the_position_that_an_order_names_is_stored(self):
        order = self.order_at("B2", "T1", "07")
        self.assertEqual(order.state, "connecting")
        self.assertEqual(order.oc_position_id, self.position)
        self.assertEqual(order.oc_position_told, "B2 / T1 / 07")
        self.assertEqual(self.position.display_name, "B2 / T1 / 07")

    def test_it_is_stored_for_any_connection_type(self):
        order = self.order_at("B2", "T1", "08", connection_type="STOC")
        self.assertEqual(order.oc_position_id, self.other)

    def test_a_network_that_does_not_check_takes_any(self):
        """The operator's own words are shown, for the visit at the PM."""
        order = self.order_at("B9", "T9", "99")
        self.assertEqual(order.state, "connecting")
        self.assertFalse(order.oc_position_id)
        self.assertEqual(order.oc_position_told, "B9 / T9 / 99")

    def test_an_unknown_position_is_rejected_where_it_is_checked(self):
        self.check_positions()
        order = self.order_at("B2", "T1", "99")
        self.assertEqual((order.state, order.reason_id.code), ("cr_ko", "FINT08"))

    def test_so_is_an_incomplete_one(self):
        self.check_positions()
        self.assertEqual(self.order_at("B2", "T1").reason_id.code, "FINT08")
        self.assertEqual(self.order_at().reason_id.code, "FINT08")

    def test_and_that_of_another_operator(self):
        self.check_positions()
        rival_service = self.env["oiconnect.pm.service"].search(
            [("operator_id", "=", self.rival.id)]
        )
        self.position.service_id = rival_service
        self.assertEqual(self.order_at("B2", "T1", "07").reason_id.code, "FINT08")

    def test_a_used_position_is_rejected(self):
        self.check_positions()
        self.order_at("B2", "T1", "07")
        second = self.order_at("B2", "T1", "07")
        self.assertEqual((second.state, second.reason_id.code), ("cr_ko", "FINT09"))

    def test_two_orders_of_one_file_never_have_the_same(self):
        self.check_positions()
        lines = [self._line(**self.line_at("B2", "T1", "07")) for _rank in range(2)]
        orders = self._receive(*lines)
        orders._study()
        self.assertEqual(orders.mapped("state"), ["connecting", "cr_ko"])
        self.assertEqual(orders[1].reason_id.code, "FINT09")

    def test_without_a_check_the_first_order_has_it(self):
        first, second = (self.order_at("B2", "T1", "07") for _rank in range(2))
        self.assertEqual(first.oc_position_id, self.position)
        self.assertEqual(second.state, "connecting")
        self.assertFalse(second.oc_position_id)

    def test_the_position_is_free_again_at_the_end(self):
        self.check_positions()
        first = self.order_at("B2", "T1", "07")
        first._fire("cancel")
        self.position.invalidate_recordset()
        self.assertFalse(self.position.order_ids)
        self.assertEqual(self.order_at("B2", "T1", "07").state, "connecting")

    def test_who_connects_itself_is_not_checked(self):
        self.check_positions()
        order = self.order_at("B2", "T1", "99", connection_type="STOC")
        self.assertEqual(order.state, "connecting")

    def test_columns_are_agreed_with_each_operator(self):
        self.operator.write({"rack_info": "5", "drawer_info": "4", "port_info": "6"})
        order = self.order_at(info_4="T1", info_5="B2", info_6="07")
        self.assertEqual(order.oc_position_id, self.position)

    def test_orders_without_a_position_cost_no_query(self):
        order = self._order(connection_type="OC")
        order.flush_recordset()
        with self.assertQueryCount(0):
            order._take_positions()

    def test_the_service_at_the_pm_lists_the_positions(self):
        user = new_test_user(self.env, "pm.user", "oiconnect_base.group_pm_order_user")
        with Form(self.service.with_user(user)) as form:
            with form.position_ids.new() as line:
                line.rack, line.drawer, line.port = "B2", "T1", "09"
        self.assertEqual(len(self.service.position_ids), 3)

    def test_who_reads_orders_reads_positions_and_changes_none(self):
        order = self.order_at("B2", "T1", "07")
        user = new_test_user(self.env, "lecture", "oiconnect_base.group_access_read")
        seen = order.with_user(user)
        self.assertEqual(seen.oc_position_id.display_name, "B2 / T1 / 07")
        self.assertEqual(seen.oc_position_told, "B2 / T1 / 07")
        with self.assertRaises(AccessError):
            seen.oc_position_id.write({"port": "10"})

    def test_positions_of_another_company_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Autre société"})
        user = new_test_user(
            self.env,
            "ailleurs",
            "oiconnect_base.group_pm_order_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(
            self.env["oiconnect.operator.position"].with_user(user).search([])
        )

    def test_many_orders_find_their_positions_in_one_query(self):
        service = open_pm(self.env, self.made, make_operator(self.env, "OCT9"))
        self.env["oiconnect.operator.position"].create(
            [
                {"service_id": service.id, "rack": "B1", "drawer": "T1", "port": str(n)}
                for n in range(20)
            ]
        )
        orders = self._receive(
            *(self._line(info_1="B1", info_2="T1", info_3=str(n)) for n in range(20)),
            operator=service.operator_id,
        )
        orders.pm_service_id = service
        orders.mapped("info")
        positions = self.env["oiconnect.operator.position"]
        self.env.flush_all()

        def cost(some):
            before = self.env.cr.sql_log_count
            self.assertEqual(len(positions._named_by(some)), len(some))
            return self.env.cr.sql_log_count - before

        cost(orders[:1])
        self.assertEqual(cost(orders[:2]), cost(orders))
