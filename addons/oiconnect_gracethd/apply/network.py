"""Records of the network for the rows of a delivery: PMs of locals, boxes and cables.

Working tables, each by the codes and lines of the delivery:

- ``a_zone``: zone of an SRO, reference of its PM, its local, its node, its NRO
- ``a_local``: local of an SRO, reference of the PM
- ``a_box``: boxes and sockets: kind, reference, node, place, PM
- ``a_cable``: cables that are no jumpers: kind, ends, PM
- ``a_end``: where a fibre ends: a PBO or a box
- ``a_box_nro``: boxes on the way from an NRO, code of its zone
"""

from odoo.tools import SQL

from ..routes.graph import CABLES, DISTRIBUTION, FIBRES, PBO, PLACED, PTO, TRANSPORT
from ..routes.links import LINKS
from ..routes.result import ROUTES
from . import ways

#: rounds in which the PM of a cable is looked for from box to box
_ROUNDS = 40
#: kinds of the cables that a PM feeds
_FED_CABLES = ("distribution", "drop")
#: reference of a PTO: two letters or digits, four, four
PTO_FORM = "^[A-Z0-9]{2}-[A-Z0-9]{4}-[A-Z0-9]{4}$"


def chosen(prefix, choice, alias="s"):
    """Return the SQL of a reference: the column chosen, else the others."""
    order = {"codeext": ("codeext", "etiquet"), "etiquet": ("etiquet", "codeext")}
    names = [f"{prefix}_{name}" for name in (*order.get(choice, ()), "code")]
    return SQL(
        "COALESCE(%s)", SQL(", ").join(SQL.identifier(alias, name) for name in names)
    )


def describe(base, settings):
    """Fill the working tables."""
    ways.describe(base)
    _zones(base, settings)
    _locals(base)
    _boxes(base, settings)
    _cables(base, settings)
    _ends(base)
    _spread_pms(base)
    _find_nros(base)


def _zones(base, settings):
    local = SQL(
        """COALESCE(s.zs_lt_code, s.zs_lc_code, (
            SELECT min(l.code) FROM (%s) l JOIN (%s) t ON t.code = l.site
             WHERE t.node = s.zs_nd_code))""",
        base.all_locals(),
        base.all_sites(),
    )
    own = {
        "refpm": SQL("COALESCE(s.zs_refpm, s.zs_r3_code, s.zs_nom)"),
        "r3": SQL("COALESCE(s.zs_r3_code, s.zs_refpm, s.zs_nom)"),
        "name": SQL("COALESCE(s.zs_nom, s.zs_refpm, s.zs_r3_code)"),
    }[settings["pm"]]
    base.make(
        "a_zone",
        SQL(
            """
            SELECT s.line, s.zs_code AS code, s.local, s.zs_nd_code AS node,
                   COALESCE(s.reference, lt.lt_codeext, lt.lt_etiquet, lc.lc_codeext,
                            lc.lc_etiquet, s.zs_code) AS reference,
                   COALESCE(s.zs_zn_code, (
                       SELECT min(zn_code) FROM %(znro)s HAVING count(*) = 1)) AS nro
              FROM (SELECT s.*, %(local)s AS local, %(own)s AS reference
                      FROM %(zsro)s s) s
              LEFT JOIN %(ltech)s lt ON lt.lt_code = s.local
              LEFT JOIN %(local_table)s lc ON lc.lc_code = s.local
             WHERE s.zs_code IS NOT NULL
            """,
            znro=base.table("t_znro"),
            zsro=base.table("t_zsro"),
            ltech=base.table("t_ltech"),
            local_table=base.table("t_local"),
            local=local,
            own=own,
        ),
    )
    base.index("a_zone", "code")


def _locals(base):
    """The local that a zone tells; the others of its site, where no NRO is."""
    base.make(
        "a_local",
        SQL(
            """
            WITH declared AS (
                SELECT local AS code, min(reference) AS pm FROM %(zone)s
                WHERE local IS NOT NULL GROUP BY 1
            ), beside AS (
                SELECT l.code, min(z.reference) AS pm
                FROM %(zone)s z
                JOIN (%(sites)s) s ON s.node = z.node
                JOIN (%(locals)s) l ON l.site = s.code
                WHERE l.kind IS DISTINCT FROM 'NRO'
                    AND (l.kind IS NOT NULL OR s.kind IS DISTINCT FROM 'NRO')
                    AND NOT EXISTS (SELECT FROM declared t WHERE t.code = l.code)
                GROUP BY 1 HAVING count(DISTINCT z.reference) = 1
            )
            SELECT code, pm FROM declared UNION ALL SELECT code, pm FROM beside
            """,
            zone=base.table("a_zone"),
            sites=base.all_sites(),
            locals=base.all_locals(),
        ),
    )
    base.index("a_local", "code")


def _boxes(base, settings):
    """Boxes, with the place of their point or local, and the PM of their zone."""
    line_code = SQL(
        """COALESCE(%(chosen)s, s.bp_linecod,
               CASE WHEN s.bp_etiquet ~ %(form)s THEN s.bp_etiquet END,
               CASE WHEN s.bp_codeext ~ %(form)s THEN s.bp_codeext END, %(other)s)""",
        chosen=SQL.identifier("s", f"bp_{settings['pto']}"),
        form=PTO_FORM,
        other=chosen("bp", settings["reference"]),
    )
    base.make(
        "a_box",
        SQL(
            """
            SELECT b.id AS line, b.code, b.node, b.dwelling,
                   CASE b.kind WHEN %(pbo)s THEN 'pbo' WHEN %(pto)s THEN 'pto'
                        ELSE 'box' END AS kind,
                   CASE WHEN b.kind = %(pto)s THEN %(line_code)s ELSE %(reference)s
                        END AS reference,
                   pt.nature, z.pm
              FROM %(box)s b
              JOIN %(ebp)s s ON s.line = b.id
              LEFT JOIN (SELECT pt_code, min(pt_typephy) AS nature FROM %(ptech)s
                          GROUP BY 1) pt ON pt.pt_code = s.bp_pt_code
              LEFT JOIN (SELECT p.zp_bp_code AS code, min(z.reference) AS pm
                           FROM %(zpbo)s p JOIN %(zone)s z ON z.code = p.zp_zs_code
                          WHERE p.zp_bp_code IS NOT NULL GROUP BY 1
                        ) z ON z.code = b.code
            """,
            pbo=PBO,
            pto=PTO,
            line_code=line_code,
            reference=chosen("bp", settings["reference"]),
            box=base.table("w_box"),
            ebp=base.table("t_ebp"),
            ptech=base.table("t_ptech"),
            zpbo=base.table("t_zpbo"),
            zone=base.table("a_zone"),
        ),
    )
    base.index("a_box", "line", "code")


def _cables(base, settings):
    """Cables but for jumpers; ends that are written the wrong way are turned."""
    base.make(
        "a_cable",
        SQL(
            """
            SELECT c.line, c.code, c.kind, c.reference, c.pm, c.nro,
                CASE WHEN c.turned THEN c.box2 ELSE c.box1 END AS box1,
                CASE WHEN c.turned THEN c.box1 ELSE c.box2 END AS box2,
                CASE WHEN c.turned THEN c.nd2 ELSE c.nd1 END AS nd1,
                CASE WHEN c.turned THEN c.nd1 ELSE c.nd2 END AS nd2
            FROM (
                SELECT DISTINCT ON (s.cb_code) s.line, w.code,
                    CASE WHEN w.is_drop OR w.pto IS NOT NULL AND NOT w.is_drawn
                         THEN 'drop'
                         WHEN w.class = %(transport)s THEN 'transport'
                         ELSE 'distribution' END AS kind,
                    %(reference)s AS reference, NULL::text COLLATE "C" AS pm,
                    NULL::text COLLATE "C" AS nro,
                    w.box1, w.box2, w.node1 AS nd1, w.node2 AS nd2,
                    COALESCE(w.pto = w.box1, FALSE)
                        OR w.class = %(distribution)s AND w.box2 IS NULL
                            AND w.box1 IS NOT NULL
                            AND w.node2 IN (SELECT node FROM %(zone)s)
                        OR w.is_drawn AND w.class = %(transport)s
                            AND w.node2 IN (SELECT zn_nd_code FROM %(znro)s)
                        OR w.code IN (SELECT code FROM %(turned)s) AS turned
                FROM %(classed)s w
                JOIN %(cable)s s ON s.cb_code = w.code
                WHERE w.class <> 0
                ORDER BY s.cb_code, s.line
            ) c
            """,
            transport=TRANSPORT,
            distribution=DISTRIBUTION,
            reference=chosen("cb", settings["cable"]),
            zone=base.table("a_zone"),
            znro=base.table("t_znro"),
            turned=base.table(ways.TURNED),
            classed=base.table(CABLES),
            cable=base.table("t_cable"),
        ),
    )
    base.index("a_cable", "code", "box1", "box2")
    # Fibres of the cables that list theirs
    base.make(
        "a_fibre",
        SQL(
            """
            SELECT f.id AS line, f.code, c.code AS cable, c.kind
              FROM %s f JOIN %s t ON t.line = f.id
              JOIN %s c ON c.code = t.fo_cb_code AND c.kind <> 'drop'
            """,
            base.table(FIBRES),
            base.table("t_fibre"),
            base.table("a_cable"),
        ),
    )
    base.index("a_fibre", "line")


def drawn_ends(base):
    """Query of the cables whose nodes are those at the ends of their line."""
    return SQL(
        """SELECT c.line, c.reference AS value
             FROM %s c JOIN %s w ON w.code = c.code AND w.is_drawn""",
        base.table("a_cable"),
        base.table(CABLES),
    )


def _ends(base):
    """Make the ends of fibres: those in a box, and those that a drop goes on from.

    ``a_route`` has the last listed fibre of each route, the way to it, and whom one of
    its positions is foreseen for.
    """
    base.make(
        "a_route",
        SQL(
            """
            SELECT r.position_line, r.end_kind, r.reason, r.pto_line, r.pbo_line,
                r.box_line, r.fibre_lines[1] AS first_fibre,
                (SELECT w.fibre
                   FROM unnest(r.fibre_lines) WITH ORDINALITY w (fibre, rank)
                   JOIN %s f ON f.line = w.fibre
                  ORDER BY w.rank DESC LIMIT 1) AS last_fibre, k.preassigned
              FROM %s r
              LEFT JOIN (%s) k ON k.position_line = r.position_line
            """,
            base.table("a_fibre"),
            base.table(ROUTES),
            _preassigned(base),
        ),
    )
    base.index("a_route", "position_line")
    base.make(
        "a_end",
        SQL(
            """
            SELECT DISTINCT ON (e.fibre) e.fibre, b.line AS box, b.kind
            FROM (
                SELECT r.last_fibre AS fibre, r.pbo_line AS box, 0 AS rank
                  FROM %(route)s r WHERE r.end_kind = 'pto'
                UNION ALL
                SELECT COALESCE(p.fibre1, p.fibre2), p.box, 1
                  FROM %(placed)s p
                 WHERE p.is_waiting AND NOT p.is_drawer
                   AND (p.fibre1 IS NULL) <> (p.fibre2 IS NULL)
            ) e
            JOIN %(box)s b ON b.line = e.box AND b.kind IN ('pbo', 'box')
            JOIN %(fibre)s f ON f.line = e.fibre
            ORDER BY e.fibre, e.rank
            """,
            route=base.table("a_route"),
            placed=base.table(PLACED),
            box=base.table("a_box"),
            fibre=base.table("a_fibre"),
        ),
    )
    base.index("a_end", "fibre")


def _preassigned(base):
    """Query of the routes that a position says foreseen for somebody."""
    base.cr.execute(
        base.sql("SELECT FROM %s WHERE ps_preaff IS NOT NULL LIMIT 1", "t_position")
    )
    if not base.cr.rowcount:
        return SQL(
            """SELECT NULL::int AS position_line, NULL::text COLLATE "C" AS preassigned
                WHERE FALSE"""
        )
    return base.sql(
        """SELECT w.position_line, min(p.ps_preaff) AS preassigned
             FROM (SELECT position_line, unnest(position_lines) AS line FROM %s) w
             JOIN %s p ON p.line = w.line AND p.ps_preaff IS NOT NULL
            GROUP BY 1""",
        ROUTES,
        "t_position",
    )


def _spread_pms(base):
    """Find the PM of cables and boxes: by the drawers, then from box to box."""
    names = {
        "cable": base.table("a_cable"),
        "box": base.table("a_box"),
        "route": base.table(ROUTES),
        "placed": base.table(PLACED),
        "fibre": base.table("t_fibre"),
        "position": base.table("t_position"),
        "tiroir": base.table("t_tiroir"),
        "baie": base.table("t_baie"),
        "local": base.table("a_local"),
        "zone": base.table("a_zone"),
    }
    base.make(
        "a_drawer",
        SQL(_DRAWERS, **names),
    )
    base.index("a_drawer", "code")
    base.make(
        "a_reached",
        SQL(
            _REACHED,
            drawer=base.table("a_drawer"),
            **names,
        ),
    )
    names["reached"] = base.table("a_reached")
    base.cr.execute(SQL(_CABLES_OF_ROUTES, **names))
    base.cr.execute(SQL(_BOXES_OF_ROUTES, **names))
    for _round in range(_ROUNDS):
        base.cr.execute(SQL(_FROM_BOXES, **names))
        found = base.cr.rowcount
        base.cr.execute(SQL(_FROM_CABLES, **names))
        if not (found or base.cr.rowcount):
            break
    _give_last_pms(base, names)


def _give_last_pms(base, names):
    """Give the last PMs: the only one, and that at the end of a transport cable."""
    for table, kinds in ((names["cable"], _FED_CABLES), (names["box"], ("pbo",))):
        base.cr.execute(
            SQL(
                """UPDATE %s o SET pm = z.pm
                     FROM (SELECT min(reference) AS pm FROM %s
                           HAVING count(DISTINCT reference) = 1) z
                    WHERE o.pm IS NULL AND o.kind = ANY(%s)""",
                table,
                names["zone"],
                list(kinds),
            )
        )
    base.cr.execute(
        SQL(
            """UPDATE %(cable)s c SET pm = z.reference FROM %(zone)s z
                WHERE c.pm IS NULL AND c.kind = 'transport' AND c.nd2 = z.node""",
            **names,
        )
    )


def _find_nros(base):
    """Find the NRO of boxes: by the drawer that feeds them, else by their node.

    A node says the code of its NRO in nd_r2_code.
    """
    base.make(
        "a_box_nro",
        SQL(
            _NROS_OF_BOXES,
            locals=base.all_locals(),
            sites=base.all_sites(),
            znro=base.table("t_znro"),
            tiroir=base.table("t_tiroir"),
            baie=base.table("t_baie"),
            placed=base.table(PLACED),
            link=base.table(LINKS),
            box=base.table("a_box"),
            noeud=base.table("t_noeud"),
        ),
    )
    base.index("a_box_nro", "line")


_NROS_OF_BOXES = """
    WITH drawer AS (
        SELECT t.ti_code AS code, min(n.zn_code) AS nro
          FROM %(tiroir)s t
          JOIN %(baie)s b ON b.ba_code = t.ti_ba_code
          JOIN (%(locals)s) l ON l.code = COALESCE(b.ba_lt_code, b.ba_lc_code)
          LEFT JOIN (%(sites)s) s ON s.code = l.site
          JOIN %(znro)s n ON COALESCE(n.zn_lt_code, n.zn_lc_code) = l.code
               OR n.zn_nd_code = s.node
         GROUP BY 1 HAVING count(DISTINCT n.zn_code) = 1
    ), fed AS (
        SELECT p.box AS line, min(d.nro) AS nro
          FROM %(link)s l
          JOIN %(placed)s h ON h.id = l.nro_position_line
          JOIN drawer d ON d.code = h.drawer
         CROSS JOIN unnest(l.position_lines) v (line)
          JOIN %(placed)s p ON p.id = v.line AND p.box IS NOT NULL
         GROUP BY 1 HAVING count(DISTINCT d.nro) = 1
    ), said AS (
        SELECT b.line, min(n.zn_code) AS nro
          FROM %(box)s b
          JOIN %(noeud)s d ON d.nd_code = b.node
          JOIN %(znro)s n ON d.nd_r2_code IN (n.zn_code, n.zn_nroref)
         WHERE b.kind = 'box'
         GROUP BY 1 HAVING count(DISTINCT n.zn_code) = 1
    )
    SELECT line, COALESCE(f.nro, s.nro) AS nro
      FROM fed f FULL JOIN said s USING (line)
"""
_FROM_BOXES = """
    UPDATE %(cable)s c SET pm = b.pm FROM (
        SELECT c.code, min(b.pm) AS pm FROM %(cable)s c
        JOIN %(box)s b ON b.line IN (c.box1, c.box2) AND b.pm IS NOT NULL
        WHERE c.pm IS NULL AND c.kind <> 'transport' GROUP BY 1
    ) b WHERE b.code = c.code
"""
_FROM_CABLES = """
    UPDATE %(box)s b SET pm = c.pm FROM (
        SELECT b.line, min(c.pm) AS pm FROM %(box)s b
        JOIN %(cable)s c ON b.line IN (c.box1, c.box2) AND c.pm IS NOT NULL
        WHERE b.pm IS NULL AND c.kind <> 'transport' GROUP BY 1
    ) c WHERE c.line = b.line
"""


_DRAWERS = """
    SELECT DISTINCT ON (t.ti_code) t.line, t.ti_code AS code, l.pm,
        l.code AS local
    FROM %(tiroir)s t
    JOIN %(baie)s b ON b.ba_code = t.ti_ba_code
    JOIN %(local)s l ON l.code = COALESCE(b.ba_lt_code, b.ba_lc_code)
    ORDER BY t.ti_code, t.line
"""
_REACHED = """
    SELECT d.pm, r.position_lines, r.fibre_lines
    FROM %(route)s r
    JOIN %(placed)s p ON p.id = r.position_line
    JOIN %(drawer)s d ON d.code = p.drawer
"""
_CABLES_OF_ROUTES = """
    UPDATE %(cable)s c SET pm = f.pm
    FROM (SELECT f.fo_cb_code AS code, min(r.pm) AS pm
            FROM %(reached)s r, unnest(r.fibre_lines) v (line)
            JOIN %(fibre)s f ON f.line = v.line
           GROUP BY 1) f
    WHERE f.code = c.code AND c.kind <> 'transport'
"""
_BOXES_OF_ROUTES = """
    UPDATE %(box)s b SET pm = f.pm
    FROM (SELECT p.box, min(r.pm) AS pm
            FROM %(reached)s r, unnest(r.position_lines) v (line)
            JOIN %(placed)s p ON p.id = v.line
           WHERE p.box IS NOT NULL GROUP BY 1) f
    WHERE f.box = b.line AND b.pm IS NULL
"""
