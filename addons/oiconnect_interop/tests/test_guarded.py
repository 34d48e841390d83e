from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests.common import new_test_user, tagged

from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestGuarded(ExchangeCase):
    """By RPC, as by its screens: what was exchanged stays as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            "echanges",
            "oiconnect_base.group_exchange_manager,oiconnect_base.group_infra_manager,"
            "oiconnect_base.group_import_manager",
        )

    def write_by_rpc(self, records, values):
        model = self.env[records._name].with_user(self.administrator)
        options = {"context": {"lang": "fr_FR"}}
        return call_kw(model, "write", [records.ids, values], options)

    def assertRefused(self, records, values):
        for name, value in values.items():
            with self.subTest(f"{records._name}.{name}"):
                with self.assertRaises(AccessError) as caught:
                    self.write_by_rpc(records, {name: value})
                self.assertIn("à la main", str(caught.exception))

    def test_an_administrator_does_not_change_the_operator_of_a_sent_file(self):
        self._take([self._wire()])
        sent = self._drain()
        self.assertTrue(sent)
        self.assertRefused(
            sent[0],
            {
                "operator_id": self.rival.id,
                "name": "autre.csv",
                "state": "out_sent",
                "content": False,
                "sha256": "0",
                "error_ids": [(5,)],
            },
        )
        self.assertEqual(sent[0].operator_id, self.operator)

    def test_the_tries_of_a_line_are_counted_and_the_pause_of_an_account_is_set(self):
        received = self._take([self._wire()])
        self.assertRefused(received, {"try_count": 0, "done_count": 0})
        self.write_by_rpc(self.endpoint, {"still_seconds": 45, "poll_seconds": 20})
        self.assertEqual(self.endpoint.still_seconds, 45)
        self.assertRefused(
            self.endpoint,
            {
                "failure_count": 0,
                "last_error": False,
                "seen_files": {},
                "last_poll_date": False,
            },
        )

    def test_a_message_is_frozen_for_administrators_too(self):
        self._take([self._wire()])
        event = self.env["oiconnect.event"].search([], limit=1)
        # No user has the right to write messages: that is said first.
        with self.assertRaises(AccessError):
            self.write_by_rpc(event, {"payload": {}})

    def test_the_plan_of_what_was_published_stays_on_its_network(self):
        plan = self.env["oiconnect.publication.plan"].search(
            [("network_id", "=", self.network.id)], limit=1
        )
        self.write_by_rpc(plan, {"family": "ipe"})
        self.env["oiconnect.publication"].create(
            {
                "plan_id": plan.id,
                "network_id": self.network.id,
                "kind": "ipe",
                "state": "done",
            }
        )
        plan.invalidate_recordset(["publication_count"])
        with self.assertRaisesRegex(AccessError, "ne change plus"):
            self.write_by_rpc(plan, {"family": "ipe"})
        self.write_by_rpc(plan, {"name": "Un autre nom", "schedule_ids": [(5,)]})
