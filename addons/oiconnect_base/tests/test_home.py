from dataclasses import replace
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..home import Block, Number, Step, within
from ..models.home import home as home_module

LOGGER = "odoo.addons.oiconnect_base.models.home.home"
OPERATORS = ("oiconnect.operator", "oiconnect_base.operator_action")
UNREADABLE = ("ir.cron", "base.ir_cron_act")
NETWORKS = ("oiconnect.network", "oiconnect_base.network_action")


def number(key, domain=Domain.TRUE, of=OPERATORS):
    return Number(key, key, of[0], domain, of[1], "danger")


@tagged("post_install", "-at_install")
class TestHome(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "oiconnect_base.group_lexicon_read"
        cls.reader = new_test_user(cls.env, "home_reader", group)
        cls.administrator = new_test_user(
            cls.env, "home_administrator", f"base.group_system,{group}"
        )
        cls.operators = cls.env["oiconnect.operator"].create(
            [
                {"name": code, "interop_code": code, "arcep_code": code}
                for code in ("ZHAA", "ZHBB", "ZHCC")
            ]
        )
        cls.home = cls.env["oiconnect.home"]

    def _page(self, user, *blocks):
        with patch.object(type(self.home), "_blocks", lambda self: list(blocks)):
            return self.home.with_user(user).page()

    def _ours(self):
        return Domain("id", "in", self.operators.ids)

    # ------------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------------

    def test_who_has_no_right_gets_no_page(self):
        for group in ("base.group_user", "base.group_portal"):
            home = self.home.with_user(new_test_user(self.env, group, group))
            for method in (home.page, home.hide_start):
                with self.subTest(group), self.assertRaises(AccessError):
                    method()

    def test_blocks_come_by_rank_with_what_their_reader_may_read(self):
        mixed = Block(
            "mixed", "B", 20, (number("seen"), number("unreadable", of=UNREADABLE))
        )
        hidden = Block("hidden", "A", 10, (number("unreadable", of=UNREADABLE),))
        first = Block("first", "C", 5, (number("seen"),))
        page = self._page(self.reader, mixed, hidden, first)
        shown = {
            block["key"]: [one["key"] for one in block["numbers"]]
            for block in page["blocks"]
        }
        self.assertEqual(list(shown), ["first", "mixed"])
        self.assertEqual(shown["mixed"], ["seen"])

    def test_a_number_counts_in_the_domain_and_context_of_its_list(self):
        self.operators[0].active = False
        self.env.ref(OPERATORS[1]).write(
            {
                "domain": repr([("interop_code", "!=", "ZHBB")]),
                "context": "{'active_test': False, 'search_default_mine': 1}",
            }
        )
        page = self._page(self.reader, Block("b", "B", 1, (number("n", self._ours()),)))
        [block] = page["blocks"]
        [found] = block["numbers"]
        self.assertEqual(found["count"], 2)
        action = page["actions"][OPERATORS[1]]
        self.assertEqual(action["context"], {"active_test": False})
        listed = self.env["oiconnect.operator"].with_context(**action["context"])
        self.assertEqual(listed.search_count(found["domain"]), 2)

    def test_a_number_stops_where_lists_do(self):
        block = Block("b", "B", 1, (number("n", self._ours()),))
        with patch.object(home_module, "MOST", 2):
            [[found]] = [
                one["numbers"] for one in self._page(self.reader, block)["blocks"]
            ]
        self.assertEqual((found["count"], found["text"]), (3, "2\N{NO-BREAK SPACE}+"))

    def test_numbers_of_a_block_are_counted_by_one_statement(self):
        def statements(*keys):
            numbers = tuple(number(key, self._ours()) for key in keys)
            before = self.env.cr.sql_log_count
            page = self._page(self.reader, Block("b", "B", 1, numbers))
            [block] = page["blocks"]
            self.assertEqual(
                [(one["key"], one["count"]) for one in block["numbers"]],
                [(key, 3) for key in keys],
            )
            return self.env.cr.sql_log_count - before

        statements("warms the caches")
        self.assertEqual(statements("a", "b", "c", "d"), statements("a"))

    def test_what_a_block_draws_besides_may_depend_on_its_counts(self):
        numbers = (number("n", self._ours()), number("none", Domain.FALSE))
        block = Block("b", "B", 1, numbers, more=lambda counts: {"counts": counts})
        [drawn] = self._page(self.reader, block)["blocks"]
        self.assertEqual(drawn["more"], {"counts": {"n": 3, "none": 0}})

    def test_an_empty_block_says_what_to_do_and_nothing_is_alarming(self):
        none = Block("b", "B", 1, (number("n", Domain.FALSE),), "Do this")
        some = Block("c", "C", 2, (number("n", self._ours()),), "Do this")
        [empty, full] = self._page(self.reader, none, some)["blocks"]
        self.assertEqual((empty["empty"], empty["numbers"][0]["tone"]), ("Do this", ""))
        self.assertEqual((full["empty"], full["numbers"][0]["tone"]), ("", "danger"))

    def test_a_block_that_breaks_says_so_beside_the_others(self):
        def broken(_counts):
            raise ZeroDivisionError

        wrong = Block("wrong", "A", 1, (number("n"),), more=broken)
        right = Block("right", "B", 2, (number("n", self._ours()),))
        with mute_logger(LOGGER):
            [failed, shown] = self._page(self.reader, wrong, right)["blocks"]
        self.assertIn("could not be counted", failed["empty"])
        self.assertEqual((failed["numbers"], shown["numbers"][0]["count"]), ([], 3))

    def _declared(self, *methods):
        """Return the blocks of a page whose addons declare these."""
        home = self.home.with_user(self.administrator)

        def blocks(self):
            return self._declared(*methods)

        with (
            patch.object(type(self.home), "_blocks", blocks),
            mute_logger(LOGGER),
        ):
            return home.page()["blocks"]

    def test_a_block_that_cannot_be_declared_leaves_the_others(self):
        right = Block("right", "B", 2, (number("n", self._ours()),))

        def broken_by_sql():
            self.env.cr.execute("SELECT 1 / 0")

        def broken():
            raise KeyError("a field that is gone")

        methods = (broken_by_sql, lambda: right, lambda: None, broken)
        shown, *failed = self._declared(*methods)
        self.assertEqual((shown["key"], shown["numbers"][0]["count"]), ("right", 3))
        self.assertEqual(
            [block["key"] for block in failed],
            ["broken_broken_by_sql", "broken_broken"],
        )
        for block in failed:
            self.assertIn("Tell your administrator", block["empty"])
            self.assertEqual((block["numbers"], block["link"]), ([], []))

    def test_an_addon_that_breaks_while_declaring_is_said_in_french_and_logged(self):
        def blocks(self):
            raise ZeroDivisionError

        self.administrator.lang = "fr_FR"
        home = self.home.with_user(self.administrator).with_context(lang="fr_FR")
        with (
            patch.object(type(self.home), "_blocks", blocks),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            [failed] = home.page()["blocks"]
        self.assertIn("votre administrateur", failed["empty"])
        self.assertIn("ZeroDivisionError", logs.output[0])

    def test_a_block_of_a_model_or_of_a_list_that_is_gone_says_so(self):
        right = Block("right", "C", 3, (number("n", self._ours()),))
        gone = (
            number("n", of=("oiconnect.gone", OPERATORS[1])),
            number("n", of=(OPERATORS[0], "oiconnect_base.gone_action")),
        )
        wrong = [
            Block(f"gone_{rank}", "A", rank, (one,)) for rank, one in enumerate(gone)
        ]
        with mute_logger(LOGGER):
            blocks = self._page(self.reader, *wrong, right)["blocks"]
        self.assertEqual([len(block["numbers"]) for block in blocks], [0, 0, 1])
        self.assertTrue(all(block["empty"] for block in blocks[:2]))

    def test_first_steps_that_break_leave_the_numbers(self):
        def broken():
            raise ZeroDivisionError

        step = self._step("first", 10, False)
        wrong = replace(step, is_done=broken)
        right = Block("right", "B", 2, (number("n", self._ours()),))
        with (
            patch.object(type(self.home), "_steps", lambda self: [step, wrong]),
            mute_logger(LOGGER),
        ):
            page = self._page(self.administrator, right)
        self.assertFalse(page["start"])
        self.assertEqual(
            [block["key"] for block in page["blocks"]], ["right", "broken_steps"]
        )

    def test_a_day_is_that_of_clocks_in_france(self):
        domain = within("create_date", date(2026, 10, 25))
        moments = [str(condition.value) for condition in domain.iter_conditions()]
        self.assertEqual(moments, ["2026-10-24 22:00:00", "2026-10-25 23:00:00"])

    # ------------------------------------------------------------------
    # First steps
    # ------------------------------------------------------------------

    def _start(self, user, *steps):
        with patch.object(type(self.home), "_steps", lambda self: list(steps)):
            return self._page(user)["start"]

    def _step(self, key, rank, is_done):
        return Step(
            key, rank, key, "text", lambda: is_done, "Do it", NETWORKS[1], "form"
        )

    def test_first_steps_are_for_an_administrator_until_all_are_done(self):
        todo = (self._step("second", 20, False), self._step("first", 10, True))
        self.assertFalse(self._start(self.reader, *todo))
        start = self._start(self.administrator, *todo)
        self.assertEqual(
            [(step["key"], step["is_done"]) for step in start["steps"]],
            [("first", True), ("second", False)],
        )
        self.assertFalse(start["is_hidden"])
        self.assertFalse(self._start(self.administrator, self._step("first", 10, True)))

    def test_a_user_hides_the_first_steps_for_the_own_user_only(self):
        todo = self._step("first", 10, False)
        home = self.home.with_user(self.administrator)
        other = new_test_user(self.env, "home_other", "base.group_system")
        home.hide_start()
        self.assertTrue(self._start(self.administrator, todo)["is_hidden"])
        self.assertFalse(self._start(other, todo)["is_hidden"])
        home.hide_start(False)
        self.assertFalse(self._start(self.administrator, todo)["is_hidden"])

    def test_a_network_and_an_operator_are_steps_done_by_the_data(self):
        networks = self.env["oiconnect.network"].with_context(active_test=False)
        networks.search([]).write({"siren": False})
        self.env["oiconnect.operator"].search([]).write({"active": False})
        self.assertFalse(self.home._has_network())
        self.assertFalse(self.home._has_operator())
        vals = {"name": "Essai", "oi_code": "ZHOI", "code": "ZHOI", "pto_prefix": "ZH"}
        networks.create(vals | {"siren": "999000011"})
        self.operators[0].active = True
        self.assertTrue(self.home._has_network())
        self.assertTrue(self.home._has_operator())
