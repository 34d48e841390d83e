"""States that several models share."""

NETWORK_STATES = [
    ("planned", "Planned"),
    ("deploying", "Being deployed"),
    ("deployed", "Deployed"),
    ("abandoned", "Abandoned"),
]
# Of what operators hold: optical routes, link fibres
USE_STATES = [
    ("free", "Free"),
    ("reserved", "Reserved"),
    ("used", "Used"),
    ("out_of_service", "Out of service"),
]
# An access report has at most four optical routes, on connectors 1 to 4.
MAX_CONNECTORS = 4
