from unittest.mock import patch

from odoo.tests.common import TransactionCase, tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..hooks import pre_init_hook


def without_words(models):
    """Return the names of models whose history would begin with a half sentence."""
    return sorted(
        model._name
        for model in models
        if "message_ids" in model._fields
        and not model._abstract
        and not model._created_text
    )


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

    def test_a_chosen_language_is_preserved(self):
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

    def test_scheduled_work_speaks_the_language_of_its_user(self):
        """Its texts in histories are read by people."""
        self.assertEqual(self.env.ref("base.user_root").lang, "fr_FR")
        cron = self.env["ir.cron"].search([], limit=1).with_context(lang=False)
        heard = []
        with patch.object(
            IrCron, "_callback", lambda cron, *_args: heard.append(cron.env.lang)
        ):
            cron._callback(cron.cron_name, cron.ir_actions_server_id.id)
        self.assertEqual(heard, ["fr_FR"])

    def test_the_history_of_a_new_record_begins_with_a_sentence(self):
        """Odoo says "Importer créé", "Publication créé"."""
        ours = [
            model for name, model in self.env.items() if name.startswith("oiconnect.")
        ]
        self.assertEqual(without_words(ours), [])
        for model in ours:
            if "message_ids" in model._fields and not model._abstract:
                text = model.with_context(lang="fr_FR").env._(model._created_text)
                with self.subTest(model._name):
                    self.assertRegex(text, "^[A-ZÉ].* créée?s?$")

    def test_a_model_without_its_sentence_is_named(self):
        models = [self.env["oiconnect.operator"]]
        self.patch(self.registry["oiconnect.operator"], "_created_text", None)
        self.assertEqual(without_words(models), ["oiconnect.operator"])
