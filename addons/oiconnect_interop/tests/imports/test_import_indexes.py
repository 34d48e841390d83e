from unittest.mock import patch

from odoo.sql_db import db_connect

from odoo.addons.oiconnect_import.bulk import indexes

from .import_common import (
    ImportCase,
    ipe_line,
)


class TestImportIndexes(ImportCase):
    """A table filled for the first time gets its indexes at the end."""

    def _import_with_indexes_after(self, lines, timeout=None):
        """Import a file as if it were a large one; return what was dropped.

        :param timeout: how long a table that is held is waited for. Without, as long
            as ever: autovacuum, which may have it, gives way after a second only.
        """
        dropped = []
        original = indexes._dropped

        def spy(cr, found):
            dropped.extend(original(cr, found))
            return dropped

        with (
            patch.object(indexes, "_REBUILD_MIN_ROWS", 2),
            patch.object(indexes, "_TIMES", 1),
            patch.object(indexes, "_LOCK_TIMEOUT", timeout or indexes._LOCK_TIMEOUT),
            patch.object(indexes, "_dropped", spy),
        ):
            self._import(lines)
        return dropped

    def _indexes(self):
        """Definitions of the indexes, and what Odoo noted of each."""
        self.env.cr.execute(
            """SELECT pg_get_indexdef(indexrelid),
                      obj_description(indexrelid, 'pg_class')
                 FROM pg_index WHERE indrelid = 'oiconnect_building'::regclass"""
        )
        return set(self.env.cr.fetchall())

    def _keys(self):
        """Foreign keys of the buildings, each with whether it holds of all rows."""
        self.env.cr.execute(
            """SELECT conname, pg_get_constraintdef(oid), convalidated,
                      obj_description(oid, 'pg_constraint')
                 FROM pg_constraint
                WHERE conrelid = 'oiconnect_building'::regclass AND contype = 'f'"""
        )
        return set(self.env.cr.fetchall())

    def _many(self):
        """As many lines as make the buildings that are there few."""
        known = self.env["oiconnect.building"].search_count([])
        return [ipe_line(rank) for rank in range(1, known + 10)]

    def test_indexes_are_the_same_afterwards(self):
        before = self._indexes()
        dropped = self._import_with_indexes_after(self._many())
        self.assertGreater(len(dropped), 5)
        self.assertEqual(self._indexes(), before)
        self.assertFalse([item for item in dropped if "UNIQUE" in item.make.code])

    def test_foreign_keys_are_the_same_afterwards(self):
        before = self._keys()
        dropped = {part.name for part in self._import_with_indexes_after(self._many())}
        self.assertEqual(self._keys(), before)
        self.assertIn("oiconnect_building_pm_id_fkey", dropped)
        # Every request reads these: they must not wait for an import.
        for name in ("network_id", "create_uid"):
            self.assertNotIn(f"oiconnect_building_{name}_fkey", dropped)

    def test_keys_stay_when_somebody_holds_what_they_point_to(self):
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("LOCK TABLE oiconnect_pm IN ACCESS SHARE MODE")
            dropped = self._import_with_indexes_after(self._many(), "100ms")
        self.assertFalse(dropped)
        self.assertTrue(self._building(1))

    def test_an_upgrade_has_no_index_to_build_again(self):
        self._import_with_indexes_after(self._many())
        noted = {definition: note for definition, note in self._indexes()}
        [place] = [item for item in noted if "oiconnect_building_place_idx" in item]
        self.assertEqual(
            noted[place], "INDEX (latitude, longitude) WHERE latitude <> 0"
        )

    def test_indexes_stay_when_somebody_reads(self):
        before = self._indexes()
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("LOCK TABLE oiconnect_building IN ACCESS SHARE MODE")
            dropped = self._import_with_indexes_after(self._many(), "100ms")
        self.assertFalse(dropped)
        self.assertEqual(self._indexes(), before)
        self.assertTrue(self._building(1))

    def test_indexes_stay_for_an_update(self):
        lines = self._many()
        self._import(lines)
        dropped = self._import_with_indexes_after([*lines, ipe_line(9999)])
        self.assertFalse(dropped)
