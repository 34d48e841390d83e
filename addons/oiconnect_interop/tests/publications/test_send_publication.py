import base64
import hashlib
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import new_test_user, tagged

from ...transport import TransportError
from ..accounts.file_transfer_common import FileTransferCase, MemoryTransfer

CONTENT = b"PK\x03\x04" + bytes(range(256)) * 50
NAME = "TEST_01_OITO_PM_IPEZMD_V31_20260901_{:02d}.zip"
TASK = "mail.mail_activity_data_warning"


@tagged("post_install", "-at_install")
class TestSendPublication(FileTransferCase):
    """A published file reaches every operator, apart from the answers to orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(
            cls.env, "publie", "oiconnect_base.group_infra_manager", lang="fr_FR"
        )
        cls.plan = cls.env["oiconnect.publication.plan"].search(
            [("network_id", "=", cls.network.id), ("family", "=", "ipe")]
        )
        cls.plan.responsible_id = cls.person
        cls.other = cls.endpoint.copy(
            {"operator_id": cls.rival.id, "login": "rival", "kind": "ftps"}
        )

    def setUp(self):
        super().setUp()
        self.boxes = {self.endpoint: self.box, self.other: MemoryTransfer()}
        self.patch(
            self.env.registry["oiconnect.endpoint"],
            "_open",
            lambda endpoint: self.boxes[endpoint],
        )

    def _publication(self, rank=0, content=CONTENT):
        flow = self.env["oiconnect.flow"]._by_code("IPE")
        return self.env["oiconnect.publication"].create(
            {
                "plan_id": self.plan.id,
                "network_id": self.network.id,
                "kind": "ipe",
                "format_id": flow.format_ids.filtered(
                    lambda item: item.version == "V3.1"
                )[:1].id,
                "version": "V3.1",
                "state": "done",
                "name": NAME.format(rank),
                "file": base64.b64encode(content),
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "line_count": 12,
                "end_date": fields.Datetime.now(),
            }
        )

    def _publish(self, publication=None, operators=None):
        return self.env["oiconnect.exchange"]._publish(
            publication or self._publication(), operators or self.operator
        )

    def _deliver(self, endpoint=None):
        self._send(endpoint, "deliver")

    def _arrived(self, endpoint=None):
        return self.boxes[endpoint or self.endpoint].names("publication")

    # ------------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------------

    def test_the_file_arrives_in_its_folder_as_it_was_published(self):
        publication = self._publication()
        exchange = self._publish(publication)
        self.assertEqual(
            (exchange.name, exchange.state), (publication.name, "out_ready")
        )
        self.assertEqual(
            (exchange.size, exchange.sha256, exchange.line_count, exchange.version),
            (len(CONTENT), publication.sha256, 12, "V3.1"),
        )
        self.assertEqual(exchange.flow_code, "IPE")
        self._deliver()
        arrived = self.box.files[f"publication/{publication.name}"]
        self.assertEqual(hashlib.sha256(arrived).hexdigest(), exchange.sha256)
        self.assertEqual((exchange.state, exchange.attempt_count), ("out_sent", 1))
        self.assertTrue(exchange.sent_date)

    def test_the_file_is_stored_once_for_all_recipients(self):
        exchanges = self._publish(operators=self.operator | self.rival)
        self.assertEqual(len(exchanges), 2)
        self.assertFalse(any(exchanges.mapped("content")))
        self.assertEqual({exchange._content() for exchange in exchanges}, {CONTENT})

    def test_files_arrive_in_the_order_in_which_they_were_published(self):
        first, second = (self._publish(self._publication(n)) for n in (0, 1))
        self._planned("deliver")
        self._deliver()
        self.assertEqual((first.state, second.state), ("out_sent", "out_ready"))
        self.assertTrue(self._planned("deliver"), "the next one is planned")
        self._deliver()
        self.assertEqual(self.box.written, [NAME.format(0), NAME.format(1)])
        self.assertFalse(self._planned("deliver"), "nothing is left")

    def test_answers_to_orders_do_not_wait_for_it(self):
        exchange = self._publish()
        self._take([self._wire()])
        receipt = self._drain()
        jobs = {name: self._planned(name) for name in ("send", "deliver")}
        self.assertEqual(
            {name: job.channel for name, job in jobs.items()},
            {"send": "root.oiconnect_send", "deliver": "root.oiconnect_deliver"},
        )
        self._send()
        self.assertEqual((receipt.state, exchange.state), ("out_sent", "out_ready"))
        self._deliver()
        self.assertEqual(exchange.state, "out_sent")
        self.assertEqual(self.box.folders_written, ["out", "publication"])

    def test_an_operator_without_connection_is_noted_and_served_later(self):
        self.endpoint.active = False
        publication = self._publication()
        exchange = self._publish(publication)
        self.assertEqual(
            (exchange.state, exchange.message and True), ("out_ready", True)
        )
        self.assertFalse(exchange.endpoint_id or self._planned("deliver"))
        self.endpoint.active = True
        self.assertEqual(self._publish(publication), exchange)
        self.assertEqual(
            (exchange.endpoint_id, exchange.message), (self.endpoint, False)
        )
        self.assertTrue(self._planned("deliver"))

    def test_an_account_in_use_by_another_worker_is_left_for_a_moment(self):
        self._publish()
        self._planned("deliver")
        self.patch(
            self.env.registry["oiconnect.endpoint"], "_lock", lambda *args: False
        )
        self._deliver()
        self.assertFalse(self.box.sessions)
        self.assertAlmostEqual(self._wait_of(self._planned("deliver")), 5, delta=2)

    def test_who_reads_exchanges_sees_it_without_a_right_on_publications(self):
        exchange = self._publish()
        reader = new_test_user(
            self.env, "lecteur_pub", "oiconnect_base.group_exchange_read"
        )
        self.assertFalse(
            self.env["oiconnect.publication"].with_user(reader).has_access("read")
        )
        [read] = exchange.with_user(reader).web_read(
            {"name": {}, "publication_id": {"fields": {"display_name": {}}}}
        )
        self.assertEqual(read["publication_id"]["display_name"], NAME.format(0))

    # ------------------------------------------------------------------
    # Failures
    # ------------------------------------------------------------------

    def _break(self, endpoint, *error, **params):
        """Let the server of ``endpoint`` refuse what is written."""

        def refuse(folder, name, content):
            raise TransportError(*error, **params)

        self.boxes[endpoint].write = refuse

    def _fixed_values(self, endpoint):
        del self.boxes[endpoint].write

    def test_a_partner_that_is_down_keeps_no_other_waiting(self):
        down, up = self._publish(operators=self.operator | self.rival).sorted(
            lambda exchange: exchange.operator_id == self.rival
        )
        self.box.down = ("open",)
        self._deliver()
        self._deliver(self.other)
        self.assertEqual((down.state, up.state), ("out_ready", "out_sent"))
        self.assertEqual(self._arrived(self.other), [NAME.format(0)])
        self.assertEqual(self.endpoint.failure_count, 1)
        self.assertFalse(self.other.failure_count)

    def test_a_full_disk_is_of_the_file_not_of_the_account(self):
        """Orders are looked for and answered meanwhile."""
        exchange = self._publish()
        self._break(
            self.endpoint, "failed", action="write", path="x.tmp", detail="full"
        )
        for attempt, wait in ((1, 30), (2, 60), (3, 120)):
            self._planned("deliver")
            self._deliver()
            self.assertEqual(
                (exchange.state, exchange.attempt_count), ("out_ready", attempt)
            )
            self.assertAlmostEqual(
                self._wait_of(self._planned("deliver")), wait, delta=2
            )
        self.assertIn("full", exchange.message)
        self.assertFalse(self.endpoint.failure_count or self.endpoint.last_error)
        self.assertTrue(self.endpoint._may_try())
        self._fixed_values(self.endpoint)
        self._deliver()
        self.assertEqual((exchange.state, exchange.message), ("out_sent", False))

    def test_after_three_attempts_a_person_is_notified_until_it_has_left(self):
        exchange = self._publish()
        self._break(self.endpoint, "short_write", path="x", found=1, expected=2)
        for _n in range(2):
            self._deliver()
            self.assertFalse(exchange.activity_ids)
        for _n in range(2):
            self._deliver()
        task = exchange.activity_ids
        self.assertEqual(task.summary, exchange.message)
        self.assertEqual(task.user_id, self.endpoint.responsible_id)
        self._fixed_values(self.endpoint)
        self._deliver()
        self.assertFalse(exchange.activity_ids)

    def test_of_an_account_that_is_down_one_task_is_enough(self):
        exchange = self._publish()
        self.box.down = ("open",)
        for _n in range(4):
            self._deliver()
        self.assertEqual(exchange.attempt_count, 4)
        self.assertEqual(len(self.endpoint.activity_ids), 1)
        self.assertFalse(exchange.activity_ids)

    def test_without_person_for_the_connection_the_plan_s_person_is_notified(self):
        self.env["ir.config_parameter"].set_param(
            "oiconnect_interop.attempts_before_alert", "1"
        )
        self.endpoint.responsible_id = False
        exchange = self._publish()
        self._break(self.endpoint, "short_write", path="x", found=1, expected=2)
        self._deliver()
        self.assertEqual(exchange.activity_ids.user_id, self.person)

    def test_a_file_that_arrived_before_a_kill_is_not_written_twice(self):
        exchange = self._publish()
        exchange.attempt_count = 1
        self.box.files[f"publication/{exchange.name}"] = CONTENT
        self._deliver()
        self.assertEqual((exchange.state, self.box.written), ("out_sent", []))

    # ------------------------------------------------------------------
    # Again
    # ------------------------------------------------------------------

    def test_publishing_again_delivers_again_without_a_second_exchange(self):
        publication = self._publication()
        exchange = self._publish(publication)
        self._deliver()
        self.assertEqual(self._publish(publication), exchange)
        self.assertEqual(exchange.state, "out_ready")
        self._deliver()
        self.assertEqual(self.box.written, [exchange.name] * 2)

    def test_the_button_sends_it_again(self):
        exchange = self._publish()
        self._deliver()
        self._planned("deliver")
        user = new_test_user(
            self.env, "envoi_pub", "oiconnect_base.group_exchange_user"
        )
        exchange.with_user(user).action_send_again()
        self.assertTrue(self._planned("deliver"))
        self._deliver()
        self.assertEqual(self.box.written, [exchange.name] * 2)

    def test_a_person_does_not_wait_for_the_next_try(self):
        exchange = self._publish()
        self._planned("deliver")
        self.box.down = ("open",)
        self._deliver()
        exchange.action_try_now()
        self.assertFalse(self._planned("deliver").eta)

    def test_a_file_that_is_no_longer_stored_is_reported_not_sent_empty(self):
        old, new = (self._publication(n) for n in (0, 1))
        gone, stored = self._publish(old), self._publish(new)
        old._erase()
        self._deliver()
        self.assertEqual((gone.state, stored.state), ("out_expired", "out_sent"))
        self.assertTrue(gone.message)
        self.assertEqual(self._arrived(), [new.name])
        with self.assertRaises(UserError):
            gone.action_send_again()

    def test_what_waits_for_long_is_planned_again(self):
        exchange = self._publish()
        lonely = self._publish(
            self._publication(1), self.operator.create(self._lonely_vals())
        )
        self._planned("deliver")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_exchange SET write_date = %s WHERE id IN %s",
            [
                fields.Datetime.now() - timedelta(minutes=6),
                tuple((exchange | lonely).ids),
            ],
        )
        self.env.invalidate_all()
        self.env["oiconnect.exchange"]._cron_resume()
        self.assertTrue(self._planned("deliver"))

    def _lonely_vals(self):
        return {"name": "Sans compte", "interop_code": "OCSC", "arcep_code": "OCSC"}
