"""States and columns that several models share."""

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
# The path of an incomplete route breaks off before it ends.
ROUTE_STATES = [*USE_STATES, ("incomplete", "Incomplete")]
#: states of routes that cannot be assigned
UNUSABLE = ("out_of_service", "incomplete")
# An access report has at most four optical routes, on connectors 1 to 4.
MAX_CONNECTORS = 4
# Columns of an address, in the order of the files
ADDRESS = (
    "rivoli_code",
    "insee_code",
    "postal_code",
    "city",
    "address_code",
    "street_type",
    "street_name",
    "street_number",
    "street_number_suffix",
    "building_name",
)
# Columns of a PM in the order of the files: 27 to 42, 44 to 48
PM_DESCRIPTION = (
    "state",
    "installation_date",
    "location_type",
    "comment",
    "max_capacity",
    *ADDRESS,
    "engineering_type",
    "dwelling_count",
    "riser_count",
    "commercial_date",
    "native_consultation",
    "technical_pm_count",
)
