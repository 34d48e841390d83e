from odoo.tests.common import new_test_user, tagged

from .common import ExchangeCase


@tagged("post_install", "-at_install")
class TestSmartButtons(ExchangeCase):
    """From an operator or a connection to its files, and back."""

    def test_an_operator_counts_its_files_and_its_connections(self):
        self._take([self._wire()])
        self._drain()
        found = self.env["oiconnect.exchange"].search_count(
            [("operator_id", "=", self.operator.id)]
        )
        self.assertGreater(found, 1, "its file and our answer")
        self.assertEqual(self.operator.exchange_count, found)
        self.assertEqual(self.operator.endpoint_count, 1)
        self.assertEqual((self.rival.exchange_count, self.rival.endpoint_count), (0, 0))
        self.assertEqual(self.endpoint.exchange_count, found)

    def test_each_button_opens_what_it_counts(self):
        self._take([self._wire()])
        for name, count in (
            ("exchange", "exchange_count"),
            ("endpoint", "endpoint_count"),
        ):
            action = self.env.ref(f"oiconnect_interop.{name}_action_operator")
            domain = [("operator_id", "=", self.operator.id)]
            self.assertEqual(action.domain, '[("operator_id", "=", active_id)]')
            self.assertEqual(
                self.env[action.res_model].search_count(domain), self.operator[count]
            )

    def test_who_may_not_see_exchanges_sees_no_count(self):
        self._take([self._wire()])
        user = new_test_user(
            self.env, "lexique_seul", "oiconnect_base.group_lexicon_manager"
        )
        operator = self.operator.with_user(user)
        self.assertEqual((operator.exchange_count, operator.endpoint_count), (0, 0))
