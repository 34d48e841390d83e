"""NROs, PRDMs, PMs and technical PMs of a delivery."""

from odoo.tools import SQL

from .merge import Item
from .places import POINTS

STATES = {"PL": "planned", "EC": "deploying", "DP": "deployed", "AB": "abandoned"}
_KINDS = {"PON": "pon", "PTP": "ptp", "PON-PTP": "pon_ptp"}
_PLACES = {
    "ADR": "cabinet",
    "SHE": "shelter",
    "LTE": "room",
    "PME": "outdoor",
    "PMI": "indoor",
}
ADDRESS = (
    "insee_code",
    "postal_code",
    "city",
    "street_type",
    "street_name",
    "street_number",
    "street_number_suffix",
    "address_code",
    "building_name",
    "address",
    "commune_id",
)
PLACE = ("projection", "x", "y", "latitude", "longitude")


def mapped(cell, pairs):
    """Return the SQL of what a code means, NULL for another."""
    pairs = SQL(" ").join(
        SQL("WHEN %s THEN %s", code, value) for code, value in pairs.items()
    )
    return SQL("CASE %s %s END", cell, pairs)


def place(alias="p"):
    return SQL(", ").join(SQL.identifier(alias, name) for name in PLACE)


def fitting(cell, form, size):
    """Return the SQL of a cell, NULL when it has not the form or the room."""
    return SQL("CASE WHEN %s ~ %s THEN left(%s, %s) END", cell, form, cell, size)


def address(base, alias, prefix):
    """Return the SQL of the columns of an address; the site or the row tells them."""

    def cell(name):
        return SQL.identifier(alias, f"{prefix}_{name}")

    return SQL(
        """%s AS insee_code, %s AS postal_code, left(%s, 60) AS city,
           NULL::varchar AS street_type, left(%s, 120) AS street_name,
           %s AS street_number, %s AS street_number_suffix, %s AS address_code,
           left(%s, 60) AS building_name""",
        fitting(cell("insee"), "^[0-9][0-9AB][0-9]{3}$", 5),
        fitting(cell("postal"), "^[0-9]{5}$", 5),
        cell("commune"),
        cell("nomvoie"),
        fitting(cell("numero"), "^[0-9]{1,9}$", 10),
        fitting(SQL("upper(left(%s, 1))", cell("rep")), "^[A-Z]$", 1),
        fitting(cell("hexacle"), "^.{1,10}$", 10),
        cell("nombat"),
    )


def addressed(run, rows):
    """Return ``rows`` with the address on one line and the commune."""
    return SQL(
        """SELECT q.*, %s AS address, c.id AS commune_id FROM (%s) q
             LEFT JOIN oiconnect_commune c ON c.insee_code = q.insee_code""",
        run.address_sql("q"),
        rows,
    )


def _sites_by_node(base):
    """Query of the first site of each node, whatever the version."""
    return SQL(
        """SELECT DISTINCT ON (st_nd_code) * FROM (
               SELECT line, st_nd_code, st_insee, st_postal, st_commune, st_nomvoie,
                      st_numero, st_rep, st_hexacle, st_nombat FROM %s
               UNION ALL
               SELECT line, st_nd_code, st_insee, st_postal, st_commune, st_nomvoie,
                      st_numero, st_rep, st_hexacle, st_nombat FROM %s) s
            ORDER BY st_nd_code, line""",
        base.table("t_sitetech"),
        base.table("t_site"),
    )


def _point(base, node):
    return SQL(
        "LEFT JOIN %s p ON p.tab = 't_noeud' AND p.code = %s", base.table(POINTS), node
    )


def nro(base, run):
    rows = SQL(
        """
        SELECT s.line, s.zn_code AS code, COALESCE(s.zn_nroref, s.zn_code) AS reference,
               %(kind)s::varchar AS nro_type,
               COALESCE(%(state)s, 'planned')::varchar AS state,
               %(place)s, %(address)s
          FROM %(znro)s s
          LEFT JOIN (%(sites)s) t ON t.st_nd_code = s.zn_nd_code
          %(point)s
         WHERE s.zn_code IS NOT NULL
        """,
        kind=mapped(SQL("s.zn_nrotype"), _KINDS),
        state=_state("zn"),
        place=place(),
        address=address(base, "t", "st"),
        znro=base.table("t_znro"),
        sites=_sites_by_node(base),
        point=_point(base, SQL("s.zn_nd_code")),
    )
    return Item(
        "oiconnect.nro",
        addressed(run, rows),
        ("reference",),
        table="t_znro",
        by_code=True,
        fixed=ADDRESS,
        sizes={"reference": 15},
    )


def _state(prefix):
    etat = "zn_etat" if prefix == "zn" else "zs_etatpm"
    abandoned = SQL.identifier("s", f"{prefix}_abddate")
    return SQL(
        "CASE WHEN %s IS NOT NULL THEN 'abandoned' ELSE %s END",
        abandoned,
        mapped(SQL.identifier("s", etat), STATES),
    )


def prdm(base, run):
    """One for each NRO, with its reference."""
    rows = SQL(
        """
        SELECT n.line, n.code, n.reference, n.res_id AS nro_id, n.state,
               n.projection, n.x, n.y, n.latitude, n.longitude
          FROM %s n
        """,
        base.table("n_nro"),
    )
    return Item(
        "oiconnect.prdm",
        rows,
        ("reference",),
        table="t_znro",
        fixed=("state", *PLACE),
        labels={"nro_id": ("oiconnect_nro", "reference")},
    )


def pm(base, run):
    """The first zone of each reference; operators that are there keep its state."""
    base.make(
        "a_pm",
        SQL(
            """SELECT DISTINCT ON (reference) line, code, reference, node, nro
                 FROM %s ORDER BY reference, line""",
            base.table("a_zone"),
        ),
    )
    date = {
        name: base.typed("s", "t_zsro", name)
        for name in ("zs_dateins", "zs_datcomr", "zs_datemad")
    }
    prdm_id = SQL("NULL::int AS prdm_id")
    if run.settings["prdm"]:
        prdm_id = SQL(
            "(SELECT r.res_id FROM %s r WHERE r.code = z.nro) AS prdm_id",
            base.table("n_prdm"),
        )
    rows = SQL(
        _PMS,
        state=_state("zs"),
        abandoned=base.typed("s", "t_zsro", "zs_abddate"),
        dateins=date["zs_dateins"],
        datcomr=date["zs_datcomr"],
        datemad=date["zs_datemad"],
        kind=mapped(SQL("s.zs_typeemp"), _PLACES),
        capamax=_count(base, "zs_capamax"),
        dwellings=_count(base, "zs_nblogmt"),
        risers=_count(base, "zs_nbcolmt"),
        active=base.typed("s", "t_zsro", "zs_actif"),
        patching=base.typed("s", "t_zsro", "zs_brassoi"),
        longest=base.typed("s", "t_zsro", "zs_lgmaxln"),
        nro=base.table("n_nro"),
        prdm=prdm_id,
        place=place(),
        address=address(base, "t", "st"),
        pms=base.table("a_pm"),
        zsro=base.table("t_zsro"),
        sites=_sites_by_node(base),
        point=_point(base, SQL("z.node")),
    )
    return _pm_item(addressed(run, rows))


def _pm_item(rows):
    held = SQL(
        """n.state IN ('planned', 'abandoned') AND EXISTS (
            SELECT FROM oiconnect_route r
             WHERE r.pm_id = t.id AND r.operator_id IS NOT NULL)"""
    )
    return Item(
        "oiconnect.pm",
        rows,
        ("reference",),
        table="t_zsro",
        by_code=True,
        # The first date never changes afterwards; people open and close orders
        fixed=(*ADDRESS, "authorisation", "first_delivery_date", "commercial_date"),
        sizes={"reference": 20},
        labels={
            "nro_id": ("oiconnect_nro", "reference"),
            "prdm_id": ("oiconnect_prdm", "reference"),
        },
        refusals=(("apply_pm_held", ("state",), held),),
    )


def _count(base, column):
    return SQL("GREATEST(%s, 0)", base.typed("s", "t_zsro", column))


def elsewhere(base, run):
    """Query of the new PMs whose reference is that of a PM on another network."""
    return SQL(
        """SELECT z.line, z.reference || ' – ' || min(n.name) AS value
             FROM %s z
             JOIN oiconnect_pm t ON t.reference = z.reference
                  AND t.company_id = %s AND t.network_id <> %s
             JOIN oiconnect_network n ON n.id = t.network_id
            WHERE NOT EXISTS (SELECT FROM oiconnect_pm o WHERE o.network_id = %s
                                 AND o.reference = z.reference)
            GROUP BY z.line, z.reference""",
        base.table("a_zone"),
        run.head["company_id"],
        run.head["network_id"],
        run.head["network_id"],
    )


def technical_pm(base, run):
    """The locals of a PM, when drawers are in several of them."""
    label = SQL(
        """left(COALESCE(lt.lt_etiquet, lt.lt_codeext, lc.lc_etiquet, lc.lc_codeext,
                         d.local), 50)"""
    )
    rows = SQL(
        """
        SELECT min(d.line) AS line, d.local AS code, p.res_id AS pm_id,
               %(label)s AS reference
          FROM %(drawer)s d
          JOIN (SELECT pm FROM %(drawer)s GROUP BY 1
                HAVING count(DISTINCT local) > 1) m ON m.pm = d.pm
          JOIN %(pm)s p ON p.reference = d.pm
          LEFT JOIN %(ltech)s lt ON lt.lt_code = d.local
          LEFT JOIN %(local)s lc ON lc.lc_code = d.local
         GROUP BY d.local, p.res_id, %(label)s
        """,
        label=label,
        drawer=base.table("a_drawer"),
        pm=base.table("n_pm"),
        ltech=base.table("t_ltech"),
        local=base.table("t_local"),
    )
    return Item(
        "oiconnect.technical.pm", rows, ("pm_id", "reference"), table="t_tiroir"
    )


_PMS = """
    SELECT s.line, s.zs_code AS code, z.reference,
           COALESCE(%(state)s, 'planned')::varchar AS state,
           %(abandoned)s AS abandoned_date,
           'open'::varchar AS authorisation,
           %(dateins)s AS installation_date, %(datcomr)s AS commercial_date,
           %(datemad)s AS first_delivery_date,
           %(kind)s::varchar AS location_type,
           %(capamax)s AS max_capacity, left(s.zs_typeing, 254) AS engineering_type,
           %(dwellings)s AS dwelling_count, %(risers)s AS riser_count,
           %(active)s AS active_equipment_slot, %(patching)s AS oi_patching_only,
           round(%(longest)s::numeric, 2) AS max_line_length_km,
           (SELECT r.res_id FROM %(nro)s r WHERE r.code = z.nro) AS nro_id,
           %(prdm)s, %(place)s, %(address)s
      FROM %(pms)s z
      JOIN %(zsro)s s ON s.line = z.line
      LEFT JOIN (%(sites)s) t ON t.st_nd_code = z.node
      %(point)s
"""
