"""One bad case of each check: what is changed in a good network, and what is found."""

from .networks import X, Y, changed, network_2, network_3, square

BOTH = (network_2, network_3)
FAR = [[(X + x, Y + 900 + y) for x, y in ((0, 0), (0, 9), (9, 9), (9, 0), (0, 0))]]

#: (number, generations, changes, {(table, row, column, message key)})
CASES = (
    (1, BOTH, {"t_fibre": None}, {("t_fibre", 0, "", "table_absent")}),
    (
        2,
        BOTH,
        {"t_cable": {0: {"cb_capafo": "douze"}}},
        {("t_cable", 2, "cb_capafo", "bad_int")},
    ),
    (
        2,
        BOTH,
        {"t_zsro": {0: {"zs_refpm": "PM-99001-0001-TROP-LONG"}}},
        {("t_zsro", 1, "zs_refpm", "bad_text")},
    ),
    (
        2,
        BOTH,
        {"t_zsro": {0: {"zs_dateins": "30/02/2020"}}},
        {("t_zsro", 1, "zs_dateins", "bad_date")},
    ),
    (
        3,
        BOTH,
        {"t_organisme": [{"or_nom": "Deux fois"}, {"or_code": ""}]},
        {
            ("t_organisme", 3, "or_code", "key_doubled"),
            ("t_organisme", 4, "or_code", "key_void"),
        },
    ),
    (
        4,
        BOTH,
        {"t_position": {2: {"ps_2": "FO9"}}},
        {("t_position", 4, "ps_2", "orphan")},
    ),
    (
        4,
        BOTH,
        {"t_ebp": {0: {"bp_typelog": "PBX"}}},
        {("t_ebp", 2, "bp_typelog", "unknown_value")},
    ),
    (
        5,
        BOTH,
        {"t_ptech": {0: {"pt_typephy": ""}}},
        {("t_ptech", 2, "pt_typephy", "due_void")},
    ),
    (
        6,
        BOTH,
        {"t_adresse": [{"ad_code": "AD2", "ad_hexacle": "", "ad_numero": "2"}]},
        {("t_adresse", rank, "ad_ban_id", "address_doubled") for rank in (1, 2)},
    ),
    (
        7,
        BOTH,
        {"t_adresse": [{"ad_code": "AD2", "ad_ban_id": "", "ad_numero": "2"}]},
        {("t_adresse", rank, "ad_hexacle", "address_doubled") for rank in (1, 2)},
    ),
    (
        8,
        BOTH,
        {"t_cable": {0: {"cb_capafo": "1"}}},
        {("t_cable", 2, "cb_capafo", "capacity_small")},
    ),
    (
        9,
        BOTH,
        {"t_cable": {0: {"cb_capafo": "864"}}},
        {("t_cable", 2, "cb_capafo", "capacity_big")},
    ),
    (
        10,
        BOTH,
        {"t_cable": [{"cb_code": "CB2", "cb_capafo": "24"}]},
        {("t_cable", 3, "cb_capafo", "capacities_differ")},
    ),
    (
        11,
        (network_2,),
        {"t_adresse": {0: {"ad_nblhab": "3"}}},
        {("t_adresse", 1, "ad_nblhab, ad_nblpro", "dwellings_differ")},
    ),
    (
        11,
        (network_3,),
        {"t_adresse": {0: {"ad_nblres": "3"}}},
        {("t_adresse", 1, "ad_nblres", "dwellings_differ")},
    ),
    (
        12,
        BOTH,
        {"t_adresse": {0: {"ad_nbprhab": "2"}}},
        {("t_adresse", 1, "ad_nbprhab", "sockets_differ")},
    ),
    (
        13,
        (network_2,),
        {"t_noeud": {2: {"geom": (X + 140, Y)}}},
        {("t_suf", 2, "sf_nd_code", "far_from_address")},
    ),
    (
        13,
        (network_3,),
        {"t_noeud": {2: {"geom": (X + 140, Y)}}},
        {("t_site", 3, "st_nd_code", "far_from_address")},
    ),
    (
        14,
        BOTH,
        {"t_cableline": {0: {"geom": [(X, Y), (X + 100, Y + 0.5)]}}},
        {("t_cableline", 1, "geom", "cable_end_without_node")},
    ),
    (
        15,
        BOTH,
        {
            "t_noeud": [{"nd_code": "ND4", "geom": (X + 50, Y + 5)}],
            "t_cableline": {0: {"geom": [(X, Y), (X + 50, Y + 5.05)]}},
        },
        {("t_cableline", 1, "geom", "cable_end_without_box")},
    ),
    (
        16,
        BOTH,
        {
            "t_cheminement": [
                {"cm_code": "CM2", "geom": [(X + 50, Y), (X + 50, Y + 20)]}
            ]
        },
        {("t_cheminement", 2, "geom", "path_end_alone")},
    ),
    (
        17,
        BOTH,
        {
            "t_noeud": [{"nd_code": "ND4", "geom": (X + 50, Y + 20)}],
            "t_cheminement": [
                {"cm_code": "CM2", "geom": [(X + 50, Y), (X + 50, Y + 20)]}
            ],
        },
        {("t_cheminement", 2, "geom", "path_end_without_point")},
    ),
    (
        18,
        BOTH,
        {"t_zsro": {0: {"geom": square(310)}}},
        {("t_zsro", 1, "geom", "area_leaves")},
    ),
    (
        19,
        BOTH,
        {"t_zpbo": {0: {"geom": square(205)}}},
        {("t_zpbo", 1, "geom", "area_leaves")},
    ),
    (
        20,
        BOTH,
        {"t_znro": [{"zn_code": "ZN2"}]},
        {("t_znro", 2, "geom", "areas_overlap")},
    ),
    (
        21,
        BOTH,
        {"t_zsro": [{"zs_code": "ZS2", "zs_lc_code": "", "zs_refpm": "PM-2"}]},
        {("t_zsro", 2, "geom", "areas_overlap")},
    ),
    (
        22,
        BOTH,
        {"t_zpbo": [{"zp_code": "ZP2"}]},
        {("t_zpbo", 2, "geom", "areas_overlap")},
    ),
    (
        23,
        BOTH,
        {"t_znro": {0: {"zn_nd_code": "ND4"}}, "t_noeud": "ND4 far"},
        {("t_znro", 1, "zn_nd_code", "far_from_zone")},
    ),
    (
        24,
        BOTH,
        {"t_zsro": {0: {"zs_nd_code": "ND4"}}, "t_noeud": "ND4 far"},
        {("t_zsro", 1, "zs_nd_code", "far_from_zone")},
    ),
    (
        25,
        BOTH,
        {"t_zpbo": {0: {"zp_nd_code": "ND4"}}, "t_noeud": "ND4 far"},
        {("t_zpbo", 1, "zp_nd_code", "far_from_zone")},
    ),
    (
        26,
        BOTH,
        {"t_fibre": {1: {"fo_nintub": "1"}}},
        {("t_fibre", 3, "fo_numtub, fo_nintub", "fibre_doubled")},
    ),
    (
        26,
        BOTH,
        {"t_fibre": {1: {"fo_nintub": "01"}}},
        {("t_fibre", 3, "fo_numtub, fo_nintub", "fibre_doubled")},
    ),
    (
        27,
        BOTH,
        {"t_position": {3: {"ps_1": "FO1"}}},
        {("t_position", 5, "ps_1", "fibre_twice")},
    ),
    (
        # A fibre that is not in the delivery
        27,
        BOTH,
        {"t_position": {2: {"ps_1": "FO9"}, 3: {"ps_1": "FO9"}}},
        {("t_position", 5, "ps_1", "fibre_twice")},
    ),
    (
        28,
        BOTH,
        {"t_position": {1: {"ps_2": "FO1"}}},
        {("t_position", 3, "ps_2", "fibre_twice")},
    ),
    (
        29,
        BOTH,
        {"t_ebp": [{"bp_code": "BP3", "bp_pt_code": "", "bp_codeext": "PBO-3"}]},
        {("t_ebp", 4, "bp_pt_code", "box_without_place")},
    ),
    (
        30,
        (network_2,),
        {
            "t_zsro": [{"zs_code": "ZS2", "geom": FAR}],
            "t_zsro_patch202": [{"zs_code": "ZS2"}],
        },
        {("t_zsro", rank, "zs_lt_code", "local_of_two_zones") for rank in (1, 2)},
    ),
    (
        30,
        (network_3,),
        {"t_zsro": [{"zs_code": "ZS2", "geom": FAR}]},
        {("t_zsro", rank, "zs_lc_code", "local_of_two_zones") for rank in (1, 2)},
    ),
    (
        31,
        (network_2,),
        {
            "t_zpbo": [{"zp_code": "ZP2", "zp_zs_code": "ZS2"}],
            "t_suf": [{"sf_code": "SF2", "sf_zp_code": "ZP2"}],
        },
        {("t_adresse", 1, "ad_code", "two_zones")},
    ),
    (
        31,
        (network_3,),
        {
            "t_zpbo": [{"zp_code": "ZP2", "zp_zs_code": "ZS2", "zp_bp_code": "BP3"}],
            "t_local": {0: {"lc_st_code": "ST2", "lc_bp_codf": "BP3"}},
        },
        {("t_adresse", 1, "ad_code", "two_zones")},
    ),
    (
        32,
        (network_3,),
        {
            "t_cassette": [
                {"cs_code": f"CS{rank}", "cs_bp_code": f"BP{rank}"} for rank in (3, 4)
            ],
            "t_position": {1: {"ps_cs_code": "CS3"}, 3: {"ps_cs_code": "CS4"}},
        },
        {("t_cable", 2, "cb_code", "more_than_two_boxes")},
    ),
    (
        33,
        (network_3,),
        {"t_cable": {0: {"cb_nd2": "ND3"}}},
        {("t_cable", 2, "cb_bp2", "box_elsewhere")},
    ),
    (
        33,
        (network_2,),
        {"t_cable": {0: {"cb_nd2": "ND3"}}},
        {("t_cable", 2, "cb_bp2", "box_elsewhere")},
    ),
)


def made(network, changes):
    """Return ``network`` with the changes of a case."""
    changes = dict(changes)
    gone = [name for name, change in changes.items() if change is None]
    if changes.get("t_noeud") == "ND4 far":
        changes["t_noeud"] = [{"nd_code": "ND4", "geom": (X + 900, Y + 900)}]
    changes = {name: change for name, change in changes.items() if name not in gone}
    tables = changed(network(), **changes)
    return {name: rows for name, rows in tables.items() if name not in gone}
