import re

from odoo.exceptions import UserError
from odoo.http import serialize_exception
from odoo.tests.common import BaseCase, tagged
from odoo.tools import file_open

from ..exceptions import BusyError, WorkflowError

# Where the web client says which exceptions have a dialog of their own
DIALOGS = "web/static/src/core/errors/error_dialogs.js"


def known_dialogs():
    """Return the names of exceptions that the web client shows as a sentence."""
    with file_open(DIALOGS) as script:
        registered = script.read().partition('category("error_dialogs")')[2]
    return set(re.findall(r'\.add\("([\w.]+)"', registered))


def subclasses(parent):
    for child in parent.__subclasses__():
        yield child
        yield from subclasses(child)


def shown_as_trace(exceptions):
    """Return those of ``exceptions`` for which the web client says "Oops!"."""
    known = known_dialogs()
    return [
        kind.__name__
        for kind in exceptions
        if known.isdisjoint(
            (
                f"{kind.__module__}.{kind.__name__}",
                getattr(kind, "context", {}).get("exception_class"),
            )
        )
    ]


@tagged("post_install", "-at_install")
class TestExceptions(BaseCase):
    """A refusal reaches people as its sentence, whatever class says it."""

    def test_every_refusal_of_ours_is_shown_as_its_sentence(self):
        ours = [
            kind
            for kind in subclasses(UserError)
            if kind.__module__.startswith("odoo.addons.oiconnect_")
        ]
        self.assertLessEqual({BusyError, WorkflowError}, set(ours))
        self.assertEqual(shown_as_trace(ours), [])

    def test_a_refusal_that_the_client_does_not_know_is_found(self):
        forgotten = type("ForgottenError", (UserError,), {"__module__": "odoo.addons"})
        self.assertEqual(shown_as_trace([forgotten, BusyError]), ["ForgottenError"])

    def test_the_client_receives_the_dialog_and_the_whole_sentence(self):
        sent = serialize_exception(WorkflowError("La commande est close.", "FIMP16"))
        self.assertEqual(sent["arguments"], ("La commande est close.",))
        self.assertIn(sent["context"]["exception_class"], known_dialogs())
