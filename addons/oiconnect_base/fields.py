"""Fields that Odoo does not have."""

from odoo import fields
from odoo.tools import SQL


class WarrantedMany2one(fields.Many2one):
    """A many2one whose record something else keeps from being deleted.

    PostgreSQL looks up what a foreign key points to for each row that is inserted: on
    tables of millions of rows that is more than writing them. So there is none: whoever
    declares such a field says in a comment what warrants it.
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
