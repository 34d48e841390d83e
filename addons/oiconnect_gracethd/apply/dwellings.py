"""Addresses, stairs and floors, and sockets of a delivery."""

from odoo.tools import SQL

from ..catalogue import TECHNICAL_ROOMS
from .merge import Item
from .places import POINTS
from .sites import ADDRESS, PLACE, address, addressed, fitting, mapped, place

_STATES = {
    "CI": "target",
    "SI": "signed",
    "RD": "on_demand",
    "RC": "on_demand_deploying",
    "EC": "deploying",
    "DE": "deployed",
    "AB": "abandoned",
}
_DWELLINGS = (
    "ad_nblhab",
    "ad_nblpro",
    "ad_nblres",
    "ad_nblent",
    "ad_nblpub",
    "ad_nblobj",
    "ad_nblope",
)


def describe(base):
    """Fill ``a_home``: each dwelling, with its address, its floor and its PBO.

    Rooms of the network are there too: they may hold a socket, and are none.
    """
    base.make(
        "a_home",
        SQL(
            """
            SELECT DISTINCT ON (h.code) h.code, h.address,
                   left(h.stair, 25) AS stair, left(h.floor, 25) AS floor,
                   b.line AS pbo, b.pm, h.is_room
            FROM (
                SELECT s.line, s.sf_code AS code, s.sf_ad_code AS address,
                       s.sf_escal AS stair, s.sf_etage AS floor, z.zp_bp_code AS pbo,
                       FALSE AS is_room
                  FROM %(suf)s s
                  LEFT JOIN (SELECT zp_code, min(zp_bp_code) AS zp_bp_code
                               FROM %(zpbo)s GROUP BY 1) z ON z.zp_code = s.sf_zp_code
                UNION ALL
                SELECT l.line, l.lc_code, t.address, l.lc_escal, l.lc_etage,
                       l.lc_bp_codf, COALESCE(l.lc_typelog = ANY(%(rooms)s), FALSE)
                  FROM %(local)s l
                  JOIN (SELECT st_code, min(st_ad_code) AS address FROM %(site)s
                         GROUP BY 1) t ON t.st_code = l.lc_st_code
                 WHERE t.address IS NOT NULL
            ) h
            LEFT JOIN %(box)s b ON b.code = h.pbo AND b.kind = 'pbo'
            WHERE h.code IS NOT NULL ORDER BY h.code, h.line
            """,
            rooms=list(TECHNICAL_ROOMS),
            suf=base.table("t_suf"),
            zpbo=base.table("t_zpbo"),
            local=base.table("t_local"),
            site=base.table("t_site"),
            box=base.table("a_box"),
        ),
    )
    base.index("a_home", "code", "address")


def building(base, run):
    """Addresses: those of the network stay as they are, unless they are abandoned."""
    count = SQL(" + ").join(
        SQL("COALESCE(%s, 0)::bigint", base.typed("s", "t_adresse", name))
        for name in _DWELLINGS
        if name in base.columns("t_adresse")
    )
    identifier = SQL("COALESCE(s.ad_batcode, s.ad_code)")
    known = SQL("TRUE")
    if not run.settings["buildings"]:
        known = SQL(
            """EXISTS (SELECT FROM oiconnect_building b
                        WHERE b.network_id = %s AND b.identifier = %s)""",
            run.head["network_id"],
            identifier,
        )
    rows = SQL(
        _BUILDINGS,
        identifier=identifier,
        state=mapped(SQL("s.ad_ietat"), _STATES),
        count=count,
        ban=fitting(SQL("s.ad_ban_id"), "^.{1,24}$", 24),
        street=fitting(SQL("s.ad_hexaclv"), "^.{1,10}$", 10),
        rivoli=fitting(SQL("s.ad_rivoli"), "^[0-9A-Z]{4}$", 4),
        place=place(),
        address=address(base, "s", "ad"),
        adresse=base.table("t_adresse"),
        home=base.table("a_home"),
        pm=base.table("n_pm"),
        points=base.table(POINTS),
        known=known,
        abandoned=base.typed("s", "t_adresse", "ad_abddate"),
        network=run.head["network_id"],
    )
    fixed = (
        "dwelling_count",
        "building_type",
        "zone_type",
        "ban_code",
        "street_code",
        "rivoli_code",
        "is_new",
        "pm_id",
    )
    held = SQL(
        """EXISTS (SELECT FROM oiconnect_route r
                    WHERE r.building_id = t.id AND r.operator_id IS NOT NULL)"""
    )
    return Item(
        "oiconnect.building",
        addressed(run, rows),
        ("identifier",),
        table="t_adresse",
        by_code=True,
        fixed=(*fixed, *ADDRESS, *PLACE),
        sizes={"identifier": 30},
        reference="identifier",
        refusals=(("apply_building_held", ("state",), held),),
    )


def level(base, run):
    """Floors of the stairs of a building, with the PBO when all have the same."""
    rows = SQL(
        """
        SELECT min(b.line) AS line, NULL::text COLLATE "C" AS code,
               b.res_id AS building_id, h.stair AS staircase, h.floor,
               count(*)::int AS dwelling_count,
               CASE WHEN count(DISTINCT h.pbo) = 1 THEN min(p.res_id) END AS pbo_id
          FROM %s h
          JOIN %s b ON b.code = h.address
          LEFT JOIN %s p ON p.line = h.pbo
         WHERE (h.stair IS NOT NULL OR h.floor IS NOT NULL) AND NOT h.is_room
         GROUP BY b.res_id, h.stair, h.floor
        """,
        base.table("a_home"),
        base.table("n_building"),
        base.table("n_pbo"),
    )
    return Item(
        "oiconnect.building.level",
        rows,
        ("building_id", "staircase", "floor"),
        table="t_adresse",
        fixed=("dwelling_count",),
        reference=_level_name,
        labels={"pbo_id": ("oiconnect_pbo", "reference")},
        may_be_void=True,
        counted=False,
    )


def _level_name(alias):
    return SQL(
        "concat_ws(' / ', %(l)s.staircase, %(l)s.floor)", l=SQL.identifier(alias)
    )


def pto(base, run):
    """Sockets: at an address, behind the PBO of their route or of their dwelling."""
    base.make(
        "a_socket",
        SQL(
            _SOCKETS,
            base.table("a_box"),
            base.table("a_route"),
            base.table("a_home"),
        ),
    )
    base.index("a_socket", "line")
    rows = SQL(
        _PTOS,
        connectors=run.settings["connectors"],
        network=run.head["network_id"],
        socket=base.table("a_socket"),
        ebp=base.table("t_ebp"),
        building=base.table("n_building"),
        pbo=base.table("n_pbo"),
        level=base.table("n_building_level"),
    )
    held = SQL(
        """EXISTS (SELECT FROM oiconnect_route r
                    WHERE r.pto_id = t.id AND r.operator_id IS NOT NULL)"""
    )
    return Item(
        "oiconnect.pto",
        rows,
        ("reference",),
        table="t_ebp",
        by_code=True,
        # Technicians say what is there, and on how many connectors
        fixed=("connector_count",),
        sizes={"reference": 30},
        labels={
            "building_id": ("oiconnect_building", "identifier"),
            "pbo_id": ("oiconnect_pbo", "reference"),
            "level_id": ("oiconnect_building_level", _level_name),
        },
        refusals=(
            ("apply_pto_held", ("state", "building_id", "pbo_id", "level_id"), held),
        ),
    )


def without_address(base):
    """Query of the sockets that no address of the network has: they are left out."""
    return SQL(
        """SELECT s.line, s.reference AS value FROM %s s
            WHERE NOT EXISTS (SELECT FROM %s b WHERE b.code = s.address)""",
        base.table("a_socket"),
        base.table("n_building"),
    )


def serve_buildings(base, run):
    """Put the PBOs of dwellings among those of their building."""
    existing = SQL(
        """EXISTS (SELECT FROM %s b
                    WHERE b.res_id = w.building_id AND NOT b.row_new)
           AND EXISTS (SELECT FROM %s p WHERE p.res_id = w.pbo_id AND NOT p.row_new)""",
        base.table("n_building"),
        base.table("n_pbo"),
    )
    run.journal.linked(
        "oiconnect_building_pbo_rel",
        SQL(
            """
            INSERT INTO oiconnect_building_pbo_rel (building_id, pbo_id)
            SELECT DISTINCT b.res_id, p.res_id
              FROM %s h
              JOIN %s b ON b.code = h.address
              JOIN %s p ON p.line = h.pbo
            ON CONFLICT DO NOTHING
            """,
            base.table("a_home"),
            base.table("n_building"),
            base.table("n_pbo"),
        ),
        existing,
    )


_BUILDINGS = """
    SELECT s.line, s.ad_code AS code, %(identifier)s AS identifier,
           CASE WHEN s.ad_abddate IS NOT NULL OR s.ad_ietat = 'AB' THEN 'abandoned'
                WHEN old.id IS NULL THEN COALESCE(%(state)s, 'target')
                END::varchar AS state,
           %(abandoned)s AS abandoned_date,
           LEAST(GREATEST(%(count)s, 0), 999999)::int AS dwelling_count,
           pm.res_id AS pm_id,
           CASE s.ad_itypeim WHEN 'P' THEN 'house' WHEN 'I' THEN 'building'
                END::varchar AS building_type,
           CASE WHEN s.ad_typzone IN ('1', '2', '3') THEN s.ad_typzone
                END::varchar AS zone_type,
           %(ban)s AS ban_code, %(street)s AS street_code,
           %(rivoli)s AS rivoli_code,
           CASE WHEN lower(s.ad_imneuf) IN ('1', 't', 'true', 'o') THEN TRUE END
               AS is_new,
           %(place)s, %(address)s
      FROM (SELECT DISTINCT ON (ad_code) * FROM %(adresse)s
             WHERE ad_code IS NOT NULL ORDER BY ad_code, line) s
      LEFT JOIN (SELECT address, min(pm) AS pm FROM %(home)s GROUP BY 1) h
        ON h.address = s.ad_code
      LEFT JOIN %(pm)s pm ON pm.reference = h.pm
      LEFT JOIN %(points)s p ON p.tab = 't_adresse' AND p.code = s.ad_code
      LEFT JOIN oiconnect_building old ON old.network_id = %(network)s
           AND old.identifier = %(identifier)s
     WHERE %(known)s
"""


_SOCKETS = """
    SELECT b.line, b.code, b.reference, b.dwelling,
           COALESCE(r.pbo, h.pbo) AS pbo, h.address, h.stair, h.floor
      FROM %s b
      LEFT JOIN (SELECT pto_line, min(pbo_line) AS pbo FROM %s
                  WHERE pto_line IS NOT NULL AND end_kind = 'pto' GROUP BY 1
                ) r ON r.pto_line = b.line
      LEFT JOIN %s h ON h.code = b.dwelling
     WHERE b.kind = 'pto'
"""
_PTOS = """
    SELECT s.line, s.code, s.reference, b.res_id AS building_id, p.res_id AS pbo_id,
           l.res_id AS level_id, %(connectors)s AS connector_count,
           CASE WHEN e.bp_abddate IS NOT NULL OR e.bp_avct = 'A'
                     OR e.bp_abandon = '1' THEN 'out_of_service'
                WHEN old.id IS NOT NULL THEN NULL
                WHEN e.bp_avct IN ('E', 'S') OR e.bp_statut IN ('REC', 'MCO')
                THEN 'existing' ELSE 'to_build' END::varchar AS state
      FROM %(socket)s s
      JOIN %(ebp)s e ON e.line = s.line
      JOIN %(building)s b ON b.code = s.address
      LEFT JOIN %(pbo)s p ON p.line = s.pbo
      LEFT JOIN %(level)s l ON l.building_id = b.res_id
           AND COALESCE(l.staircase, '') = COALESCE(s.stair, '')
           AND COALESCE(l.floor, '') = COALESCE(s.floor, '')
      LEFT JOIN oiconnect_pto old ON old.network_id = %(network)s
           AND old.reference = s.reference
"""
