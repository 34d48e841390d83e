from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from .rest_common import RestCase


@tagged("post_install", "-at_install")
class TestRestTour(RestCase):
    """The screens of keys, and the documentation from the menu, in French."""

    def _manager(self):
        return new_test_user(
            self.env,
            "api_tour",
            "oiconnect_base.group_api_manager,oiconnect_base.group_lexicon_read",
            password="api_tour",
            lang="fr_FR",
        )

    @needs_browser
    def test_a_key_is_made_shown_once_and_revoked_for_ever(self):
        """Then the documentation opens from the menu."""
        keys = self.env["oiconnect.api.key"]
        (self.key | self.operator_key | self.rival_key).action_revoke()
        self.start_tour(
            "/odoo/action-oiconnect_api.api_key_action",
            "oiconnect_api_key",
            login=self._manager().login,
        )
        key = keys.search([("name", "=", "SIG Alpha")])
        self.assertEqual((key.operator_id, key.state), (self.operator, "revoked"))
        self.assertEqual(key.network_ids, self.network)
