from odoo import api, fields, models
from odoo.tools import SQL, sql

from ...evidence import SOURCES, leaf

_KINDS = [
    ("steps", "Steps of orders and tickets"),
    ("messages", "Messages to operators"),
    ("decisions", "Decisions and refusals"),
    ("keys", "API keys"),
    ("revocations", "Revocations of API keys"),
]
# A row of evidence that changes keeps its leaf of before, once it is sealed.
_KEEP_LEAF = """
    CREATE OR REPLACE FUNCTION oiconnect_keep_leaf_{name}() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        IF {leaf_old} IS DISTINCT FROM {leaf_new} AND EXISTS (
            SELECT FROM oiconnect_seal_part
             WHERE source = '{name}' AND ids @> OLD.id::bigint
        ) THEN
            INSERT INTO oiconnect_seal_leaf (source, row_id, leaf, date)
            VALUES ('{name}', OLD.id, {leaf_old}, now() AT TIME ZONE 'UTC')
            ON CONFLICT (source, row_id) DO NOTHING;
        END IF;
        RETURN NEW;
    END $$;
    DROP TRIGGER IF EXISTS oiconnect_keep_leaf_{name} ON {table};
    CREATE TRIGGER oiconnect_keep_leaf_{name}
        BEFORE UPDATE OF {columns} ON {table}
        FOR EACH ROW EXECUTE FUNCTION oiconnect_keep_leaf_{name}();
"""


class SealPart(models.Model):
    """What a seal has of one kind of row: which rows, and their digest.

    The rows are a multirange of PostgreSQL, which has no field: numbers follow each
    other, so that a million rows take a line.
    """

    _name = "oiconnect.seal.part"
    _description = "Part of a seal"
    _order = "seal_id, source"
    _rec_name = "source"
    _log_access = False
    _event_fields = ("seal_id", "source", "row_count", "digest")

    seal_id = fields.Many2one(
        "oiconnect.seal", required=True, readonly=True, ondelete="restrict", index=True
    )
    source = fields.Selection(_KINDS, "What", required=True, readonly=True)
    row_count = fields.Integer("Rows", required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)

    def init(self):
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE oiconnect_seal_part
                    ADD COLUMN IF NOT EXISTS ids int8multirange;
                -- Whether a row is sealed: source = x and ids @> id
                CREATE INDEX IF NOT EXISTS oiconnect_seal_part_ids_idx
                    ON oiconnect_seal_part USING gist (ids);
                CREATE TABLE IF NOT EXISTS oiconnect_seal_leaf (
                    source varchar NOT NULL,
                    row_id bigint NOT NULL,
                    leaf bytea NOT NULL,
                    date timestamp NOT NULL,
                    PRIMARY KEY (source, row_id)
                );
                """
            )
        )
        self._keep_leaves()

    @api.model
    @api.private
    def _keep_leaves(self):
        """Make the triggers that keep leaves, on the tables that there are."""
        for source in SOURCES:
            if source.is_growing and sql.table_exists(self.env.cr, source.table):
                self.env.cr.execute(SQL(_keep_leaf(source)))


def _keep_leaf(source):
    """Return the SQL of the trigger that keeps the leaf of a row that changes."""
    return _KEEP_LEAF.format(
        name=source.name,
        table=source.table,
        columns=", ".join(name for name in source.columns if name != "id"),
        leaf_old=leaf(source, "OLD"),
        leaf_new=leaf(source, "NEW"),
    )
