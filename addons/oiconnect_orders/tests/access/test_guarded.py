from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests.common import new_test_user, tagged

from ..appointment_common import AppointmentCase


@tagged("post_install", "-at_install")
class TestGuarded(AppointmentCase):
    """By RPC, as by its screens: an order, its line and its visit follow events."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "commandes", "oiconnect_base.group_access_user"
        )
        cls.engineer = new_test_user(
            cls.env, "reseau", "oiconnect_base.group_infra_manager"
        )

    def rpc(self, user, records, method, *arguments, **options):
        model = self.env[records._name].with_user(user)
        options["context"] = {"lang": "fr_FR"}
        return call_kw(model, method, [records.ids, *arguments], options)

    def assertRefused(self, user, records, values, said="à la main"):
        """Writing ``values`` is refused, by each of the client's two paths."""
        for method, options in (("write", {}), ("web_save", {"specification": {}})):
            with self.subTest(method, values=values):
                with self.assertRaises(AccessError) as caught:
                    self.rpc(user, records, method, values, **options)
                self.assertIn(said, str(caught.exception))
        records.invalidate_recordset()

    def _in_service(self):
        order = self._delivered()
        order._fire("activate")
        return order

    def test_a_line_in_service_moves_to_no_other_operator(self):
        order = self._in_service()
        other = self._laid_pto(self.other_building)
        before = order.read(
            ["operator_id", "oc_reference", "pto_id", "waived_controls"]
        )
        for values in (
            {"operator_id": self.rival.id},
            {"oc_reference": "OCT-AUTRE"},
            {"pto_id": other.id},
            {"waived_controls": ["place"]},
            {"customer_name": "AUTRE", "in_service_date": False},
        ):
            self.assertRefused(self.user, order, values)
        self.assertEqual(order.read(list(before[0])[1:]), before)

    def test_the_refusal_names_the_fields_of_the_order(self):
        order = self._in_service()
        with self.assertRaises(AccessError) as caught:
            values = {"operator_id": self.rival.id, "pto_id": False}
            self.rpc(self.user, order, "write", values)
        self.assertRegex(
            str(caught.exception),
            "^Commande d.accès : .* « Opérateur, Prise .PTO. » à la main.* boutons",
        )

    def test_a_list_of_orders_in_service_is_written_by_no_file(self):
        order = self._in_service()
        model = self.env["oiconnect.access.order"].with_user(self.user)
        [name] = order.export_data(["id"])["datas"]
        found = model.load(["id", "oc_reference"], [[*name, "OCT-AUTRE"]])
        self.assertFalse(found["ids"])
        self.assertEqual(order.oc_reference, f"OCT-{self.rank:06d}")

    def test_the_line_of_an_order_is_not_changed_in_the_network(self):
        order = self._in_service()
        route = order.route_ids
        for values in (
            {"state": "free", "operator_id": False},
            {"operator_id": self.operator.id},
            {"pto_id": False},
        ):
            self.assertRefused(self.engineer, route, values, "ne change plus")
        self.assertRefused(self.engineer, route, {"access_order_id": False})
        self.assertEqual(route.access_order_id, order)
        free = self.routes.filtered(lambda line: line.state == "free")[0]
        self.rpc(
            self.engineer,
            free,
            "write",
            {"state": "reserved", "operator_id": self.rival.id},
        )

    def test_an_order_gives_no_way_to_what_it_holds(self):
        order = self._in_service()
        for name, values in (
            ("route_ids", [Command.update(order.route_ids.id, {"state": "free"})]),
            ("step_ids", [Command.clear()]),
            ("decision_ids", [Command.clear()]),
        ):
            self.assertRefused(self.user, order, {name: values})

    def test_the_words_of_a_visit_are_corrected_until_there_is_an_order(self):
        visit = self._book()
        self.rpc(self.user, visit, "write", {"oc_reference": "OCT-1", "address": "A"})
        self.assertRefused(self.user, visit, {"operator_id": self.rival.id})
        order = self._oi_order(visit)
        self.rpc(self.user, visit, "write", {"address": "B"})
        self.assertRefused(self.user, visit, {"oc_reference": "X"}, "ne change plus")
        self.assertEqual(visit.oc_reference, order.oc_reference)

    def test_a_todo_is_assigned_to_a_user_and_has_no_other_change(self):
        order = self._order()
        todo = self.env["oiconnect.todo"].create(
            {
                "kind": "late",
                "res_model": order._name,
                "res_id": order.id,
                "network_id": self.network.id,
            }
        )
        self.rpc(self.user, todo, "write", {"user_id": self.user.id})
        self.assertRefused(self.user, todo, {"due_date": "2030-01-01"})
        self.assertEqual(todo.user_id, self.user)
