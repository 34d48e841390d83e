from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests.common import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.codes.closure_code import (
    CANCELLED_AT_WORK,
    CANCELLED_IN_QUEUE,
    LINE_ENDED,
)


@tagged("post_install", "-at_install")
class TestClosureCode(TransactionCase):
    """The protocol's list of closure codes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = cls.env["oiconnect.ticket.closure.code"]

    def test_the_list_is_that_of_the_protocol(self):
        found = self.codes.search([]).mapped("code")
        wanted = [
            *(f"ERR{n:02}" for n in (1, 3, 4, 5, 6, 7, 8)),
            *(f"RET{n:02}" for n in range(1, 7)),
            *(f"STT{n:02}" for n in range(1, 4)),
            *(f"ABS{n:02}" for n in (1, 2)),
            *(f"EXC{n:02}" for n in range(1, 4)),
        ]
        self.assertEqual(sorted(found), sorted(wanted))
        self.assertEqual(
            self.codes._of("ERR08").label, "ERR08#UNE RESILIATION A ETE REÇUE"
        )

    def test_labels_travel_without_accents_but_one(self):
        for code in self.codes.search([]):
            with self.subTest(code.code):
                plain = code.label.replace("Ç", "C")
                self.assertTrue(plain.isascii() and plain == plain.upper())

    def test_codes_that_events_imply_are_there(self):
        for code in (CANCELLED_AT_WORK, CANCELLED_IN_QUEUE, LINE_ENDED):
            self.assertTrue(self.codes._of(code), code)
        self.assertFalse(self.codes._of("XXX99"))

    def test_a_label_begins_with_its_code(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.codes.create(
                {"code": "RET09", "label": "RET08#AUTRE", "usage": "resolution"}
            )

    def test_a_code_that_events_imply_stays_what_it_is(self):
        code = self.codes._of(LINE_ENDED)
        with self.assertRaises(UserError):
            code.unlink()
        with self.assertRaises(UserError):
            code.write({"code": "ERR18", "label": "ERR18#AUTRE"})
        code.write({"code": LINE_ENDED, "active": False})
        self.assertEqual(self.codes._of(LINE_ENDED), code, "archived, it still serves")
