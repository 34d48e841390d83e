from unittest import TestCase

from odoo.addons.oiconnect_gracethd.catalogue import CODES, TABLES, columns_of


class TestCatalogue(TestCase):
    """The catalogue holds together: what it names is there."""

    def test_references_and_lists_are_known(self):
        for table in TABLES.values():
            for column in table.columns.values():
                if column.references:
                    target = TABLES[column.references]
                    self.assertEqual(len(target.key), 1, column)
                if column.codes:
                    self.assertIn(column.codes, CODES, column)

    def test_keys_are_required_and_orders_are_whole(self):
        for table in TABLES.values():
            for name in table.key:
                self.assertEqual(table.columns[name].required, table.versions, name)
            for version in table.versions:
                ranks = [c.orders[version] for c in columns_of(table.name, version)]
                self.assertEqual(ranks, list(range(1, len(ranks) + 1)), table.name)

    def test_only_spatial_tables_have_a_geometry(self):
        for table in TABLES.values():
            self.assertEqual(bool(table.form), "geom" in table.columns, table.name)

    def test_names_fit_a_dbf(self):
        names = {c.name for t in TABLES.values() if t.form for c in t.columns.values()}
        self.assertEqual([name for name in names if len(name) > 10], [])
