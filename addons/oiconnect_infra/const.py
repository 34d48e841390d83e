"""States that several models share."""

NETWORK_STATES = [
    ("planned", "Planned"),
    ("deploying", "Being deployed"),
    ("deployed", "Deployed"),
    ("abandoned", "Abandoned"),
]
# An access report has at most four optical routes, on connectors 1 to 4.
MAX_CONNECTORS = 4
