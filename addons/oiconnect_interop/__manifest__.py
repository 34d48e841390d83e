{
    "name": "OIConnect Interop'Fibre",
    "summary": "Flows, formats, exchanges and services with commercial operators",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "OIConnect",
    "website": "https://github.com/oiconnect/oiconnect",
    "category": "Operations/Fibre",
    "development_status": "Beta",
    "depends": ["oiconnect_orders", "queue_job"],
    "data": [],
}
