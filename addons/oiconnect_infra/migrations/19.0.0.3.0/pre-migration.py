"""Columns of cables and splices that have one value on all rows there are.

Added here with a default, which PostgreSQL does without rewriting a table; the ORM
would update each row, and compute each box of a line that no cable has yet.
"""


def migrate(cr, version):
    cr.execute(
        """
        ALTER TABLE oiconnect_splice
            ADD COLUMN IF NOT EXISTS kind varchar NOT NULL DEFAULT 'fusion';
        ALTER TABLE oiconnect_pbo_cable
            ADD COLUMN IF NOT EXISTS kind varchar NOT NULL DEFAULT 'distribution',
            ADD COLUMN IF NOT EXISTS start_kind varchar,
            ADD COLUMN IF NOT EXISTS end_kind varchar,
            ADD COLUMN IF NOT EXISTS south float8,
            ADD COLUMN IF NOT EXISTS west float8,
            ADD COLUMN IF NOT EXISTS north float8,
            ADD COLUMN IF NOT EXISTS east float8;
        """
    )
