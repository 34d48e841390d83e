from odoo.tests.common import TransactionCase, tagged

from odoo.addons.oiconnect_base.hooks import pre_init_hook


@tagged("post_install", "-at_install")
class TestLanguage(TransactionCase):
    """French from the first screen on, whoever installs the product."""

    def setUp(self):
        super().setUp()
        self.admin = self.env.ref("base.user_admin")

    def test_the_first_user_speaks_french(self):
        self.admin.lang = "en_US"
        pre_init_hook(self.env)
        self.assertEqual(self.admin.lang, "fr_FR")

    def test_a_language_that_somebody_chose_is_kept(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.admin.lang = "es_ES"
        pre_init_hook(self.env)
        self.assertEqual(self.admin.lang, "es_ES")

    def test_whoever_is_created_later_speaks_french(self):
        user = self.env["res.users"].create({"name": "Nouvelle", "login": "nouvelle"})
        self.assertEqual(user.lang, "fr_FR")

    def test_the_application_is_french(self):
        menu = self.env.ref("oiconnect_base.menu_access").with_context(lang="fr_FR")
        self.assertEqual(menu.name, "Commandes accès")
