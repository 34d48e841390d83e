from lxml import etree

from odoo.tests.common import TransactionCase, tagged
from odoo.tools.translate import TRANSLATED_ATTRS

from odoo.addons.oiconnect_orders.controls import acknowledgement, study

from ..bulk import messages
from ..transport import errors as transport_errors
from ..transport import http_client
from .french import ADDONS, french, is_english, is_same

# Records of ours whose texts users read, and the fields that hold them.
RECORDS = {
    "ir.ui.menu": ("name",),
    "ir.actions.act_window": ("name", "help"),
    "ir.actions.server": ("name",),
    "ir.model": ("name",),
    "ir.model.constraint": ("message",),
    "res.groups": ("name",),
    "res.groups.privilege": ("name",),
    "oiconnect.reason": ("name",),
    "oiconnect.flow": ("name",),
    "oiconnect.soap.service": ("name",),
    "oiconnect.ticket.code": ("name",),
    "mail.template": ("name", "subject"),
}


@tagged("post_install", "-at_install")
class TestLanguage(TransactionCase):
    """The product speaks French: whatever a user reads, by every path."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.english = cls.env(context={"lang": "en_US"})
        cls.french = cls.env(context={"lang": "fr_FR"})

    def _records(self, model):
        """Return the records of ``model`` that our addons delivered."""
        data = self.env["ir.model.data"].search(
            [("model", "=", model), ("module", "in", ADDONS)]
        )
        return self.env[model].browse(data.mapped("res_id")).exists()

    def assertFrench(self, pairs, where):
        english = sorted(
            {term.strip() for term, translated in pairs if is_english(term, translated)}
        )
        self.assertFalse(english, f"in English in {where}")

    def test_few_words_are_the_same_in_both_languages(self):
        same = {term for term, translated in french().items() if term in translated}
        self.assertFalse({term for term in same if not is_same(term)})

    def test_views(self):
        for view in self._records("ir.ui.view").filtered("model"):
            with self.subTest(view.xml_id):
                texts = [self._texts(view, env) for env in (self.english, self.french)]
                self.assertFrench(zip(*texts, strict=True), view.xml_id)

    def _texts(self, view, env):
        """Return what a user may read of ``view``, in document order.

        A view of ours as a whole; of what is added to another's, the addition.
        """
        if view.mode == "primary":
            arch = env[view.model].get_view(view.id, view.type)["arch"]
        else:
            arch = view.with_env(env).arch
        texts = []
        for node in etree.fromstring(arch).iter(etree.Element):
            texts += [node.get(name) for name in sorted(TRANSLATED_ATTRS)]
            is_text = node.tag != "attribute" or node.get("name") in TRANSLATED_ATTRS
            texts += [is_text and node.text, node.tail]
        return texts

    def test_fields(self):
        for name in sorted(self.env.registry):
            if not name.startswith("oiconnect."):
                continue
            with self.subTest(name):
                self.assertFrench(self._field_texts(name), name)

    def _field_texts(self, model):
        own = [
            name
            for name, field in self.env[model]._fields.items()
            if not field.inherited and not set(ADDONS).isdisjoint(field._modules)
        ]
        wanted = ["string", "help", "selection"]
        english = self.english[model].fields_get(own, wanted)
        translated = self.french[model].fields_get(own, wanted)
        for field, texts in english.items():
            yield texts["string"], translated[field]["string"]
            yield texts.get("help"), translated[field].get("help")
            labels = dict(translated[field].get("selection") or ())
            for value, label in texts.get("selection") or ():
                yield label, labels[value]

    def test_records(self):
        for model, fields in RECORDS.items():
            records = self._records(model)
            for field in fields:
                with self.subTest(f"{model}.{field}"):
                    english = records.with_env(self.english).mapped(
                        lambda record, field=field: str(record[field] or "")
                    )
                    translated = records.with_env(self.french).mapped(
                        lambda record, field=field: str(record[field] or "")
                    )
                    self.assertFrench(zip(english, translated, strict=True), model)

    def test_messages_of_modules_that_know_no_orm(self):
        _ = self.french._
        for module in (transport_errors, messages, http_client):
            with self.subTest(module.__name__):
                texts = module.MESSAGES.values()
                # pylint: disable-next=prefer-env-translation
                pairs = [(text, _(text)) for text in texts]
                self.assertFrench(pairs, module.__name__)

    def test_refusals_of_the_controls(self):
        now = acknowledgement.datetime(2026, 3, 14, 10, 5)
        lines = ({}, {"connection_type": "OI", "existing_socket": False})
        messages = [
            refusal.translated(self.french).message
            for line in lines
            for refusal in acknowledgement.acknowledgement_refusals(line, now)
        ]
        self.assertIn("Cette valeur est obligatoire : renseignez-la.", messages)
        self.assertIn(
            "Indiquez la référence du PM ou celle de sa prestation.", messages
        )
        text = "This PM does not exist."
        refusal = study.Refusal("FIMP07", None, study._lt(text))
        self.assertEqual(refusal.translated(self.french).message, "Ce PM n'existe pas.")

    def test_the_transport_names_what_was_refused(self):
        error = transport_errors.TransportError(
            "failed", action="rename", path="in/x", detail="no"
        )
        self.assertEqual(
            error.translated(self.french), "Le serveur refuse de renommer in/x : no."
        )
