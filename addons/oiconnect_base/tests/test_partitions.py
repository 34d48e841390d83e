# pylint: disable=invalid-commit
# What is tried is what another transaction sees after one was cut off.

from contextlib import suppress
from datetime import datetime
from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError

from odoo import sql_db
from odoo.tests.common import TransactionCase, get_db_name
from odoo.tools import SQL, mute_logger, sql

from .. import partitions

TABLE, KEY = "oiconnect_test_log", "date"
NOW = datetime(2026, 11, 12, 8)
CREATED = """
CREATE TABLE oiconnect_test_log (
    id serial PRIMARY KEY, date timestamp NOT NULL, name varchar
);
CREATE INDEX oiconnect_test_log_name_idx ON oiconnect_test_log (name);
COMMENT ON INDEX oiconnect_test_log_name_idx IS 'INDEX (name)';
COMMENT ON TABLE oiconnect_test_log IS 'Log';
"""
ROWS = (
    ("2019-02-03 10:00", "old"),
    ("2026-11-11 10:00", "new"),
)


class LogCase(TransactionCase):
    """A table of its own, as Odoo makes them."""

    def _make(self, cr):
        cr.execute(CREATED)
        self._add(cr, *ROWS)

    def _add(self, cr, *rows):
        for row in rows:
            cr.execute(
                SQL("INSERT INTO oiconnect_test_log (date, name) VALUES %s", row)
            )

    def _rows(self, cr):
        cr.execute("SELECT id, name FROM oiconnect_test_log ORDER BY id")
        return cr.fetchall()

    def _where(self, name):
        """Return the part in which a row is, without the name of the table."""
        self.cr.execute(
            SQL(
                "SELECT tableoid::regclass::text FROM oiconnect_test_log"
                " WHERE name = %s",
                name,
            )
        )
        return [found.removeprefix(f"{TABLE}_") for (found,) in self.cr.fetchall()]

    def _split(self):
        partitions.split(self.cr, TABLE, KEY, NOW)

    def _months(self, now, count=4):
        return partitions.make_months(self.cr, TABLE, KEY, now, count)


class PartitionCase(LogCase):
    """All in one transaction, that is undone."""

    def setUp(self):
        super().setUp()
        self._make(self.cr)


class TestSplit(PartitionCase):
    """A table gets its parts, and is otherwise what it was."""

    def test_what_it_held_is_its_first_part_and_numbers_go_on(self):
        before = self._rows(self.cr)
        self._split()
        self.assertEqual(self._rows(self.cr), before)
        self.assertEqual(self._where("old"), ["before"])
        self._add(self.cr, ("2026-12-01 00:00", "next"))
        self.assertEqual(self._rows(self.cr)[-1], (before[-1][0] + 1, "next"))
        self.assertEqual(self._where("next"), ["other"])

    def test_odoo_finds_the_table_and_its_indexes_with_their_comments(self):
        self._split()
        self.assertTrue(sql.table_exists(self.cr, TABLE))
        found = sql.index_definition(self.cr, "oiconnect_test_log_name_idx")
        self.assertIn("oiconnect_test_log USING btree (name)", found[0])
        self.assertEqual(found[1], "INDEX (name)")
        self.cr.execute("SELECT obj_description('oiconnect_test_log'::regclass)")
        self.assertEqual(self.cr.fetchone(), ("Log",))

    def test_an_empty_table_has_no_part_of_what_was_before(self):
        self.cr.execute("TRUNCATE oiconnect_test_log")
        self._split()
        self.assertEqual(partitions.parts(self.cr, TABLE), [])
        self._months(NOW, 2)
        self.assertEqual(
            [part.name for part in partitions.parts(self.cr, TABLE)],
            ["oiconnect_test_log_2026_11", "oiconnect_test_log_2026_12"],
        )

    def test_a_row_of_the_future_is_in_the_first_part_too(self):
        self._add(self.cr, ("2027-02-28 12:00", "wrong clock"))
        self._split()
        [part] = partitions.parts(self.cr, TABLE)
        self.assertEqual(part.end, datetime(2027, 3, 1))

    def test_what_breaks_on_the_way_leaves_the_table_as_it_was(self):
        before = self._rows(self.cr)
        broken = patch.object(partitions, "_make_other", side_effect=ValueError)
        with self.assertRaises(ValueError), broken, self.cr.savepoint():
            self._split()
        self.assertFalse(partitions.is_partitioned(self.cr, TABLE))
        self.assertEqual(self._rows(self.cr), before)
        self._split()
        self.assertEqual(self._rows(self.cr), before)


class TestMonths(PartitionCase):
    """Rows find their month, whenever its part is made."""

    def setUp(self):
        super().setUp()
        self._split()

    def test_a_month_begins_at_midnight_utc(self):
        """In Paris it is December from 23:00 UTC on."""
        self._months(NOW)
        self._add(
            self.cr,
            ("2026-12-31 23:00:00", "new year in Paris"),
            ("2026-12-31 23:59:59.999999", "last"),
            ("2027-01-01 00:00", "first"),
        )
        self.assertEqual(self._where("new year in Paris"), ["2026_12"])
        self.assertEqual(self._where("last"), ["2026_12"])
        self.assertEqual(self._where("first"), ["2027_01"])

    def test_rows_of_months_without_a_part_are_taken_and_sorted_out_later(self):
        self._months(NOW)
        self._add(
            self.cr,
            ("2027-08-10 10:00", "august"),
            ("2027-09-10 10:00", "september"),
        )
        before = self._rows(self.cr)
        self.assertEqual(self._where("august"), ["other"])
        made = self._months(datetime(2027, 9, 20), 1)
        self.assertEqual(made, [datetime(2027, 8, 1), datetime(2027, 9, 1)])
        self.assertEqual(self._where("august"), ["2027_08"])
        self.assertEqual(self._where("september"), ["2027_09"])
        self.assertEqual(self._rows(self.cr), before)
        self.assertEqual(self._months(datetime(2027, 9, 20), 1), [])

    def test_dates_that_can_only_be_mistakes_make_no_part(self):
        self._add(self.cr, ("9999-12-31 10:00", "never"))
        self._months(NOW)
        self.assertEqual(self._where("never"), ["other"])
        self.assertEqual(self._months(NOW), [])

    def test_a_part_is_dropped_with_all_its_rows_and_no_other(self):
        self._months(NOW)
        self._add(self.cr, ("2027-01-10 10:00", "january"))
        partitions.drop_part(self.cr, "oiconnect_test_log_before")
        self.assertEqual([name for _id, name in self._rows(self.cr)], ["january"])


class TestCutOff(LogCase):
    """Whole transactions, one of which is ended by the server."""

    def setUp(self):
        super().setUp()
        self.base = sql_db.db_connect(get_db_name())
        self.addCleanup(self._erase)
        with self.base.cursor() as cr:
            self._make(cr)

    def _erase(self):
        with self.base.cursor() as cr:
            cr.execute("DROP TABLE IF EXISTS oiconnect_test_log CASCADE")

    def _cut_off(self, action):
        """Do ``action`` in a connection that is killed before its end."""
        cr = self.base.cursor()
        action(cr)
        cr.execute("SELECT pg_backend_pid()")
        with self.base.cursor() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", cr.fetchone())
        with mute_logger("odoo.sql_db"), self.assertRaises(OperationalError):
            cr.execute("SELECT 1")
        with suppress(InterfaceError):
            cr.close()

    def test_a_kill_in_the_middle_changes_nothing_and_it_is_done_again(self):
        def split(cr):
            partitions.split(cr, TABLE, KEY, NOW)

        self._cut_off(split)
        with self.base.cursor() as cr:
            before = self._rows(cr)
            self.assertFalse(partitions.is_partitioned(cr, TABLE))
            split(cr)
        self._cut_off(lambda cr: partitions.drop_part(cr, f"{TABLE}_before"))
        with self.base.cursor() as cr:
            self.assertEqual(self._rows(cr), before)
            self._add(cr, ("2026-12-10 10:00", "next"))
        self._cut_off(lambda cr: partitions.make_months(cr, TABLE, KEY, NOW, 4))
        with self.base.cursor() as cr:
            self.assertEqual(len(self._rows(cr)), len(before) + 1)
            partitions.make_months(cr, TABLE, KEY, NOW, 4)
            self.assertEqual(len(self._rows(cr)), len(before) + 1)

    def test_rows_that_others_wrote_meanwhile_are_not_lost(self):
        def months(cr):
            partitions.make_months(cr, TABLE, KEY, NOW, 1)

        with self.base.cursor() as cr:
            partitions.split(cr, TABLE, KEY, NOW)
            self._add(cr, ("2027-03-10 10:00", "seen"))
        with self.base.cursor() as cr, self.base.cursor() as other:
            before = self._rows(cr)
            self._add(other, ("2027-03-11 10:00", "not seen"))
            other.commit()
            self.assertFalse(partitions.attempt(cr, lambda: months(cr)))
            cr.commit()
            self.assertEqual(len(self._rows(cr)), len(before) + 1)
            self.assertTrue(partitions.attempt(cr, lambda: months(cr)))
            self.assertEqual(len(self._rows(cr)), len(before) + 1)

    def test_a_part_in_use_is_left_and_the_transaction_goes_on(self):
        with self.base.cursor() as cr:
            partitions.split(cr, TABLE, KEY, NOW)
        drop = partitions.drop_part
        name = f"{TABLE}_before"
        with self.base.cursor() as reader, self.base.cursor() as cr:
            self._rows(reader)
            self.assertFalse(
                partitions.attempt(cr, lambda: drop(cr, name), tries=2, seconds=0.05)
            )
            self._add(cr, ("2026-12-10 10:00", "goes on"))
            reader.rollback()
            self.assertTrue(partitions.attempt(cr, lambda: drop(cr, name)))
            self.assertEqual([row for _id, row in self._rows(cr)], ["goes on"])
