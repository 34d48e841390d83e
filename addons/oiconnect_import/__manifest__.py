{
    "name": "OIConnect: imports",
    "summary": "Files of many lines, checked whole and brought to the network",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "OIConnect",
    "website": "https://github.com/oiconnect/oiconnect",
    "category": "Operations/Fibre",
    "development_status": "Beta",
    "depends": ["oiconnect_infra", "queue_job"],
    "data": [
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "wizard/imports/import_confirm_views.xml",
        "views/imports/import_error_views.xml",
        "views/imports/import_views.xml",
        "data/queue_job.xml",
    ],
}
