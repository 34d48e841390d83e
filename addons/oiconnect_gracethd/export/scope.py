"""What of the network is exported: temporary tables ``gx_…`` of its records."""

from odoo.tools import SQL

#: name → query; in this order, each may use those before it
_QUERIES = {
    "gx_pm": """
        SELECT * FROM oiconnect_pm WHERE id = ANY(%(pms)s)
    """,
    "gx_nro": """
        SELECT * FROM oiconnect_nro
         WHERE id = ANY(%(nros)s) OR id IN (SELECT nro_id FROM gx_pm)
            OR id IN (SELECT COALESCE(l.nro_id, d.nro_id) FROM oiconnect_pm_link l
                        JOIN gx_pm p ON p.id = l.pm_id
                        LEFT JOIN oiconnect_prdm d ON d.id = l.prdm_id
                       WHERE EXISTS (SELECT FROM oiconnect_pm_link_fibre f
                                      WHERE f.link_id = l.id))
    """,
    # Cables of the PMs, those of their links, those of the chosen NROs that lead to
    # several PMs, and what these go on from.
    "gx_cable": """
        WITH RECURSIVE chain(id) AS (
            SELECT c.id FROM oiconnect_pbo_cable c JOIN gx_pm p ON p.id = c.pm_id
            UNION
            SELECT t.cable_id FROM oiconnect_pm_link_fibre f
              JOIN gx_pm p ON p.id = f.pm_id
              JOIN oiconnect_pbo_fibre t ON t.id = f.transport_fibre_id
            UNION
            SELECT c.id FROM oiconnect_pbo_cable c
             WHERE c.kind = 'transport' AND c.pm_id IS NULL
               AND (c.start_nro_id = ANY(%(nros)s) OR c.start_box_id IN (
                   SELECT id FROM oiconnect_splice_box WHERE nro_id = ANY(%(nros)s)))
            UNION
            SELECT s.upstream_cable_id FROM chain
              JOIN oiconnect_splice s ON s.downstream_cable_id = chain.id
        )
        SELECT c.* FROM oiconnect_pbo_cable c WHERE c.id IN (SELECT id FROM chain)
    """,
    "gx_fibre_row": """
        SELECT f.id, f.cable_id, f.tube, f.fibre, f.sequence, f.pbo_id,
               f.splice_box_id, f.create_date, f.write_date
          FROM oiconnect_pbo_fibre f
          JOIN gx_cable c ON c.id = f.cable_id AND c.kind <> 'drop'
    """,
    "gx_splice": """
        SELECT s.* FROM oiconnect_splice s
          JOIN gx_fibre_row u ON u.id = s.upstream_id
          JOIN gx_fibre_row d ON d.id = s.downstream_id
    """,
    "gx_box": """
        SELECT * FROM oiconnect_splice_box
         WHERE pm_id IN (SELECT id FROM gx_pm) OR nro_id = ANY(%(nros)s)
            OR id IN (SELECT start_box_id FROM gx_cable
                      UNION SELECT end_box_id FROM gx_cable
                      UNION SELECT splice_box_id FROM gx_splice
                      UNION SELECT splice_box_id FROM gx_fibre_row)
    """,
    "gx_module": """
        SELECT m.* FROM oiconnect_pm_module m JOIN gx_pm p ON p.id = m.pm_id
    """,
    "gx_technical": """
        SELECT t.* FROM oiconnect_technical_pm t JOIN gx_pm p ON p.id = t.pm_id
    """,
    "gx_position": """
        SELECT p.* FROM oiconnect_pm_position p JOIN gx_module m ON m.id = p.module_id
    """,
    "gx_route": """
        SELECT r.* FROM oiconnect_route r JOIN gx_pm p ON p.id = r.pm_id
    """,
    "gx_pto": """
        SELECT * FROM oiconnect_pto
         WHERE building_id IN (SELECT b.id FROM oiconnect_building b
                                 JOIN gx_pm p ON p.id = b.pm_id)
            OR id IN (SELECT pto_id FROM gx_route
                      UNION SELECT end_pto_id FROM gx_cable)
    """,
    "gx_building": """
        SELECT b.* FROM oiconnect_building b
         WHERE b.pm_id IN (SELECT id FROM gx_pm)
            OR b.id IN (SELECT building_id FROM gx_pto)
    """,
    "gx_pbo": """
        SELECT * FROM oiconnect_pbo
         WHERE pm_id IN (SELECT id FROM gx_pm)
            OR id IN (SELECT start_pbo_id FROM gx_cable
                      UNION SELECT end_pbo_id FROM gx_cable
                      UNION SELECT pbo_id FROM gx_splice
                      UNION SELECT pbo_id FROM gx_fibre_row
                      UNION SELECT pbo_id FROM gx_pto)
    """,
    # Tubes and fibres are numbers in a delivery: those that are read in the labels,
    # numbers or colours, or else their order in the cable.
    "gx_colour": """
        SELECT lower(code) AS label, min(number) AS number
          FROM oiconnect_fibre_colour GROUP BY 1
    """,
    "gx_fibre": """
        WITH numbered AS (
            SELECT f.*, tc.number AS tube_colour, fc.number AS fibre_colour,
                   CASE WHEN f.tube ~ '^[0-9]{1,4}$' THEN f.tube::int
                        ELSE tc.number END AS read_tube,
                   CASE WHEN f.fibre ~ '^[0-9]{1,4}$' THEN f.fibre::int
                        ELSE fc.number END AS read_fibre
              FROM gx_fibre_row f
              LEFT JOIN gx_colour tc ON tc.label = lower(f.tube)
              LEFT JOIN gx_colour fc ON fc.label = lower(f.fibre)
        ), good AS (
            SELECT cable_id FROM numbered GROUP BY 1
            HAVING bool_and(read_tube > 0 AND read_fibre > 0)
               AND count(DISTINCT (read_tube, read_fibre)) = count(*)
        ), first AS (
            SELECT n.*, good.cable_id IS NOT NULL AS is_good,
                   min(n.sequence) OVER tube AS tube_sequence,
                   min(n.id) OVER tube AS tube_first
              FROM numbered n LEFT JOIN good USING (cable_id)
            WINDOW tube AS (PARTITION BY n.cable_id, n.tube)
        ), ranked AS (
            SELECT first.*,
                   CASE WHEN is_good THEN read_tube
                        ELSE dense_rank() OVER (
                            PARTITION BY cable_id ORDER BY tube_sequence, tube_first)
                        END AS number_of_tube,
                   CASE WHEN is_good THEN read_fibre
                        ELSE row_number() OVER (
                            PARTITION BY cable_id, tube ORDER BY sequence, id)
                        END AS number_in_tube
              FROM first
        )
        SELECT id, cable_id, pbo_id, splice_box_id, create_date, write_date, tube,
               fibre, number_of_tube, number_in_tube, tube_colour, fibre_colour,
               row_number() OVER (PARTITION BY cable_id
                   ORDER BY number_of_tube, number_in_tube) AS number_in_cable,
               EXISTS (SELECT FROM gx_splice s WHERE s.upstream_id = ranked.id)
                   AS goes_on,
               EXISTS (SELECT FROM gx_splice s WHERE s.downstream_id = ranked.id)
                   AS is_spliced
          FROM ranked
    """,
    # The fibre behind each position of a drawer: the one it names, else that of its
    # route when nothing else leads there.
    "gx_head": """
        WITH named AS (
            SELECT p.*, f.id AS fibre_id FROM gx_position p
              LEFT JOIN gx_fibre f ON f.cable_id = p.cable_id AND f.tube = p.tube
                   AND f.fibre = p.fibre AND NOT f.is_spliced
        ), tried AS (
            SELECT n.id, f.id AS fibre_id FROM named n
              JOIN gx_route r ON r.position_id = n.id
              JOIN gx_fibre f ON f.id = r.fibre_id AND NOT f.is_spliced
             WHERE n.fibre_id IS NULL
               AND NOT EXISTS (SELECT FROM named o WHERE o.fibre_id = f.id)
        ), numbered AS (
            SELECT n.*, COALESCE(n.fibre_id, t.fibre_id) AS first_id,
                   CASE WHEN n.name ~ '^[0-9]{1,4}/[0-9]{1,4}$'
                        THEN split_part(n.name, '/', 1)::int END AS read_tray,
                   CASE WHEN n.name ~ '^([0-9]{1,4}/)?[0-9]{1,4}$'
                        THEN substring(n.name FROM '[0-9]+$')::int END
                        AS read_number
              FROM named n LEFT JOIN tried t USING (id)
        ), good AS (
            SELECT module_id FROM numbered GROUP BY 1
            HAVING bool_and(read_number IS NOT NULL)
               AND count(DISTINCT (COALESCE(read_tray, 0), read_number)) = count(*)
        )
        SELECT n.id, n.module_id, n.name, n.first_id, n.create_date, n.write_date,
               CASE WHEN good.module_id IS NOT NULL THEN n.read_tray END AS tray,
               CASE WHEN good.module_id IS NOT NULL THEN n.read_number
                    ELSE row_number() OVER (PARTITION BY n.module_id
                         ORDER BY n.sequence, n.id) END AS number
          FROM numbered n LEFT JOIN good USING (module_id)
    """,
    # Routes that are wired to a socket, and the fibre that the drop goes on from
    "gx_drop": """
        SELECT r.id AS route_id, r.pto_id, COALESCE(r.fibre_id, h.first_id) AS last_id,
               COALESCE(f.pbo_id, r.pbo_id, pto.pbo_id) AS pbo_id,
               d.id AS cable_id,
               row_number() OVER (PARTITION BY r.pto_id
                   ORDER BY r.connector_number, r.id) AS number
          FROM gx_route r
          JOIN gx_pto pto ON pto.id = r.pto_id
          LEFT JOIN gx_head h ON h.id = r.position_id
          JOIN gx_fibre f ON f.id = COALESCE(r.fibre_id, h.first_id)
               AND NOT f.goes_on
          LEFT JOIN (SELECT end_pto_id, min(id) AS id FROM gx_cable
                      WHERE kind = 'drop' GROUP BY 1) d ON d.end_pto_id = r.pto_id
    """,
    # Dwellings: those with a socket, then those that are counted only
    "gx_home": """
        WITH counted AS (
            SELECT l.id, l.building_id, l.staircase, l.floor, l.pbo_id,
                   GREATEST(l.dwelling_count - COALESCE(p.times, 0), 0) AS more
              FROM oiconnect_building_level l
              JOIN gx_building b ON b.id = l.building_id
              LEFT JOIN (SELECT level_id, count(*) AS times FROM gx_pto GROUP BY 1) p
                ON p.level_id = l.id
        ), homes AS (
            SELECT 'oiconnect.pto,' || p.id AS subject, p.building_id,
                   l.staircase, l.floor, COALESCE(p.pbo_id, l.pbo_id) AS pbo_id
              FROM gx_pto p LEFT JOIN oiconnect_building_level l ON l.id = p.level_id
            UNION ALL
            SELECT 'oiconnect.building.level,' || c.id || '/' || n, c.building_id,
                   c.staircase, c.floor, c.pbo_id
              FROM counted c, generate_series(1, LEAST(c.more, %(most)s)) n
        )
        SELECT * FROM homes
        UNION ALL
        SELECT 'oiconnect.building,' || b.id || '/' || n, b.id, NULL, NULL, NULL
          FROM gx_building b
          LEFT JOIN (SELECT building_id, count(*) AS times FROM homes GROUP BY 1) h
            ON h.building_id = b.id,
               generate_series(1, LEAST(b.dwelling_count - COALESCE(h.times, 0),
                                        %(most)s)) n
    """,
}
#: columns of joins, analysed with the table
_INDEXES = {
    "gx_pm": ("id",),
    "gx_nro": ("id",),
    "gx_cable": ("id",),
    "gx_fibre_row": ("id",),
    "gx_splice": ("upstream_id", "downstream_id"),
    "gx_fibre": ("id", "cable_id"),
    "gx_head": ("id",),
    "gx_box": ("id",),
    "gx_pbo": ("id",),
    "gx_pto": ("id",),
    "gx_building": ("id",),
}
#: the most dwellings of one building that are written one by one
_MOST = 5000


def make(work, pm_ids, nro_ids):
    """Make the tables of the scope."""
    for name, query in _QUERIES.items():
        parameters = {"pms": pm_ids, "nros": nro_ids, "most": _MOST}
        work.make(name, SQL(query, **parameters), *_INDEXES.get(name, ()))
