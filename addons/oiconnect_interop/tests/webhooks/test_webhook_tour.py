from odoo.tests.common import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .webhook_common import WebhookCase


@tagged("post_install", "-at_install")
class TestWebhookTour(HttpCase, WebhookCase):
    """The screens: an administrator of the API adds a webhook."""

    @needs_browser
    def test_a_webhook_is_added_and_its_secret_is_shown_once(self):
        user = new_test_user(
            self.env,
            "webhook_tour",
            "oiconnect_base.group_api_manager",
            password="webhook_tour",
            lang="fr_FR",
        )
        self.start_tour(
            "/odoo/action-oiconnect_interop.webhook_action",
            "oiconnect_webhook",
            login=user.login,
        )
        domain = [("name", "=", "SIG du réseau")]
        webhook = self.env["oiconnect.webhook"].search(domain)
        self.assertTrue(webhook.has_secret)
        self.assertTrue(webhook.kind_ids)
        self.assertEqual(webhook.responsible_id, user)
