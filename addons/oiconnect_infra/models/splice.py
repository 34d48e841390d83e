from psycopg2.errors import CheckViolation

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Written on the first fibre of the chain too: two users who close a circle from its
# two sides touch one row, and the second starts again (see the trigger).
_NO_CYCLE = """
    CREATE OR REPLACE FUNCTION oiconnect_splice_no_cycle()
    RETURNS trigger LANGUAGE plpgsql
    -- By the indexes, also while the statistics of a new table tell it is empty
    SET enable_seqscan = off AS $$
    DECLARE
        looped varchar;
        touched int[];
    BEGIN
        WITH RECURSIVE up(start_id, fibre_id) AS (
            SELECT downstream_id, upstream_id FROM added
            UNION ALL
            SELECT up.start_id, splice.upstream_id
            FROM up JOIN oiconnect_splice splice ON splice.downstream_id = up.fibre_id
            WHERE up.fibre_id <> up.start_id
        )
        SELECT min(concat_ws(' / ', cable.reference, fibre.tube, fibre.fibre))
                   FILTER (WHERE up.fibre_id = up.start_id),
               array_agg(up.start_id) || array_agg(up.fibre_id)
        INTO looped, touched
        FROM up
        JOIN oiconnect_pbo_fibre fibre ON fibre.id = up.fibre_id
        JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id;
        IF looped IS NOT NULL THEN
            RAISE EXCEPTION 'fibre % comes back to itself', looped USING
                ERRCODE = 'check_violation', TABLE = 'oiconnect_splice',
                CONSTRAINT = 'oiconnect_splice_no_cycle', DETAIL = looped;
        END IF;
        UPDATE oiconnect_pbo_fibre SET write_date = now() AT TIME ZONE 'UTC'
        WHERE id = ANY(touched);
        RETURN NULL;
    END $$;
    DROP TRIGGER IF EXISTS no_cycle_insert ON oiconnect_splice;
    CREATE TRIGGER no_cycle_insert AFTER INSERT ON oiconnect_splice
        REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION oiconnect_splice_no_cycle();
    DROP TRIGGER IF EXISTS no_cycle_update ON oiconnect_splice;
    CREATE TRIGGER no_cycle_update AFTER UPDATE ON oiconnect_splice
        REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION oiconnect_splice_no_cycle();
"""


class Splice(models.Model):
    """Two fibres welded end to end: the one from the PM side, the one beyond.

    A fibre has an upper end (towards the PM) and a lower end. The upper end takes
    one splice or one position of a module, the lower end one splice or one route;
    so fibres make simple chains, and the database refuses that a chain closes.
    """

    _name = "oiconnect.splice"
    _description = "Splice"
    _inherit = "oiconnect.infra.mixin"
    _order = "upstream_cable_id, id"
    _same_network_fields = ("downstream_id", "pbo_id")
    _tracked_fields = ("upstream_id", "downstream_id", "pbo_id", "box")

    network_id = fields.Many2one(
        related="upstream_id.network_id", store=True, precompute=True, default=None
    )
    upstream_id = fields.Many2one(
        "oiconnect.pbo.fibre", "Fibre from the PM", required=True, ondelete="restrict"
    )
    downstream_id = fields.Many2one(
        "oiconnect.pbo.fibre",
        "Fibre towards the customer",
        required=True,
        ondelete="restrict",
    )
    upstream_cable_id = fields.Many2one(
        related="upstream_id.cable_id",
        string="Cable from the PM",
        store=True,
        precompute=True,
        index=True,
    )
    downstream_cable_id = fields.Many2one(
        related="downstream_id.cable_id",
        string="Cable towards the customer",
        store=True,
        precompute=True,
        index=True,
    )
    pm_id = fields.Many2one(
        related="upstream_id.cable_id.pm_id", store=True, precompute=True, index=True
    )
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "PBO", ondelete="restrict", index="btree_not_null"
    )
    box = fields.Char(size=100, help="Where the splice is when it is not in a PBO")
    place = fields.Char(compute="_compute_place")

    # Next fibre of a chain: upstream_id = x
    _upstream_uniq = models.UniqueIndex(
        "(upstream_id)",
        "The end of this fibre is spliced already: choose another fibre, "
        "or undo the other splice first.",
    )
    # Fibre before in a chain: downstream_id = x
    _downstream_uniq = models.UniqueIndex(
        "(downstream_id)",
        "The beginning of this fibre is spliced already: choose another fibre, "
        "or undo the other splice first.",
    )
    _two_fibres = models.Constraint(
        "CHECK (upstream_id <> downstream_id)",
        "A splice joins two fibres: choose two different ones.",
    )

    @api.depends("pbo_id", "box")
    def _compute_place(self):
        for splice in self:
            splice.place = splice.pbo_id.reference or splice.box

    @api.depends("upstream_id", "downstream_id")
    def _compute_display_name(self):
        for splice in self:
            ends = (splice.upstream_id, splice.downstream_id)
            names = [end.display_name or "-" for end in ends]
            splice.display_name = any(ends) and " → ".join(names)

    def init(self):
        """No road into the table makes a circle, whatever runs at the same time."""
        self.env.cr.execute(_NO_CYCLE)

    @api.model_create_multi
    def create(self, vals_list):
        pairs = [
            (vals.get("upstream_id"), vals.get("downstream_id")) for vals in vals_list
        ]
        self._refuse_pairs([pair for pair in pairs if all(pair)])
        return self._refuse_cycle(super().create, vals_list)

    def write(self, vals):
        kept = ("upstream_id", "downstream_id")
        if any(
            name in vals and splice[name].id != vals[name]
            for name in kept
            for splice in self
        ):
            raise ValidationError(
                self.env._(
                    "The fibres of splice %s do not change: undo it, then make "
                    "another one.",
                    self[0].display_name,
                )
            )
        return super().write(vals)

    def _refuse_cycle(self, method, *args):
        """Call ``method``; tell what the database refuses in our words."""
        try:
            return method(*args)
        except CheckViolation as error:
            if error.diag.constraint_name != "oiconnect_splice_no_cycle":
                raise
            raise ValidationError(
                self.env._(
                    "With this splice fibre %s would come back to itself: choose "
                    "fibres that go away from the PM.",
                    error.diag.message_detail,
                )
            ) from error
