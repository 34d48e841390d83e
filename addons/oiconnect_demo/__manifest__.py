{
    "name": "OIConnect: demo network",
    "summary": "A network with operators, people and orders, all of them invented",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Operations/Fibre",
    "website": "https://github.com/oiconnect/oiconnect",
    "author": "OIConnect",
    "license": "AGPL-3",
    "depends": ["oiconnect_portal", "oiconnect_soap"],
    # Loaded by the hook, in this order
    "oca_data_manual": [
        "data/network.xml",
        "data/operator.xml",
        "data/res_users.xml",
        "data/resource_calendar.xml",
        "data/delays.xml",
        "data/endpoint.xml",
        "data/soap_account.xml",
        "data/company.xml",
        "data/billing_product.xml",
    ],
    "post_init_hook": "post_init_hook",
}
