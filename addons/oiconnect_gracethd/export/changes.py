"""Changes of the network since a delivery, by its history.

What a delivery itself changed is not such a change.
"""

from odoo.tools import SQL

from ..catalogue import TABLES

_KIND = "gracethd"
_ROUTE = "oiconnect.route"
_PLACE = ("projection", "x", "y")
_ADDRESS = {
    "insee_code": "insee",
    "postal_code": "postal",
    "city": "commune",
    "street_type": "nomvoie",
    "street_name": "nomvoie",
    "street_number": "numero",
    "street_number_suffix": "rep",
    "address_code": "hexacle",
    "building_name": "nombat",
}


def _address(table, prefix):
    return {name: {table: (f"{prefix}_{end}",)} for name, end in _ADDRESS.items()}


def _site(site):
    return {
        **dict.fromkeys(_PLACE, {"t_noeud": ("geom",)}),
        **_address(site, "st"),
    }


def _ends():
    """The ends of a cable go together."""
    names = [f"{end}_kind" for end in ("start", "end")]
    names += ["start_nro_id", "start_box_id", "start_pbo_id"]
    names += ["end_box_id", "end_pbo_id", "end_pto_id"]
    columns = ("cb_nd1", "cb_nd2", "cb_bp1", "cb_bp2", "cb_ba1", "cb_ba2")
    return dict.fromkeys(names, {"t_cable": columns})


_FIBRE = ("fo_nincab", "fo_numtub", "fo_nintub", "fo_color", "fo_reper")
#: model → field → table → columns that say it
_SAID = {
    "oiconnect.nro": {
        "reference": {"t_znro": ("zn_nroref",)},
        "nro_type": {"t_znro": ("zn_nrotype",)},
        "state": {"t_znro": ("zn_etat",)},
        **_site("t_sitetech"),
    },
    "oiconnect.pm": {
        "reference": {"t_zsro": ("zs_refpm", "zs_r3_code")},
        "state": {"t_zsro": ("zs_etatpm",)},
        "nro_id": {"t_zsro": ("zs_zn_code", "zs_r2_code")},
        "installation_date": {"t_zsro": ("zs_dateins",)},
        "location_type": {"t_zsro": ("zs_typeemp",)},
        "max_capacity": {"t_zsro": ("zs_capamax",)},
        "engineering_type": {"t_zsro": ("zs_typeing",)},
        "dwelling_count": {"t_zsro": ("zs_nblogmt",)},
        "riser_count": {"t_zsro": ("zs_nbcolmt",)},
        "commercial_date": {"t_zsro": ("zs_datcomr",)},
        "first_delivery_date": {"t_zsro": ("zs_datemad",)},
        "active_equipment_slot": {"t_zsro": ("zs_actif",)},
        "oi_patching_only": {"t_zsro": ("zs_brassoi",)},
        "max_line_length_km": {"t_zsro": ("zs_lgmaxln",)},
        **_site("t_sitetech"),
    },
    "oiconnect.splice.box": {
        "reference": {"t_ebp": ("bp_codeext", "bp_etiquet")},
        "kind": {"t_ebp": ("bp_typelog",)},
        "physical_type": {"t_ebp": ("bp_typephy",)},
        "state": {"t_ebp": ("bp_statut", "bp_avct")},
        "place": {"t_ptech": ("pt_typephy",)},
        "localisation": {"t_ptech": ("pt_comment",)},
        **dict.fromkeys(_PLACE, {"t_noeud": ("geom",)}),
    },
    "oiconnect.pbo": {
        "reference": {"t_ebp": ("bp_codeext", "bp_etiquet")},
        "pm_id": {"t_zpbo": ("zp_zs_code",)},
        "material_type": {"t_ebp": ("bp_typephy",)},
        "type_id": {"t_ptech": ("pt_typephy",)},
        "localisation": {"t_ptech": ("pt_comment",)},
        **dict.fromkeys(_PLACE, {"t_noeud": ("geom",)}),
    },
    "oiconnect.pto": {
        "reference": {"t_ebp": ("bp_codeext", "bp_etiquet", "bp_linecod")},
        "state": {"t_ebp": ("bp_statut", "bp_avct")},
    },
    "oiconnect.building": {
        "identifier": {"t_adresse": ("ad_batcode",)},
        "state": {"t_adresse": ("ad_ietat",)},
        "building_type": {"t_adresse": ("ad_itypeim",)},
        "zone_type": {"t_adresse": ("ad_typzone",)},
        "street_code": {"t_adresse": ("ad_hexaclv",)},
        "is_new": {"t_adresse": ("ad_imneuf",)},
        "cabling_date": {"t_adresse": ("ad_idatcab",)},
        "commercial_date": {"t_adresse": ("ad_idatcom",)},
        "expected_delivery_date": {"t_adresse": ("ad_idatimn",)},
        "on_demand_eligible": {"t_adresse": ("ad_sracdem",)},
        **_address("t_adresse", "ad"),
        **dict.fromkeys(_PLACE, {"t_adresse": ("geom",)}),
    },
    "oiconnect.pbo.cable": {
        "reference": {"t_cable": ("cb_codeext", "cb_etiquet")},
        "kind": {"t_cable": ("cb_typelog",)},
        "tube_count": {"t_cable": ("cb_capafo",)},
        "fibres_per_tube": {"t_cable": ("cb_capafo", "cb_modulo")},
        "length_m": {"t_cable": ("cb_lgreel",), "t_cableline": ("cl_long",)},
        **_ends(),
    },
    "oiconnect.pbo.fibre": {
        "tube": {"t_fibre": _FIBRE},
        "fibre": {"t_fibre": _FIBRE},
    },
    "oiconnect.pm.module": {
        "name": {"t_tiroir": ("ti_codeext", "ti_etiquet")},
        "technical_pm_id": {"t_tiroir": ("ti_ba_code",)},
        "pm_id": {"t_tiroir": ("ti_ba_code",)},
    },
    "oiconnect.pm.position": {
        "name": {"t_position": ("ps_numero",)},
        "module_id": {"t_position": ("ps_ti_code", "ps_cs_code")},
        "cable_id": {"t_position": ("ps_2",)},
        "tube": {"t_position": ("ps_2",)},
        "fibre": {"t_position": ("ps_2",)},
    },
    "oiconnect.splice": {
        "upstream_id": {"t_position": ("ps_1",)},
        "downstream_id": {"t_position": ("ps_2",)},
        "kind": {"t_position": ("ps_fonct", "ps_type")},
        "tray": {"t_position": ("ps_cs_code",)},
        "slot": {"t_position": ("ps_numero",)},
        "pbo_id": {"t_position": ("ps_cs_code",)},
        "splice_box_id": {"t_position": ("ps_cs_code",)},
    },
}
# In versions 3, sites are in another table
_RENAMED = {"t_sitetech": "t_site"}


def find(received):
    """Make ``gx_change``: fields of received records that changed since."""
    received.work.make(
        "gx_since",
        SQL(
            f"""SELECT subject, res_model, res_id, max(received_date) AS date
                  FROM gx_row WHERE res_id IS NOT NULL AND part IS NULL
                 GROUP BY 1, 2, 3
                UNION ALL
                SELECT '{_ROUTE},' || r.id, '{_ROUTE}', r.id, max(k.received_date)
                  FROM gx_route r
                  JOIN gx_row k ON k.res_model = 'oiconnect.pm.position'
                       AND k.res_id = r.position_id
                 GROUP BY r.id"""
        ),
    )
    received.work.make("gx_change", SQL(_CHANGES, received.network_id, _KIND))


def mark(received):
    """Name in ``gx_row.changed`` the columns that ours say otherwise."""
    rows = list(_columns(received.generation))
    models, fields, tables, columns = map(list, zip(*rows, strict=True))
    received.cr.execute(
        SQL(
            """UPDATE gx_row k SET changed = c.names
                 FROM (SELECT t.table_name, t.code, array_agg(DISTINCT m.name) AS names
                         FROM gx_change c
                         JOIN unnest(%s::text[], %s::text[], %s::text[], %s::text[])
                              AS m(model, field, tab, name)
                           ON m.model = c.res_model AND m.field = c.field
                         JOIN gx_known t ON t.table_name = m.tab
                              AND t.subject = c.subject
                        GROUP BY 1, 2) c
                WHERE c.table_name = k.table_name AND c.code = k.code""",
            models,
            fields,
            tables,
            columns,
        )
    )
    received.cr.execute("ANALYZE gx_row")


def _columns(generation):
    """Yield (model, field, table, column)."""
    for model, fields in _SAID.items():
        for field, tables in fields.items():
            for table, names in tables.items():
                known = table if generation == "2" else _RENAMED.get(table, table)
                if generation in TABLES[known].versions:
                    for name in names:
                        yield model, field, known, name


_CHANGES = """
    SELECT DISTINCT s.subject, s.res_model, h.field
      FROM oiconnect_change h
      JOIN gx_since s ON s.res_model = h.res_model AND s.res_id = h.res_id
     WHERE h.network_id = %s AND h.kind = 'write' AND h.date >= s.date
       AND h.date >= (SELECT min(date) FROM gx_since)
       AND NOT EXISTS (SELECT FROM oiconnect_import i
                        WHERE i.kind = %s AND h.batch = 'oiconnect.import,' || i.id)
"""
