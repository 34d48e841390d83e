"""Fields that Odoo does not have."""

from odoo import fields
from odoo.tools import SQL


class Many2oneWithoutForeignKey(fields.Many2one):
    """Many2one without a foreign key in PostgreSQL.

    PostgreSQL looks up and locks the target of a foreign key for each row that it
    inserts: on millions of rows this costs more than the rows themselves. Declare such
    a field only where something else keeps the target from being deleted, and say what
    in a comment.
    """

    def update_db_foreign_key(self, model, column):
        """Make no foreign key, and drop the one that an older version made."""
        model.env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(model._table),
                SQL.identifier(f"{model._table}_{self.name}_fkey"),
            )
        )
