"""Splice boxes and PBOs of a delivery."""

from odoo.tools import SQL

from .merge import Item
from .places import POINTS
from .sites import place

_PLACES = {"C": "chamber", "A": "pole", "F": "facade", "I": "building"}
_TYPES = {
    "C": "CHAMBRE",
    "F": "FACADE",
    "I": "IMMEUBLE",
    "A": "AERIEN POTEAU AUTRE",
}


def _nature(pairs, local):
    """Return the SQL of a box's place, by its point or by its local."""
    cases = SQL(" ").join(
        SQL("WHEN b.nature = %s THEN %s", code, value) for code, value in pairs.items()
    )
    return SQL(
        """CASE %s WHEN COALESCE(s.bp_lt_code, s.bp_lc_code) IS NOT NULL THEN %s
           END::varchar""",
        cases,
        local,
    )


def _point(base):
    return SQL(
        "LEFT JOIN %s p ON p.tab = 't_noeud' AND p.code = b.node", base.table(POINTS)
    )


def splice_box(base, run):
    rows = SQL(
        """
        SELECT b.line, b.code, b.reference,
               CASE WHEN s.bp_typelog = 'BPI' THEN 'bpi' ELSE 'bpe' END::varchar
                   AS kind,
               left(s.bp_typephy, 40) AS physical_type, %(nature)s AS place,
               CASE WHEN s.bp_abddate IS NOT NULL OR s.bp_avct = 'A'
                        OR s.bp_abandon = '1' THEN 'abandoned'
                    WHEN s.bp_avct IN ('E', 'S') OR s.bp_statut IN ('REC', 'MCO')
                    THEN 'deployed'
                    WHEN s.bp_avct = 'T' OR s.bp_statut = 'TVX' THEN 'deploying'
                    ELSE 'planned' END::varchar AS state,
               CASE WHEN NOT t.up THEN pm.res_id END AS pm_id,
               CASE WHEN t.up OR b.pm IS NULL THEN COALESCE(
                   (SELECT n.res_id FROM %(fed)s f JOIN %(nro)s n ON n.code = f.nro
                     WHERE f.line = b.line LIMIT 1),
                   (SELECT min(n.res_id) FROM %(nro)s n HAVING count(*) = 1))
                   END AS nro_id,
               c.count::int AS tray_count, %(place)s
          FROM %(box)s b
          JOIN %(ebp)s s ON s.line = b.line
          CROSS JOIN LATERAL (SELECT EXISTS (
              SELECT FROM %(cable)s k WHERE k.kind = 'transport' AND k.box1 = b.line
              UNION ALL
              SELECT FROM %(cable)s k WHERE k.kind = 'transport' AND k.box2 = b.line
              ) AS up) t
          LEFT JOIN %(pm)s pm ON pm.reference = b.pm
          LEFT JOIN (SELECT cs_bp_code AS code, count(DISTINCT cs_code) AS count
                       FROM %(cassette)s WHERE cs_bp_code IS NOT NULL GROUP BY 1
                    ) c ON c.code = b.code
          %(point)s
         WHERE b.kind = 'box'
        """,
        nature=_nature(_PLACES, "building"),
        nro=base.table("n_nro"),
        fed=base.table("a_box_nro"),
        place=place(),
        box=base.table("a_box"),
        ebp=base.table("t_ebp"),
        cable=base.table("a_cable"),
        pm=base.table("n_pm"),
        cassette=base.table("t_cassette"),
        point=_point(base),
    )
    return Item(
        "oiconnect.splice.box",
        rows,
        ("reference",),
        table="t_ebp",
        by_code=True,
        sizes={"reference": 100},
        labels={
            "pm_id": ("oiconnect_pm", "reference"),
            "nro_id": ("oiconnect_nro", "reference"),
        },
    )


def pbo(base, run):
    rows = SQL(
        """
        SELECT b.line, b.code, b.reference, pm.res_id AS pm_id, ty.id AS type_id,
               left(s.bp_typephy, 256) AS material_type, %(place)s
          FROM %(box)s b
          JOIN %(ebp)s s ON s.line = b.line
          JOIN %(pm)s pm ON pm.reference = b.pm
          LEFT JOIN oiconnect_pbo_type ty ON ty.code = %(nature)s
          %(point)s
         WHERE b.kind = 'pbo'
        """,
        place=place(),
        box=base.table("a_box"),
        ebp=base.table("t_ebp"),
        pm=base.table("n_pm"),
        nature=_nature(_TYPES, "IMMEUBLE"),
        point=_point(base),
    )
    held = SQL(
        """EXISTS (SELECT FROM oiconnect_route r
                    WHERE r.pbo_id = t.id AND r.operator_id IS NOT NULL)"""
    )
    return Item(
        "oiconnect.pbo",
        rows,
        ("reference",),
        table="t_ebp",
        by_code=True,
        fixed=("type_id",),
        sizes={"reference": 100},
        labels={"pm_id": ("oiconnect_pm", "reference")},
        refusals=(("apply_box_held", ("pm_id",), held),),
    )


def without_pm(base):
    """Query of the PBOs and cables of which no PM is known: they are left out."""
    return (
        (
            "t_ebp",
            SQL(
                "SELECT line, reference AS value FROM %s WHERE kind = 'pbo' "
                "AND COALESCE(pm NOT IN (SELECT reference FROM %s), TRUE)",
                base.table("a_box"),
                base.table("n_pm"),
            ),
        ),
        (
            "t_cable",
            SQL(
                "SELECT line, reference AS value FROM %s WHERE kind <> "
                "'transport' AND COALESCE(pm NOT IN (SELECT reference FROM %s), TRUE)",
                base.table("a_cable"),
                base.table("n_pm"),
            ),
        ),
    )
