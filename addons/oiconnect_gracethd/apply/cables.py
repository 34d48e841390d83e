"""Cables of a delivery, with their ends and their line, and the fibres in them."""

from odoo.tools import SQL

from .merge import Item
from .places import LINES

_ENDS = ("start_nro_id", "start_box_id", "start_pbo_id", "end_box_id", "end_pbo_id")


def fibre_name(alias):
    """Return the SQL of the name of a fibre: cable, tube and fibre."""
    return SQL(
        """(SELECT concat_ws(' / ', c.reference, %(f)s.tube, %(f)s.fibre)
              FROM oiconnect_pbo_cable c WHERE c.id = %(f)s.cable_id)""",
        f=SQL.identifier(alias),
    )


def cable(base, run):
    tubes = base.typed("s", "t_cable", "cb_modulo")
    capacity = base.typed("s", "t_cable", "cb_capafo")
    rows = SQL(
        _CABLES,
        capacity=capacity,
        tubes=tubes,
        length=base.typed("s", "t_cable", "cb_lgreel"),
        cables=base.table("a_cable"),
        cable=base.table("t_cable"),
        pm=base.table("n_pm"),
        zone=base.table("a_zone"),
        znro=base.table("t_znro"),
        nro=base.table("n_nro"),
        box=base.table("n_splice_box"),
        pbo=base.table("n_pbo"),
        pto=base.table("n_pto"),
        lines=base.table(LINES),
    )
    held = SQL(
        """EXISTS (SELECT FROM oiconnect_route r WHERE r.cable_id = t.id
                      AND r.operator_id IS NOT NULL)
           OR EXISTS (SELECT FROM oiconnect_route r WHERE r.module_cable_id = t.id
                      AND r.operator_id IS NOT NULL)"""
    )
    kinds = {
        "start_nro_id": "nro",
        "start_box_id": "splice_box",
        "start_pbo_id": "pbo",
        "end_box_id": "splice_box",
        "end_pbo_id": "pbo",
        "end_pto_id": "pto",
        "pm_id": "pm",
    }
    return Item(
        "oiconnect.pbo.cable",
        rows,
        ("reference",),
        table="t_cable",
        by_code=True,
        # The ends of a cable go together: all of them are as the delivery tells
        followed=("start_kind", "end_kind", "end_pto_id", *_ENDS),
        sizes={"reference": 100},
        labels={
            name: (f"oiconnect_{table}", "reference") for name, table in kinds.items()
        },
        refusals=(("apply_cable_held", ("kind", "pm_id"), held),),
        renamed={"drawn": "line"},
    )


def fibre(base, run):
    """Fibres by their tube and their number in it, and where they end."""
    tube = base.typed("s", "t_fibre", "fo_numtub")
    number = SQL(
        "COALESCE(%s, %s)",
        base.typed("s", "t_fibre", "fo_nintub"),
        base.typed("s", "t_fibre", "fo_nincab"),
    )
    rows = SQL(
        """
        SELECT f.line, f.code, c.res_id AS cable_id,
               COALESCE(%(tube)s::varchar, left(s.fo_reper, 20), '1') AS tube,
               COALESCE(%(number)s::varchar, left(s.fo_color, 20)) AS fibre,
               COALESCE(%(rank)s, 10) AS sequence,
               p.res_id AS pbo_id, b.res_id AS splice_box_id
          FROM %(fibre)s f
          JOIN %(staged)s s ON s.line = f.line
          JOIN %(cable)s c ON c.code = f.cable
          LEFT JOIN %(end)s e ON e.fibre = f.line
          LEFT JOIN %(pbo)s p ON p.line = e.box
          LEFT JOIN %(box)s b ON b.line = e.box
        """,
        tube=tube,
        number=number,
        rank=base.typed("s", "t_fibre", "fo_nincab"),
        fibre=base.table("a_fibre"),
        staged=base.table("t_fibre"),
        cable=base.table("n_pbo_cable"),
        end=base.table("a_end"),
        pbo=base.table("n_pbo"),
        box=base.table("n_splice_box"),
    )
    held = SQL(
        """EXISTS (SELECT FROM oiconnect_route r WHERE r.fibre_id = t.id
                      AND r.operator_id IS NOT NULL)"""
    )
    return Item(
        "oiconnect.pbo.fibre",
        rows,
        ("cable_id", "tube", "fibre"),
        table="t_fibre",
        followed=("pbo_id", "splice_box_id"),
        labels={
            "pbo_id": ("oiconnect_pbo", "reference"),
            "splice_box_id": ("oiconnect_splice_box", "reference"),
        },
        refusals=(("apply_fibre_held", ("pbo_id", "splice_box_id"), held),),
        reference=fibre_name,
    )


_CABLES = """
    SELECT c.line, c.code, c.reference, c.kind::varchar AS kind,
           pm.res_id AS pm_id,
           CASE WHEN b1.res_id IS NOT NULL THEN 'box'
                WHEN p1.res_id IS NOT NULL THEN 'pbo'
                WHEN c.kind = 'transport' AND n1.res_id IS NOT NULL THEN 'nro'
                WHEN c.kind <> 'transport' AND z.pm IS NOT NULL THEN 'pm'
                END::varchar AS start_kind,
           CASE WHEN c.kind = 'transport' AND b1.res_id IS NULL
                     AND p1.res_id IS NULL THEN n1.res_id END AS start_nro_id,
           b1.res_id AS start_box_id, p1.res_id AS start_pbo_id,
           CASE WHEN b2.res_id IS NOT NULL THEN 'box'
                WHEN p2.res_id IS NOT NULL THEN 'pbo'
                WHEN o2.res_id IS NOT NULL THEN 'pto'
                WHEN c.kind = 'transport' AND pm.res_id IS NOT NULL
                     AND c.box2 IS NULL THEN 'pm'
                END::varchar AS end_kind,
           b2.res_id AS end_box_id, p2.res_id AS end_pbo_id,
           o2.res_id AS end_pto_id,
           CASE WHEN q.capacity > 0
                THEN (q.capacity + q.tube - 1) / q.tube END AS tube_count,
           CASE WHEN q.capacity > 0
                THEN LEAST(q.tube, q.capacity) END AS fibres_per_tube,
           round(q.length::numeric, 1) AS length_m, l.line AS drawn, l.south,
           l.west, l.north, l.east
      FROM %(cables)s c
      JOIN %(cable)s s ON s.line = c.line
      CROSS JOIN LATERAL (
          SELECT %(capacity)s AS capacity,
                 COALESCE(NULLIF(GREATEST(%(tubes)s, 0), 0), 12) AS tube,
                 GREATEST(%(length)s, 0) AS length) q
      LEFT JOIN %(pm)s pm ON pm.reference = c.pm
      LEFT JOIN (SELECT node, min(reference) AS pm FROM %(zone)s GROUP BY 1) z
        ON z.node = c.nd1 AND c.box1 IS NULL
      LEFT JOIN (SELECT t.zn_nd_code AS node, min(n.res_id) AS res_id
                   FROM %(znro)s t JOIN %(nro)s n ON n.line = t.line GROUP BY 1) n1
        ON n1.node = c.nd1
      LEFT JOIN %(box)s b1 ON b1.line = c.box1
      LEFT JOIN %(pbo)s p1 ON p1.line = c.box1
      LEFT JOIN %(box)s b2 ON b2.line = c.box2
      LEFT JOIN %(pbo)s p2 ON p2.line = c.box2
      LEFT JOIN %(pto)s o2 ON o2.line = c.box2
      LEFT JOIN %(lines)s l ON l.code = c.code
     WHERE c.kind = 'transport' OR pm.res_id IS NOT NULL
"""
