from psycopg2.errors import CheckViolation

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, groupby

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
_NO_CYCLE_NAME = "oiconnect_splice_no_cycle"
# How two fibres go on
KINDS = [
    ("fusion", "Fusion splice"),
    ("mechanical", "Mechanical splice"),
    ("connector", "Connector"),
    ("pigtail", "Pigtail"),
    ("uncut", "Passes uncut"),
]
# Names in one message: beyond, no one reads them.
_SHOWN = 40


class Splice(models.Model):
    """Two fibres end to end: the one from the PM side, the one beyond.

    A fibre has an upper end (towards the PM) and a lower end. The upper end takes
    one splice or one position of a module, the lower end one splice or one route;
    so fibres make simple chains, and the database refuses that a chain closes.
    """

    _name = "oiconnect.splice"
    _description = "Splice"
    _inherit = "oiconnect.infra.mixin"
    _order = "upstream_cable_id, id"
    _same_network_fields = ("downstream_id", "pbo_id", "splice_box_id")
    _tracked_fields = (
        "upstream_id",
        "downstream_id",
        "kind",
        "pbo_id",
        "splice_box_id",
        "box",
        "tray",
        "slot",
    )

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
    kind = fields.Selection(KINDS, "Kind of splice", required=True, default="fusion")
    splice_box_id = fields.Many2one(
        "oiconnect.splice.box",
        "Splice box",
        ondelete="restrict",
        index="btree_not_null",
    )
    box = fields.Char(
        "Box without a record",
        size=100,
        help="Where the splice is when neither a PBO nor a splice box is known",
    )
    tray = fields.Char(size=20, help="Number or name of the tray in the box")
    slot = fields.Integer(
        "Place on the tray", aggregator=None, help="0: it is not known"
    )
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

    _one_place = models.Constraint(
        "CHECK (pbo_id IS NULL OR splice_box_id IS NULL)",
        "A splice is in a PBO or in a splice box: choose one of them.",
    )
    _slot_positive = models.Constraint(
        "CHECK (slot >= 0)", "Places on a tray are numbered from 1."
    )

    @api.depends("pbo_id", "splice_box_id", "box")
    def _compute_place(self):
        for splice in self:
            where = splice.pbo_id.reference or splice.splice_box_id.reference
            splice.place = where or splice.box

    @api.depends("upstream_id", "downstream_id")
    def _compute_display_name(self):
        for splice in self:
            ends = (splice.upstream_id, splice.downstream_id)
            names = [end.display_name or "-" for end in ends]
            splice.display_name = any(ends) and " → ".join(names)

    def init(self):
        """Create the trigger that refuses a cycle of splices.

        Loaders of rows may leave the kind out: it is that of most splices.
        """
        self.env.cr.execute(_NO_CYCLE)
        self.env.cr.execute(
            "ALTER TABLE oiconnect_splice ALTER COLUMN kind SET DEFAULT 'fusion'"
        )

    @api.model_create_multi
    def create(self, vals_list):
        pairs = [
            (vals.get("upstream_id"), vals.get("downstream_id")) for vals in vals_list
        ]
        self._refuse_pairs([pair for pair in pairs if all(pair)])
        try:
            return super().create(vals_list)
        except CheckViolation as error:
            if error.diag.constraint_name != _NO_CYCLE_NAME:
                raise
            raise ValidationError(self._sql_error_to_message(error)) from error

    @api.model
    def _sql_error_to_message(self, exc):
        if exc.diag.constraint_name != _NO_CYCLE_NAME:
            return super()._sql_error_to_message(exc)
        return self.env._(
            "With this splice fibre %s would come back to itself: choose fibres that "
            "go away from the PM.",
            exc.diag.message_detail,
        )

    def write(self, vals):
        fixed = ("upstream_id", "downstream_id")
        if any(
            name in vals and splice[name].id != vals[name]
            for name in fixed
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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_service(self):
        self._lock_routes()
        routes = self._held_routes()
        if routes:
            names = ", ".join(routes[:_SHOWN].mapped("name"))
            raise UserError(
                self.env._(
                    "These splices carry reserved or used routes: %s. Give the routes "
                    "back first.",
                    names,
                )
            )

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _refuse_pairs(self, pairs):
        """Refuse the splices of ``[(upstream id, downstream id)]``, all at once.

        The fibres are locked: of two users, the second starts again and sees
        which fibre the first has taken.
        """
        self.env.flush_all()
        self._lock_fibres({fibre for pair in pairs for fibre in pair})
        problems = self._problems(pairs)
        if problems:
            found = [text for texts in problems.values() for text in texts]
            lines = "\n".join(f"- {text}" for text in found[:_SHOWN])
            left = len(found) - _SHOWN
            more = self.env._("\n… and %s more.", left) if left > 0 else ""
            raise UserError(self.env._("Nothing was spliced:\n%s", lines) + more)

    def _lock_fibres(self, fibre_ids):
        self.env.cr.execute(
            SQL(
                "SELECT id FROM oiconnect_pbo_fibre WHERE id = ANY(%s)"
                " ORDER BY id FOR NO KEY UPDATE",
                list(fibre_ids),
            )
        )

    @api.model
    @api.private
    def _problems(self, pairs):
        """Return ``{(upstream id, downstream id): [sentences]}`` of the wrong pairs."""
        if not pairs:
            return {}
        # Before the query: a translation may need another one.
        sentences = self._sentences()
        self.env.cr.execute(
            SQL(
                "%s SELECT upstream, downstream, kind, what, who FROM found"
                " ORDER BY rank, kind",
                _found(pairs),
            )
        )
        return {
            pair: [
                sentences[kind] % {"what": what, "who": who}
                for *_pair, kind, what, who in rows
            ]
            for pair, rows in groupby(self.env.cr.fetchall(), key=lambda row: row[:2])
        }

    def _sentences(self):
        """Return the sentence of each kind of problem: what, then who."""
        return {
            "lower_splice": self.env._(
                "the end of fibre %(what)s is spliced already to %(who)s"
            ),
            "upper_splice": self.env._(
                "the beginning of fibre %(what)s is spliced already to %(who)s"
            ),
            "route": self.env._("fibre %(what)s is the last one of route %(who)s"),
            "position": self.env._(
                "fibre %(what)s starts at position %(who)s of a module"
            ),
            "pm": self.env._("fibre %(what)s and fibre %(who)s are not of the same PM"),
            "kinds": self.env._(
                "fibre %(what)s and fibre %(who)s are not both of transport cables"
            ),
            "crossed": self.env._("route %(what)s and route %(who)s would be joined"),
            "twice": self.env._("fibre %(what)s is chosen twice"),
        }

    def _lock_routes(self):
        """Let a route be given to an operator before its splice goes, or after."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM oiconnect_route WHERE id = ANY(%s)"
                " ORDER BY id FOR UPDATE",
                self._routes().ids,
            )
        )

    @api.private
    def _held_routes(self):
        """Return the reserved and used routes that go through these splices."""
        return self._routes().filtered_domain([("state", "in", ["reserved", "used"])])

    def _routes(self):
        points = [("splice", splice_id) for splice_id in self.ids]
        keys = self.env["oiconnect.trace"]._keys(points)
        return (
            self.env["oiconnect.route"]
            .sudo()
            .browse(key.id for key in keys if key.kind == "route")
        )


def _found(pairs):
    """Return the query ``found(rank, upstream, downstream, kind, what, who)``."""
    return SQL(
        """
        WITH RECURSIVE pair(upstream, downstream, rank) AS (
            SELECT * FROM unnest(%s, %s) WITH ORDINALITY
        ),
        up(rank, fibre_id) AS (
            SELECT rank, upstream FROM pair
            UNION
            SELECT up.rank, splice.upstream_id
            FROM up JOIN oiconnect_splice splice ON splice.downstream_id = up.fibre_id
        ),
        down(rank, fibre_id) AS (
            SELECT rank, downstream FROM pair
            UNION
            SELECT down.rank, splice.downstream_id
            FROM down JOIN oiconnect_splice splice
                ON splice.upstream_id = down.fibre_id
        ),
        label AS (
            SELECT fibre.id, fibre.tube, fibre.fibre, fibre.cable_id, cable.pm_id,
                cable.kind = 'transport' AS is_transport,
                concat_ws(' / ', cable.reference, fibre.tube, fibre.fibre) AS name
            FROM oiconnect_pbo_fibre fibre
            JOIN oiconnect_pbo_cable cable ON cable.id = fibre.cable_id
            WHERE fibre.id IN (
                SELECT fibre_id FROM up UNION ALL SELECT fibre_id FROM down
                UNION ALL SELECT splice.downstream_id FROM oiconnect_splice splice
                JOIN pair ON pair.upstream = splice.upstream_id
                UNION ALL SELECT splice.upstream_id FROM oiconnect_splice splice
                JOIN pair ON pair.downstream = splice.downstream_id
            )
        ),
        position AS (
            SELECT position.id, label.id AS fibre_id,
                module.name || ' / ' || position.name AS name
            FROM label
            JOIN oiconnect_pm_position position ON position.cable_id = label.cable_id
                AND position.tube = label.tube AND position.fibre = label.fibre
            JOIN oiconnect_pm_module module ON module.id = position.module_id
        ),
        problem AS (%s)
        , found AS (
            SELECT pair.*, problem.kind, problem.what, problem.who
            FROM pair JOIN problem USING (rank)
        )
        """,
        [pair[0] for pair in pairs],
        [pair[1] for pair in pairs],
        SQL(_PROBLEMS),
    )


_PROBLEMS = """
    SELECT rank, 'lower_splice' AS kind, own.name AS what, other.name AS who
    FROM pair JOIN oiconnect_splice splice ON splice.upstream_id = pair.upstream
    JOIN label own ON own.id = pair.upstream
    JOIN label other ON other.id = splice.downstream_id
    UNION ALL
    SELECT rank, 'upper_splice', own.name, other.name
    FROM pair JOIN oiconnect_splice splice ON splice.downstream_id = pair.downstream
    JOIN label own ON own.id = pair.downstream
    JOIN label other ON other.id = splice.upstream_id
    UNION ALL
    SELECT rank, 'route', label.name, route.name
    FROM pair JOIN oiconnect_route route ON route.fibre_id = pair.upstream
    JOIN label ON label.id = pair.upstream
    UNION ALL
    SELECT rank, 'position', label.name, position.name
    FROM pair JOIN position ON position.fibre_id = pair.downstream
    JOIN label ON label.id = pair.downstream
    UNION ALL
    SELECT rank, 'pm', upper.name, lower.name
    FROM pair JOIN label upper ON upper.id = pair.upstream
    JOIN label lower ON lower.id = pair.downstream
    WHERE upper.pm_id <> lower.pm_id
        AND NOT (upper.is_transport OR lower.is_transport)
    UNION ALL
    SELECT rank, 'kinds', upper.name, lower.name
    FROM pair JOIN label upper ON upper.id = pair.upstream
    JOIN label lower ON lower.id = pair.downstream
    WHERE upper.is_transport <> lower.is_transport
    UNION ALL
    SELECT up.rank, 'crossed', starting.name, ending.name
    FROM up JOIN position ON position.fibre_id = up.fibre_id
    JOIN oiconnect_route starting ON starting.position_id = position.id
    JOIN down ON down.rank = up.rank
    JOIN oiconnect_route ending ON ending.fibre_id = down.fibre_id
    WHERE starting.id <> ending.id
    UNION ALL
    SELECT max(rank), 'twice', min(label.name), ''
    FROM pair JOIN label ON label.id = pair.upstream
    GROUP BY pair.upstream HAVING count(*) > 1
    UNION ALL
    SELECT max(rank), 'twice', min(label.name), ''
    FROM pair JOIN label ON label.id = pair.downstream
    GROUP BY pair.downstream HAVING count(*) > 1
"""
