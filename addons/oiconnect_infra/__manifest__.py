{
    "name": "OIConnect: fibre infrastructure",
    "summary": "PRDM, PM, PBO, buildings, sockets and optical routes of the network",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Operations/Fibre",
    "website": "https://github.com/oiconnect/oiconnect",
    "author": "OIConnect",
    "license": "AGPL-3",
    "depends": ["oiconnect_base"],
    "external_dependencies": {"python": ["pyproj", "python-stdnum"]},
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "data/oiconnect_fibre_colour.xml",
        "data/oiconnect_pbo_type.xml",
        "data/oiconnect_pbo_connection_type.xml",
    ],
}
