import re

from odoo.tests.common import TransactionCase, tagged

from ..bulk.messages import MESSAGES, message_text
from ..protocol.errors import MESSAGES as PROTOCOL_MESSAGES

_PARAMETER = re.compile(r"%\((\w+)\)s")


@tagged("post_install", "-at_install")
class TestMessages(TransactionCase):
    """What is wrong with a file is said in the user's language."""

    def test_each_sentence_is_in_french(self):
        french = self.env(context={"lang": "fr_FR"})
        for key, template in (MESSAGES | PROTOCOL_MESSAGES).items():
            with self.subTest(key):
                params = {name: "x" for name in _PARAMETER.findall(template)}
                text = message_text(french, key, params)
                self.assertNotEqual(text, template % params)
                self.assertNotIn("%(", text)

    def test_a_sentence_about_many_lines_says_how_many(self):
        once = {"column": "A", "subject": "PM 1", "lines": 1}
        sentence = message_text(self.env, "missing", once)
        self.assertEqual(sentence, "A is mandatory: fill it in.")
        self.assertEqual(
            message_text(self.env, "missing", once | {"lines": 3}),
            "A is mandatory: fill it in. (lines of PM 1: 3)",
        )
