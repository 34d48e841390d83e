{
    "name": "OIConnect: billing",
    "summary": "Monthly invoices of commercial operators for what they hold and ask for",
    "version": "19.0.1.1.0",
    "development_status": "Beta",
    "category": "Operations/Fibre",
    "website": "https://github.com/oiconnect/oiconnect",
    "author": "OIConnect",
    "license": "AGPL-3",
    "depends": ["oiconnect_sav", "l10n_fr_account", "product"],
    "data": [
        "security/oiconnect_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rule.xml",
        "views/billing_line_views.xml",
        "views/billing_item_views.xml",
        "views/billing_product_views.xml",
        "views/account_move_views.xml",
        "views/billing_run_views.xml",
        "views/access_order_views.xml",
        "views/operator_views.xml",
        "views/menus.xml",
        "data/ir_cron.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "oiconnect_billing/static/src/**/*",
        ],
        "web.assets_tests": [
            "oiconnect_billing/static/tests/tours/**/*",
        ],
    },
}
