"""The rows of each table of a delivery, from those of the network.

A query names the columns of both generations: the writer takes those of its own. Three
columns more say where a spatial row is: ``lon`` and ``lat`` its point, ``shape`` its
line or area as GeoJSON, all in degrees.
"""

from odoo.tools import SQL

from . import links
from .subjects import (
    BOX,
    BUILDING,
    CABLE,
    FIBRE,
    MODULE,
    NRO,
    PBO,
    PM,
    PTO,
    ROUTE,
    TECHNICAL,
)

_STATUS = """CASE {0} WHEN 'deploying' THEN 'TVX' WHEN 'planned' THEN 'EXE'
             ELSE 'REC' END"""
_PROGRESS = """CASE {0} WHEN 'deployed' THEN 'E' WHEN 'deploying' THEN 'T'
               WHEN 'abandoned' THEN 'A' WHEN 'planned' THEN 'C' END"""
_STATE = """CASE {0} WHEN 'planned' THEN 'PL' WHEN 'deploying' THEN 'EC'
            WHEN 'deployed' THEN 'DP' WHEN 'abandoned' THEN 'AB' END"""
_NUMBER = "CASE WHEN {0} ~ '^[0-9]+$' AND length({0}) < 10 THEN {0}::int END"
_STREET = "NULLIF(concat_ws(' ', {0}.street_type, {0}.street_name), '')"


def _address(prefix, alias):
    """Return the columns of the address of a site or of a building."""
    return f"""{_STREET.format(alias)} AS {prefix}_nomvoie,
        {_NUMBER.format(f"{alias}.street_number")} AS {prefix}_numero,
        {alias}.street_number_suffix AS {prefix}_rep,
        {alias}.insee_code AS {prefix}_insee,
        {alias}.postal_code AS {prefix}_postal, {alias}.city AS {prefix}_commune,
        {alias}.address_code AS {prefix}_hexacle,
        {alias}.building_name AS {prefix}_nombat"""


def _dates(prefix, alias):
    return (
        f"{alias}.create_date AS {prefix}_creadat, "
        f"{alias}.write_date AS {prefix}_majdate"
    )


_NODES = f"""
    SELECT c.code AS nd_code, left(n.name, 254) AS nd_codeext, n.r2 AS nd_r2_code,
           n.r3 AS nd_r3_code, n.kind AS nd_type,
           CASE WHEN NOT n.is_own THEN 'INDT' END AS nd_geolmod, {_dates("nd", "n")},
           n.lon, n.lat
      FROM gx_node n JOIN gx_code_t_noeud c USING (subject)
"""
_ADDRESSES = f"""
    SELECT c.code AS ad_code, {_address("ad", "b")}, b.identifier AS ad_batcode,
           b.ban_code AS ad_ban_id, b.rivoli_code AS ad_rivoli,
           b.street_code AS ad_hexaclv,
           CASE b.state WHEN 'target' THEN 'CI' WHEN 'signed' THEN 'SI'
                WHEN 'on_demand' THEN 'RD' WHEN 'on_demand_deploying' THEN 'RC'
                WHEN 'deploying' THEN 'EC' WHEN 'deployed' THEN 'DE'
                WHEN 'abandoned' THEN 'AB' END AS ad_ietat,
           CASE b.building_type WHEN 'house' THEN 'P' WHEN 'building' THEN 'I' END
               AS ad_itypeim,
           b.is_new AS ad_imneuf, b.expected_delivery_date AS ad_idatimn,
           b.cabling_date AS ad_idatcab, b.commercial_date AS ad_idatcom,
           CASE WHEN b.zone_type IN ('1', '2', '3') THEN b.zone_type END AS ad_typzone,
           b.on_demand_eligible AS ad_sracdem,
           COALESCE(h.homes, 0) AS {{homes}}, COALESCE(h.sockets, 0) AS ad_nbprhab,
           {_dates("ad", "b")}, n.lon, n.lat
      FROM gx_building b
      JOIN gx_code_t_adresse c ON c.subject = '{BUILDING}' || b.id
      JOIN gx_node n USING (subject)
      LEFT JOIN (SELECT building_id, count(*) AS homes,
                        count(*) FILTER (WHERE subject LIKE '{PTO}' || chr(37))
                            AS sockets
                   FROM gx_home GROUP BY 1) h ON h.building_id = b.id
"""
_ZNRO = f"""
    SELECT c.code AS zn_code, nd.code AS zn_nd_code, lc.code AS zn_lt_code,
           lc.code AS zn_lc_code, n.reference AS zn_nroref,
           CASE n.nro_type WHEN 'pon' THEN 'PON' WHEN 'ptp' THEN 'PTP'
                WHEN 'pon_ptp' THEN 'PON-PTP' END AS zn_nrotype,
           {_STATE.format("n.state")} AS zn_etat, {_dates("zn", "n")},
           z.shape::text AS shape, p.lon, p.lat
      FROM gx_nro n
      JOIN gx_code_t_znro c ON c.subject = '{NRO}' || n.id
      JOIN gx_node p USING (subject)
      JOIN gx_code_t_noeud nd USING (subject)
      JOIN gx_code_{{local}} lc USING (subject)
      LEFT JOIN (SELECT pm.nro_id, jsonb_build_object('type', 'GeometryCollection',
                        'geometries', jsonb_agg(z.geometry ORDER BY z.id)) AS shape
                   FROM oiconnect_zone z JOIN gx_pm pm ON pm.id = z.pm_id GROUP BY 1) z
        ON z.nro_id = n.id
"""
_ZSRO = f"""
    SELECT c.code AS zs_code, nd.code AS zs_nd_code, zn.code AS zs_zn_code,
           lc.code AS zs_lt_code, lc.code AS zs_lc_code, p.reference AS zs_refpm,
           n.reference AS zs_r2_code, p.reference AS zs_r3_code,
           {_STATE.format("p.state")} AS zs_etatpm, p.installation_date AS zs_dateins,
           CASE p.location_type WHEN 'cabinet' THEN 'ADR' WHEN 'shelter' THEN 'SHE'
                WHEN 'room' THEN 'LTE' WHEN 'outdoor' THEN 'PME'
                WHEN 'indoor' THEN 'PMI' END AS zs_typeemp,
           NULLIF(p.max_capacity, 0) AS zs_capamax, p.engineering_type AS zs_typeing,
           NULLIF(p.dwelling_count, 0) AS zs_nblogmt,
           NULLIF(p.riser_count, 0) AS zs_nbcolmt, p.commercial_date AS zs_datcomr,
           p.active_equipment_slot AS zs_actif, p.first_delivery_date AS zs_datemad,
           p.oi_patching_only AS zs_brassoi,
           NULLIF(p.max_line_length_km, 0) AS zs_lgmaxln,
           k.length_km AS zs_znllong, {_dates("zs", "p")},
           z.geometry::text AS shape, NULL::float8 AS lon, NULL::float8 AS lat
      FROM gx_pm p
      JOIN gx_code_t_zsro c ON c.subject = '{PM}' || p.id
      JOIN gx_code_t_noeud nd USING (subject)
      JOIN gx_code_{{local}} lc USING (subject)
      LEFT JOIN gx_nro n ON n.id = p.nro_id
      LEFT JOIN gx_code_t_znro zn ON zn.subject = '{NRO}' || n.id
      LEFT JOIN oiconnect_zone z ON z.pm_id = p.id
      LEFT JOIN (SELECT pm_id, max(NULLIF(length_km, 0)) AS length_km
                   FROM oiconnect_pm_link GROUP BY 1) k ON k.pm_id = p.id
"""
_ZPBO = f"""
    SELECT c.code AS zp_code, nd.code AS zp_nd_code, zs.code AS zp_zs_code,
           bp.code AS zp_bp_code, {_dates("zp", "b")}, NULL AS shape,
           NULL::float8 AS lon, NULL::float8 AS lat
      FROM gx_pbo b
      JOIN gx_code_t_zpbo c ON c.subject = '{PBO}' || b.id
      JOIN gx_code_t_noeud nd USING (subject)
      JOIN gx_code_t_ebp bp USING (subject)
      LEFT JOIN gx_code_t_zsro zs ON zs.subject = '{PM}' || b.pm_id
"""
_SITE = f"""
    SELECT c.code AS st_code, nd.code AS st_nd_code, n.reference AS st_codeext,
           n.reference AS st_nom, {_STATUS.format("n.state")} AS st_statut,
           {_PROGRESS.format("n.state")} AS st_avct, {{typephy}} AS st_typephy,
           {{typelog}} AS st_typelog, NULL AS st_ad_code, {_address("st", "n")},
           {_dates("st", "n")}
      FROM {{source}} n
      JOIN gx_code_{{site}} c ON c.subject = '{{prefix}}' || n.id
      JOIN gx_code_t_noeud nd USING (subject)
"""
_PM_PLACE = """CASE n.location_type WHEN 'shelter' THEN 'SHE' WHEN 'room' THEN 'BAT'
               WHEN 'indoor' THEN 'BAT' ELSE 'ADR' END"""
_HOME_SITE = f"""
    SELECT c.code, nd.code, b.identifier, NULL,
           {_STATUS.format("b.state")}, {_PROGRESS.format("b.state")}, 'BAT', 'CLIENT',
           ad.code, {_address("st", "b")}, {_dates("st", "b")}
      FROM gx_building b
      JOIN gx_code_t_site c ON c.subject = '{BUILDING}' || b.id
      JOIN gx_code_t_noeud nd USING (subject)
      JOIN gx_code_t_adresse ad USING (subject)
"""
_LOCAL = """
    SELECT c.code AS {short}_code, n.reference AS {short}_codeext,
           left(n.reference, 20) AS {short}_etiquet, st.code AS {short}_st_code,
           {status} AS {short}_statut, '{typelog}' AS lc_typelog,
           NULL::varchar AS lc_escal, NULL::varchar AS lc_etage, NULL AS lc_bp_codf
      FROM {source} n
      JOIN gx_code_{local} c ON c.subject = '{prefix}' || n.id
      JOIN gx_code_{site} st USING (subject)
"""
# The cabinets and rooms that a PM groups: all on its site
_TECHNICAL_LOCAL = f"""
    SELECT c.code, t.reference, left(t.reference, 20), st.code,
           {_STATUS.format("p.state")}, 'SRO', NULL, NULL, NULL
      FROM gx_technical t
      JOIN gx_pm p ON p.id = t.pm_id
      JOIN gx_code_{{local}} c ON c.subject = '{TECHNICAL}' || t.id
      JOIN gx_code_{{site}} st ON st.subject = '{PM}' || p.id
"""
_HOME_LOCAL = f"""
    SELECT c.code, p.reference, NULL, st.code, 'REC', 'RES', left(h.staircase, 20),
           left(h.floor, 20), bp.code
      FROM gx_home h
      JOIN gx_code_t_local c USING (subject)
      JOIN gx_code_t_site st ON st.subject = '{BUILDING}' || h.building_id
      LEFT JOIN gx_pto p ON h.subject = '{PTO}' || p.id
      LEFT JOIN gx_code_t_ebp bp ON bp.subject = '{PBO}' || h.pbo_id
"""
_HOMES = f"""
    SELECT c.code AS sf_code, nd.code AS sf_nd_code, ad.code AS sf_ad_code,
           zp.code AS sf_zp_code, left(h.staircase, 20) AS sf_escal,
           left(h.floor, 20) AS sf_etage, 'R' AS sf_type
      FROM gx_home h
      JOIN gx_code_t_suf c USING (subject)
      JOIN gx_code_t_noeud nd ON nd.subject = '{BUILDING}' || h.building_id
      JOIN gx_code_t_adresse ad ON ad.subject = nd.subject
      LEFT JOIN gx_code_t_zpbo zp ON zp.subject = '{PBO}' || h.pbo_id
"""
_BAYS = f"""
    SELECT c.code AS ba_code, p.reference AS ba_codeext, p.reference AS ba_etiquet,
           lc.code AS ba_lt_code, lc.code AS ba_lc_code, 'BAIE' AS ba_type,
           {_STATUS.format("p.state")} AS ba_statut
      FROM gx_pm p
      JOIN gx_code_t_baie c ON c.subject = '{PM}' || p.id
      JOIN gx_code_{{local}} lc USING (subject)
    UNION ALL
    SELECT c.code, t.reference, t.reference, lc.code, lc.code, 'BAIE',
           {_STATUS.format("p.state")}
      FROM gx_technical t
      JOIN gx_pm p ON p.id = t.pm_id
      JOIN gx_code_t_baie c ON c.subject = '{TECHNICAL}' || t.id
      JOIN gx_code_{{local}} lc USING (subject)
    UNION ALL
    SELECT c.code, n.reference, n.reference, lc.code, lc.code, 'BAIE',
           {_STATUS.format("n.state")}
      FROM gx_nro n
      JOIN gx_code_t_baie c ON c.subject = '{NRO}' || n.id
      JOIN gx_code_{{local}} lc USING (subject)
"""
_DRAWERS = f"""
    SELECT c.code AS ti_code, m.name AS ti_codeext, m.name AS ti_etiquet,
           ba.code AS ti_ba_code, 'TIROIR' AS ti_type, {_dates("ti", "m")}
      FROM gx_module m
      JOIN gx_code_t_tiroir c ON c.subject = '{MODULE}' || m.id
      JOIN gx_code_t_baie ba ON ba.subject = COALESCE(
               '{TECHNICAL}' || m.technical_pm_id, '{PM}' || m.pm_id)
    UNION ALL
    SELECT c.code, d.name, d.name, ba.code, 'TIROIR', NULL, NULL
      FROM gx_link_drawer d
      JOIN gx_code_t_tiroir c USING (subject)
      JOIN gx_code_t_baie ba ON ba.subject = d.bay
"""
_POINTS = f"""
    SELECT c.code AS pt_code, b.reference AS pt_codeext, b.reference AS pt_etiquet,
           nd.code AS pt_nd_code, {_STATUS.format("p.state")} AS pt_statut,
           {_PROGRESS.format("p.state")} AS pt_avct,
           CASE WHEN t.code ILIKE 'chambre' || chr(37) THEN 'C'
                WHEN t.code ILIKE 'fa' || chr(37) THEN 'F'
                WHEN t.code ILIKE chr(37) || 'immeuble' || chr(37) THEN 'I'
                WHEN t.code ILIKE chr(37) || 'poteau' || chr(37) THEN 'A'
                ELSE 'Z' END AS pt_typephy,
           'R' AS pt_typelog, left(b.localisation, 254) AS pt_comment,
           {_dates("pt", "b")}
      FROM gx_pbo b
      JOIN gx_code_t_ptech c ON c.subject = '{PBO}' || b.id
      JOIN gx_code_t_noeud nd USING (subject)
      LEFT JOIN oiconnect_pm p ON p.id = b.pm_id
      LEFT JOIN oiconnect_pbo_type t ON t.id = b.type_id
    UNION ALL
    SELECT c.code, b.reference, b.reference, nd.code, {_STATUS.format("b.state")},
           {_PROGRESS.format("b.state")},
           CASE b.place WHEN 'chamber' THEN 'C' WHEN 'pole' THEN 'A'
                WHEN 'facade' THEN 'F' WHEN 'building' THEN 'I' ELSE 'Z' END,
           'R', left(b.localisation, 254), b.create_date, b.write_date
      FROM gx_box b
      JOIN gx_code_t_ptech c ON c.subject = '{BOX}' || b.id
      JOIN gx_code_t_noeud nd USING (subject)
"""
# A box that a delivery gave has the point or the local of that delivery.
_BOXES = f"""
    SELECT c.code AS bp_code, b.reference AS bp_etiquet, b.reference AS bp_codeext,
           pt.code AS bp_pt_code, NULL AS bp_sf_code, NULL AS bp_lc_code,
           {_STATUS.format("p.state")} AS bp_statut,
           {_PROGRESS.format("p.state")} AS bp_avct,
           CASE WHEN b.material_type = ANY(%(models)s) THEN b.material_type END
               AS bp_typephy,
           'PBO' AS bp_typelog, NULL AS bp_linecod, {_dates("bp", "b")}
      FROM gx_pbo b
      JOIN gx_code_t_ebp c ON c.subject = '{PBO}' || b.id
      LEFT JOIN gx_code_t_ptech pt USING (subject)
      LEFT JOIN oiconnect_pm p ON p.id = b.pm_id
    UNION ALL
    SELECT c.code, b.reference, b.reference, pt.code, NULL, NULL,
           {_STATUS.format("b.state")}, {_PROGRESS.format("b.state")},
           CASE WHEN b.physical_type = ANY(%(models)s) THEN b.physical_type END,
           upper(b.kind), NULL, b.create_date, b.write_date
      FROM gx_box b
      JOIN gx_code_t_ebp c ON c.subject = '{BOX}' || b.id
      LEFT JOIN gx_code_t_ptech pt USING (subject)
    UNION ALL
    SELECT c.code, o.reference, o.reference, NULL, sf.code, sf.code,
           CASE o.state WHEN 'to_build' THEN 'EXE' ELSE 'REC' END,
           CASE o.state WHEN 'to_build' THEN 'C' WHEN 'existing' THEN 'E'
                ELSE 'H' END,
           NULL, 'PTO', o.reference, o.create_date, o.write_date
      FROM gx_pto o
      JOIN gx_code_t_ebp c ON c.subject = '{PTO}' || o.id
      LEFT JOIN gx_code_{{home}} sf USING (subject)
"""
_TRAYS = f"""
    SELECT c.code AS cs_code, bp.code AS cs_bp_code, ti.code AS cs_ti_code,
           CASE WHEN t.label ~ '^[0-9]+$' AND length(t.label) < 10
                     AND (t.label <> '0' OR NOT t.is_drawer) THEN t.label::int END
               AS cs_num,
           CASE WHEN t.is_split THEN 'S' WHEN t.is_drawer THEN 'C' ELSE 'E' END
               AS cs_type,
           CASE WHEN t.label !~ '^[0-9]+$' THEN NULLIF(t.label, '') END AS cs_comment,
           {_dates("cs", "t")}
      FROM gx_tray t
      JOIN gx_code_t_cassette c USING (subject)
      LEFT JOIN gx_code_t_ebp bp ON bp.subject = t.owner
      LEFT JOIN gx_code_t_tiroir ti ON ti.subject = t.owner
"""
_CABLES = f"""
    SELECT c.code AS cb_code, l.reference AS cb_codeext, l.reference AS cb_etiquet,
           n1.code AS cb_nd1, n2.code AS cb_nd2, p.reference AS cb_r3_code,
           {_STATUS.format("p.state")} AS cb_statut,
           CASE l.kind WHEN 'jumper' THEN 'J' ELSE 'C' END AS cb_typephy,
           CASE l.kind WHEN 'transport' THEN 'TR' WHEN 'drop' THEN 'RA'
                WHEN 'jumper' THEN 'NC' ELSE 'DI' END AS cb_typelog,
           l.capacity AS cb_capafo, l.tube_size AS cb_modulo, l.length AS cb_lgreel,
           l.physical AS cb_cabphy,
           b1.code AS cb_bp1, b2.code AS cb_bp2, a1.code AS cb_ba1, a2.code AS cb_ba2,
           {_dates("cb", "l")}
      FROM gx_laid l
      JOIN gx_code_t_cable c USING (subject)
      LEFT JOIN gx_code_t_noeud n1 ON n1.subject = l.node1
      LEFT JOIN gx_code_t_noeud n2 ON n2.subject = l.node2
      LEFT JOIN gx_code_t_ebp b1 ON b1.subject = l.box1
      LEFT JOIN gx_code_t_ebp b2 ON b2.subject = l.box2
      LEFT JOIN gx_code_t_baie a1 ON a1.subject = l.bay1
      LEFT JOIN gx_code_t_baie a2 ON a2.subject = l.bay2
      LEFT JOIN gx_pm p ON p.id = l.pm_id
"""
# Nodes that are where a delivery placed them
_RECEIVED_NODES = """
    SELECT n.subject, o.cells->>'geom' AS geom, o.epsg
      FROM gx_code_t_noeud n
      JOIN gx_row k ON k.table_name = 't_noeud' AND k.code = n.code
      JOIN oiconnect_gracethd_object o ON o.id = k.id
     WHERE k.changed IS NULL OR 'geom' <> ALL(k.changed)
"""
_LINES = f"""
    SELECT c.code AS cl_code, cb.code AS cl_cb_code, l.length AS cl_long,
           CASE WHEN l.line IS NULL THEN 'INDT' END AS cl_geolmod, {_dates("cl", "l")},
           l.line AS shape, l.lon1, l.lat1, l.lon2, l.lat2,
           t1.geom AS received1, t1.epsg AS epsg1, t2.geom AS received2,
           t2.epsg AS epsg2
      FROM gx_laid l
      JOIN gx_code_t_cableline c USING (subject)
      JOIN gx_code_t_cable cb USING (subject)
      LEFT JOIN ({_RECEIVED_NODES}) t1 ON t1.subject = l.node1
      LEFT JOIN ({_RECEIVED_NODES}) t2 ON t2.subject = l.node2
"""
_FIBRES = f"""
    SELECT c.code AS fo_code, cb.code AS fo_cb_code, f.number_in_cable AS fo_nincab,
           f.number_of_tube AS fo_numtub, f.number_in_tube AS fo_nintub,
           CASE WHEN f.fibre_colour BETWEEN 1 AND 12 THEN f.fibre_colour::text END
               AS fo_color,
           CASE WHEN f.tube_colour BETWEEN 1 AND 12 THEN '1.' || f.tube_colour END
               AS fo_reper, {_dates("fo", "f")}
      FROM gx_fibre f
      JOIN gx_code_t_fibre c ON c.subject = '{FIBRE}' || f.id
      JOIN gx_code_t_cable cb ON cb.subject = '{CABLE}' || f.cable_id
    UNION ALL
    SELECT c.code, cb.code, f.number_in_cable, f.number_of_tube, f.number_in_tube,
           CASE WHEN f.fibre_colour BETWEEN 1 AND 12 THEN f.fibre_colour::text END,
           CASE WHEN f.tube_colour BETWEEN 1 AND 12 THEN '1.' || f.tube_colour END,
           f.create_date, f.write_date
      FROM gx_piece p
      JOIN gx_fibre f ON f.id = p.fibre_id
      JOIN gx_code_t_fibre c ON c.subject = p.subject
      JOIN gx_code_t_cable cb ON cb.subject = p.cable
    UNION ALL
    SELECT c.code, cb.code, n.number, 1, n.number, NULL, NULL, NULL, NULL
      FROM (SELECT route_id, COALESCE('{CABLE}' || cable_id, '{ROUTE}' || route_id)
                   AS cable,
                   CASE WHEN cable_id IS NULL THEN 1 ELSE number END AS number
              FROM gx_drop) n
      JOIN gx_code_t_fibre c ON c.subject = '{ROUTE}' || n.route_id
      JOIN gx_code_t_cable cb ON cb.subject = n.cable
    UNION ALL {links.FIBRES}
"""
_POSITIONS = f"""
    SELECT c.code AS ps_code, p.number AS ps_numero, f1.code AS ps_1, f2.code AS ps_2,
           cs.code AS ps_cs_code, ti.code AS ps_ti_code, p.kind AS ps_type,
           p.function AS ps_fonct, left(p.comment, 254) AS ps_comment,
           {_dates("ps", "p")}
      FROM gx_place p
      JOIN gx_code_t_position c USING (subject)
      LEFT JOIN gx_code_t_fibre f1 ON f1.subject = p.fibre1
      LEFT JOIN gx_code_t_fibre f2 ON f2.subject = p.fibre2
      LEFT JOIN gx_code_t_cassette cs ON cs.subject = p.tray
      LEFT JOIN gx_code_t_tiroir ti ON ti.subject = p.drawer
"""


# The fibres of each wired route, from the PM to the socket
_OPTICAL = f"""
    WITH RECURSIVE chain(route_id, fibre_id, rank) AS (
        SELECT route_id, last_id, 1 FROM gx_drop
        UNION ALL
        SELECT c.route_id, s.upstream_id, c.rank + 1
          FROM chain c JOIN gx_splice s ON s.downstream_id = c.fibre_id
    ), fibres AS (
        SELECT route_id, '{FIBRE}' || fibre_id AS fibre, rank * 1000 AS rank FROM chain
        UNION ALL
        SELECT c.route_id, p.subject, c.rank * 1000 - p.rank
          FROM chain c JOIN gx_piece p ON p.fibre_id = c.fibre_id AND p.is_lit
        UNION ALL
        SELECT route_id, '{ROUTE}' || route_id, 0 FROM gx_drop
    )
    SELECT (row_number() OVER (ORDER BY c.code, f.rank DESC) + (
               SELECT COALESCE(max(code::int), 0) FROM gx_row
                WHERE table_name = 't_ropt' AND code ~ '^[0-9]{{1,9}}$'))::int AS rt_id,
           c.code AS rt_code, r.name AS rt_code_ext, fo.code AS rt_fo_code,
           row_number() OVER (PARTITION BY c.code ORDER BY f.rank DESC)::int
               AS rt_fo_ordr
      FROM fibres f
      JOIN gx_route r ON r.id = f.route_id
      JOIN gx_code_t_ropt c ON c.subject = '{ROUTE}' || f.route_id
      JOIN gx_code_t_fibre fo ON fo.subject = f.fibre
"""


def _fill(query, **names):
    """Return the query with ``{name}`` replaced; other braces are of SQL."""
    for name, value in names.items():
        query = query.replace(f"{{{name}}}", value)
    return query


def _named(generation):
    """Return the names that queries hold, as the generation has them."""
    is_2 = generation == "2"
    return {
        "site": "t_sitetech" if is_2 else "t_site",
        "local": "t_ltech" if is_2 else "t_local",
        "home": "t_suf" if is_2 else "t_local",
        "homes": "ad_nblhab" if is_2 else "ad_nblres",
    }


def _sites(generation, names):
    is_2 = generation == "2"
    nro = {"source": "gx_nro", "prefix": NRO, "typephy": "'BAT'"}
    pm = {"source": "gx_pm", "prefix": PM, "typephy": _PM_PLACE}
    found = [
        _fill(_SITE, typelog=f"'{kind if is_2 else 'RESEAU'}'", **item, **names)
        for kind, item in (("NRO", nro), ("SRO", pm))
    ]
    return found if is_2 else [*found, _HOME_SITE]


def _locals(generation, names):
    is_2 = generation == "2"
    found = [
        _fill(
            _LOCAL,
            short="lt" if is_2 else "lc",
            status=_STATUS.format("n.state"),
            typelog=kind,
            source=source,
            prefix=prefix,
            **names,
        )
        for kind, source, prefix in (("NRO", "gx_nro", NRO), ("SRO", "gx_pm", PM))
    ]
    found.append(_fill(_TECHNICAL_LOCAL, **names))
    return found if is_2 else [*found, _HOME_LOCAL]


def queries(generation, box_models):
    """Return ``{table: SQL}`` of the rows of each table that the export fills.

    :param box_models: codes of boxes that the standard knows
    """
    names = _named(generation)
    found = {
        "t_noeud": _NODES,
        "t_adresse": _fill(_ADDRESSES, **names),
        "t_znro": _fill(_ZNRO, **names),
        "t_zsro": _fill(_ZSRO, **names),
        "t_zpbo": _ZPBO,
        names["site"]: " UNION ALL ".join(_sites(generation, names)),
        names["local"]: " UNION ALL ".join(_locals(generation, names)),
        "t_baie": _fill(_BAYS, **names),
        "t_tiroir": _DRAWERS,
        "t_ptech": _POINTS,
        "t_ebp": _fill(_BOXES, **names),
        "t_cassette": _TRAYS,
        "t_cable": _CABLES,
        "t_cableline": _LINES,
        "t_fibre": _FIBRES,
        "t_position": _POSITIONS,
        "t_ropt": _OPTICAL,
    }
    if generation == "2":
        found["t_suf"] = _HOMES
    return {
        table: SQL(query, models=box_models) if "%(models)s" in query else SQL(query)
        for table, query in found.items()
    }
