# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

from functools import partial

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.oiconnect_base.tests.two_transactions import WAIT

from ..network_race import NetworkRaceCase
from ..wiring import Wiring


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestSpliceConcurrency(NetworkRaceCase):
    """Two technicians splice the same fibre at the same time."""

    tables = (
        "oiconnect_splice",
        "oiconnect_pbo_fibre",
        "oiconnect_pm_module",
        "oiconnect_pbo_cable",
        "oiconnect_pbo",
        "oiconnect_pm",
    )

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            wiring = Wiring(self._env(cr), "T92")
            self.network_id = wiring.network.id
            self.fibres = [wiring.strand_cable(f"CB-{name}", 2).ids for name in "ABCD"]
        self.addCleanup(self._clean)
        self._open_cursor()

    def _splice(self, cr, upper, lower):
        """Splice as a French user; return the message when it is refused."""
        env = self._env(cr)(context={"lang": "fr_FR"})
        try:
            with cr.savepoint():
                env["oiconnect.splice"].create(
                    {"upstream_id": upper, "downstream_id": lower, "box": "CH-1"}
                )
        except (UserError, ValidationError) as error:
            return str(error)
        return None

    def _race(self, first, second):
        """Make ``first``, start ``second`` before it is committed."""
        self.assertIsNone(self._splice(self.cr, *first))
        rival = self._start_rival(
            partial(self._splice, upper=second[0], lower=second[1])
        )
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join(WAIT)
        return rival

    def test_one_wins_and_the_other_sees_which_fibre_is_taken(self):
        (a, _a), (b, _b), (c, _c), _d = self.fibres
        rival = self._race((a, b), (a, c))
        self.assertEqual(rival.tries, 2)
        self.assertIn("CB-A / ROUGE / 1", rival.found)
        self.assertIn("CB-B / ROUGE / 1", rival.found)
        if self._speaks_french():
            self.assertIn("déjà épissurée", rival.found)

    def _speaks_french(self):
        with self.registry.cursor() as cr:
            languages = self._env(cr)["res.lang"].get_installed()
        return "fr_FR" in dict(languages)

    def test_two_that_close_a_circle_from_both_sides_do_not(self):
        (a, _a), (b, _b), (c, _c), (d, _d) = self.fibres
        self.assertIsNone(self._splice(self.cr, a, b))
        self.assertIsNone(self._splice(self.cr, c, d))
        self.cr.commit()
        rival = self._race((b, c), (d, a))
        self.assertEqual(rival.tries, 2)
        self.assertIn("CB-A / ROUGE / 1", rival.found)

    def test_a_rollback_leaves_the_fibre_to_the_other(self):
        (a, _a), (b, _b), (c, _c), _d = self.fibres
        self.assertIsNone(self._splice(self.cr, a, b))
        rival = self._start_rival(partial(self._splice, upper=a, lower=c))
        self._wait_until_blocked(rival)
        self.cr.rollback()
        rival.join(WAIT)
        self.assertIsNone(rival.found)
