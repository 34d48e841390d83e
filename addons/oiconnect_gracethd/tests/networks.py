"""A small network of version 2 and one of version 3, as rows of tables, all good."""

from copy import deepcopy

X, Y = 652000.0, 6862000.0


def square(side):
    low, high = -10, side
    corners = [(low, low), (low, high), (high, high), (high, low), (low, low)]
    return [[(X + x, Y + y) for x, y in corners]]


def _common():
    """An SRO, a PBO on a pole, a cable between, its two fibres and their positions."""
    return {
        "t_noeud": [
            {"nd_code": "ND1", "geom": (X, Y)},
            {"nd_code": "ND2", "geom": (X + 100, Y)},
            {"nd_code": "ND3", "geom": (X + 110, Y)},
        ],
        "t_adresse": [
            {
                "ad_code": "AD1",
                "ad_ban_id": "99001_0001_00001",
                "ad_hexacle": "990010001A",
                "ad_insee": "99001",
                "ad_numero": "1",
                "ad_rep": "bis",
                "ad_creadat": "2019-10-28 12-23-52",
                "geom": (X + 111, Y),
            }
        ],
        "t_organisme": [{"or_code": "OR1", "or_nom": "Bureau d'études Élan"}],
        "t_reference": [{"rf_code": "RF1", "rf_design": "Câble 12 FO"}],
        "t_znro": [{"zn_code": "ZN1", "zn_nd_code": "ND1", "geom": square(300)}],
        "t_zsro": [
            {
                "zs_code": "ZS1",
                "zs_zn_code": "ZN1",
                "zs_nd_code": "ND1",
                "zs_refpm": "PM-99001-0001",
                "zs_dateins": "20191229",
                "geom": square(200),
            }
        ],
        "t_zpbo": [
            {
                "zp_code": "ZP1",
                "zp_nd_code": "ND2",
                "zp_zs_code": "ZS1",
                "geom": square(150),
            }
        ],
        "t_ptech": [
            {
                "pt_code": "PT1",
                "pt_nd_code": "ND2",
                "pt_statut": "REC",
                "pt_typephy": "A",
                "pt_typelog": "R",
            }
        ],
        "t_baie": [{"ba_code": "BA1", "ba_etiquet": "B01"}],
        "t_tiroir": [{"ti_code": "TI1", "ti_ba_code": "BA1"}],
        "t_ebp": [
            {
                "bp_code": "BP1",
                "bp_codeext": "PBO-1",
                "bp_pt_code": "PT1",
                "bp_statut": "REC",
                "bp_typelog": "PBO",
            },
            {
                "bp_code": "BP2",
                "bp_codeext": "PTO-1",
                "bp_statut": "REC",
                "bp_typelog": "PTO",
            },
        ],
        "t_cassette": [
            {"cs_code": "CS1", "cs_bp_code": "BP1", "cs_num": "1", "cs_type": "E"},
            {"cs_code": "CS2", "cs_num": "1", "cs_type": "C"},
        ],
        "t_cheminement": [
            {
                "cm_code": "CM1",
                "cm_ndcode1": "ND1",
                "cm_ndcode2": "ND2",
                "geom": [(X, Y), (X + 100, Y)],
            }
        ],
        "t_cable": [
            {
                "cb_code": "CB1",
                "cb_nd1": "ND1",
                "cb_nd2": "ND2",
                "cb_statut": "REC",
                "cb_typephy": "C",
                "cb_typelog": "DI",
                "cb_rf_code": "RF1",
                "cb_capafo": "12",
                "cb_modulo": "12",
            }
        ],
        "t_cableline": [
            {
                "cl_code": "CL1",
                "cl_cb_code": "CB1",
                "cl_long": "100,5",
                "geom": [(X + 100, Y), (X, Y)],
            }
        ],
        "t_fibre": [
            {
                "fo_code": f"FO{rank}",
                "fo_cb_code": "CB1",
                "fo_nincab": rank,
                "fo_numtub": "1",
                "fo_nintub": f"{rank}.0",
                "fo_color": str(rank),
            }
            for rank in (1, 2)
        ],
        "t_position": [
            {
                "ps_code": f"PS{rank}",
                "ps_numero": str(rank),
                "ps_2": f"FO{rank}",
                "ps_cs_code": "CS2",
                "ps_ti_code": "TI1",
                "ps_fonct": "CO",
                "ps_type": "CSA",
            }
            for rank in (1, 2)
        ]
        + [
            {
                "ps_code": f"PS1{rank}",
                "ps_numero": str(rank),
                "ps_1": f"FO{rank}",
                "ps_cs_code": "CS1",
                "ps_fonct": "AT",
            }
            for rank in (1, 2)
        ],
    }


def network_2():
    tables = _common()
    site = {"st_statut": "REC", "st_typephy": "ADR", "st_typelog": "SRO"}
    tables["t_sitetech"] = [{"st_code": "ST1", "st_nd_code": "ND1", **site}]
    tables["t_ltech"] = [{"lt_code": "LT1", "lt_st_code": "ST1", "lt_statut": "REC"}]
    tables["t_suf"] = [
        {
            "sf_code": "SF1",
            "sf_nd_code": "ND3",
            "sf_ad_code": "AD1",
            "sf_zp_code": "ZP1",
            "sf_type": "R",
        }
    ]
    tables["t_ebp"][1]["bp_sf_code"] = "SF1"
    tables["t_baie"][0]["ba_lt_code"] = "LT1"
    tables["t_adresse"][0] |= {"ad_nblhab": "1", "ad_nblpro": "0", "ad_nbprhab": "1"}
    tables["t_zsro_patch202"] = [{"zs_code": "ZS1", "zs_lt_code": "LT1"}]
    tables["t_cable_patch201"] = [{"cb_code": "CB1", "cb_bp2": "BP1", "cb_ba1": "BA1"}]
    return tables


def network_3():
    tables = _common()
    base = {"st_statut": "REC", "st_typephy": "ADR"}
    tables["t_site"] = [
        {"st_code": "ST1", "st_nd_code": "ND1", "st_typelog": "RESEAU", **base},
        {
            "st_code": "ST2",
            "st_nd_code": "ND3",
            "st_typelog": "CLIENT",
            "st_ad_code": "AD1",
            **base,
        },
    ]
    tables["t_local"] = [
        {
            "lc_code": "LC1",
            "lc_st_code": "ST1",
            "lc_typelog": "SRO",
            "lc_statut": "REC",
        },
        {
            "lc_code": "LC2",
            "lc_st_code": "ST2",
            "lc_typelog": "RES",
            "lc_statut": "REC",
            "lc_bp_codf": "BP1",
        },
    ]
    tables["t_ebp"][1]["bp_lc_code"] = "LC2"
    tables["t_baie"][0]["ba_lc_code"] = "LC1"
    tables["t_zsro"][0]["zs_lc_code"] = "LC1"
    tables["t_zpbo"][0]["zp_bp_code"] = "BP1"
    tables["t_adresse"][0]["ad_nblres"] = "1"
    tables["t_cable"][0] |= {"cb_bp2": "BP1", "cb_ba1": "BA1"}
    return tables


def changed(network, **tables):
    """Return a copy of ``network`` where rows are changed or added.

    ``t_cable={0: {…}}`` changes the first row, ``t_cable=[{…}]`` adds copies of it.
    """
    made = deepcopy(network)
    for name, changes in tables.items():
        rows = made.setdefault(name, [])
        if isinstance(changes, dict):
            for rank, values in changes.items():
                rows[rank] |= values
        else:
            model = rows[0] if rows else {}
            rows += [model | values for values in changes]
    return made
