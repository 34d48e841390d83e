"""Modules, positions and routes of the PMs of a delivery."""

from odoo.tools import SQL

from ..routes.graph import PLACED
from ..routes.result import ROUTES
from .cables import fibre_name
from .incomplete import is_incomplete
from .links import link_fibre_name
from .merge import Item
from .network import chosen
from .sites import mapped

CONNECTORS = 4
#: ends behind which the last fibre is known
_KNOWN = "(r.end_kind IN ('pto', 'free') OR r.reason IN ('nothing', 'open', 'absent'))"


def describe(base, settings):
    """Fill ``a_head``: positions of the drawers where routes start.

    A module is a drawer, or one of its trays; what is only of transport makes none.
    """
    by_tray = settings["module"] == "tray"
    number = base.typed("s", "t_position", "ps_numero")
    rank = base.typed("c", "t_cassette", "cs_num")
    base.make(
        "a_head",
        SQL(
            """
            SELECT h.*, h.%(kind)s AS module, h.%(kind_name)s AS module_name FROM (
            SELECT s.line, s.ps_code AS code, d.pm, d.local, d.code AS drawer,
                   COALESCE(c.cs_code, d.code) AS tray, %(drawer_name)s AS drawer_name,
                   %(drawer_name)s || CASE WHEN c.cs_code IS NOT NULL
                       THEN ' / ' || COALESCE(%(rank)s::text, c.cs_code) ELSE '' END
                       AS tray_name,
                   CASE WHEN NOT %(by_tray)s AND %(rank)s IS NOT NULL
                        THEN %(rank)s || '/' ELSE '' END
                       || COALESCE(%(number)s::text, s.ps_code) AS name,
                   LEAST(COALESCE(%(rank)s, 0), 99999) * 1000
                       + LEAST(COALESCE(%(number)s, 0), 999) AS sequence,
                   r.first_fibre, r.preassigned
              FROM %(position)s s
              JOIN %(placed)s k ON k.id = s.line
              JOIN %(drawer)s d ON d.code = k.drawer
              JOIN %(tiroir)s t ON t.line = d.line
              JOIN (SELECT DISTINCT p.drawer AS code FROM %(route)s r
                      JOIN %(placed)s p ON p.id = r.position_line) u
                ON u.code = d.code
              LEFT JOIN (SELECT DISTINCT ON (cs_code) cs_code, cs_num FROM %(tray)s
                          ORDER BY cs_code, line) c ON c.cs_code = s.ps_cs_code
              LEFT JOIN %(route)s r ON r.position_line = s.line
             WHERE r.position_line IS NOT NULL
                OR (k.fibre1 IS NULL AND k.fibre2 IS NULL)
            ) h
            """,
            by_tray=by_tray,
            kind=SQL.identifier("tray" if by_tray else "drawer"),
            kind_name=SQL.identifier("tray_name" if by_tray else "drawer_name"),
            number=number,
            rank=rank,
            drawer_name=chosen("ti", settings["reference"], "t"),
            position=base.table("t_position"),
            drawer=base.table("a_drawer"),
            tiroir=base.table("t_tiroir"),
            route=base.table("a_route"),
            tray=base.table("t_cassette"),
            placed=base.table(PLACED),
        ),
    )
    base.index("a_head", "line")


def module(base, run):
    rows = SQL(
        """
        SELECT min(h.line) AS line, h.module AS code, min(h.module_name) AS name,
               p.res_id AS pm_id, min(t.res_id) AS technical_pm_id
          FROM %s h
          JOIN %s p ON p.reference = h.pm
          LEFT JOIN %s t ON t.code = h.local
         GROUP BY h.module, p.res_id
        """,
        base.table("a_head"),
        base.table("n_pm"),
        base.table("n_technical_pm"),
    )
    return Item(
        "oiconnect.pm.module",
        rows,
        ("pm_id", "name"),
        table="t_tiroir" if run.settings["module"] == "drawer" else "t_cassette",
        by_code=True,
        sizes={"name": 256},
        reference="name",
        labels={"technical_pm_id": ("oiconnect_technical_pm", "reference")},
    )


def position(base, run):
    rows = SQL(
        """
        SELECT h.line, h.code, m.res_id AS module_id, m.pm_id, h.name, h.sequence,
               f.cable_id, f.tube, f.fibre, k.res_id AS link_fibre_id
          FROM %(head)s h
          JOIN %(module)s m ON m.code = h.module
          LEFT JOIN %(fibre)s f ON f.line = h.first_fibre
          LEFT JOIN %(rebuilt)s r ON r.position_line = h.line
          LEFT JOIN %(feed)s k ON k.line = r.link_fibre_line AND k.pm_id = m.pm_id
        """,
        rebuilt=base.table(ROUTES),
        feed=base.table("n_pm_link_fibre"),
        head=base.table("a_head"),
        module=base.table("n_pm_module"),
        fibre=base.table("n_pbo_fibre"),
    )
    held = SQL(
        """EXISTS (SELECT FROM oiconnect_route r
                    WHERE r.position_id = t.id AND r.operator_id IS NOT NULL)"""
    )
    taken = SQL(
        """EXISTS (SELECT FROM oiconnect_pm_position o
                    WHERE o.cable_id = n.cable_id AND o.tube = n.tube
                      AND o.fibre = n.fibre AND NOT EXISTS (
                          SELECT FROM %s m WHERE m.res_id = o.id))""",
        base.table("n_pm_position"),
    )
    return Item(
        "oiconnect.pm.position",
        rows,
        ("module_id", "name"),
        table="t_position",
        sizes={"name": 256},
        reference="name",
        labels={
            "cable_id": ("oiconnect_pbo_cable", "reference"),
            "link_fibre_id": ("oiconnect_pm_link_fibre", link_fibre_name),
        },
        refusals=(("apply_position_held", ("cable_id", "tube", "fibre"), held),),
        checks=(
            (
                "apply_first_fibre_taken",
                SQL("cable_id = NULL, tube = NULL, fibre = NULL"),
                taken,
            ),
        ),
        cleared=("cable_id",),
        # Patches change with orders
        filled=("link_fibre_id",),
        exclusive=(("apply_first_fibre_taken", ("cable_id", "tube", "fibre")),),
    )


def route(base, run):
    """A route for each position that a fibre leaves.

    It is free, or reserved for the operator chosen where the delivery pre-assigns it;
    incomplete when it breaks off. One that is in use stays so.
    """
    _choose_connectors(base)
    rows = SQL(
        _ROUTES,
        route=base.table("a_route"),
        position=base.table("n_pm_position"),
        module=base.table("n_pm_module"),
        pm=base.table("n_pm"),
        fibre=base.table("n_pbo_fibre"),
        wired=base.table("a_wired"),
        holder=_holder(run.settings),
        known=SQL(_KNOWN),
        incomplete=is_incomplete("r"),
        colour=_colour(run.settings["colours"]),
    )
    held = SQL("t.operator_id IS NOT NULL")
    own = base.table("n_route")
    fibre_taken = SQL(
        """EXISTS (SELECT FROM oiconnect_route o WHERE o.fibre_id = n.fibre_id
              AND NOT EXISTS (SELECT FROM %s m WHERE m.res_id = o.id))""",
        own,
    )
    name_taken = SQL(
        """n.row_new AND EXISTS (SELECT FROM oiconnect_route o
            WHERE o.network_id = %s AND o.name = n.name)""",
        run.head["network_id"],
    )
    return Item(
        "oiconnect.route",
        rows,
        ("position_id",),
        table="t_position",
        fixed=("name", "operator_id", "sequence"),
        reference="name",
        labels={
            "operator_id": ("oiconnect_operator", "interop_code"),
            "fibre_id": ("oiconnect_pbo_fibre", fibre_name),
            "pto_id": ("oiconnect_pto", "reference"),
        },
        checks=(
            (
                "apply_last_fibre_taken",
                SQL(
                    """fibre_id = NULL, cable_id = NULL, tube = NULL, fibre = NULL,
                       pbo_id = NULL"""
                ),
                fibre_taken,
            ),
            ("", SQL("name = n.name || ' (' || n.code || ')'"), name_taken),
        ),
        refusals=(("apply_route_held", ("fibre_id", "pto_id"), held),),
        cleared=("fibre_id", "pto_id"),
        filled=("connector_colour",),
        exclusive=(("apply_last_fibre_taken", ("fibre_id",)),),
    )


def _holder(settings):
    """Return the SQL of the operator that the route ``r`` is reserved for."""
    if settings["preassigned"] == "free":
        return SQL("NULL::int")
    return SQL(
        "CASE WHEN r.preassigned IS NOT NULL THEN %s::int END", settings["operator"]
    )


def _colour(colours):
    """Return the SQL of the colour of the connector of ``w``."""
    if not colours:
        return SQL("NULL")
    return mapped(SQL("w.connector_number"), colours)


def _choose_connectors(base):
    """Fill ``a_wired``: the socket of a route and its connector there.

    A route that is at the socket already keeps its connector; others take the first
    that no route has.
    """
    base.make(
        "a_wired",
        SQL(
            """
            WITH wired AS (
                SELECT r.position_line AS line, o.res_id AS pto_id, o.building_id,
                       t.connector_number AS present
                  FROM %(route)s r
                  JOIN %(pto)s o ON o.line = r.pto_line
                  JOIN %(position)s p ON p.line = r.position_line
                  LEFT JOIN oiconnect_route t ON t.position_id = p.res_id
                       AND t.pto_id = o.res_id
                 WHERE r.end_kind = 'pto'
            ), fresh AS (
                SELECT w.*, row_number() OVER (PARTITION BY pto_id ORDER BY line) AS k
                  FROM wired w WHERE present IS NULL
            ), open AS (
                SELECT o.pto_id, g.number,
                       row_number() OVER (PARTITION BY pto_id ORDER BY number) AS k
                  FROM (SELECT DISTINCT pto_id FROM fresh) o
                 CROSS JOIN generate_series(1, %(most)s) g (number)
                 WHERE NOT EXISTS (
                     SELECT FROM oiconnect_route t WHERE t.pto_id = o.pto_id
                        AND t.connector_number = g.number)
            )
            SELECT w.line, w.pto_id, w.building_id, w.present AS connector_number
              FROM wired w WHERE w.present IS NOT NULL
             UNION ALL
            SELECT f.line, f.pto_id, f.building_id, o.number
              FROM fresh f JOIN open o ON o.pto_id = f.pto_id AND o.k = f.k
            """,
            route=base.table("a_route"),
            pto=base.table("n_pto"),
            position=base.table("n_pm_position"),
            most=CONNECTORS,
        ),
    )
    base.index("a_wired", "line")


def unwired(base):
    """Query of the routes that no connector of their socket is left for."""
    return SQL(
        """SELECT r.position_line AS line, o.reference AS value
             FROM %s r
             JOIN %s p ON p.line = r.position_line
             JOIN %s o ON o.line = r.pto_line
            WHERE r.end_kind = 'pto' AND NOT EXISTS (
                SELECT FROM %s w WHERE w.line = r.position_line)""",
        base.table("a_route"),
        base.table("n_pm_position"),
        base.table("n_pto"),
        base.table("a_wired"),
    )


def follow_ends(base, run):
    """Let the routes of the network copy their ends again, where these changed."""
    run.journal.changed(
        "oiconnect_route",
        "r",
        SQL(
            """
            UPDATE oiconnect_route r
               SET module_cable_id = p.cable_id, module_tube = p.tube,
                   module_fibre = p.fibre, write_uid = %(user)s, write_date = %(date)s
              FROM oiconnect_pm_position p
             WHERE p.id = r.position_id AND r.network_id = %(network)s
               AND (r.module_cable_id, r.module_tube, r.module_fibre)
                   IS DISTINCT FROM (p.cable_id, p.tube, p.fibre)
            """,
            user=run.head["user_id"],
            date=run.head["date"],
            network=run.head["network_id"],
        ),
    )
    run.journal.changed(
        "oiconnect_route",
        "r",
        SQL(
            """
            UPDATE oiconnect_route r
               SET cable_id = f.cable_id, tube = f.tube, fibre = f.fibre,
                   pbo_id = f.pbo_id, write_uid = %(user)s, write_date = %(date)s
              FROM oiconnect_pbo_fibre f
             WHERE f.id = r.fibre_id AND r.network_id = %(network)s
               AND (r.cable_id, r.tube, r.fibre, r.pbo_id)
                   IS DISTINCT FROM (f.cable_id, f.tube, f.fibre, f.pbo_id)
            """,
            user=run.head["user_id"],
            date=run.head["date"],
            network=run.head["network_id"],
        ),
    )


_ROUTES = """
    SELECT r.position_line AS line, p.code,
           CASE WHEN NOT %(incomplete)s THEN %(holder)s END AS operator_id,
           CASE WHEN t.state NOT IN ('free', 'incomplete') THEN NULL
                WHEN %(incomplete)s THEN 'incomplete'
                WHEN t.id IS NOT NULL OR %(holder)s IS NULL THEN 'free'
                ELSE 'reserved' END::varchar AS state,
           concat_ws(' / ', pm.reference, m.name, p.name)::varchar AS name,
           p.sequence, p.res_id AS position_id, f.res_id AS fibre_id,
           w.pto_id, w.connector_number,
           %(colour)s::varchar AS connector_colour, p.pm_id, p.module_id,
           p.name AS position_name, p.cable_id AS module_cable_id,
           p.tube AS module_tube, p.fibre AS module_fibre, f.cable_id, f.tube,
           f.fibre, f.pbo_id, w.building_id
      FROM %(route)s r
      JOIN %(position)s p ON p.line = r.position_line
      JOIN %(module)s m ON m.res_id = p.module_id
      JOIN %(pm)s pm ON pm.res_id = p.pm_id
      LEFT JOIN %(fibre)s f ON f.line = r.last_fibre AND %(known)s
      LEFT JOIN %(wired)s w ON w.line = r.position_line
      LEFT JOIN oiconnect_route t ON t.position_id = p.res_id
"""
