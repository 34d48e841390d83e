from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.oiconnect_base import passwords

from ..hooks import post_init_hook
from .space_common import TOKEN, SpaceCase


@tagged("post_install", "-at_install")
class TestLogIn(SpaceCase):
    """Passwords and second factors of operators' people."""

    def _production(self):
        self.startPatcher(patch.object(passwords, "may_be_weak", return_value=False))

    def test_two_factors_are_those_of_contacts_that_make_keys(self):
        self._production()
        self.assertFalse(self.person._requires_two_factors())
        post_init_hook(self.env)
        self.assertTrue(self.person._requires_two_factors())
        self.person.partner_id.oiconnect_makes_keys = False
        self.assertFalse(self.person._requires_two_factors())

    def test_who_comes_to_make_keys_logs_in_again(self):
        post_init_hook(self.env)
        group = self.env.ref("oiconnect_portal.group_space_admin")
        self.assertFalse(group.requires_two_factors, "the demo and tests have none")
        group.requires_two_factors = True
        self.person.partner_id.oiconnect_makes_keys = False
        before = self.person._session_token_get_values()
        self.person.partner_id.oiconnect_makes_keys = True
        self.assertNotEqual(self.person._session_token_get_values(), before)

    def test_the_page_of_the_portal_refuses_a_weak_password(self):
        self.authenticate("essai_oct1", "essai_oct1")
        page = self.url_open("/my/security").text
        self._production()
        fields = {"csrf_token": TOKEN.search(page)[1], "old": "essai_oct1"}
        fields |= {"new1": "motdepasse12", "new2": "motdepasse12"}
        answer = self.url_open("/my/security", data=fields)
        self.assertIn("quatre mots", answer.text)
