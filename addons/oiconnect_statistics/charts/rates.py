"""Rates of the pages "equal treatment" and "quality of service".

They are those of Arcep's decisions for infrastructure operators, from what the data
model holds: states, dates and reasons of orders, and the daily figures of delays.
"""

from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_sav.delays.kinds import REPAIRS

from .chart import MODE, MONTH, NETWORK, OPERATOR, Page, Rate, Source

_lt = LazyTranslate(__name__)

ACCESS = "oiconnect.access.order"
# Reasons that tell of the place: what the IPE said of it proved wrong.
PLACE_REASONS = (
    *("FADR01", "FADR02", "FADR03", "FADR04"),
    *("FIMP08", "FIMP09", "FIMP10", "FIMP11", "FINT01", "FINT02"),
)
# States in which the study of an order has not ended
UNANSWERED = ("received", "ar_ok")


def of_orders(key, domain, failed, title, hint):
    return Rate(key, title, hint, Source(ACCESS, domain), failed, (), "connection_type")


def of_delays(key, kinds, title, hint):
    """Return the share of our own delays of ``kinds`` that were missed."""
    domain = (("awaited", "=", "us"), ("kind", "in", kinds))
    source = Source("oiconnect.delay.count", domain, date_field="day")
    return Rate(key, title, hint, source, (("late", ">", 0),), ("ended", "late"))


REJECTED_RECEIPTS = of_orders(
    "rejected_receipt",
    (("state", "!=", "received"),),
    (("state", "=", "ar_ko"),),
    _lt("Rejected at receipt (AR)"),
    _lt("Access orders received in these days, and those rejected at their receipt."),
)
REJECTED_REPORTS = of_orders(
    "rejected_report",
    (("state", "not in", (*UNANSWERED, "ar_ko")),),
    (("state", "=", "cr_ko"),),
    _lt("Rejected by the study (CR)"),
    _lt("Access orders received in these days and studied, and those rejected then."),
)
FAILED_CONNECTIONS = of_orders(
    "failed_connection",
    ("|", ("connection_date", "!=", False), ("failure_date", "!=", False)),
    (("failure_date", "!=", False),),
    _lt("Failed connections"),
    _lt(
        "Access orders received in these days whose connection was tried, and those of "
        "which it failed at least once."
    ),
)
INEXACT_IPE = of_orders(
    "inexact_ipe",
    (("state", "not in", (*UNANSWERED, "ar_ko")),),
    (
        ("state", "=", "cr_ko"),
        ("reason_id.code", "in", PLACE_REASONS),
        ("building_id.state", "=", "deployed"),
    ),
    _lt("IPE not exact"),
    _lt(
        "Access orders received in these days and studied, and those rejected for "
        "their place (address, PM, capacity) at a building that the IPE tells deployed."
    ),
)
LATE_RECEIPTS = of_delays(
    "late_receipt",
    ("receipt",),
    _lt("Late receipts (AR)"),
    _lt("Receipts sent in these days, and those sent too late."),
)
LATE_REPORTS = of_delays(
    "late_report",
    ("report_existing", "report_build"),
    _lt("Late reports (CR)"),
    _lt("Reports on access orders sent in these days, and those sent too late."),
)
LATE_CONNECTIONS = of_delays(
    "late_connection",
    ("connection_oi", "availability"),
    _lt("Late connections by us"),
    _lt("Connections and accesses that we made available, and those made too late."),
)
LATE_APPOINTMENTS = of_delays(
    "late_appointment",
    ("appointment",),
    _lt("Appointments answered late"),
    _lt("Requests of appointments answered in these days, and those too late."),
)
LATE_REPAIRS = of_delays(
    "late_repair",
    REPAIRS,
    _lt("Late repairs"),
    _lt("Repairs that ended in these days, guaranteed or not, and those too late."),
)
LATE_GTR = of_delays(
    "late_gtr",
    ("ticket_gtr", "ticket_gtr_always"),
    _lt("GTR not kept"),
    _lt("Guaranteed repairs that ended in these days, and those too late."),
)

EQUAL_TREATMENT = Page(
    "equal_treatment",
    _lt("Equal treatment"),
    (
        LATE_RECEIPTS,
        LATE_REPORTS,
        LATE_CONNECTIONS,
        LATE_APPOINTMENTS,
        REJECTED_RECEIPTS,
        REJECTED_REPORTS,
        FAILED_CONNECTIONS,
        LATE_REPAIRS,
    ),
    (OPERATOR,),
    compared=True,
    months=12,
)
QUALITY = Page(
    "quality",
    _lt("Quality of service"),
    (FAILED_CONNECTIONS, LATE_CONNECTIONS, LATE_REPAIRS, LATE_GTR, INEXACT_IPE),
    (MONTH, NETWORK, OPERATOR, MODE),
    months=12,
)
