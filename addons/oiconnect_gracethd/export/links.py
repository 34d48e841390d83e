"""Fibres of the links between PMs and their NRO, which no delivery gave.

Tables of the export:

- ``gx_link``: these fibres; ``fibre_id`` is that of a transport cable, if they have one
- ``gx_feed``: positions of modules that they feed
- ``gx_link_drawer``: the drawers at both ends that are no module

A fibre without transport fibre has a cable of its own, from the NRO to the PM. At each
end it has a position in a drawer; at the PM, jumpers lead from there to the modules.
"""

from odoo.tools import SQL

# As in ``subjects``, which needs this module
NRO, PM, TECHNICAL, MODULE, POSITION, FIBRE = (
    f"oiconnect.{name},"
    for name in ("nro", "pm", "technical.pm", "pm.module", "pm.position", "pbo.fibre")
)
LINK, LINK_FIBRE = "oiconnect.pm.link,", "oiconnect.pm.link.fibre,"
#: what imports of deliveries are called
_KIND = "gracethd"
#: parts of their names: "3/12", a tray and a number, or a number alone
_TRAY = "CASE WHEN {0} ~ '^[0-9]{{1,4}}/[0-9]{{1,4}}$' THEN split_part({0}, '/', 1)"
_TRAY += "::int ELSE 0 END"
_NUMBER = "CASE WHEN {0} ~ '^([0-9]{{1,4}}/)?[0-9]{{1,4}}$'"
_NUMBER += " THEN substring({0} FROM '[0-9]+$')::int ELSE f.number END"


def make(received):
    """Make the tables of the fibres that no delivery gave."""
    work = received.work
    is_received = SQL(_IS_RECEIVED, _KIND)
    if received.has_foreign:
        # A delivery in the other version gave their ends in rows that stay out
        is_received = SQL("FALSE")
    query = SQL(_LINKS, is_received=is_received, network=received.network_id)
    work.make("gx_link", query, "id")
    work.make("gx_feed", SQL(_FEEDS), "position_id")
    work.make("gx_link_drawer", SQL(_DRAWERS))
    work.make("gx_link_label", SQL(_LABELS))


_IS_RECEIVED = """
    EXISTS (SELECT FROM oiconnect_change h
              JOIN oiconnect_import i ON h.batch = 'oiconnect.import,' || i.id
             WHERE h.res_model = 'oiconnect.pm.link.fibre' AND h.res_id = f.id
               AND h.kind = 'create' AND i.kind = %s)
"""
# The cable that a fibre names may be one of the network, not declared as such;
# else it is identified by its name, with that of the link where another has that name
_LINKS = f"""
    WITH named AS (
        SELECT c.reference, u.tube, u.fibre, min(u.id) AS id
          FROM gx_cable c JOIN gx_fibre u ON u.cable_id = c.id
         WHERE c.kind = 'transport' GROUP BY 1, 2, 3
    ), taken AS (
        SELECT reference FROM oiconnect_pbo_cable WHERE network_id = %(network)s
         UNION
        SELECT cable_reference FROM oiconnect_pm_link_fibre
         WHERE network_id = %(network)s GROUP BY 1 HAVING min(link_id) < max(link_id)
    ), listed AS (
        SELECT f.id, f.number, f.tube, f.fibre, f.link_id, l.pm_id, l.state,
               NULLIF(f.cable_reference, '') AS cable,
               COALESCE(l.nro_id, d.nro_id, pm.nro_id) AS nro_id,
               COALESCE('{TECHNICAL}' || l.technical_pm_id, '{PM}' || l.pm_id) AS bay,
               NULLIF(l.length_km, 0) * 1000 AS length, f.create_date, f.write_date,
               COALESCE(f.transport_fibre_id, n.id) AS fibre_id,
               CASE WHEN COALESCE(f.cable_reference, '') = '' THEN l.reference
                    WHEN t.reference IS NULL THEN f.cable_reference
                    ELSE f.cable_reference || ' - ' || l.reference END AS cable_name,
               COALESCE(NULLIF(f.nro_head, ''), l.reference) AS nro_head,
               COALESCE(NULLIF(f.pm_head, ''), l.reference) AS pm_head,
               {_TRAY.format("f.nro_position")} AS nro_tray,
               {_NUMBER.format("f.nro_position")} AS nro_number,
               {_TRAY.format("f.pm_position")} AS pm_tray,
               {_NUMBER.format("f.pm_position")} AS pm_number
          FROM oiconnect_pm_link_fibre f
          JOIN oiconnect_pm_link l ON l.id = f.link_id
          JOIN gx_pm pm ON pm.id = l.pm_id
          LEFT JOIN oiconnect_prdm d ON d.id = l.prdm_id
          LEFT JOIN named n ON n.reference = f.cable_reference AND n.tube = f.tube
               AND n.fibre = f.fibre
          LEFT JOIN taken t ON t.reference = f.cable_reference
         WHERE NOT %(is_received)s
    )
    SELECT f.*, '{LINK}' || f.link_id || '/' || COALESCE(f.cable, '') AS cable_subject,
           COALESCE('{FIBRE}' || f.fibre_id, '{LINK_FIBRE}' || f.id) AS subject,
           COALESCE('{MODULE}' || m.id, f.bay || '/head ' || f.pm_head) AS pm_drawer,
           '{NRO}' || f.nro_id || '/head ' || f.nro_head AS nro_drawer
      FROM listed f
      LEFT JOIN gx_module m ON m.pm_id = f.pm_id AND m.name = f.pm_head
     WHERE NOT EXISTS (SELECT FROM gx_owner o
                        WHERE o.subject = '{FIBRE}' || f.fibre_id)
"""
_FEEDS = f"""
    SELECT p.id AS position_id, l.id AS link_fibre_id, l.subject, l.pm_drawer,
           l.pm_tray, l.pm_number, l.pm_id, p.create_date, p.write_date,
           count(*) OVER (PARTITION BY l.id) > 1 AS is_split
      FROM gx_position p
      JOIN gx_link l ON l.id = p.link_fibre_id
     WHERE NOT EXISTS (SELECT FROM gx_owner o WHERE o.subject = '{POSITION}' || p.id)
"""
_DRAWERS = f"""
    SELECT DISTINCT nro_drawer AS subject, nro_head AS name, '{NRO}' || nro_id AS bay
      FROM gx_link WHERE nro_id IS NOT NULL
     UNION
    SELECT pm_drawer, pm_head, bay FROM gx_link
     WHERE NOT starts_with(pm_drawer, '{MODULE}')
"""
# Numbers of tubes and fibres that their labels, numbers or colours, say
_LABELS = """
    WITH numbered AS (
        SELECT l.subject, l.cable_subject, l.number,
               CASE WHEN l.tube ~ '^[0-9]{1,4}$' THEN l.tube::int
                    ELSE tc.number END AS tube,
               CASE WHEN l.fibre ~ '^[0-9]{1,4}$' THEN l.fibre::int
                    ELSE fc.number END AS fibre
          FROM gx_link l
          LEFT JOIN gx_colour tc ON tc.label = lower(l.tube)
          LEFT JOIN gx_colour fc ON fc.label = lower(l.fibre)
         WHERE l.fibre_id IS NULL
    ), good AS (
        SELECT cable_subject FROM numbered GROUP BY 1
        HAVING bool_and(COALESCE(tube > 0 AND fibre > 0, FALSE))
           AND count(DISTINCT (tube, fibre)) = count(*)
    )
    SELECT n.subject, n.cable_subject,
           row_number() OVER cable AS number_in_cable,
           CASE WHEN g.cable_subject IS NULL THEN 1 ELSE n.tube END AS number_of_tube,
           CASE WHEN g.cable_subject IS NULL THEN row_number() OVER cable
                ELSE n.fibre END AS number_in_tube
      FROM numbered n LEFT JOIN good g USING (cable_subject)
    WINDOW cable AS (PARTITION BY n.cable_subject ORDER BY n.number, n.subject)
"""
#: cables of the fibres that have none, and jumpers, as rows of ``gx_laid``
CABLES = f"""
    SELECT l.cable_subject, min(l.cable_name), 'transport', min(l.pm_id),
           '{NRO}' || min(l.nro_id), '{PM}' || min(l.pm_id), NULL, NULL,
           '{NRO}' || min(l.nro_id), min(l.bay), GREATEST(count(*), 2), NULL::int,
           max(l.length), NULL, min(l.create_date), max(l.write_date)
      FROM gx_link l WHERE l.fibre_id IS NULL GROUP BY 1
    UNION ALL
    SELECT '{POSITION}' || f.position_id || '/jumper', NULL, 'jumper', f.pm_id,
           '{PM}' || f.pm_id, '{PM}' || f.pm_id, NULL, NULL, NULL, NULL, NULL, NULL,
           NULL, NULL, f.create_date, f.write_date
      FROM gx_feed f
"""
# A fibre has one position at the NRO, where the transport begins; at the PM, one for
# each position of a module that it feeds, or one
POSITIONS = f"""
    SELECT DISTINCT ON (t.top) '{LINK_FIBRE}' || l.id || '/nro' AS subject,
           l.nro_number, NULL::text, t.top, l.nro_drawer || '/' || l.nro_tray,
           l.nro_drawer, 'CO', NULL, NULL, l.create_date, l.write_date
      FROM gx_link l
     CROSS JOIN LATERAL (
           SELECT '{LINK_FIBRE}' || l.id AS top WHERE l.fibre_id IS NULL
            UNION ALL
           SELECT '{FIBRE}' || u.id
             FROM (WITH RECURSIVE up(id, rank) AS (
                       SELECT l.fibre_id, 1
                        UNION
                       SELECT s.upstream_id, up.rank + 1 FROM up
                         JOIN gx_splice s ON s.downstream_id = up.id
                        WHERE up.rank < 100)
                   SELECT id FROM up ORDER BY rank DESC LIMIT 1) u
             JOIN gx_fibre f ON f.id = u.id
             JOIN gx_cable c ON c.id = f.cable_id AND c.start_kind = 'nro'
            WHERE l.fibre_id IS NOT NULL) t
     WHERE l.nro_id IS NOT NULL
     ORDER BY t.top, l.id
"""
PM_POSITIONS = f"""
    SELECT '{POSITION}' || f.position_id || '/feed' AS subject, f.pm_number, f.subject,
           '{POSITION}' || f.position_id || '/jumper',
           f.pm_drawer || '/' || f.pm_tray || CASE WHEN f.is_split THEN ' S' ELSE ''
               END,
           f.pm_drawer, 'CO', NULL, NULL, f.create_date, f.write_date
      FROM gx_feed f
    UNION ALL
    SELECT '{LINK_FIBRE}' || l.id || '/pm', l.pm_number, l.subject, NULL,
           l.pm_drawer || '/' || l.pm_tray, l.pm_drawer, 'CO', NULL, NULL,
           l.create_date, l.write_date
      FROM gx_link l
     WHERE NOT EXISTS (SELECT FROM gx_feed f WHERE f.link_fibre_id = l.id)
"""
#: rows of ``gx_needed``: what is of a record that a delivery gave
NEEDED = """
    SELECT 't_tiroir' AS table_name, subject FROM gx_link_drawer
"""
BAYS = "SELECT bay AS subject FROM gx_link_drawer"
#: what rows are about: see ``subjects``
SUBJECTS = {
    "t_baie": f"""SELECT DISTINCT '{NRO}' || nro_id AS subject FROM gx_link
                  WHERE nro_id IS NOT NULL""",
    "t_tiroir": "SELECT subject FROM gx_link_drawer",
    "t_fibre": f"""SELECT subject FROM gx_link WHERE fibre_id IS NULL UNION ALL
                   SELECT '{POSITION}' || position_id || '/jumper' FROM gx_feed""",
}
#: rows of t_fibre
FIBRES = f"""
    SELECT c.code, cb.code, n.number, n.tube, n.fibre, NULL, NULL, NULL, NULL
      FROM (SELECT subject, cable_subject AS cable, number_in_cable AS number,
                   number_of_tube AS tube, number_in_tube AS fibre
              FROM gx_link_label
             UNION ALL
            SELECT '{POSITION}' || position_id || '/jumper',
                   '{POSITION}' || position_id || '/jumper', 1, 1, 1
              FROM gx_feed) n
      JOIN gx_code_t_fibre c ON c.subject = n.subject
      JOIN gx_code_t_cable cb ON cb.subject = n.cable
"""
