"""Links of PMs to their NRO, and their fibres: transport fibres that reach a drawer."""

from odoo.tools import SQL

from ..routes.graph import PLACED
from ..routes.links import LINKS
from ..routes.result import ROUTES
from .cables import fibre_name
from .merge import Item
from .network import chosen


def describe(base, settings):
    """Fill ``a_feed``: transport fibres between the drawers of an NRO and of a PM."""
    base.analyze(LINKS)
    plug = base.make(
        "a_plug",
        SQL(
            _PLUGS,
            head=chosen("ti", settings["reference"], "t"),
            number=base.typed("p", "t_position", "ps_numero"),
            tray=base.typed("c", "t_cassette", "cs_num"),
            position=base.table("t_position"),
            placed=base.table(PLACED),
            tiroir=base.table("t_tiroir"),
            cassette=base.table("t_cassette"),
        ),
    )
    base.analyze("a_plug")
    base.make(
        "a_feed",
        SQL(
            _FEEDS,
            plug=plug,
            link=base.table(LINKS),
            placed=base.table(PLACED),
            drawer=base.table("a_drawer"),
        ),
    )
    base.index("a_feed", "line")


def link(base, run):
    """One for each PM that fibres reach; that which the PM has already, if any."""
    reference = SQL(
        """COALESCE((SELECT min(l.reference) FROM oiconnect_pm_link l
                      WHERE l.pm_id = pm.res_id HAVING count(*) = 1),
                    left(n.reference || ' - ' || pm.reference, 50))"""
    )
    rows = SQL(
        """
        SELECT pm.line, pm.code, %(reference)s::varchar AS reference,
               pm.res_id AS pm_id, pm.nro_id, pm.prdm_id, pm.state,
               round(GREATEST(%(length)s, 0)::numeric, 2) AS length_km,
               0 AS capacity, 0 AS used_fibre_count, 0 AS free_fibre_count
          FROM %(pm)s pm
          JOIN %(zsro)s s ON s.line = pm.line
          JOIN oiconnect_nro n ON n.id = pm.nro_id
         WHERE pm.reference IN (SELECT pm FROM %(feed)s)
        """,
        reference=reference,
        length=base.typed("s", "t_zsro", "zs_znllong"),
        pm=base.table("n_pm"),
        zsro=base.table("t_zsro"),
        feed=base.table("a_feed"),
    )
    return Item(
        "oiconnect.pm.link",
        rows,
        ("reference",),
        table="t_zsro",
        fixed=(
            "pm_id",
            "nro_id",
            "prdm_id",
            "state",
            "capacity",
            "used_fibre_count",
            "free_fibre_count",
        ),
    )


def link_fibre(base, run):
    """Fibres of links; those that the link has already keep their number and names.

    These have the transport fibre, or an export gave them the code of this one.
    """
    rows = SQL(
        """
        SELECT f.line, f.code, l.res_id AS link_id, l.pm_id, l.prdm_id,
               CASE WHEN o.id IS NULL THEN left(c.reference, 50)
                    ELSE o.cable_reference END AS cable_reference,
               CASE WHEN o.id IS NULL THEN u.tube ELSE o.tube END AS tube,
               CASE WHEN o.id IS NULL THEN u.fibre ELSE o.fibre END AS fibre,
               ((SELECT COALESCE(max(o.number), 0) FROM oiconnect_pm_link_fibre o
                  WHERE o.link_id = l.res_id)
                + row_number() OVER (PARTITION BY l.res_id
                                     ORDER BY c.reference, u.sequence, f.line))::int
                   AS number,
               CASE WHEN EXISTS (SELECT FROM %(route)s r
                                  WHERE r.link_fibre_line = f.line)
                    THEN 'used' ELSE 'free' END::varchar AS state,
               f.nro_head, f.nro_position, f.pm_head, f.pm_position,
               CASE WHEN c.kind = 'transport' THEN u.res_id END AS transport_fibre_id
          FROM %(feed)s f
          JOIN %(pm)s pm ON pm.reference = f.pm
          JOIN %(link)s l ON l.pm_id = pm.res_id
          JOIN %(fibre)s u ON u.line = f.line
          JOIN %(cable)s c ON c.res_id = u.cable_id
          LEFT JOIN oiconnect_gracethd_object g ON g.network_id = %(network)s
               AND g.table_name = 't_fibre' AND g.code = u.code
               AND g.res_model = 'oiconnect.pm.link.fibre'
          LEFT JOIN LATERAL (
               SELECT k.* FROM oiconnect_pm_link_fibre k
                WHERE k.link_id = l.res_id
                  AND (k.transport_fibre_id = u.res_id OR k.id = g.res_id)
                ORDER BY k.transport_fibre_id = u.res_id DESC NULLS LAST, k.id
                LIMIT 1) o ON TRUE
        """,
        network=run.head["network_id"],
        route=base.table(ROUTES),
        feed=base.table("a_feed"),
        pm=base.table("n_pm"),
        link=base.table("n_pm_link"),
        fibre=base.table("n_pbo_fibre"),
        cable=base.table("n_pbo_cable"),
    )
    return Item(
        "oiconnect.pm.link.fibre",
        rows,
        ("link_id", "cable_reference", "tube", "fibre"),
        table="t_fibre",
        fixed=("number", "state", "pm_id", "prdm_id"),
        reference=link_fibre_name,
        labels={"transport_fibre_id": ("oiconnect_pbo_fibre", fibre_name)},
        counted=False,
    )


def link_fibre_name(alias):
    """Return the SQL of the name of a link fibre: its link and its number."""
    return SQL(
        """(SELECT concat_ws(' / ', l.reference, %(f)s.number)
              FROM oiconnect_pm_link l WHERE l.id = %(f)s.link_id)""",
        f=SQL.identifier(alias),
    )


def follow_patches(base, run):
    """A free fibre that feeds a position now is used; links count their fibres."""
    values = {"res_model": "oiconnect.pm.link.fibre", **run.head}
    values.pop("company_id")
    base.cr.execute(
        SQL(
            _PATCHED,
            network=run.head["network_id"],
            user=run.head["user_id"],
            date=run.head["date"],
            name=link_fibre_name("made"),
            differences=run.journal.differences("oiconnect_pm_link_fibre", "made"),
            head=SQL(", ").join(map(SQL.identifier, values)),
            values=SQL(", ").join(SQL("%s", value) for value in values.values()),
        )
    )
    run.journal.changed(
        "oiconnect_pm_link",
        "l",
        SQL(
            _COUNTED,
            network=run.head["network_id"],
            user=run.head["user_id"],
            date=run.head["date"],
        ),
    )


_PLUGS = """
    SELECT p.line, p.ps_code AS code, k.drawer,
           left(%(head)s, 50) AS head,
           left(concat_ws('/', %(tray)s, %(number)s), 20) AS place
      FROM %(position)s p
      JOIN %(placed)s k ON k.id = p.line
      JOIN (SELECT DISTINCT ON (ti_code) * FROM %(tiroir)s ORDER BY ti_code, line
           ) t ON t.ti_code = k.drawer
      LEFT JOIN (SELECT DISTINCT ON (cs_code) * FROM %(cassette)s
                  ORDER BY cs_code, line) c ON c.cs_code = p.ps_cs_code
"""
_FEEDS = """
    SELECT DISTINCT ON (l.fibre_line) l.fibre_line AS line, q.code, d.pm,
           n.head AS nro_head, n.place AS nro_position, q.head AS pm_head,
           q.place AS pm_position
      FROM (SELECT id, fibre1 AS fibre FROM %(placed)s WHERE is_drawer
            UNION ALL
            SELECT id, fibre2 FROM %(placed)s WHERE is_drawer) k
      JOIN %(link)s l ON l.fibre_line = k.fibre AND l.end_kind = 'nro'
           AND l.nro_position_line <> k.id
      JOIN %(plug)s q ON q.line = k.id
      JOIN %(drawer)s d ON d.code = q.drawer
      JOIN %(plug)s n ON n.line = l.nro_position_line
     ORDER BY l.fibre_line, k.id
"""
_PATCHED = """
    WITH made AS (
        UPDATE oiconnect_pm_link_fibre f
           SET state = 'used', write_uid = %(user)s, write_date = %(date)s
         WHERE f.network_id = %(network)s AND f.state = 'free'
           AND EXISTS (SELECT FROM oiconnect_pm_position p
                        WHERE p.link_fibre_id = f.id)
     RETURNING f.*, to_jsonb(f) AS row_after),
    journal AS (%(differences)s)
    INSERT INTO oiconnect_change (res_id, reference, kind, field, before, after,
                                  %(head)s)
    SELECT id, %(name)s, 'write', 'state', 'free', 'used', %(values)s FROM made
"""
_COUNTED = """
    UPDATE oiconnect_pm_link l
       SET capacity = c.total, used_fibre_count = c.used,
           free_fibre_count = c.total - c.used, write_uid = %(user)s,
           write_date = %(date)s
      FROM (SELECT link_id, count(*)::int AS total,
                   (count(*) FILTER (WHERE state <> 'free'))::int AS used
              FROM oiconnect_pm_link_fibre WHERE network_id = %(network)s GROUP BY 1
           ) c
     WHERE c.link_id = l.id
       AND (l.capacity, l.used_fibre_count, l.free_fibre_count)
           IS DISTINCT FROM (c.total, c.used, c.total - c.used)
"""
