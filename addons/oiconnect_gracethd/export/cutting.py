"""Cables of version 3 are cut at each box: fibres that pass are joined there.

The parts of a cable have its reference as ``cb_cabphy``. The first keeps the code of
the cable; the others, and their fibres, are named after a slash: "…,12/2". What a
delivery gave is not cut: its rows come back.
"""

import math
from operator import itemgetter

import shapely
from shapely.ops import substring

from odoo.tools import SQL, groupby

# As in ``subjects``, which needs this module
CABLE, FIBRE = "oiconnect.pbo.cable,", "oiconnect.pbo.fibre,"
_PAGE = 5000


def cut(work):
    """Cut the cables that join more than two boxes (``gx_laid``, ``gx_place``)."""
    work.make("gx_stop", SQL(_STOPS))
    work.make("gx_cut", SQL(_CUT), "cable_id")
    work.make("gx_part", SQL(_NO_PART))
    for rows in _pages(work.cr):
        parts = [
            part
            for cable_id, stops in groupby(rows, itemgetter(0))
            for part in _parts(cable_id, stops)
        ]
        work.cr.execute(
            SQL(
                """INSERT INTO gx_part SELECT * FROM unnest(%s::int[], %s::int[],
                       %s::text[], %s::float8[], %s::text[])""",
                *map(list, zip(*parts, strict=True)),
            )
        )
    work.cr.execute("ANALYZE gx_part")
    work.make("gx_way", SQL(_WAYS))
    work.make("gx_piece", SQL(_PIECES), "subject")
    for query in (_END, _START, _PASSING, _LAID, _FIRST):
        work.cr.execute(SQL(query))
    work.cr.execute("ANALYZE gx_place; ANALYZE gx_laid")


def cut_none(work):
    """Make the tables of cut cables, without any."""
    work.make("gx_piece", SQL(_NO_PIECE), "subject")


def _pages(cr):
    """Yield rows of the boxes of some cables, those of one cable together."""
    last = 0
    while True:
        cr.execute(SQL(_BOXES, last=last, page=_PAGE))
        rows = cr.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _parts(cable_id, stops):
    """Return (cable, rank, box, share of the length, line) of the parts of a cable."""
    _id, lon, lat, text = stops[0][:4]
    drawn = shapely.from_geojson(text) if text else None
    start = (lon, lat) if lon is not None else None
    known = [(box, (x, y), first, last) for *_rest, box, first, last, x, y in stops]
    places = [
        (_along(drawn, start, point), box, last)
        for box, point, first, last in known
        if not first
    ]
    # The end that is given is the last, wherever it is
    places.sort(key=lambda place: (place[2] or False, place[0], place[1]))
    total = max((place[0] for place in places), default=0) or 1
    found, before = [], 0.0
    for rank, (at, box, _last) in enumerate(places, 1):
        line = None
        if drawn is not None and drawn.length:
            end = drawn.length if rank == len(places) else at
            piece = substring(drawn, min(before, end), max(before, end))
            if piece.geom_type == "LineString":
                line = shapely.to_geojson(piece)
        found.append((cable_id, rank, box, max(at - before, 0) / total, line))
        before = max(at, before)
    return found


def _along(drawn, start, point):
    """Return how far a box is on the line of its cable, or from its start."""
    if point[0] is None:
        return 0.0
    if drawn is not None:
        return float(shapely.line_locate_point(drawn, shapely.Point(point)))
    return math.dist(start, point) if start else 0.0


# Where the fibres of cables that no delivery gave begin and end; no box: a drawer,
# which at their end is that of the PM, given as a box here
_STOPS = f"""
    SELECT f.cable_id, f.fibre_id, v.is_end,
           CASE WHEN p.drawer IS NULL THEN split_part(p.tray, '/', 1)
                WHEN v.is_end THEN f.node2 END AS box
      FROM gx_place p
     CROSS JOIN LATERAL (VALUES (p.fibre1, TRUE), (p.fibre2, FALSE)) v(fibre, is_end)
      JOIN (SELECT '{FIBRE}' || f.id AS subject, f.id AS fibre_id, f.cable_id,
                   l.node2
              FROM gx_fibre f
              LEFT JOIN gx_laid l ON l.subject = '{CABLE}' || f.cable_id
             WHERE NOT EXISTS (SELECT FROM gx_owner o
                                WHERE o.subject = '{CABLE}' || f.cable_id)
           ) f ON f.subject = v.fibre
"""
_BOXES_OF = f"""
    SELECT cable_id, box FROM gx_stop WHERE box IS NOT NULL
     UNION
    SELECT s.cable_id, v.box
      FROM (SELECT DISTINCT cable_id FROM gx_stop) s
      JOIN gx_laid l ON l.subject = '{CABLE}' || s.cable_id
     CROSS JOIN LATERAL (VALUES (l.box1), (COALESCE(l.box2, l.node2))) v(box)
     WHERE v.box IS NOT NULL
"""
# A cable that passes a box is cut there, whether it begins and ends at boxes, at an NRO
# or at PMs
_CUT = f"""
    SELECT b.cable_id, array_agg(b.box) AS boxes FROM ({_BOXES_OF}) b
      JOIN gx_laid l ON l.subject = '{CABLE}' || b.cable_id
     GROUP BY 1 HAVING count(*) + bool_or(l.box1 IS NULL AND l.node1 IS NOT NULL)::int
                       > 2
"""
_BOXES = f"""
    SELECT c.cable_id, l.lon1, l.lat1, l.line, b.box, COALESCE(b.box = l.box1, FALSE),
           COALESCE(b.box = COALESCE(l.box2, l.node2), FALSE), n.lon, n.lat
      FROM (SELECT * FROM gx_cut WHERE cable_id > %(last)s ORDER BY 1 LIMIT %(page)s) c
     CROSS JOIN LATERAL unnest(c.boxes) b(box)
      JOIN gx_laid l ON l.subject = '{CABLE}' || c.cable_id
      LEFT JOIN gx_node n ON n.subject = b.box
     ORDER BY c.cable_id, b.box
"""
_NO_PART = """
    SELECT NULL::int AS cable_id, NULL::int AS rank, NULL::text AS box,
           NULL::float8 AS share, NULL::text AS line WHERE FALSE
"""
# Between which boxes a fibre goes, by their rank; 0 is the start of the cable
_WAYS = """
    SELECT fibre_id, cable_id, max(at) FILTER (WHERE NOT is_end) AS first,
           max(at) FILTER (WHERE is_end) AS last
      FROM (SELECT s.fibre_id, s.cable_id, s.is_end, COALESCE(p.rank, 0) AS at
              FROM gx_stop s JOIN gx_cut c USING (cable_id)
              LEFT JOIN gx_part p ON p.cable_id = s.cable_id AND p.box = s.box) w
     GROUP BY 1, 2
"""
_PIECES = f"""
    SELECT '{FIBRE}' || f.id || '/' || p.rank AS subject, f.id AS fibre_id, p.rank,
           '{CABLE}' || f.cable_id || '/' || p.rank AS cable,
           COALESCE(p.rank > COALESCE(w.first, 0) AND p.rank <= w.last, FALSE)
               AS is_lit
      FROM gx_part p JOIN gx_fibre f ON f.cable_id = p.cable_id
      LEFT JOIN gx_way w ON w.fibre_id = f.id
     WHERE p.rank > 1
"""
_NO_PIECE = """
    SELECT NULL::text AS subject, NULL::int AS fibre_id, NULL::int AS rank,
           NULL::text AS cable, FALSE AS is_lit WHERE FALSE
"""


def _piece(fibre, rank):
    """Return the SQL of the subject of the part ``rank`` of a fibre."""
    return f"""'{FIBRE}' || {fibre}
        || CASE WHEN {rank} > 1 THEN '/' || {rank} ELSE '' END"""


_FORTH = "COALESCE(w.first, 0) < w.last"
# The part of a fibre that comes to its last box, and that which leaves its first
_TO_LAST = "(CASE WHEN COALESCE(w.first, 0) <= w.last THEN w.last ELSE w.last + 1 END)"
_FROM_FIRST = "(CASE WHEN w.first < w.last THEN w.first + 1 ELSE w.first END)"
_END = f"""
    UPDATE gx_place p SET fibre1 = {_piece("w.fibre_id", _TO_LAST)}
      FROM gx_way w
     WHERE p.fibre1 = '{FIBRE}' || w.fibre_id AND w.last > 0
"""
_START = f"""
    UPDATE gx_place p SET fibre2 = {_piece("w.fibre_id", _FROM_FIRST)}
      FROM gx_way w
     WHERE p.fibre2 = '{FIBRE}' || w.fibre_id AND w.first > 0
"""
_PASSING = f"""
    INSERT INTO gx_place (subject, fibre1, fibre2, tray, function)
    SELECT '{FIBRE}' || w.fibre_id || '/passing/' || p.rank,
           CASE WHEN {_FORTH} THEN {_piece("w.fibre_id", "p.rank")}
                ELSE {_piece("w.fibre_id", "(p.rank + 1)")} END,
           CASE WHEN {_FORTH} THEN {_piece("w.fibre_id", "(p.rank + 1)")}
                ELSE {_piece("w.fibre_id", "p.rank")} END,
           p.box || '/', 'PA'
      FROM gx_way w
      JOIN gx_part p ON p.cable_id = w.cable_id
           AND p.rank > LEAST(COALESCE(w.first, 0), w.last)
           AND p.rank < GREATEST(COALESCE(w.first, 0), w.last)
"""
_LAID = f"""
    INSERT INTO gx_laid
    SELECT (l2).* FROM (
        SELECT jsonb_populate_record(l, jsonb_build_object(
                   'subject', l.subject || '/' || p.rank, 'node1', b.box, 'box1', b.box,
                   'bay1', NULL, 'node2', p.box,
                   'box2', CASE WHEN l.box2 IS NOT NULL OR p.box <> l.node2
                                     OR l.node2 IS NULL THEN p.box END,
                   'bay2', CASE WHEN p.box = l.node2 THEN l.bay2 END,
                   'length', round((l.length * p.share)::numeric, 1), 'line', p.line,
                   'lon1', a.lon, 'lat1', a.lat, 'lon2', z.lon, 'lat2', z.lat,
                   'reference', l.reference || '/' || p.rank, 'physical', l.reference,
                   'drawable', p.line IS NOT NULL OR (a.lon IS NOT NULL AND z.lon
                       IS NOT NULL AND (a.lon, a.lat) <> (z.lon, z.lat)))) AS l2
          FROM gx_part p
          JOIN gx_part b ON b.cable_id = p.cable_id AND b.rank = p.rank - 1
          JOIN gx_laid l ON l.subject = '{CABLE}' || p.cable_id
          LEFT JOIN gx_node a ON a.subject = b.box
          LEFT JOIN gx_node z ON z.subject = p.box
         WHERE p.rank > 1) q
"""
_FIRST = f"""
    UPDATE gx_laid l
       SET node2 = p.box, box2 = p.box, bay2 = NULL, physical = l.reference,
           length = round((l.length * p.share)::numeric, 1), line = p.line,
           lon2 = z.lon, lat2 = z.lat,
           drawable = p.line IS NOT NULL OR (l.lon1 IS NOT NULL AND z.lon IS NOT NULL
               AND (l.lon1, l.lat1) <> (z.lon, z.lat))
      FROM gx_part p LEFT JOIN gx_node z ON z.subject = p.box
     WHERE l.subject = '{CABLE}' || p.cable_id AND p.rank = 1
"""
