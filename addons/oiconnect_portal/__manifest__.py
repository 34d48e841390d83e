{
    "name": "OIConnect: operator's space",
    "summary": "What commercial operators see and do by themselves, in the portal",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Operations/Fibre",
    "website": "https://github.com/oiconnect/oiconnect",
    "author": "OIConnect",
    "license": "AGPL-3",
    "depends": ["oiconnect_billing", "oiconnect_interop", "portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "views/res_partner_views.xml",
        "views/layout.xml",
        "views/lists.xml",
        "views/appointments.xml",
        "views/tickets.xml",
        "views/services.xml",
        "views/invoices.xml",
        "views/disputes.xml",
        "views/guide.xml",
        "views/conformance.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "oiconnect_portal/static/src/space.scss",
            "oiconnect_portal/static/src/space.js",
        ],
        "web.assets_tests": [
            "oiconnect_portal/static/tests/tours/**/*",
        ],
    },
}
