"""Working tables of the application of a delivery, beside those of its staging."""

from odoo.tools import SQL

from ..bulk import values
from ..bulk.staging import STAGED
from ..routes.graph import Graph


class Base(Graph):
    """Working tables of one delivery."""

    def typed(self, alias, table, column):
        """Return the SQL of a value in its type, NULL when the cell says none."""
        kind = STAGED[table][column].type
        return values.typed(kind, SQL.identifier(alias, column))

    def analyze(self, *names):
        for name in names:
            self.cr.execute(self.sql("ANALYZE %s", name))

    def index(self, name, *columns):
        for column in columns:
            self.cr.execute(
                SQL("CREATE INDEX ON %s (%s)", self.table(name), SQL.identifier(column))
            )
        self.analyze(name)

    def columns(self, name):
        """Return the names of the columns of a table."""
        self.cr.execute(self.sql("SELECT * FROM %s LIMIT 0", name))
        return [column[0] for column in self.cr.description]
