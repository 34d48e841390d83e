"""One of the two deliveries that are compared, in staging tables of its own."""

from odoo.tools import SQL

from ..bulk.staging import STAGED, DeliveryStage
from ..catalogue import TABLES
from ..checks import CheckRun
from ..checks.places import leads, place_tables
from ..reading import open_delivery
from ..reading.projection import LAMBERT_93


class _NoLog:
    """Log of nothing: the check of the delivery reported the problems of the rows."""

    def problem(self, problem):
        pass


class Side:
    """A staged delivery.

    :param name: beginning of the names of its tables
    """

    def __init__(self, cr, name):
        self.cr = cr
        self.stage = DeliveryStage(cr, name)
        self.run = None
        self.epsg = None

    def load(self, raw, limits, tick):
        """Stage the delivery in ``raw``; ``tick(rows)`` is called as it goes."""
        with open_delivery(raw, limits) as delivery:
            self.stage.create()
            self.stage.load(delivery, _NoLog(), tick)
            self.run = CheckRun(self.stage, None, delivery.generation, ())
            self.epsg = delivery.epsg or LAMBERT_93

    def drop(self):
        self.run.close()
        self.stage.drop()

    @property
    def tables(self):
        """Names of the tables that the delivery has, without patches of others."""
        return {name for name in self.stage.files if not TABLES[name].patch_of}

    def columns(self, table):
        """Return the columns that the files of a table have, those of its patches too.

        The key is none of them: it tells which row it is.
        """
        names = set(self.stage.headers[table])
        for name, columns in self.stage.headers.items():
            if TABLES[name].patch_of == table:
                names |= set(columns)
        return names & set(STAGED[table]) - set(TABLES[table].key)

    def rows(self, table):
        """Return the SQL of the first row of each key of a table."""
        keys = TABLES[table].key
        if len(keys) == 1:
            return self.run.first_rows(table)
        key = SQL(", ").join(map(SQL.identifier, keys))
        return SQL(
            "(SELECT DISTINCT ON (%s) * FROM %s ORDER BY %s, line)",
            key,
            self.stage.table(table),
            key,
        )

    def place(self, table, query):
        """Run ``query(joins, x, y)``, on rows ``s``, if a row of the table has a place.

        :return: whether it has
        """
        found = leads(self.run, table, place_tables(self.run))
        if found:
            self.cr.execute(query(**found))
        return bool(found)
