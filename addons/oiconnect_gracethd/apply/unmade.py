"""What the rows of a delivery would make and the network has not: none goes unsaid.

References that lead to nothing cost what they lead through: a splice its fibre or its
box, a route its end.
"""

from odoo.tools import SQL

from ..routes.graph import PLACED
from ..routes.result import ROUTES

# Of 2.0.1 to 2.0.2, the boxes of cables are in a table of their own.
CABLE_PATCH = "t_cable_patch201"


def report(base, run, tell):
    """Report the fibres, splices and routes without record that nothing reports yet."""
    _find_cut(base, run)
    for key, table, query in _expected(base):
        tell(
            table,
            key,
            SQL(
                """SELECT q.line, q.value FROM (%s) q
                    WHERE NOT EXISTS (
                        SELECT FROM oiconnect_import_error e
                         WHERE e.import_id = %s AND e.table_name = %s
                           AND e.line = q.line AND e.is_left_out)""",
                query,
                run.import_id,
                table,
            ),
            {},
        )


def _find_cut(base, run):
    """Fill ``a_cut``: positions that a reference to nothing leaves without a part."""
    base.make(
        "a_cut",
        SQL(
            _CUT,
            import_id=run.import_id,
            position=base.table("t_position"),
            cassette=base.table("t_cassette"),
            cable=base.table("t_cable"),
            patch=base.table(CABLE_PATCH),
            patch_name=CABLE_PATCH,
            fibre=base.table("t_fibre"),
            placed=base.table(PLACED),
        ),
    )
    base.index("a_cut", "line")


def _expected(base):
    """Yield (key, table, query of line and value) of what has no record."""
    yield (
        "hangs_fibre",
        "t_fibre",
        base.sql(
            """SELECT f.line, f.code AS value FROM %s f
                WHERE NOT EXISTS (SELECT FROM %s n WHERE n.line = f.line)""",
            "a_fibre",
            "n_pbo_fibre",
        ),
    )
    yield (
        "hangs_splice",
        "t_position",
        SQL(
            _SPLICES,
            placed=base.table(PLACED),
            position=base.table("t_position"),
            fibre=base.table("a_fibre"),
            splice=base.table("n_splice"),
            cut=base.table("a_cut"),
        ),
    )
    yield (
        "hangs_route",
        "t_position",
        SQL(
            _ROUTES,
            route=base.table(ROUTES),
            position=base.table("t_position"),
            made=base.table("n_route"),
            pbo=base.table("n_pbo"),
            box=base.table("n_splice_box"),
            pto=base.table("n_pto"),
            cut=base.table("a_cut"),
            placed=base.table(PLACED),
            drawer=base.table("a_drawer"),
        ),
    )


_CUT = """
    WITH orphan AS (
        SELECT table_name AS tab, line FROM oiconnect_import_error
         WHERE import_id = %(import_id)s AND message_key = 'orphan'
           AND table_name IN ('t_position', 't_cassette', 't_cable', %(patch_name)s)
    ), tray AS (
        SELECT c.cs_code AS code FROM orphan o
          JOIN %(cassette)s c ON o.tab = 't_cassette' AND c.line = o.line
    ), cable AS (
        SELECT c.cb_code AS code FROM orphan o
          JOIN %(cable)s c ON o.tab = 't_cable' AND c.line = o.line
        UNION
        SELECT c.cb_code FROM orphan o
          JOIN %(patch)s c ON o.tab = %(patch_name)s AND c.line = o.line
    ), fibre AS (
        SELECT f.line FROM cable c JOIN %(fibre)s f ON f.fo_cb_code = c.code
    )
    SELECT line FROM orphan WHERE tab = 't_position'
    UNION
    SELECT p.line FROM tray t JOIN %(position)s p ON p.ps_cs_code = t.code
    UNION
    SELECT k.id FROM fibre f JOIN %(placed)s k ON k.fibre1 = f.line
    UNION
    SELECT k.id FROM fibre f JOIN %(placed)s k ON k.fibre2 = f.line
"""
_SPLICES = """
    SELECT k.id AS line, p.ps_code AS value
      FROM %(placed)s k
      JOIN %(position)s p ON p.line = k.id
      LEFT JOIN %(fibre)s f1 ON f1.line = k.fibre1
      LEFT JOIN %(fibre)s f2 ON f2.line = k.fibre2
      LEFT JOIN %(splice)s n ON n.line = k.id
     WHERE NOT k.is_drawer
       AND ((f1.line IS NOT NULL AND f2.line IS NOT NULL AND n.line IS NULL)
            OR (k.is_absent AND p.ps_1 IS NOT NULL AND p.ps_2 IS NOT NULL)
            OR (n.line IS NOT NULL AND k.box IS NULL
                AND k.id IN (SELECT line FROM %(cut)s)))
"""
# A route that breaks off says so itself. One that ends lacks its PTO or its box when
# these have no record, or when nothing but a reference to nothing could tell them: also
# behind the last box that is known.
_ROUTES = """
    SELECT r.position_line AS line, p.ps_code AS value
      FROM %(route)s r
      JOIN %(position)s p ON p.line = r.position_line
      LEFT JOIN %(made)s n ON n.line = r.position_line
      LEFT JOIN %(pto)s o ON o.line = r.pto_line
      LEFT JOIN %(pbo)s b
        ON b.line = CASE r.end_kind WHEN 'pto' THEN r.pbo_line ELSE r.box_line END
      LEFT JOIN %(box)s x ON x.line = r.box_line AND r.end_kind = 'free'
     WHERE n.line IS NULL
        OR r.pto_line IS NOT NULL AND o.line IS NULL
        OR r.end_kind = 'pto' AND r.pbo_line IS NOT NULL AND b.line IS NULL
        OR r.end_kind = 'free' AND r.box_line IS NOT NULL
           AND b.line IS NULL AND x.line IS NULL
        OR r.end_kind = 'free' AND r.box_line IS NULL
           AND r.position_lines[cardinality(r.position_lines)] IN (
               SELECT line FROM %(cut)s)
        OR r.end_kind = 'pto' AND (r.pto_line IS NULL OR r.pbo_line IS NULL)
           AND EXISTS (SELECT FROM %(cut)s c WHERE c.line = ANY(r.position_lines))
        OR r.end_kind = 'pto' AND EXISTS (
           SELECT FROM unnest(r.position_lines) WITH ORDINALITY v (line, rank)
             JOIN %(cut)s c ON c.line = v.line
             JOIN %(placed)s k ON k.id = v.line AND k.box IS NULL
            WHERE v.rank > (
                SELECT max(w.rank)
                  FROM unnest(r.position_lines) WITH ORDINALITY w (line, rank)
                  JOIN %(placed)s q ON q.id = w.line AND q.box = r.pbo_line))
    UNION
    -- Behind a drawer where other routes begin, no fibre is there
    SELECT k.id, p.ps_code
      FROM %(placed)s k
      JOIN %(position)s p ON p.line = k.id
     WHERE k.is_absent AND k.drawer IN (
               SELECT h.drawer FROM %(placed)s h
                 JOIN %(made)s n ON n.line = h.id
                 JOIN %(drawer)s d ON d.code = h.drawer)
       AND NOT EXISTS (SELECT FROM %(made)s n WHERE n.line = k.id)
"""
