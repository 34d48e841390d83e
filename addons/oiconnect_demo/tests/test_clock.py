"""The clock of the demo: the time of what is played, for who plays it only."""

import unittest
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from types import SimpleNamespace

from odoo import fields

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_orders.protocol_time import local_now

from ..load.clock import go_to, played

SUMMER_NIGHT = datetime(2001, 7, 14, 22, 30)


class TestClock(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.env = SimpleNamespace(cr=SimpleNamespace(_now=None))

    def test_all_clocks_show_the_time_of_the_step(self):
        with played(self.env):
            go_to(self.env, SUMMER_NIGHT)
            self.assertEqual(fields.Datetime.now(), SUMMER_NIGHT)
            self.assertEqual(self.env.cr._now, SUMMER_NIGHT)
            self.assertEqual(local_now(), datetime(2001, 7, 15, 0, 30))
            self.assertEqual(local_today(), date(2001, 7, 15))

    def test_fields_know_a_moment_for_one(self):
        with played(self.env):
            go_to(self.env, SUMMER_NIGHT)
            self.assertEqual(fields.Date.to_date(SUMMER_NIGHT), date(2001, 7, 14))

    def test_who_works_beside_has_the_time_of_the_machine(self):
        with played(self.env), ThreadPoolExecutor(1) as pool:
            go_to(self.env, SUMMER_NIGHT)
            beside = pool.submit(fields.Datetime.now).result()
        self.assertGreater(beside.year, SUMMER_NIGHT.year)

    def test_nothing_of_it_stays_even_after_an_error(self):
        with self.assertRaises(ValueError), played(self.env):
            go_to(self.env, SUMMER_NIGHT)
            raise ValueError
        self.assertGreater(fields.Datetime.now().year, SUMMER_NIGHT.year)
        self.assertIsNone(self.env.cr._now)
