import base64
import os
from collections import Counter
from unittest.mock import patch

from odoo.tests.common import TransactionCase, tagged
from odoo.tools import config, convert_file

from ..demo.places import NAME, PATH
from ..secret import KEY_OPTION, KEY_VARIABLE

DEMO = {
    "oiconnect_base": ("network", "operator", "res_users"),
    "oiconnect_interop": ("endpoint", "demo"),
}


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo data, loaded on a database that was made without it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for addon, names in DEMO.items():
            for name in names:
                path = f"demo/{name}.xml"
                convert_file(cls.env, addon, path, {}, mode="init", noupdate=True)
        cls.network = cls.env.ref("oiconnect_base.network_demo")
        cls.orders = cls.env["oiconnect.access.order"].search(
            [("network_id", "=", cls.network.id)]
        )
        cls.exchanges = cls.env["oiconnect.exchange"].search(
            [("network_id", "=", cls.network.id)]
        )

    def _import(self, name=NAME):
        return self.env["oiconnect.import"].search([("file_name", "=", name)])

    def test_the_network_comes_from_its_ipe(self):
        done = self._import()
        self.assertEqual((done.state, done.line_count), ("done", 3000))
        self.assertFalse(done.error_ids)
        self.assertEqual(done.user_id, self.env.ref("oiconnect_base.user_network"))

    def test_importing_the_ipe_again_changes_nothing(self):
        changes = self.env["oiconnect.change"]
        before = changes.search_count([])
        again = self.env["oiconnect.import"].create(
            {
                "network_id": self.network.id,
                "file_name": NAME,
                "file": base64.b64encode(PATH.read_bytes()),
            }
        )
        again._apply()
        self.assertEqual((again.state, again.error_count), ("done", 0))
        self.assertEqual(
            {(c.model, c.created, c.changed, c.unchanged) for c in again.count_ids},
            {("oiconnect.pm", 0, 0, 12), ("oiconnect.building", 0, 0, 3000)},
        )
        self.assertEqual(changes.search_count([]), before)

    def test_every_screen_of_the_network_has_something_to_show(self):
        own = [("network_id", "=", self.network.id)]
        for model, told in (
            ("oiconnect.lot", ["name", "opening_date", "closing_date", "pm_ids"]),
            ("oiconnect.manager", ["phone", "email", "contacts", "building_ids"]),
            ("oiconnect.technical.pm", ["accessible", "equipment_type", "key_info"]),
            ("oiconnect.pb.batch", ["operator_id", "delivery_date", "building_ids"]),
            ("oiconnect.nro", ["nro_type", "latitude", "prdm_ids", "address"]),
            ("oiconnect.prdm", ["nro_id", "latitude", "pm_ids", "min_dwellings"]),
            ("oiconnect.pm.link", ["pm_id", "prdm_id", "length_km"]),
            ("oiconnect.pbo", ["type_id", "connection_type_id", "latitude"]),
            ("oiconnect.pm.module", ["position_ids"]),
            ("oiconnect.pbo.cable", ["length_m"]),
            ("oiconnect.pto", ["building_id", "pbo_id"]),
        ):
            records = self.env[model].search(own)
            with self.subTest(model):
                self.assertGreater(len(records), 2)
                for name in told:
                    self.assertTrue(all(record[name] for record in records), name)

    def test_pms_that_take_no_order_are_not_open(self):
        pms = self.env["oiconnect.pm"].search([("network_id", "=", self.network.id)])
        self.assertEqual(set(pms.mapped("authorisation")), {"open", "closed", "frozen"})
        ordered = self.orders.filtered("report_date").pm_id
        self.assertEqual(set(ordered.mapped("authorisation")), {"open"})

    def test_a_batch_is_delivered_to_who_shares_the_costs(self):
        batches = self.env["oiconnect.pb.batch"].search(
            [("network_id", "=", self.network.id)]
        )
        services = self.env["oiconnect.pm.service"].search([("kind", "=", "cofi")])
        shared = {(service.operator_id, service.pm_id) for service in services}
        self.assertLessEqual({(b.operator_id, b.pm_id) for b in batches}, shared)
        for batch in batches:
            self.assertEqual(set(batch.building_ids.mapped("state")), {"deployed"})
            self.assertGreaterEqual(batch.dwelling_count, batch.building_count)

    def test_orders_went_through_the_workflow(self):
        self.assertEqual(len(self.orders), 318)
        for order in self.orders:
            steps = order.step_ids.sorted("id")
            self.assertEqual(steps[0].event, "create")
            self.assertEqual(steps[-1].target, order.state)

    def _with_step(self, event):
        return self.orders.filtered(lambda o: event in o.step_ids.mapped("event"))

    def _past(self, order):
        """Return what happened to the order: keys of its steps, the oldest first."""
        steps = order.step_ids.sorted(lambda step: (step.date, step.id))
        return steps.mapped("event")

    def test_a_line_was_taken_over_and_another_one_given_back(self):
        taken = self.orders.filtered(lambda order: order.state == "overwritten")
        self.assertEqual(taken.taken_over_by_ids.state, "in_service")
        self.assertEqual(self._past(taken)[-2:], ["activate", "overwrite"])
        self.assertIn("NOTIF_ECRASEMENT", taken.event_ids.mapped("flow"))
        back = self._with_step("restore")
        self.assertEqual(back.state, "in_service")
        self.assertEqual(back.taken_over_by_ids.state, "terminated")
        self.assertEqual(self._past(back)[-2:], ["overwrite", "restore"])
        self.assertEqual(
            back.step_ids[0].user_id, self.env.ref("oiconnect_base.user_orders")
        )

    def test_routes_were_changed_hot_and_cold(self):
        hot, cold = map(self._with_step, ("reprovision_hot", "reprovision_cold"))
        self.assertEqual(
            [self._past(order)[-1] for order in (hot, cold)],
            ["activate", "reprovision_cold"],
        )
        self.assertEqual(cold.state, "connecting")
        for order in (hot, cold):
            self.assertTrue(order.discharge_number)
            self.assertIn("NOTIF_REPROV", order.event_ids.mapped("flow"))
            self.assertIn("route", order.decision_ids.mapped("kind"))

    def test_what_is_past_is_told_of_its_day(self):
        started = self.env.cr.now().replace(microsecond=0)
        for told in (self.orders.decision_ids, self.orders.step_ids):
            self.assertLess(max(told.mapped("date")), started, told._name)
        for order in self.orders:
            studied = order.decision_ids.filtered(lambda d: d.kind == "study")
            self.assertEqual(set(studied.mapped("date")) - {order.report_date}, set())

    def test_an_operator_has_its_own_positions_and_another_a_drawer(self):
        positions = self.env["oiconnect.operator.position"].search([])
        self.assertEqual(len(positions.service_id), 1)
        used = positions.filtered("order_ids")
        self.assertTrue(used)
        self.assertLess(len(used), len(positions))
        self.assertEqual(used.order_ids.operator_id, positions.operator_id)
        drawer = self.env["oiconnect.pm.module"].search(
            [("dedicated_operator_id", "!=", False)]
        )
        self.assertEqual(len(drawer), 1)
        self.assertGreater(len(drawer.route_ids), 10)
        self.assertEqual(set(drawer.route_ids.mapped("state")), {"free"})

    def test_an_order_tells_the_file_that_it_came_in(self):
        names = set(
            self.exchanges.filtered(lambda e: e.direction == "in").mapped("name")
        )
        self.assertLessEqual(set(self.orders.mapped("origin")), names)

    def test_each_message_travelled_in_a_file_of_its_day(self):
        events = self.orders.event_ids
        self.assertEqual(set(events.mapped("state")), {"done"})
        for event in events:
            day = event.payload["date"][:10].replace("-", "")
            self.assertIn(f"_{day}_", event.exchange_id.name)

    def test_receipts_answer_the_file_of_their_orders(self):
        receipts = self.exchanges.filtered(
            lambda e: e.direction == "out" and e.flow_id.code == "AR_CMD"
        )
        self.assertGreater(len(receipts), 50)
        for receipt in receipts:
            self.assertEqual(receipt.source_id.flow_id.code, "CMD_ACCES")
            self.assertEqual(receipt.line_count, receipt.source_id.line_count)

    def test_files_that_went_wrong_are_shown_to_the_person_in_charge(self):
        wrong = self.exchanges.filtered(lambda e: e._is_refused())
        self.assertEqual(
            Counter(wrong.mapped("state")), {"in_anomaly": 1, "in_refused": 1}
        )
        self.assertTrue(all(wrong.mapped("message")))
        self.assertEqual(wrong.activity_ids.user_id, self.env.ref("base.user_admin"))

    def test_no_job_and_no_message_is_left_to_do(self):
        self.assertFalse(
            self.env["oiconnect.event"].search([("state", "=", "pending")])
        )
        waiting = ("in_received", "in_processing", "out_ready")
        self.assertFalse(self.exchanges.filtered(lambda e: e.state in waiting))

    def test_connections_are_led_to_the_server_that_runs(self):
        self.env["oiconnect.demo"]._point_endpoints("127.0.0.1", 2345, "ssh-rsa KEY")
        endpoints = self.env["oiconnect.demo"]._endpoints()
        self.assertEqual(len(endpoints), 3)
        self.assertEqual(set(endpoints.mapped("port")), {2345})
        self.assertEqual(set(endpoints.mapped("host_key")), {"ssh-rsa KEY"})

    def test_passwords_wait_for_a_key_to_keep_them(self):
        endpoints = self.env["oiconnect.demo"]._endpoints()
        endpoints.sudo().password_token = False
        with patch.dict(os.environ), patch.dict(config.options):
            os.environ.pop(KEY_VARIABLE, None)
            config.options.pop(KEY_OPTION, None)
            self.env["oiconnect.demo"]._set_passwords()
        self.assertFalse(any(endpoints.sudo().mapped("password_token")))
        key = "zKJbnVYBKmLcyDZ8vRkLIy5pJ8hs8KaQ2T3cWJ5rLr8="
        with patch.dict(os.environ, {KEY_VARIABLE: key}):
            self.env["oiconnect.demo"]._set_passwords()
            self.assertEqual(
                [endpoint._secret("password") for endpoint in endpoints],
                [f"demo-{endpoint.login}" for endpoint in endpoints],
            )
