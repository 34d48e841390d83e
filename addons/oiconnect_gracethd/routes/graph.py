"""Positions as a graph of numbers: what each fibre meets at its two ends."""

from odoo.tools import SQL

from .line_ends import LINE_ENDS, make_line_ends

PLACED = "placed"
CABLES, BOXES, FIBRES, HINGES = "w_cable", "w_box", "w_fibre", "w_hinge"
_TRAYS = "w_tray"
#: positions in drawers of NROs
NRO = "w_nro"

#: classes of cables: a jumper within a site, towards the NRO, towards the PTOs, both
JUMPER, TRANSPORT, DISTRIBUTION, MIXED = range(4)
#: kinds of boxes
PBO, PTO = 1, 2
#: what the graph is made of, besides positions
READ = (
    *("t_znro", "t_zsro", "t_ptech", "t_sitetech", "t_site", "t_ltech", "t_local"),
    *("t_suf", "t_baie", "t_tiroir", "t_ebp", "t_cassette", "t_cable", "t_fibre"),
)
#: low half of a step: the fibre beyond the position, and whether this is in a PBO
FIBRE_MASK, IN_PBO = (1 << 31) - 1, 1 << 31

# Kinds that say on which side of the PM a cable is; others are deduced.
_TRANSPORT_KINDS = ["TR", "CO", "CX", "CT"]
_DISTRIBUTION_KINDS = ["DI", "RA"]
_MIXED_KINDS = ["TD", "CD"]


class Graph:
    """Working tables beside those of a staging area, dropped together.

    Checks build it to see at one look what positions lack; routes go on with it while
    its rows are those of the staging area: ``is_built``.
    """

    def __init__(self, cr, prefix):
        self.cr = cr
        self.prefix = prefix
        self.is_built = False
        self._made = []

    def table(self, name):
        return SQL.identifier(f"{self.prefix}_{name}")

    def sql(self, query, *names):
        """Return ``query`` with the tables ``names`` in place of its marks."""
        return SQL(query, *map(self.table, names))

    def make(self, name, query):
        """Replace a table by the rows of ``query``; return its SQL name.

        ``cr.rowcount`` is their number.
        """
        self.drop(name)
        self.cr.execute(SQL("CREATE UNLOGGED TABLE %s AS %s", self.table(name), query))
        if name not in self._made:
            self._made.append(name)
        return self.table(name)

    def drop(self, name):
        self.cr.execute(self.sql("DROP TABLE IF EXISTS %s", name))

    def drop_all(self):
        for name in self._made:
            self.drop(name)
        self._made = []
        self.is_built = False

    def build(self, has_single_codes=False):
        """Make the tables of the graph.

        :param has_single_codes: no two fibres are known to have one code
        """
        # Two million positions; given back at the end of the transaction
        self.cr.execute("SET LOCAL work_mem = '256MB'")
        self._make_boxes()
        self.make(NRO, self._nro_positions())
        make_line_ends(self)
        self._make_cables()
        self._make_fibres()
        self._make_trays()
        self._make_placed(has_single_codes)
        self._make_hinges()
        self.is_built = True

    def drop_working(self):
        for name in (CABLES, BOXES, FIBRES, HINGES, NRO, LINE_ENDS, _TRAYS):
            self.drop(name)
        self.is_built = False

    # -- boxes and cables --------------------------------------------------------------

    def _make_boxes(self):
        """Boxes and PTOs with the node where they stand."""
        self.make(
            BOXES,
            SQL(
                """
                SELECT DISTINCT ON (b.bp_code) b.line AS id, b.bp_code AS code,
                    CASE WHEN b.bp_typelog = 'PBO' THEN %(pbo)s
                         WHEN b.bp_typelog IN ('PTO', 'DTI') THEN %(pto)s END AS kind,
                    COALESCE(b.bp_sf_code, b.bp_lc_code) AS dwelling,
                    COALESCE(p.node, l.node, f.node) AS node
                FROM %(ebp)s b
                LEFT JOIN (
                    SELECT pt_code AS code, min(pt_nd_code) AS node
                    FROM %(ptech)s GROUP BY 1
                ) p ON p.code = b.bp_pt_code
                LEFT JOIN (
                    SELECT l.code, min(s.node) AS node
                    FROM (%(locals)s) l JOIN (%(sites)s) s ON s.code = l.site
                    GROUP BY 1
                ) l ON l.code = COALESCE(b.bp_lt_code, b.bp_lc_code)
                LEFT JOIN (
                    SELECT sf_code AS code, min(sf_nd_code) AS node
                    FROM %(suf)s GROUP BY 1
                ) f ON f.code = b.bp_sf_code
                WHERE b.bp_code IS NOT NULL
                ORDER BY b.bp_code, b.line
                """,
                pbo=PBO,
                pto=PTO,
                ebp=self.table("t_ebp"),
                ptech=self.table("t_ptech"),
                suf=self.table("t_suf"),
                locals=self.all_locals(),
                sites=self.all_sites(),
            ),
        )
        self.cr.execute(self.sql("ANALYZE %s", BOXES))

    def all_locals(self):
        """Query of the locals of both versions: code, site, kind."""
        return self.sql(
            """
            SELECT lt_code AS code, lt_st_code AS site, NULL AS kind FROM %s
            UNION ALL SELECT lc_code, lc_st_code, lc_typelog FROM %s
            """,
            "t_ltech",
            "t_local",
        )

    def all_sites(self):
        """Query of the sites of both versions: code, node, kind."""
        return self.sql(
            """
            SELECT st_code AS code, st_nd_code AS node, st_typelog AS kind FROM %s
            UNION ALL SELECT st_code, st_nd_code, st_typelog FROM %s
            """,
            "t_sitetech",
            "t_site",
        )

    def _nro_positions(self):
        """Query of the positions in drawers of NROs, found by drawer or by its tray."""
        return SQL(
            """
            WITH drawer AS (%(drawers)s)
            SELECT p.line AS id, p.ps_1, p.ps_2
            FROM %(position)s p
            WHERE p.ps_ti_code IN (SELECT code FROM drawer)
                OR p.ps_cs_code IN (
                    SELECT c.cs_code
                    FROM %(cassette)s c JOIN drawer d ON d.code = c.cs_ti_code
                )
            """,
            drawers=self._nro_drawers(),
            position=self.table("t_position"),
            cassette=self.table("t_cassette"),
        )

    def _nro_drawers(self):
        """Query of the codes of the drawers that are in a NRO."""
        return self._drawers(
            self.sql(
                """(
                    l.kind = 'NRO' OR (l.kind IS NULL AND s.kind = 'NRO')
                    OR l.code IN (SELECT COALESCE(zn_lt_code, zn_lc_code) FROM %s)
                    OR s.node IN (SELECT zn_nd_code FROM %s)
                )
                -- A PM within the site of its NRO
                AND NOT EXISTS (
                    SELECT FROM %s z
                    WHERE COALESCE(z.zs_lt_code, z.zs_lc_code) = l.code
                )""",
                "t_znro",
                "t_znro",
                "t_zsro",
            )
        )

    def pm_drawers(self):
        """Query of the codes of the drawers that are in a PM."""
        return self._drawers(
            self.sql(
                """l.kind = 'SRO' OR (l.kind IS NULL AND s.kind LIKE 'SRO%%')
                OR l.code IN (SELECT COALESCE(zs_lt_code, zs_lc_code) FROM %s)
                OR s.node IN (SELECT zs_nd_code FROM %s)""",
                "t_zsro",
                "t_zsro",
            )
        )

    def _drawers(self, condition):
        """Query of the codes of drawers, by their local ``l`` and its site ``s``."""
        return SQL(
            """
            SELECT DISTINCT t.ti_code AS code
            FROM %(tiroir)s t
            JOIN %(baie)s b ON b.ba_code = t.ti_ba_code
            JOIN (%(locals)s) l ON l.code = COALESCE(b.ba_lt_code, b.ba_lc_code)
            LEFT JOIN (%(sites)s) s ON s.code = l.site
            WHERE %(condition)s
            """,
            tiroir=self.table("t_tiroir"),
            baie=self.table("t_baie"),
            locals=self.all_locals(),
            sites=self.all_sites(),
            condition=condition,
        )

    def _make_cables(self):
        """Cables with their class, their nodes and the boxes at their ends.

        A void node is that of the line's end; a void box is the only one of its node.
        The far box is the second, or the first of a cable that names no second.
        """
        self.make(
            CABLES,
            SQL(
                """
                WITH lone AS (
                    SELECT node, min(id) AS id, min(kind) AS kind
                    FROM %(box)s WHERE node IS NOT NULL
                    GROUP BY node HAVING count(*) = 1
                ), fed AS (
                    SELECT DISTINCT fo_cb_code AS code FROM %(fibre)s
                    WHERE fo_code IN (
                        SELECT ps_1 FROM %(nro)s UNION SELECT ps_2 FROM %(nro)s
                    )
                )
                SELECT DISTINCT ON (c.cb_code) c.cb_code AS code,
                    %(kind)s AS class,
                    c.cb_typephy IS DISTINCT FROM 'J'
                        AND COALESCE(c.cb_typelog <> ALL(%(known_kinds)s), TRUE)
                        AND fed.code IS NULL AS is_guessed,
                    c.cb_typelog = 'RA' AS is_drop,
                    COALESCE(c.cb_nd1, e.node1) AS node1,
                    COALESCE(c.cb_nd2, e.node2) AS node2,
                    COALESCE(e.node1, e.node2) IS NOT NULL AS is_drawn,
                    COALESCE(b1.id, l1.id) AS box1,
                    COALESCE(b2.id, l2.id) AS box2,
                    COALESCE(b2.id, l2.id, CASE WHEN c.cb_bp2 IS NULL
                        THEN COALESCE(b1.id, l1.id) END) AS far_box,
                    CASE WHEN COALESCE(b2.kind, l2.kind) = %(pto)s
                         THEN COALESCE(b2.id, l2.id)
                         WHEN COALESCE(b1.kind, l1.kind) = %(pto)s
                         THEN COALESCE(b1.id, l1.id) END AS pto
                FROM %(cable)s c
                LEFT JOIN fed ON fed.code = c.cb_code
                LEFT JOIN %(box)s b1 ON b1.code = c.cb_bp1
                LEFT JOIN %(box)s b2 ON b2.code = c.cb_bp2
                LEFT JOIN %(end)s e ON e.code = c.cb_code
                LEFT JOIN lone l1 ON l1.node = COALESCE(c.cb_nd1, e.node1)
                LEFT JOIN lone l2 ON l2.node = COALESCE(c.cb_nd2, e.node2)
                WHERE c.cb_code IS NOT NULL
                ORDER BY c.cb_code, c.line
                """,
                box=self.table(BOXES),
                nro=self.table(NRO),
                end=self.table(LINE_ENDS),
                fibre=self.table("t_fibre"),
                cable=self.table("t_cable"),
                kind=self._class(),
                known_kinds=[*_TRANSPORT_KINDS, *_DISTRIBUTION_KINDS, *_MIXED_KINDS],
                pto=PTO,
            ),
        )
        self._spread_transport()
        self.cr.execute(self.sql("ANALYZE %s", CABLES))

    def _class(self):
        """Expression of the class of the cable ``c``; ``fed`` has those of NROs."""
        return SQL(
            """
            CASE
                WHEN c.cb_typephy = 'J' THEN %(jumper)s
                WHEN c.cb_typelog = ANY(%(up)s) THEN %(transport)s
                WHEN c.cb_typelog = ANY(%(down)s) THEN %(distribution)s
                WHEN c.cb_typelog = ANY(%(both)s) THEN %(mixed)s
                WHEN fed.code IS NOT NULL THEN %(transport)s
                WHEN c.cb_nd1 = c.cb_nd2 THEN %(jumper)s
                ELSE %(distribution)s
            END::smallint
            """,
            jumper=JUMPER,
            transport=TRANSPORT,
            distribution=DISTRIBUTION,
            up=_TRANSPORT_KINDS,
            mixed=MIXED,
            down=_DISTRIBUTION_KINDS,
            both=_MIXED_KINDS,
        )

    def _spread_transport(self):
        """Cables without kind are of transport when splices join them to transport."""
        self.cr.execute(self.sql("SELECT count(*) FROM %s WHERE is_guessed", CABLES))
        if not self.cr.fetchone()[0]:
            return
        self.cr.execute(
            SQL(
                """
                WITH RECURSIVE joined AS (
                    SELECT DISTINCT f1.fo_cb_code AS code, f2.fo_cb_code AS other
                    FROM %(position)s p
                    JOIN %(fibre)s f1 ON f1.fo_code = p.ps_1
                    JOIN %(fibre)s f2 ON f2.fo_code = p.ps_2
                    LEFT JOIN %(cassette)s c ON c.cs_code = p.ps_cs_code
                    WHERE COALESCE(p.ps_ti_code, c.cs_ti_code) IS NULL
                        AND f1.fo_cb_code <> f2.fo_cb_code
                ), beside AS (
                    SELECT code, other FROM joined UNION SELECT other, code FROM joined
                ), reached AS (
                    SELECT code FROM %(cable)s WHERE class = %(transport)s
                    UNION
                    SELECT g.code
                    FROM reached r
                    JOIN beside b ON b.code = r.code
                    JOIN %(cable)s g ON g.code = b.other AND g.is_guessed
                )
                UPDATE %(cable)s c SET class = %(transport)s
                FROM reached r WHERE r.code = c.code AND c.is_guessed
                """,
                position=self.table("t_position"),
                cassette=self.table("t_cassette"),
                fibre=self.table("t_fibre"),
                cable=self.table(CABLES),
                transport=TRANSPORT,
            )
        )

    # -- fibres and positions ----------------------------------------------------------

    def _make_fibres(self):
        """Fibres with what matters of their cables."""
        self.make(
            FIBRES,
            self.sql(
                """
                SELECT f.line AS id, f.fo_code AS code, c.class, c.is_drop,
                    c.box1, c.box2, c.far_box, c.pto
                FROM %s f LEFT JOIN %s c ON c.code = f.fo_cb_code
                WHERE f.fo_code IS NOT NULL
                """,
                "t_fibre",
                CABLES,
            ),
        )
        self.cr.execute(self.sql("ANALYZE %s (id, code)", FIBRES))

    def _drop_doubled_fibres(self):
        """Keep the first fibre of each code."""
        self.cr.execute(
            self.sql(
                """
                DELETE FROM %s f
                USING (
                    SELECT code, min(id) AS id FROM %s
                    GROUP BY code HAVING count(*) > 1
                ) lowest
                WHERE lowest.code = f.code AND lowest.id <> f.id
                """,
                FIBRES,
                FIBRES,
            )
        )

    def _make_trays(self):
        """Trays with their box and their drawer."""
        self.make(
            _TRAYS,
            self.sql(
                """
                SELECT c.cs_code AS code, min(b.id) AS box, min(c.cs_ti_code) AS drawer
                FROM %s c LEFT JOIN %s b ON b.code = c.cs_bp_code
                WHERE c.cs_code IS NOT NULL
                GROUP BY 1
                """,
                "t_cassette",
                BOXES,
            ),
        )
        self.cr.execute(self.sql("ANALYZE %s", _TRAYS))

    def _make_placed(self, has_single_codes):
        """Positions with the lines of their fibres and of their box.

        Without tray, a position is in the box that the cables of its fibres share, or
        at the far end of its only cable. Those that wait in trays of boxes, without a
        fibre, are left out: deliveries describe them by millions.
        """
        self.make(PLACED, self._placed())
        if not has_single_codes and self._has_doubles():
            # Rare, and dear to look for beforehand: codes that several fibres have
            self._drop_doubled_fibres()
            self.make(PLACED, self._placed())
        # Ends of routes, and later each splice of a route: id = x
        self.cr.execute(self.sql("ALTER TABLE %s ADD PRIMARY KEY (id)", PLACED))
        self.cr.execute(self.sql("ANALYZE %s (class1, class2, is_drawer)", PLACED))

    def _has_doubles(self):
        self.cr.execute(
            self.sql("SELECT count(*) > count(DISTINCT id) FROM %s", PLACED)
        )
        return self.cr.fetchone()[0]

    def _placed(self):
        return SQL(
            """
            SELECT p.*, k.id AS pbo
            FROM (
                SELECT p.line AS id, f1.id AS fibre1, f2.id AS fibre2,
                    f1.class AS class1, f2.class AS class2,
                    (p.ps_1 IS NOT NULL AND f1.id IS NULL)
                        OR (p.ps_2 IS NOT NULL AND f2.id IS NULL) AS is_absent,
                    COALESCE(p.ps_fonct IN ('AT', 'MA'), FALSE) AS is_waiting,
                    COALESCE(p.ps_fonct = 'PI', FALSE) AS is_pigtail,
                    COALESCE(p.ps_ti_code, t.drawer) AS drawer,
                    COALESCE(p.ps_ti_code, t.drawer) IS NOT NULL AS is_drawer,
                    COALESCE(t.box, CASE
                        WHEN COALESCE(p.ps_ti_code, t.drawer) IS NOT NULL THEN NULL
                        WHEN f1.id IS NULL THEN f2.far_box
                        WHEN f2.id IS NULL THEN f1.far_box
                        WHEN f1.box2 = f2.box1 THEN f1.box2
                        WHEN f1.box2 = f2.box2 THEN f1.box2
                        WHEN f1.box1 = f2.box1 THEN f1.box1
                        WHEN f1.box1 = f2.box2 THEN f1.box1
                    END) AS box
                FROM %(position)s p
                LEFT JOIN %(fibre)s f1 ON f1.code = p.ps_1
                LEFT JOIN %(fibre)s f2 ON f2.code = p.ps_2
                LEFT JOIN %(tray)s t ON t.code = p.ps_cs_code
                WHERE p.ps_1 IS NOT NULL OR p.ps_2 IS NOT NULL
                    OR p.ps_ti_code IS NOT NULL OR t.drawer IS NOT NULL
            ) p
            LEFT JOIN %(box)s k ON k.id = p.box AND k.kind = %(pbo)s
            """,
            pbo=PBO,
            position=self.table("t_position"),
            fibre=self.table(FIBRES),
            tray=self.table(_TRAYS),
            box=self.table(BOXES),
        )

    def _make_hinges(self):
        """For each fibre, the positions whose ps_1 it is, and those whose ps_2 it is.

        A step is (position << 32) + IN_PBO, if it is, + the fibre beyond, 0 for none.
        The least and the greatest of a side are enough: three positions on a side are
        a branch.
        """
        # Processes would group what is hardly grouped, then do it again together.
        self.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        self.make(
            HINGES,
            SQL(
                """
                SELECT fibre, min(class) AS class,
                    count(step1) AS count1, min(step1) AS low1, max(step1) AS high1,
                    count(step2) AS count2, min(step2) AS low2, max(step2) AS high2
                FROM (
                    SELECT fibre1 AS fibre, class1 AS class,
                        %(step)s + COALESCE(fibre2, 0) AS step1, NULL::bigint AS step2
                    FROM %(placed)s WHERE fibre1 IS NOT NULL
                    UNION ALL
                    SELECT fibre2, class2, NULL, %(step)s + COALESCE(fibre1, 0)
                    FROM %(placed)s WHERE fibre2 IS NOT NULL
                ) side
                GROUP BY fibre
                """,
                step=SQL(
                    "(id::bigint << 32) + CASE WHEN pbo IS NULL THEN 0 ELSE %s END",
                    IN_PBO,
                ),
                placed=self.table(PLACED),
            ),
        )
        self.cr.execute("SET LOCAL max_parallel_workers_per_gather TO DEFAULT")
        self.cr.execute(self.sql("ANALYZE %s (fibre, class)", HINGES))

    def leave_out_repeated(self):
        """Leave out the positions that have the same fibres as an earlier one.

        Two are joined by it, wherever it is; one waits, or begins in its drawer: that
        is said of its place.

        :return: their lines
        """
        self.cr.execute(
            SQL(
                """
                DELETE FROM %(placed)s p
                USING (
                    SELECT p.id, min(p.id) OVER (
                               PARTITION BY fibre1, fibre2, w.drawer, w.box
                           ) AS first
                    FROM %(placed)s p
                    LEFT JOIN LATERAL (
                        SELECT p.drawer, p.box
                         WHERE p.fibre1 IS NULL OR p.fibre2 IS NULL
                    ) w ON TRUE
                    LEFT JOIN %(hinge)s h1 ON h1.fibre = p.fibre1
                    LEFT JOIN %(hinge)s h2 ON h2.fibre = p.fibre2
                    WHERE COALESCE(h1.count1, 2) > 1 AND COALESCE(h2.count2, 2) > 1
                      AND COALESCE(p.fibre1, p.fibre2) IS NOT NULL
                      AND p.is_absent IS NOT TRUE
                ) same
                WHERE same.id = p.id AND same.first < p.id
                RETURNING p.id
                """,
                placed=self.table(PLACED),
                hinge=self.table(HINGES),
            )
        )
        lines = [line for (line,) in self.cr.fetchall()]
        if lines:
            self._make_hinges()
        return lines

    # -- what checks look at -----------------------------------------------------------

    def has_absent_fibres(self):
        """Tell whether a position names a fibre that the delivery has not."""
        self.cr.execute(self.sql("SELECT bool_or(is_absent) FROM %s", PLACED))
        return bool(self.cr.fetchone()[0])

    def sharing(self, side):
        """Query of the positions whose fibre others may have on that side, 1 or 2."""
        return SQL(
            """SELECT p.id FROM %(hinge)s h JOIN %(placed)s p ON p.%(fibre)s = h.fibre
                WHERE h.%(count)s > 1
               UNION ALL SELECT id FROM %(placed)s WHERE is_absent""",
            hinge=self.table(HINGES),
            placed=self.table(PLACED),
            fibre=SQL.identifier(f"fibre{side}"),
            count=SQL.identifier(f"count{side}"),
        )
