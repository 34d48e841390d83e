"""Checks 6, 7, 11, 12, 13 and 31: addresses and what they serve."""

from odoo.tools import SQL

from ..catalogue import DWELLINGS, HOMES
from .check import check
from .words import _lt

#: metres between a dwelling and its address
_FAR = 20


def _doubled(run, number, column, key):
    """Report the rows that share a value, each with the first other one."""
    if run.has("t_adresse", column):
        run.report(
            number,
            "t_adresse",
            """SELECT s.line, %(column)s, s.value, %(key)s,
                      jsonb_build_object('column', %(column)s::text, 'value', s.value,
                                         'other', CASE WHEN s.line = s.first
                                             THEN s.next ELSE s.first END), s.x1, s.y1
                 FROM (SELECT s.line, s.x1, s.y1, %(cell)s AS value,
                              min(s.line) OVER same AS first,
                              lead(s.line) OVER (
                                  PARTITION BY %(cell)s ORDER BY s.line) AS next,
                              count(*) OVER same AS times
                         FROM %(t_adresse)s s WHERE %(cell)s IS NOT NULL
                       WINDOW same AS (PARTITION BY %(cell)s)) s
                WHERE s.times > 1""",
            column=column,
            cell=SQL.identifier("s", column),
            key=key,
        )


@check(6, _lt("Two addresses have the same identifier of the BAN"), "3")
def ban_doubled(run):
    _doubled(run, 6, "ad_ban_id", "address_doubled")


@check(7, _lt("Two addresses have the same Hexaclé"), "3")
def hexacle_doubled(run):
    _doubled(run, 7, "ad_hexacle", "address_doubled")


def _sum(run, columns):
    """Return the SQL of the sum of counts, NULL when none is given."""
    typed = [run.typed("ad", "t_adresse", column) for column in columns]
    return SQL(
        "CASE WHEN COALESCE(%s) IS NOT NULL THEN %s END",
        SQL(", ").join(typed),
        SQL(" + ").join(SQL("COALESCE(%s, 0)", value) for value in typed),
    )


def _count_differs(run, number, columns, key, found):
    columns = [column for column in columns if run.has("t_adresse", column)]
    if not columns:
        return
    run.report(
        number,
        "t_adresse",
        """SELECT s.line, %(columns)s, s.said::text, %(key)s,
                  jsonb_build_object('column', %(columns)s::text, 'said', s.said,
                                     'found', s.found), s.x1, s.y1
             FROM (SELECT ad.line, ad.x1, ad.y1, %(said)s AS said,
                          COALESCE(f.times, 0) AS found
                     FROM %(t_adresse)s ad
                     LEFT JOIN (%(found)s) f(ad_code, times) USING (ad_code)) s
            WHERE s.said <> s.found""",
        columns=", ".join(columns),
        said=_sum(run, columns),
        key=key,
        found=found,
    )


@check(11, _lt("An address has other dwellings than it says"), "3")
def dwellings(run):
    if run.generation == "2" and "t_suf" in run.stage:
        found = "SELECT sf_ad_code, count(*) FROM %(t_suf)s GROUP BY 1"
        names = ("ad_nblhab", "ad_nblpro")
        _count_differs(run, 11, names, "dwellings_differ", run.rows(found))
    elif run.generation == "3" and run.has("t_local", "lc_typelog"):
        found = run.rows(
            """SELECT st.st_ad_code, count(*) FROM %(t_local)s lc
                 JOIN %(one_t_site)s st ON st.st_code = lc.lc_st_code
                WHERE lc.lc_typelog = ANY (%(homes)s) GROUP BY 1""",
            homes=list(DWELLINGS),
        )
        names = tuple(f"ad_nbl{kind.lower()}" for kind in HOMES)
        _count_differs(run, 11, names, "dwellings_differ", found)


@check(12, _lt("An address has other sockets than it says"), "3")
def sockets(run):
    if "t_ebp" not in run.stage:
        return
    found = run.rows(
        """SELECT COALESCE(sf.sf_ad_code, st.st_ad_code), count(*)
             FROM %(t_ebp)s bp
             LEFT JOIN %(one_t_suf)s sf ON sf.sf_code = bp.bp_sf_code
             LEFT JOIN %(one_t_local)s lc ON lc.lc_code = bp.bp_lc_code
             LEFT JOIN %(one_t_site)s st ON st.st_code = lc.lc_st_code
            WHERE bp.bp_typelog IN ('PTO', 'DTI') GROUP BY 1"""
    )
    _count_differs(run, 12, ("ad_nbprhab", "ad_nbprpro"), "sockets_differ", found)


@check(13, _lt("A dwelling is far from its address"), "3")
def far_from_address(run):
    for table, node, address in (
        ("t_suf", "sf_nd_code", "sf_ad_code"),
        ("t_site", "st_nd_code", "st_ad_code"),
    ):
        run.report(
            13,
            table,
            """SELECT s.line, %(column)s, s.%(node)s, 'far_from_address',
                      jsonb_build_object('metres', round(s.metres), 'limit', %(far)s,
                                         'address', s.%(address)s), s.x, s.y
                 FROM (SELECT s.line, s.%(node)s, s.%(address)s, nd.x, nd.y,
                              sqrt(power(nd.x - ad.x1, 2) + power(nd.y - ad.y1, 2))
                              AS metres
                         FROM %(table)s s
                         JOIN %(nodes)s nd ON nd.nd_code = s.%(node)s
                         JOIN %(one_t_adresse)s ad ON ad.ad_code = s.%(address)s) s
                WHERE s.metres > %(far)s""",
            table=run.table(table),
            nodes=run.nodes(),
            column=node,
            node=SQL.identifier(node),
            address=SQL.identifier(address),
            far=_FAR,
        )


@check(31, _lt("An address is served by two SRO zones"), "3")
def two_zones(run):
    run.report(
        31,
        "t_adresse",
        """SELECT ad.line, 'ad_code', ad.ad_code, 'two_zones',
                  jsonb_build_object('zones', z.zones), ad.x1, ad.y1
             FROM (SELECT ad_code, string_agg(DISTINCT zone, ', ') AS zones
                     FROM (SELECT sf.sf_ad_code, zp.zp_zs_code
                             FROM %(t_suf)s sf
                             JOIN %(one_t_zpbo)s zp ON zp.zp_code = sf.sf_zp_code
                           UNION
                           SELECT st.st_ad_code, zp.zone
                             FROM %(t_local)s lc
                             JOIN %(one_t_site)s st ON st.st_code = lc.lc_st_code
                             JOIN (SELECT DISTINCT zp_bp_code, zp_zs_code
                                     FROM %(t_zpbo)s WHERE zp_bp_code IS NOT NULL)
                                  AS zp(bp_code, zone) ON zp.bp_code = lc.lc_bp_codf)
                          AS served(ad_code, zone)
                    GROUP BY 1 HAVING count(DISTINCT zone) > 1) z
             JOIN %(one_t_adresse)s ad ON ad.ad_code = z.ad_code""",
    )
