{
    "name": "OIConnect: toy order of the tests",
    "summary": "The smallest kind of order: what it declares is all that it has",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "OIConnect",
    "website": "https://github.com/oiconnect/oiconnect",
    "category": "Hidden/Tests",
    "depends": ["oiconnect_interop"],
    "data": ["security/ir.model.access.csv", "data/flows.xml", "views/toy_views.xml"],
}
