from odoo.tests.common import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .webhook_common import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookTour(HttpCase, WebhookCase):
    """The screens: an administrator of the API adds a webhook, and fixes one."""

    @needs_browser
    def test_what_was_given_up_is_sent_again_and_a_webhook_is_added(self):
        """Stored events are replayed; a new secret is shown once."""
        user = new_test_user(
            self.env,
            "webhook_tour",
            "oiconnect_base.group_api_manager",
            password="webhook_tour",
            lang="fr_FR",
        )
        self._order()
        self._deliver()
        dead = self._of()[0]
        dead.write({"state": "error", "error": "HTTP 500"})
        taken = len(self.receiver.taken)
        self.start_tour(
            "/odoo/action-oiconnect_api.webhook_action",
            "oiconnect_webhook",
            login=user.login,
            timeout=120,
        )
        self.assertEqual(len(self.receiver.taken), taken + 1, "the test event")
        self._assert_added(user)
        self.assertEqual(set(self._of().mapped("state")), {"pending"})
        self._due()
        while self._of().filtered(lambda one: one.state == "pending"):
            self._deliver()
        self.assertEqual(dead.state, "done")

    def _assert_added(self, user):
        domain = [("name", "=", "SIG du réseau")]
        webhook = self.env["oiconnect.webhook"].search(domain)
        self.assertTrue(webhook.has_secret)
        self.assertTrue(webhook.kind_ids)
        self.assertEqual(webhook.responsible_id, user)
