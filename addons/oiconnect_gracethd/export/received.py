"""Rows that deliveries of the network gave, which its exports give back.

Tables of the export (``gx_…``):

- ``gx_row``: received rows that are given back; ``changed`` names the columns that the
  network says otherwise since, NULL when it says none so
- ``gx_foreign``: those of the other generation, and ``gx_hint``, which of them the
  network says
- ``gx_owner``: records that a delivery gave
- ``gx_known``: code of what a row is about, by table
- ``gx_needed``: what something new refers to, though a delivery gave its record
- ``gx_change``: fields that changed since the delivery
"""

from functools import partial

from odoo.tools import SQL

from ..apply.rows import LAYOUTS
from . import changes, closure, foreign, links
from .codes import subject_of
from .subjects import (
    BOX,
    BUILDING,
    CABLE,
    FIBRE,
    MODULE,
    PBO,
    PM,
    POSITION,
    PTO,
    ROUTE,
    TECHNICAL,
)

#: model → table of the scope, table of the network
RECORDS = {
    "oiconnect.nro": ("gx_nro", "oiconnect_nro"),
    "oiconnect.pm": ("gx_pm", "oiconnect_pm"),
    "oiconnect.splice.box": ("gx_box", "oiconnect_splice_box"),
    "oiconnect.pbo": ("gx_pbo", "oiconnect_pbo"),
    "oiconnect.building": ("gx_building", "oiconnect_building"),
    "oiconnect.pto": ("gx_pto", "oiconnect_pto"),
    "oiconnect.pbo.cable": ("gx_cable", "oiconnect_pbo_cable"),
    "oiconnect.pbo.fibre": ("gx_fibre", "oiconnect_pbo_fibre"),
    "oiconnect.pm.module": ("gx_module", "oiconnect_pm_module"),
    "oiconnect.pm.position": ("gx_position", "oiconnect_pm_position"),
    "oiconnect.splice": ("gx_splice", "oiconnect_splice"),
}


class Received:
    """The received rows of one export.

    :param generation: that of the export: rows of the other one give their codes and
        the columns that the network has not, no more
    :param is_whole: the export is of the whole network
    """

    def __init__(self, work, network_id, generation, is_whole):
        self.work = work
        self.cr = work.cr
        self.network_id = network_id
        self.generation = generation
        self.is_whole = is_whole
        self.records = RECORDS
        #: tables that the standard does not know, of all versions
        self.layouts = {}
        #: name → how the table is written: those that this export gives back
        self.others = {}
        #: versions that the network has rows of
        self.generations = []
        self.has_foreign = False

    def take(self):
        """Find the rows that the export gives back, and what needs not be made."""
        self._find()
        self._leave_doubles()
        self._leave_gone()
        if not self.is_whole:
            closure.restrict(self)
        foreign.part(self)
        self.work.make(
            "gx_owner", SQL("SELECT DISTINCT subject FROM gx_row WHERE %s", _OWN)
        )
        self.cr.execute(SQL("INSERT INTO gx_owner %s", SQL(_TECHNICAL_OWNERS)))
        changes.find(self)
        self._leave_made()
        links.make(self)

    def tell(self):
        """Find the codes of what received rows are about, and what new rows need."""
        self.work.make("gx_known", SQL(_KNOWN), "subject")
        needed = SQL(_NEEDED)
        self.cr.execute("SELECT EXISTS (SELECT FROM gx_known)")
        if not self.cr.fetchone()[0]:
            needed = SQL("SELECT * FROM (%s) n LIMIT 0", needed)
        else:
            for query in self.derived("gx_row", self.generation):
                self.add_known(query)
            if self.has_foreign:
                foreign.derive(self)
            self.cr.execute("ANALYZE gx_known")
        if self.has_foreign:
            foreign.give(self)
        self.work.make("gx_needed", needed, "subject")
        self._leave_replaced()
        changes.mark(self)

    # -- rows --------------------------------------------------------------------------

    def _find(self):
        """Make ``gx_row``, of all generations."""
        self._find_layouts()
        self.work.make(
            "gx_row",
            SQL(
                """SELECT o.id, o.table_name, o.code, o.line, o.received_date,
                          o.res_model, o.res_id, o.part, %s AS subject,
                          NULL::text[] AS changed, o.generation
                     FROM oiconnect_gracethd_object o
                    WHERE o.network_id = %s AND o.cells IS NOT NULL
                      AND o.table_name <> %s""",
                subject_of("o"),
                self.network_id,
                LAYOUTS,
            ),
            "id",
            "code",
            "subject",
        )
        self.cr.execute("SELECT DISTINCT generation FROM gx_row ORDER BY 1")
        self.generations = [name for (name,) in self.cr.fetchall()]

    def _find_layouts(self):
        """Find how the tables are written that the standard does not know."""
        self.cr.execute(
            SQL(
                """SELECT code, cells, epsg, generation FROM oiconnect_gracethd_object
                    WHERE network_id = %s AND table_name = %s ORDER BY code""",
                self.network_id,
                LAYOUTS,
            )
        )
        for name, layout, epsg, generation in self.cr.fetchall():
            self.layouts[name] = {"epsg": epsg} | layout
            if generation == self.generation:
                self.others[name] = self.layouts[name]

    def _leave_doubles(self):
        """A record that came under two codes has the last."""
        self.cr.execute(
            """DELETE FROM gx_row k USING gx_row o
                WHERE o.table_name = k.table_name AND o.subject = k.subject
                  AND o.generation = k.generation
                  AND (o.received_date, o.id) > (k.received_date, k.id)"""
        )

    def _leave_gone(self):
        """Leave out the records that are deleted since, and what hung on them."""
        self.work.make(
            "gx_gone", SQL("SELECT table_name, code, 0 AS round FROM gx_row LIMIT 0")
        )
        for model, (_scope, table) in RECORDS.items():
            self.cr.execute(
                SQL(
                    """WITH gone AS (
                           DELETE FROM gx_row k
                            WHERE k.res_model = %s AND NOT EXISTS (
                                SELECT FROM %s t WHERE t.id = k.res_id)
                        RETURNING k.table_name, k.code)
                       INSERT INTO gx_gone SELECT table_name, code, 0 FROM gone""",
                    model,
                    SQL.identifier(table),
                )
            )
        closure.leave_hanging(self)

    def _leave_made(self):
        """Dwellings and drops that a delivery gave are not made a second time."""
        self.cr.execute(SQL(_MADE_HOMES))
        # Fibres whose end is not that of the delivery any more
        self.work.make("gx_rewired", SQL(_REWIRED))
        self.cr.execute(SQL(_MADE_DROPS))
        self.cr.execute("ANALYZE gx_home; ANALYZE gx_drop")

    def _leave_replaced(self):
        """Leave out the positions whose fibres are in new ones, or end otherwise.

        The optical routes of the latter are made again.
        """
        self.work.make("gx_replaced", SQL(_REPLACED))
        self.cr.execute(
            """DELETE FROM gx_row k USING oiconnect_gracethd_object o, gx_replaced r
                WHERE o.id = k.id AND k.table_name = 't_position'
                  AND COALESCE(k.res_model, 'oiconnect.route')
                      IN ('oiconnect.route', 'oiconnect.pbo.fibre')
                  AND o.cells->>'ps_1' = r.up"""
        )
        self.cr.execute(
            """DELETE FROM gx_row k USING oiconnect_gracethd_object o, gx_replaced r
                WHERE o.id = k.id AND k.table_name = 't_position'
                  AND COALESCE(k.res_model, 'oiconnect.route')
                      IN ('oiconnect.route', 'oiconnect.pbo.fibre')
                  AND o.cells->>'ps_2' = r.down"""
        )
        self.cr.execute(SQL(_OPTICAL, self.cells("t_ropt", "rt_code", "rt_fo_code")))

    # -- codes of what rows are about --------------------------------------------------

    def cells(self, table, *names, source="gx_row"):
        """Make a table of code, subject and some cells of the rows of a table.

        Of joins by cells of the journal, the planner can but guess the rows, and may
        compare each with each: a table of their own is counted.

        :return: its name, until the same is made again
        """
        made = f"gx_cells_{table}"
        values = SQL(", ").join(
            SQL("o.cells->>%s AS %s", name, SQL.identifier(name)) for name in names
        )
        self.work.make(
            made,
            SQL(
                """SELECT k.code, k.subject, k.line, %s FROM %s k
                     JOIN oiconnect_gracethd_object o ON o.id = k.id
                    WHERE k.table_name = %s""",
                values,
                SQL.identifier(source),
                table,
            ),
        )
        return SQL.identifier(made)

    def add_known(self, query):
        """Add to ``gx_known`` the codes of ``query`` where it has none yet."""
        self.cr.execute(SQL(_ADD_KNOWN, query))

    def derived(self, source, generation):
        """Yield queries of (tab, subject, code): of the rows that ``source`` holds."""
        cells = partial(self.cells, source=source)
        is_2 = generation == "2"
        site, local = ("t_sitetech", "t_ltech") if is_2 else ("t_site", "t_local")
        of_site = "lt_st_code" if is_2 else "lc_st_code"
        place = "lt_code" if is_2 else "lc_code"
        names = {
            "znro": cells("t_znro", "zn_nd_code", f"zn_{place}"),
            "zsro": cells("t_zsro", "zs_nd_code", f"zs_{place}"),
            "site": cells(site, "st_nd_code", "st_ad_code"),
            "local": cells(local, of_site),
            "ebp": cells("t_ebp", "bp_pt_code", f"bp_{place}"),
            "ptech": cells("t_ptech", "pt_nd_code"),
            "tiroir": cells("t_tiroir", "ti_ba_code"),
            "baie": cells("t_baie", f"ba_{place}"),
            "zpbo": cells("t_zpbo", "zp_bp_code"),
            "cassette": cells("t_cassette", "cs_bp_code", "cs_num"),
            "cableline": cells("t_cableline", "cl_cb_code"),
            "suf": cells("t_suf", "sf_ad_code", "sf_nd_code"),
            "adresse": cells("t_adresse", "ad_code"),
            "fibre": cells("t_fibre", "fo_cb_code", "fo_nincab"),
            "cable": cells("t_cable", "cb_code"),
            "name_site": site,
            "name_local": local,
            "of_site": SQL.identifier(of_site),
            "zn_place": SQL.identifier(f"zn_{place}"),
            "zs_place": SQL.identifier(f"zs_{place}"),
            "bp_place": SQL.identifier(f"bp_{place}"),
            "ba_place": SQL.identifier(f"ba_{place}"),
        }
        for query in (*_DERIVED, *(_OF_HOMES_2 if is_2 else _OF_HOMES_3)):
            yield SQL(query, **names)


_OWN = SQL("res_id IS NOT NULL AND part IS NULL")
# Technical PMs of the modules that a delivery gave
_TECHNICAL_OWNERS = f"""
    SELECT DISTINCT '{TECHNICAL}' || m.technical_pm_id FROM gx_module m
     WHERE m.technical_pm_id IS NOT NULL
       AND EXISTS (SELECT FROM gx_owner o WHERE o.subject = '{MODULE}' || m.id)
"""
_KNOWN = """
    SELECT k.table_name, k.subject, k.code FROM gx_row k WHERE k.subject IS NOT NULL
    UNION ALL
    SELECT h.table_name, h.subject, h.code FROM gx_hint h
     WHERE NOT EXISTS (SELECT FROM gx_hint o WHERE o.table_name = h.table_name
                          AND o.subject = h.subject AND o.id > h.id)
       AND NOT EXISTS (SELECT FROM gx_row k WHERE k.table_name = h.table_name
                          AND k.subject = h.subject)
       AND NOT EXISTS (SELECT FROM gx_row k WHERE k.table_name = h.table_name
                          AND k.code = h.code)
"""
_ADD_KNOWN = """
    INSERT INTO gx_known (table_name, subject, code)
    SELECT DISTINCT ON (q.tab, q.subject) q.tab, q.subject, q.code FROM (%s) q
     WHERE q.code IS NOT NULL
       AND NOT EXISTS (SELECT FROM gx_known t
                        WHERE t.table_name = q.tab AND t.subject = q.subject)
     ORDER BY q.tab, q.subject, q.code
"""
_MADE_HOMES = f"""
    DELETE FROM gx_home h USING gx_owner b
     WHERE b.subject = '{BUILDING}' || h.building_id
       AND (NOT starts_with(h.subject, '{PTO}')
            OR EXISTS (SELECT FROM gx_owner o WHERE o.subject = h.subject))
"""
_MADE_DROPS = f"""
    DELETE FROM gx_drop d USING gx_route r, gx_owner o
     WHERE r.id = d.route_id AND o.subject = '{POSITION}' || r.position_id
       AND NOT EXISTS (SELECT FROM gx_rewired w WHERE w.fibre_id = d.last_id)
"""
# Routes that are wired otherwise since, and fibres that end otherwise
_REWIRED = f"""
    SELECT COALESCE(r.fibre_id, h.first_id) AS fibre_id
      FROM gx_route r
      JOIN gx_change c ON c.subject = '{ROUTE}' || r.id
           AND c.field IN ('pto_id', 'fibre_id', 'position_id')
      LEFT JOIN gx_head h ON h.id = r.position_id
     WHERE COALESCE(r.fibre_id, h.first_id) IS NOT NULL
    UNION
    SELECT f.id FROM gx_fibre f
      JOIN gx_change c ON c.subject = '{FIBRE}' || f.id
           AND c.field IN ('pbo_id', 'splice_box_id')
"""
# Fibres of new positions: a received one without record makes room for them
_REPLACED = f"""
    WITH fresh AS (
        SELECT p.* FROM gx_place p
         WHERE NOT EXISTS (SELECT FROM gx_owner o
                            WHERE o.subject = split_part(p.subject, '/', 1))
        UNION
        SELECT p.* FROM gx_place p
          JOIN gx_needed n ON n.table_name = 't_position' AND n.subject = p.subject
    )
    SELECT up.code AS up, down.code AS down
      FROM fresh p
      LEFT JOIN gx_known t ON t.table_name = 't_position' AND t.subject = p.subject
      LEFT JOIN gx_known up ON up.table_name = 't_fibre' AND up.subject = p.fibre1
      LEFT JOIN gx_known down ON down.table_name = 't_fibre' AND down.subject = p.fibre2
     WHERE t.subject IS NULL
    UNION
    SELECT t.code, NULL FROM gx_rewired r
      JOIN gx_known t ON t.table_name = 't_fibre'
           AND t.subject = '{FIBRE}' || r.fibre_id
"""
_OPTICAL = f"""
    WITH route AS (SELECT * FROM %s r), changed AS (
        SELECT DISTINCT r.rt_code FROM route r
          JOIN gx_known t ON t.table_name = 't_fibre' AND t.code = r.rt_fo_code
          JOIN gx_rewired w ON t.subject = '{FIBRE}' || w.fibre_id
    )
    DELETE FROM gx_row k USING route r, changed c
     WHERE k.table_name = 't_ropt' AND k.code = r.code AND r.rt_code = c.rt_code
"""
# What new cables, dwellings, modules and positions refer to
_NEEDED = f"""
    WITH laid AS (
        SELECT * FROM gx_laid l
         WHERE NOT EXISTS (SELECT FROM gx_owner o WHERE o.subject = l.subject)
    ), bay AS (
        SELECT COALESCE('{TECHNICAL}' || m.technical_pm_id, '{PM}' || m.pm_id)
               AS subject
          FROM gx_module m
         WHERE NOT EXISTS (SELECT FROM gx_owner o WHERE o.subject = '{MODULE}' || m.id)
         UNION
        {links.BAYS}
    ), place AS (
        SELECT DISTINCT p.tray AS subject FROM gx_place p
         WHERE NOT EXISTS (SELECT FROM gx_owner o WHERE o.subject = p.subject)
    )
    SELECT 't_noeud' AS table_name, v.subject
      FROM laid, LATERAL (VALUES (node1), (node2)) v(subject)
    UNION SELECT t.name, '{BUILDING}' || h.building_id
            FROM gx_home h, (VALUES ('t_noeud'), ('t_site')) t(name)
    UNION SELECT t.name, bay.subject
            FROM bay, (VALUES ('t_baie'), ('t_ltech'), ('t_local'), ('t_sitetech'),
                              ('t_site'), ('t_noeud')) t(name)
    UNION SELECT 't_cassette', subject FROM place
    UNION {links.NEEDED}
    UNION SELECT 't_position', p.subject FROM gx_place p JOIN gx_feed f
              ON p.subject = '{POSITION}' || f.position_id || '/feed'
    UNION SELECT 't_position', '{FIBRE}' || fibre_id FROM gx_rewired
    UNION SELECT 't_cableline', subject FROM laid
"""
_OF_BOXES = f"(b.subject LIKE '{BOX}' || chr(37) OR b.subject LIKE '{PBO}' || chr(37))"
_DERIVED = (
    "SELECT 't_noeud' AS tab, subject, zn_nd_code AS code FROM %(znro)s z "
    "WHERE subject IS NOT NULL",
    "SELECT 't_noeud' AS tab, subject, zs_nd_code AS code FROM %(zsro)s z "
    "WHERE subject IS NOT NULL",
    "SELECT %(name_local)s AS tab, subject, %(zn_place)s AS code FROM %(znro)s z "
    "WHERE subject IS NOT NULL",
    "SELECT %(name_local)s AS tab, subject, %(zs_place)s AS code FROM %(zsro)s z "
    "WHERE subject IS NOT NULL",
    # Bays of the modules, and their locals
    f"""SELECT 't_baie' AS tab,
               COALESCE('{TECHNICAL}' || m.technical_pm_id, '{PM}' || m.pm_id)
                   AS subject, t.ti_ba_code AS code
          FROM gx_module m
          JOIN %(tiroir)s t ON t.subject = '{MODULE}' || m.id""",
    """SELECT %(name_local)s AS tab, t.subject, b.%(ba_place)s AS code
         FROM gx_known t JOIN %(baie)s b ON b.code = t.code
        WHERE t.table_name = 't_baie'""",
    """SELECT %(name_site)s AS tab, t.subject, l.%(of_site)s AS code
         FROM gx_known t JOIN %(local)s l ON l.code = t.code
        WHERE t.table_name = %(name_local)s""",
    """SELECT 't_noeud' AS tab, t.subject, s.st_nd_code AS code
         FROM gx_known t JOIN %(site)s s ON s.code = t.code
        WHERE t.table_name = %(name_site)s""",
    # Boxes: their point or local, and its node
    f"""SELECT 't_ptech' AS tab, b.subject, b.bp_pt_code AS code
          FROM %(ebp)s b WHERE {_OF_BOXES}""",
    """SELECT 't_noeud' AS tab, t.subject, p.pt_nd_code AS code
         FROM gx_known t JOIN %(ptech)s p ON p.code = t.code
        WHERE t.table_name = 't_ptech'""",
    f"""SELECT 't_noeud' AS tab, b.subject, s.st_nd_code AS code
          FROM %(ebp)s b
          JOIN %(local)s l ON l.code = b.%(bp_place)s
          JOIN %(site)s s ON s.code = l.%(of_site)s
         WHERE {_OF_BOXES}""",
    """SELECT 't_zpbo' AS tab, b.subject, z.code FROM gx_known b
         JOIN %(zpbo)s z ON z.zp_bp_code = b.code
        WHERE b.table_name = 't_ebp'""",
    """SELECT 't_cassette' AS tab,
              b.subject || '/' || COALESCE(c.cs_num, c.code) AS subject, c.code
         FROM gx_known b JOIN %(cassette)s c ON c.cs_bp_code = b.code
        WHERE b.table_name = 't_ebp'""",
    # Where the tray is not known: one that is there
    """SELECT 't_cassette' AS tab, b.subject || '/' AS subject, c.code
         FROM gx_known b JOIN %(cassette)s c ON c.cs_bp_code = b.code
        WHERE b.table_name = 't_ebp'""",
    """SELECT 't_cableline' AS tab, b.subject, c.code FROM gx_known b
         JOIN %(cableline)s c ON c.cl_cb_code = b.code
        WHERE b.table_name = 't_cable'""",
    # The fibres of a drop that came, for the routes that are wired by it since
    f"""SELECT 't_fibre' AS tab, '{ROUTE}' || d.route_id AS subject, f.code
          FROM gx_drop d
          JOIN %(cable)s c ON c.subject = '{CABLE}' || d.cable_id
          JOIN (SELECT f.code, f.fo_cb_code,
                       row_number() OVER (PARTITION BY f.fo_cb_code
                           ORDER BY length(f.fo_nincab), f.fo_nincab, f.line) AS rank
                  FROM %(fibre)s f WHERE f.subject IS NULL) f
            ON f.fo_cb_code = c.code AND f.rank = d.number""",
)
_OF_HOMES_2 = (
    """SELECT 't_noeud' AS tab, a.subject, s.sf_nd_code AS code
         FROM %(suf)s s JOIN %(adresse)s a ON a.code = s.sf_ad_code
        WHERE a.subject IS NOT NULL""",
)
_OF_HOMES_3 = (
    """SELECT 't_site' AS tab, a.subject, s.code
         FROM %(site)s s JOIN %(adresse)s a ON a.code = s.st_ad_code
        WHERE a.subject IS NOT NULL""",
    """SELECT 't_noeud' AS tab, a.subject, s.st_nd_code AS code
         FROM %(site)s s JOIN %(adresse)s a ON a.code = s.st_ad_code
        WHERE a.subject IS NOT NULL""",
)
