"""How long orders and tickets took, for the pages that show delays."""

from odoo.tools.translate import LazyTranslate

from .chart import Duration, Source

_lt = LazyTranslate(__name__)

TIME_TO_SERVICE = Duration(
    "time_to_service",
    _lt("Days from order to service"),
    _lt(
        "Access orders put in service in these days: half took P50 at the most, 95 % "
        "P95 at the most."
    ),
    Source(
        "oiconnect.access.order",
        (("in_service_date", "!=", False),),
        date_field="in_service_date",
    ),
    "create_date",
    "days",
    "connection_type",
)
TIME_TO_REPAIR = Duration(
    "time_to_repair",
    _lt("Hours until service is restored"),
    _lt(
        "Tickets whose service was restored in these days: half took P50 at the most, "
        "95 % P95 at the most."
    ),
    Source(
        "oiconnect.ticket",
        (("restored_date", "!=", False),),
        date_field="restored_date",
    ),
    "opened_date",
    "hours",
)
