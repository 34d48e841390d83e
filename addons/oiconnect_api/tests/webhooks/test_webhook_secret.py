import hashlib
import hmac
import json

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests.common import new_test_user, tagged

from .webhook_common import ORDER, WebhookCase


def is_ours(secret, name, headers, body):
    """Check of a signature by a receiver, from the documentation alone."""
    given = dict(
        part.strip().split("=", 1) for part in headers["OIConnect-Signature"].split(",")
    )
    signed = headers["OIConnect-Timestamp"].encode() + b"." + body
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given.get(name, ""), wanted)


@tagged("post_install", "-at_install")
class TestWebhookSecret(WebhookCase):
    """Secret: shown once, stored encrypted, changed without losing an event."""

    def _shown(self, webhook):
        """Return ``(id, secret)`` as the dialog shows them once."""
        context = webhook.action_new_secret()["context"]
        return context["default_key_name"], context["default_secret"]

    def _sent(self):
        self._order()
        self._deliver()
        _url, body, headers, _seconds, _check = self.receiver.posted[-1]
        return headers, body

    def test_a_receiver_knows_that_an_event_is_ours_and_whole(self):
        name, secret = self._shown(self.webhook)
        headers, body = self._sent()
        self.assertTrue(is_ours(secret, name, headers, body))
        self.assertFalse(is_ours(secret, name, headers, body + b" "))
        later = headers | {"OIConnect-Timestamp": "0"}
        self.assertFalse(is_ours(secret, name, later, body))
        self.assertFalse(is_ours("another", name, headers, body))

    def test_two_secrets_are_valid_while_one_is_changed(self):
        former_name, former = self._shown(self.webhook)
        name, secret = self._shown(self.webhook)
        self.assertNotEqual((name, secret), (former_name, former))
        headers, body = self._sent()
        self.assertTrue(is_ours(former, former_name, headers, body))
        self.assertTrue(is_ours(secret, name, headers, body))
        self.webhook.action_end_former_secret()
        headers, body = self._sent()
        self.assertFalse(is_ours(former, former_name, headers, body))
        self.assertTrue(is_ours(secret, name, headers, body))

    def test_a_secret_is_encrypted_and_never_read_back(self):
        _name, secret = self._shown(self.webhook)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(w)::text FROM oiconnect_webhook w WHERE id = %s",
            (self.webhook.id,),
        )
        [(row,)] = self.env.cr.fetchall()
        self.assertNotIn(secret, row)
        words = json.dumps(self.webhook.message_ids.mapped("body"))
        self.assertNotIn(secret, words)
        user = new_test_user(self.env, "api_admin", "oiconnect_base.group_api_manager")
        webhook = self.webhook.with_user(user)
        with self.assertRaises(AccessError):
            webhook.read(["secret_token"])
        self.assertNotIn("secret_token", webhook.fields_get())
        dialog = self.env["oiconnect.webhook.secret"].with_user(user)
        dialog.with_context(default_secret=secret).create({})
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM oiconnect_webhook_secret s "
            "WHERE row_to_json(s)::text LIKE %s",
            (f"%{secret}%",),
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_a_copy_of_a_webhook_has_no_secret(self):
        self.assertFalse(self.webhook.copy().has_secret)


@tagged("post_install", "-at_install")
class TestWebhookRights(WebhookCase):
    """An administrator of the API adds webhooks, a reader looks, others see nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.reader, cls.stranger = (
            new_test_user(cls.env, f"webhook_{name}", f"oiconnect_base.group_{name}")
            for name in ("api_manager", "api_read", "access_manager")
        )

    def test_an_administrator_adds_and_changes_one(self):
        webhooks = self.env["oiconnect.webhook"].with_user(self.manager)
        webhook = webhooks.create(
            {
                "name": "SIG",
                "network_id": self.network.id,
                "url": "https://sig.invalid/",
                "kind_ids": [(6, 0, self._kinds(ORDER).ids)],
            }
        )
        webhook.write({"name": "SIG 2", "timeout_seconds": 5})
        webhook.action_new_secret()
        webhook.action_test()
        with self.assertRaises(AccessError):
            webhook.unlink()

    def test_whose_events_it_hears_never_changes(self):
        webhook = self.webhook.with_user(self.manager)
        for vals in (
            {"operator_id": self.rival.id},
            {"operator_id": False},
            {"is_stopped": True},
            {"secret_token": "x"},
            {"failure_count": 0},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                webhook.write(vals)

    def test_a_reader_looks_and_does_nothing(self):
        self._order()
        self._deliver()
        webhook = self.webhook.with_user(self.reader)
        webhook.read(["name", "url", "pending_count", "error_count", "has_secret"])
        tries = self.env["oiconnect.webhook.delivery"].with_user(self.reader)
        self.assertTrue(tries.search([]).read(["kind", "status", "answer"]))
        events = self.events.with_user(self.reader)
        found = events.search([("webhook_id", "=", webhook.id)], order="id")
        self.assertEqual(found[0].readable_payload["record"]["operator"], "OCT1")
        for action in (
            "action_new_secret",
            "action_end_former_secret",
            "action_test",
            "action_resume",
            "action_send_errors_again",
        ):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(webhook, action)()
        with self.assertRaises(AccessError):
            webhook.write({"name": "x"})
        with self.assertRaises(AccessError):
            self.env["oiconnect.webhook.replay"].with_user(self.reader).create(
                {"webhook_id": webhook.id, "since": fields.Datetime.now()}
            )

    def test_who_has_another_right_sees_none(self):
        webhooks = self.env["oiconnect.webhook"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            webhooks.search([])
        with self.assertRaises(AccessError):
            self.env["oiconnect.webhook.delivery"].with_user(self.stranger).search([])
