"""Numbers and words agree: "1 avertissements" is no French."""

import ast
import re
from pathlib import Path

from odoo.tests.common import BaseCase, TransactionCase, tagged

from ..plural import plural

ADDONS = Path(__file__).parents[2]
# A number, then what is counted
COUNTED = re.compile(
    r"%(?:\(\w+\))?[sd] (?:[a-z]+ )?"
    r"(?:accesses|bytes|cells|characters|columns|days|dwellings|errors|fibres|files"
    r"|findings|lines|minutes|objects|orders|others|positions|problems|references|rows|rules"
    r"|sockets|tasks|tickets|times|visits|warnings)\b"
)
# Sentences whose number is never one: a limit, or said of several only.
SEVERAL = (
    "has %(length)s characters: at most",
    "A spreadsheet holds %s lines",
    "splitter, %s positions",
    "fibres at once are too many",
    "Create 1 to %s fibres",
    "Generate 1 to %s positions",
    "Generate 1 to %s references",
    "The zip file holds %(count)s files",
    "The zip file grows more than",
    "has more than %(length)s characters",
    "The header has %(count)s columns",
    "is longer than the %(limit)s bytes",
    "has more than the %(limit)s lines",
    "The line has %(count)s cells",
    "The line has %(count)s columns instead",
    "has %(count)s characters: shorten",
    "Only %(found)s of %(expected)s bytes",
    "has %(size)s bytes, more than",
    "is not possible for %(count)s orders",
    "%(count)s characters, where %(limit)s are kept",
    "More than %s orders are found",
    "A password has %s characters at most",
    "Choose a password of %(wanted)s characters or more",
    "A comment for operators has %s characters at most",
)


def counted(source):
    """Yield ``(line, text)`` of what counts outside of ``plural``."""
    tree = ast.parse(source)
    agreeing = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "plural"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        several = any(text in node.value for text in SEVERAL)
        if COUNTED.search(node.value) and not several and id(node) not in agreeing:
            yield node.lineno, node.value


@tagged("post_install", "-at_install")
class TestPlural(TransactionCase):
    def test_french_says_the_singular_of_nothing_too(self):
        self.env["res.lang"]._activate_lang("en_US")
        french = self.env(context={"lang": "fr_FR"})
        english = self.env(context={"lang": "en_US"})
        forms = [
            [plural(env, n, "1", "n") for n in (0, 1, 2)] for env in (french, english)
        ]
        self.assertEqual(forms, [["1", "1", "n"], ["n", "1", "n"]])


class TestSentences(BaseCase):
    """Every sentence that counts agrees, in all addons."""

    def test_a_number_and_its_noun_agree(self):
        found = [
            f"{path.relative_to(ADDONS)}:{line}: {text}"
            for path in sorted(ADDONS.glob("oiconnect_*/**/*.py"))
            if "tests" not in path.parts
            for line, text in counted(path.read_text())
        ]
        self.assertEqual(found, [], "say it with plural(), or after a colon")

    def test_a_sentence_that_does_not_agree_is_named(self):
        self.assertEqual(
            list(counted('self.env._("%s other lines left", n)')),
            [(1, "%s other lines left")],
        )
        self.assertFalse(list(counted('plural(env, n, "a line", "%s lines")')))
