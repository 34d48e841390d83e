"""Subjects of the rows of a delivery: nodes, boxes, trays, ends of cables.

A subject is "model,id"; what has no record of its own is named after a slash.
"""

from odoo.tools import SQL

from . import links
from .codes import code_table
from .cutting import cut, cut_none

NRO, PM, TECHNICAL, BOX, PBO, PTO, BUILDING = (
    f"oiconnect.{name},"
    for name in ("nro", "pm", "technical.pm", "splice.box", "pbo", "pto", "building")
)
MODULE, CABLE, FIBRE = (
    "oiconnect.pm.module,",
    "oiconnect.pbo.cable,",
    "oiconnect.pbo.fibre,",
)
POSITION, SPLICE, ROUTE = (
    "oiconnect.pm.position,",
    "oiconnect.splice,",
    "oiconnect.route,",
)


def _placed(first, *others):
    """Return the columns of a place: its own, else that of what it hangs on."""
    both = [
        ", ".join(
            f"CASE WHEN {alias}.latitude <> 0 THEN {alias}.{name} END"
            for alias in (first, *others)
        )
        for name in ("longitude", "latitude")
    ]
    return f"""COALESCE({both[0]}) AS lon, COALESCE({both[1]}) AS lat,
        COALESCE({first}.latitude, 0) <> 0 AS is_own"""


# Where things are: what has no place of its own says so
_NODES = f"""
    SELECT '{NRO}' || n.id AS subject, {_placed("n")}, n.reference AS name,
           n.reference AS r2, NULL::varchar AS r3, 'ST' AS kind, n.create_date,
           n.write_date
      FROM gx_nro n
    UNION ALL
    SELECT '{PM}' || p.id, {_placed("p", "n")}, p.reference, n.reference, p.reference,
           'ST', p.create_date, p.write_date
      FROM gx_pm p LEFT JOIN gx_nro n ON n.id = p.nro_id
    UNION ALL
    SELECT '{BOX}' || b.id, {_placed("b", "p", "n")}, b.reference, n.reference,
           p.reference, 'PT', b.create_date, b.write_date
      FROM gx_box b
      LEFT JOIN oiconnect_pm p ON p.id = b.pm_id
      LEFT JOIN oiconnect_nro n ON n.id = COALESCE(b.nro_id, p.nro_id)
    UNION ALL
    SELECT '{PBO}' || b.id, {_placed("b", "p", "n")}, b.reference, n.reference,
           p.reference, 'PT', b.create_date, b.write_date
      FROM gx_pbo b
      LEFT JOIN oiconnect_pm p ON p.id = b.pm_id
      LEFT JOIN oiconnect_nro n ON n.id = p.nro_id
    UNION ALL
    SELECT '{BUILDING}' || b.id, {_placed("b", "p", "n")}, b.identifier, n.reference,
           p.reference, 'SF', b.create_date, b.write_date
      FROM gx_building b
      LEFT JOIN oiconnect_pm p ON p.id = b.pm_id
      LEFT JOIN oiconnect_nro n ON n.id = p.nro_id
"""
# Cables with the nodes and the boxes of their ends; a route that is wired without a
# drop cable has one of its own.
_CABLES = f"""
    WITH started AS (
        SELECT DISTINCT cable_id AS id FROM gx_position WHERE cable_id IS NOT NULL
    ), waiting AS (
        SELECT cable_id AS id, min(pbo_id) AS pbo_id FROM gx_fibre
         WHERE pbo_id IS NOT NULL GROUP BY 1 HAVING count(DISTINCT pbo_id) = 1
    ), counted AS (
        SELECT cable_id AS id, count(*) AS fibres FROM gx_fibre GROUP BY 1
    ), known AS (
        SELECT c.*,
               CASE WHEN c.start_kind IS NOT NULL THEN c.start_kind
                    WHEN c.kind = 'distribution' AND s.id IS NOT NULL THEN 'pm'
                    END AS from_kind,
               CASE WHEN c.end_kind IS NOT NULL THEN c.end_kind
                    WHEN w.pbo_id IS NOT NULL THEN 'pbo' END AS to_kind,
               CASE WHEN c.end_kind IS NULL THEN w.pbo_id ELSE c.end_pbo_id
                    END AS to_pbo_id,
               n.fibres
          FROM gx_cable c LEFT JOIN started s USING (id) LEFT JOIN waiting w USING (id)
          LEFT JOIN counted n USING (id)
    )
    SELECT '{CABLE}' || c.id AS subject, c.reference, c.kind, c.pm_id,
           CASE c.from_kind WHEN 'nro' THEN '{NRO}' || c.start_nro_id
                WHEN 'pm' THEN '{PM}' || c.pm_id
                WHEN 'box' THEN '{BOX}' || c.start_box_id
                WHEN 'pbo' THEN '{PBO}' || c.start_pbo_id END AS node1,
           CASE c.to_kind WHEN 'pm' THEN '{PM}' || c.pm_id
                WHEN 'box' THEN '{BOX}' || c.end_box_id
                WHEN 'pbo' THEN '{PBO}' || c.to_pbo_id
                WHEN 'pto' THEN '{BUILDING}' || o.building_id END AS node2,
           CASE c.from_kind WHEN 'box' THEN '{BOX}' || c.start_box_id
                WHEN 'pbo' THEN '{PBO}' || c.start_pbo_id END AS box1,
           CASE c.to_kind WHEN 'box' THEN '{BOX}' || c.end_box_id
                WHEN 'pbo' THEN '{PBO}' || c.to_pbo_id
                WHEN 'pto' THEN '{PTO}' || c.end_pto_id END AS box2,
           CASE c.from_kind WHEN 'pm' THEN '{PM}' || c.pm_id
                WHEN 'nro' THEN '{NRO}' || c.start_nro_id END AS bay1,
           CASE WHEN c.to_kind = 'pm' THEN '{PM}' || c.pm_id END AS bay2,
           COALESCE(NULLIF(c.tube_count * c.fibres_per_tube, 0), c.fibres) AS capacity,
           NULLIF(c.fibres_per_tube, 0) AS tube_size,
           NULLIF(c.length_m, 0) AS length, c.line, c.create_date, c.write_date
      FROM known c
      LEFT JOIN gx_pto o ON o.id = c.end_pto_id
    UNION ALL
    SELECT '{ROUTE}' || d.route_id, NULL, 'drop', r.pm_id, '{PBO}' || d.pbo_id,
           '{BUILDING}' || o.building_id, '{PBO}' || d.pbo_id, '{PTO}' || d.pto_id,
           NULL, NULL, NULL, NULL, NULL, NULL, r.create_date, r.write_date
      FROM gx_drop d
      JOIN gx_route r ON r.id = d.route_id
      JOIN gx_pto o ON o.id = d.pto_id
     WHERE d.cable_id IS NULL
    UNION ALL {links.CABLES}
"""
# Positions: at the drawers, splices, fibres that wait, and those of the drops
_POSITIONS = f"""
    SELECT '{POSITION}' || h.id AS subject, h.number,
           '{POSITION}' || g.position_id || '/jumper' AS fibre1,
           '{FIBRE}' || h.first_id AS fibre2,
           '{MODULE}' || h.module_id || '/' || COALESCE(h.tray, 0) AS tray,
           '{MODULE}' || h.module_id AS drawer, 'CO' AS function, NULL AS kind,
           h.name AS comment, h.create_date, h.write_date
      FROM gx_head h LEFT JOIN gx_feed g ON g.position_id = h.id
    UNION ALL
    SELECT '{SPLICE}' || s.id, NULLIF(s.slot, 0), '{FIBRE}' || s.upstream_id,
           '{FIBRE}' || s.downstream_id,
           COALESCE('{PBO}' || s.pbo_id, '{BOX}' || s.splice_box_id) || '/'
               || COALESCE(s.tray, ''),
           NULL, CASE s.kind WHEN 'connector' THEN 'CO' WHEN 'pigtail' THEN 'PI'
                             WHEN 'uncut' THEN 'PA' ELSE 'EP' END,
           CASE s.kind WHEN 'fusion' THEN 'SFU' WHEN 'mechanical' THEN 'SME' END,
           s.box, s.create_date, s.write_date
      FROM gx_splice s
    UNION ALL
    SELECT '{ROUTE}' || d.route_id, NULL, '{FIBRE}' || d.last_id,
           '{ROUTE}' || d.route_id, '{PBO}' || d.pbo_id || '/', NULL, 'EP', NULL, NULL,
           r.create_date, r.write_date
      FROM gx_drop d JOIN gx_route r ON r.id = d.route_id
    UNION ALL
    SELECT '{FIBRE}' || f.id, NULL, '{FIBRE}' || f.id, NULL,
           COALESCE('{PBO}' || f.pbo_id, '{BOX}' || f.splice_box_id) || '/', NULL, 'AT',
           NULL, NULL, f.create_date, f.write_date
      FROM gx_fibre f
     WHERE (f.pbo_id IS NOT NULL OR f.splice_box_id IS NOT NULL) AND NOT f.goes_on
       AND NOT EXISTS (SELECT FROM gx_drop d WHERE d.last_id = f.id)
    UNION ALL ({links.POSITIONS})
    UNION ALL {links.PM_POSITIONS}
"""
# Trays of boxes, and of drawers: those of a splitter end by an S
_TRAYS = """
    SELECT p.subject, p.owner, regexp_replace(p.label, ' S$', '') AS label,
           p.is_drawer, p.is_drawer AND p.label ~ ' S$' AS is_split, p.create_date,
           p.write_date
      FROM (SELECT tray AS subject,
                   COALESCE(min(drawer), split_part(tray, '/', 1)) AS owner,
                   substr(tray, COALESCE(length(min(drawer)) + 2,
                                         strpos(tray, '/') + 1)) AS label,
                   min(drawer) IS NOT NULL AS is_drawer,
                   min(create_date) AS create_date, max(write_date) AS write_date
              FROM gx_place WHERE tray IS NOT NULL GROUP BY tray) p
"""
#: table → what its rows are about
_SUBJECTS = {
    "t_noeud": "SELECT subject FROM gx_node",
    "t_znro": f"SELECT '{NRO}' || id AS subject FROM gx_nro",
    "t_zsro": f"SELECT '{PM}' || id AS subject FROM gx_pm",
    "t_zpbo": f"SELECT '{PBO}' || id AS subject FROM gx_pbo",
    "t_baie": f"""SELECT '{PM}' || id AS subject FROM gx_pm
                  UNION ALL SELECT '{TECHNICAL}' || id FROM gx_technical
                  UNION ALL {links.SUBJECTS["t_baie"]}""",
    "t_tiroir": f"""SELECT '{MODULE}' || id AS subject FROM gx_module
                    UNION ALL {links.SUBJECTS["t_tiroir"]}""",
    "t_ptech": f"""SELECT '{PBO}' || id AS subject FROM gx_pbo
                   UNION ALL SELECT '{BOX}' || id FROM gx_box""",
    "t_ebp": f"""SELECT '{PBO}' || id AS subject FROM gx_pbo
                 UNION ALL SELECT '{BOX}' || id FROM gx_box
                 UNION ALL SELECT '{PTO}' || id FROM gx_pto""",
    "t_cassette": "SELECT subject FROM gx_tray",
    "t_cable": "SELECT subject FROM gx_laid",
    "t_cableline": "SELECT subject FROM gx_laid WHERE drawable",
    "t_fibre": f"""SELECT '{FIBRE}' || id AS subject FROM gx_fibre
                   UNION ALL SELECT subject FROM gx_piece
                   UNION ALL SELECT '{ROUTE}' || route_id FROM gx_drop
                   UNION ALL {links.SUBJECTS["t_fibre"]}""",
    "t_position": "SELECT subject FROM gx_place",
    "t_ropt": f"SELECT '{ROUTE}' || route_id AS subject FROM gx_drop",
    "t_adresse": f"SELECT '{BUILDING}' || id AS subject FROM gx_building",
}
_SITES = f"""SELECT '{NRO}' || id AS subject FROM gx_nro
             UNION ALL SELECT '{PM}' || id FROM gx_pm"""
_LOCALS = f"""{_SITES} UNION ALL SELECT '{TECHNICAL}' || id FROM gx_technical"""
_BY_GENERATION = {
    "2": {
        "t_sitetech": _SITES,
        "t_ltech": _LOCALS,
        "t_suf": "SELECT subject FROM gx_home",
    },
    "3": {
        "t_site": f"""{_SITES} UNION ALL
                      SELECT '{BUILDING}' || id FROM gx_building""",
        "t_local": f"{_LOCALS} UNION ALL SELECT subject FROM gx_home",
    },
}


def make(work, generation):
    """Make the tables of what rows are about."""
    work.make("gx_node", SQL(_NODES), "subject")
    work.make(
        "gx_laid",
        SQL(
            """SELECT c.*, a.lon AS lon1, a.lat AS lat1, b.lon AS lon2, b.lat AS lat2,
                      NULL::varchar AS physical,
                      c.line IS NOT NULL OR (a.lon IS NOT NULL AND b.lon IS NOT NULL
                          AND (a.lon, a.lat) <> (b.lon, b.lat)) AS drawable
                 FROM (%s) c
                 LEFT JOIN gx_node a ON a.subject = c.node1
                 LEFT JOIN gx_node b ON b.subject = c.node2""",
            SQL(_CABLES),
        ),
        "subject",
    )
    work.make("gx_place", SQL(_POSITIONS), "tray")
    if generation == "3":
        cut(work)
    else:
        cut_none(work)
    work.make("gx_tray", SQL(_TRAYS), "subject")


def made_tables(generation):
    """Return the tables of which the network makes rows."""
    return _SUBJECTS.keys() | _BY_GENERATION[generation].keys()


def written(generation):
    """Yield queries of (table_name, code) of the rows that the network makes."""
    for table, subjects in (_SUBJECTS | _BY_GENERATION[generation]).items():
        yield SQL(
            "SELECT %s AS table_name, code FROM %s WHERE subject IN (%s)",
            table,
            SQL.identifier(code_table(table)),
            SQL(subjects),
        )


def give_codes(codes, generation):
    """Make the codes of all rows of the delivery."""
    for table, subjects in (_SUBJECTS | _BY_GENERATION[generation]).items():
        codes.give(table, SQL(subjects))
