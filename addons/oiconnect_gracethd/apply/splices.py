"""Splices of a delivery, in the direction of the light from the PM to the customer."""

from odoo.tools import SQL

from ..routes.graph import PLACED
from .cables import fibre_name
from .merge import Item
from .ways import WAYS


def describe(base, tell):
    """Fill ``a_joint``: positions that join two listed fibres, upstream first.

    Routes and links say the direction; elsewhere it is that of the delivery.
    """
    base.make(
        "a_joint",
        SQL(
            _JOINTS,
            way=base.table(WAYS),
            placed=base.table(PLACED),
            position=base.table("t_position"),
            fibre=base.table("n_pbo_fibre"),
            cable=base.table("n_pbo_cable"),
        ),
    )
    base.index("a_joint", "up_id", "down_id")
    for key, condition in (
        ("apply_mixed_splice", SQL("j.is_mixed OR j.up_id = j.down_id")),
        ("apply_spliced_twice", _twice(base, "up_id")),
        ("apply_spliced_twice", _twice(base, "down_id")),
        ("apply_splice_to_start", _to_start(base)),
    ):
        _leave_out(base, tell, key, condition)


def _leave_out(base, tell, key, condition):
    query = SQL(
        """DELETE FROM %s j WHERE %s
           RETURNING j.line, j.code AS value""",
        base.table("a_joint"),
        condition,
    )
    tell("t_position", key, query, {})


def _twice(base, column):
    """A splitter: the first position that takes the fibre on is used."""
    return SQL(
        """j.ctid IN (
            SELECT m.ctid FROM (
                SELECT ctid, row_number() OVER (
                    PARTITION BY %s ORDER BY NOT is_way, line) AS rank FROM %s
            ) m WHERE m.rank > 1)""",
        SQL.identifier(column),
        base.table("a_joint"),
    )


def _to_start(base):
    return SQL(
        """EXISTS (SELECT FROM %s h JOIN %s f ON f.line = h.first_fibre
                    WHERE f.res_id = j.down_id)""",
        base.table("a_head"),
        base.table("n_pbo_fibre"),
    )


def _leave_out_circles(base, run, tell):
    """Leave out the splices of fibres that come back to themselves; return how many.

    No beginning leads to these, through the delivery and what stays of the network.
    """
    spliced = base.make(
        "a_spliced",
        SQL(
            _SPLICED,
            joint=base.table("a_joint"),
            stale=base.table("a_stale"),
            network=run.head["network_id"],
        ),
    )
    base.index("a_spliced", "up_id", "down_id")
    base.make("a_lit", SQL(_LIT, spliced=spliced))
    base.index("a_lit", "id")
    dark = SQL(
        "NOT EXISTS (SELECT FROM %s l WHERE l.id = j.up_id)", base.table("a_lit")
    )
    _leave_out(base, tell, "apply_circle", dark)
    return base.cr.rowcount


def undo_contradicted(base, run, tell):
    """Undo the splices of the network that the delivery contradicts.

    Those of a route that an operator holds stay, and those of the delivery that they
    exclude are reported and left out.
    """
    joint = base.table("a_joint")
    stale = base.make("a_stale", SQL(_STALE, joint=joint))
    base.cr.execute(SQL(_HELD, stale=stale))
    # An order that takes one of the others meanwhile: this transaction starts again
    base.cr.execute(SQL(_FREE_ROUTES, stale))
    held = SQL(
        """EXISTS (SELECT FROM %(stale)s t
                    WHERE t.is_held AND t.upstream_id = j.up_id)
           OR EXISTS (SELECT FROM %(stale)s t
                       WHERE t.is_held AND t.downstream_id = j.down_id)
           OR EXISTS (SELECT FROM %(stale)s t
                       WHERE t.is_held AND t.upstream_id = j.down_id
                         AND t.downstream_id = j.up_id)""",
        stale=stale,
    )
    _leave_out(base, tell, "apply_splice_held", held)
    base.cr.execute(SQL(_STILL_STALE, stale=stale, joint=joint))
    while _leave_out_circles(base, run, tell):
        base.cr.execute(SQL(_STILL_STALE, stale=stale, joint=joint))
    run.journal.deleted(
        "oiconnect_splice",
        SQL(
            """SELECT s.* FROM oiconnect_splice s JOIN %s t ON t.id = s.id
                WHERE NOT t.is_held""",
            stale,
        ),
    )
    base.cr.execute(
        SQL(
            _UNDONE,
            name=_name("g"),
            stale=stale,
            network=run.head["network_id"],
            date=run.head["date"],
            user=run.head["user_id"],
            reason=run.head["reason"],
            batch=run.head["batch"],
        )
    )


def splice(base, run):
    rows = SQL(
        """
        SELECT j.line, j.code, j.up_id AS upstream_id, j.down_id AS downstream_id,
               cu.res_id AS upstream_cable_id, d.cable_id AS downstream_cable_id,
               cu.pm_id,
               CASE s.ps_fonct WHEN 'PA' THEN 'uncut' WHEN 'CO' THEN 'connector'
                    WHEN 'PI' THEN 'pigtail' ELSE CASE WHEN s.ps_type = 'SME'
                    THEN 'mechanical' ELSE 'fusion' END END::varchar AS kind,
               p.res_id AS pbo_id, b.res_id AS splice_box_id,
               left(COALESCE(c.cs_num, s.ps_cs_code), 20) AS tray,
               GREATEST(COALESCE(%(slot)s, 0), 0) AS slot
          FROM %(joint)s j
          JOIN %(position)s s ON s.line = j.line
          JOIN %(fibre)s u ON u.line = j.up
          JOIN %(fibre)s d ON d.line = j.down
          JOIN %(cable)s cu ON cu.res_id = u.cable_id
          LEFT JOIN %(pbo)s p ON p.line = j.box
          LEFT JOIN %(box)s b ON b.line = j.box
          LEFT JOIN (SELECT cs_code, min(cs_num) AS cs_num FROM %(tray)s GROUP BY 1) c
            ON c.cs_code = s.ps_cs_code
        """,
        slot=base.typed("s", "t_position", "ps_numero"),
        joint=base.table("a_joint"),
        position=base.table("t_position"),
        fibre=base.table("n_pbo_fibre"),
        cable=base.table("n_pbo_cable"),
        pbo=base.table("n_pbo"),
        box=base.table("n_splice_box"),
        tray=base.table("t_cassette"),
    )
    return Item(
        "oiconnect.splice",
        rows,
        ("upstream_id", "downstream_id"),
        table="t_position",
        followed=("pbo_id", "splice_box_id"),
        labels={
            "pbo_id": ("oiconnect_pbo", "reference"),
            "splice_box_id": ("oiconnect_splice_box", "reference"),
        },
        reference=_name,
    )


def _name(alias):
    """Return the SQL of the name of a splice: that of its two fibres."""
    ends = [
        SQL(
            "(SELECT %s FROM oiconnect_pbo_fibre f WHERE f.id = %s)",
            fibre_name("f"),
            SQL.identifier(alias, f"{side}_id"),
        )
        for side in ("upstream", "downstream")
    ]
    return SQL("concat_ws(' → ', %s, %s)", *ends)


_JOINTS = """
    SELECT j.line, s.ps_code AS code, j.up, j.down, u.res_id AS up_id,
           d.res_id AS down_id, k.box, j.is_way,
           (cu.kind = 'transport') <> (cd.kind = 'transport') AS is_mixed
      FROM (
          SELECT line, up, down, TRUE AS is_way FROM %(way)s
          UNION ALL
          SELECT p.id, p.fibre1, p.fibre2, FALSE FROM %(placed)s p
           WHERE NOT p.is_drawer AND p.fibre1 IS NOT NULL
             AND p.fibre2 IS NOT NULL
             AND NOT EXISTS (SELECT FROM %(way)s w WHERE w.line = p.id)
      ) j
      JOIN %(position)s s ON s.line = j.line
      JOIN %(placed)s k ON k.id = j.line AND NOT k.is_drawer
      JOIN %(fibre)s u ON u.line = j.up
      JOIN %(fibre)s d ON d.line = j.down
      JOIN %(cable)s cu ON cu.res_id = u.cable_id
      JOIN %(cable)s cd ON cd.res_id = d.cable_id
"""


# The other fibre of one side, or the same two turned round
_STALE = """
    SELECT s.id, s.upstream_id, s.downstream_id, FALSE AS is_held
      FROM oiconnect_splice s JOIN %(joint)s j ON j.up_id = s.upstream_id
     WHERE j.down_id <> s.downstream_id
    UNION
    SELECT s.id, s.upstream_id, s.downstream_id, FALSE
      FROM oiconnect_splice s JOIN %(joint)s j ON j.down_id = s.downstream_id
     WHERE j.up_id <> s.upstream_id
    UNION
    SELECT s.id, s.upstream_id, s.downstream_id, FALSE
      FROM oiconnect_splice s
      JOIN %(joint)s j ON j.down_id = s.upstream_id AND j.up_id = s.downstream_id
"""
_SPLICED = """
    SELECT up_id, down_id FROM %(joint)s
    UNION
    SELECT s.upstream_id, s.downstream_id FROM oiconnect_splice s
     WHERE s.network_id = %(network)s AND NOT EXISTS (
         SELECT FROM %(stale)s t WHERE t.id = s.id AND NOT t.is_held)
"""
_LIT = """
    WITH RECURSIVE lit(id) AS (
        SELECT a.up_id FROM %(spliced)s a WHERE NOT EXISTS (
            SELECT FROM %(spliced)s b WHERE b.down_id = a.up_id)
        UNION
        SELECT a.down_id FROM lit r JOIN %(spliced)s a ON a.up_id = r.id
    ) SELECT id FROM lit
"""
_HELD = """
    WITH RECURSIVE down(id, fibre) AS (
        SELECT id, downstream_id FROM %(stale)s
        UNION
        SELECT d.id, s.downstream_id
          FROM down d JOIN oiconnect_splice s ON s.upstream_id = d.fibre
    )
    UPDATE %(stale)s t SET is_held = TRUE
      FROM down d JOIN oiconnect_route r ON r.fibre_id = d.fibre
     WHERE d.id = t.id AND r.operator_id IS NOT NULL
"""
_FREE_ROUTES = """
    WITH RECURSIVE down(fibre) AS (
        SELECT downstream_id FROM %s WHERE NOT is_held
        UNION
        SELECT s.downstream_id
          FROM down d JOIN oiconnect_splice s ON s.upstream_id = d.fibre
    )
    SELECT r.id FROM oiconnect_route r
     WHERE r.fibre_id IN (SELECT fibre FROM down) ORDER BY r.id FOR UPDATE
"""
_STILL_STALE = """
    DELETE FROM %(stale)s t
        WHERE NOT EXISTS (SELECT FROM %(joint)s j
                           WHERE j.up_id = t.upstream_id
                             AND j.down_id <> t.downstream_id)
          AND NOT EXISTS (SELECT FROM %(joint)s j
                           WHERE j.down_id = t.downstream_id
                             AND j.up_id <> t.upstream_id)
          AND NOT EXISTS (SELECT FROM %(joint)s j
                           WHERE j.down_id = t.upstream_id
                             AND j.up_id = t.downstream_id)
"""
_UNDONE = """
    WITH gone AS (
        DELETE FROM oiconnect_splice s USING %(stale)s t
         WHERE t.id = s.id AND NOT t.is_held RETURNING s.*)
    INSERT INTO oiconnect_change (res_model, res_id, reference, kind, snapshot,
                                  network_id, date, user_id, reason, batch)
    SELECT 'oiconnect.splice', g.id, %(name)s, 'unlink', to_jsonb(g),
           %(network)s, %(date)s, %(user)s, %(reason)s, %(batch)s
      FROM gone g
"""
