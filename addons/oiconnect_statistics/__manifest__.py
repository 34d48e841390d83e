{
    "name": "OIConnect: statistics",
    "summary": "Live figures of orders, tickets and the network; equal treatment",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Operations/Fibre",
    "website": "https://github.com/oiconnect/oiconnect",
    "author": "OIConnect",
    "license": "AGPL-3",
    "depends": ["oiconnect_sav"],
    "data": [
        "views/statistics_actions.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "oiconnect_statistics/static/src/**/*",
        ],
        "web.assets_tests": [
            "oiconnect_statistics/static/tests/tours/**/*",
        ],
    },
}
