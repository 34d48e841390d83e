from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from ..common import TicketCase

GROUPS = "oiconnect_base.group_ticket_user"
#: hours until a ticket of the reader is due, and the number that has it
DUE = {-1: "mine_late", 2: "mine_4", 10: "mine_24", 100: "mine_later"}


@tagged("post_install", "-at_install")
class TestTicketHome(TicketCase):
    """The hotline's home: each ticket of hers is in one number, by the hours left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hotline = new_test_user(cls.env, "hotline_accueil", GROUPS)

    def _block(self, user):
        page = self.env["oiconnect.home"].with_user(user).page()
        return next(
            (block for block in page["blocks"] if block["key"] == "my_tickets"), None
        )

    def _counts(self):
        return {
            one["key"]: one["count"] for one in self._block(self.hotline)["numbers"]
        }

    def test_each_ticket_of_hers_is_in_one_number(self):
        ticket = self._open()
        self.assertEqual(set(self._counts().values()), {0})
        self.assertTrue(self._block(self.hotline)["empty"])
        ticket.user_id = self.hotline
        for hours, key in DUE.items():
            with (
                self.subTest(hours),
                freeze_time(ticket.due_date - timedelta(hours=hours)),
            ):
                expected = dict.fromkeys(DUE.values(), 0) | {key: 1}
                self.assertEqual(self._counts(), expected)

    def test_who_answers_no_ticket_has_no_block(self):
        reader = new_test_user(
            self.env, "lecteur_accueil", "oiconnect_base.group_ticket_read"
        )
        self.assertIsNone(self._block(reader))
