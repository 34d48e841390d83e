import polib

from odoo.tests.common import tagged
from odoo.tools.misc import file_path

from odoo.addons.oiconnect_base.tests.help_case import HelpCase

from .french import french

CORE = ("web", "account")


@tagged("post_install", "-at_install")
class TestHelpWords(HelpCase):
    """Pages of help name buttons, fields and states as the screens do."""

    def test_what_stands_in_bold_is_written_on_a_screen(self):
        words = self._words_of_screens()
        for name, body in self._bodies().items():
            for bold in body.iter("b"):
                text = _plain(bold.text_content())
                with self.subTest(page=name, text=text):
                    self.assertIn(text, words)

    def _words_of_screens(self):
        words = {_plain(word) for found in french().values() for word in found}
        for addon in CORE:
            catalogue = polib.pofile(file_path(f"{addon}/i18n/fr.po"))
            words |= {_plain(entry.msgstr) for entry in catalogue}
        return words


def _plain(text):
    """Return the text whatever its apostrophes and line ends."""
    return " ".join(text.replace("’", "'").split())
