{
    "name": "OIConnect: GraceTHD",
    "summary": "Deliveries of networks in GraceTHD, France's geostandard",
    "version": "19.0.1.0.0",
    "development_status": "Alpha",
    "category": "Operations/Fibre",
    "website": "https://github.com/oiconnect/oiconnect",
    "author": "OIConnect",
    "license": "AGPL-3",
    "depends": ["oiconnect_interop"],
    "external_dependencies": {"python": ["pyproj", "shapely"]},
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "views/gracethd_grid_views.xml",
        "views/import_error_views.xml",
        "views/import_views.xml",
        "views/gracethd_export_views.xml",
        "views/menus.xml",
        "data/gracethd_grid_data.xml",
        "data/queue_job.xml",
    ],
    "assets": {
        # It comes with the map, when that is opened.
        "oiconnect_infra.assets_map": ["oiconnect_gracethd/static/src/map/**/*.js"],
        "web.assets_unit_tests": ["oiconnect_gracethd/static/tests/map/**/*"],
        "web.assets_tests": ["oiconnect_gracethd/static/tests/tours/**/*"],
    },
}
