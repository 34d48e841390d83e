"""Kinds of delays of an order, and the one that runs in each state. Plain Python."""

from odoo.addons.oiconnect_base.delays.clock import Delays

KINDS = [
    ("receipt", "Receipt (AR)"),
    ("report_existing", "Report (CR), PTO exists"),
    ("report_build", "Report (CR), PTO to build"),
    ("connection", "Connection by the operator"),
    ("connection_oi", "Connection by us"),
    ("availability", "Making available (MAD)"),
    ("repair", "Repair after a failure"),
    ("new_visit", "New visit after a failure"),
    ("service", "Putting in service (MES)"),
    ("appointment", "Answer to an appointment request"),
    ("pm_report", "Report on a PM (CR MAD)"),
    ("pm_report_receipt", "Receipt of a report on a PM (AR MAD)"),
    ("pm_manager", "Informing a manager (INFO SY)"),
    ("pb_receipt", "Receipt of a PB order (AR)"),
    ("pb_report", "Report on a PB order (CR)"),
    ("pb_laying", "Laying of a PB"),
    ("link_receipt", "Link: receipt (AR)"),
    ("link_mad", "Link: making available (MAD)"),
    ("link_delivery", "Link: delivery"),
    ("link_correction", "Link: correction of a delivery"),
    ("link_validation", "Link: validation, deemed given after it"),
]
# The awaited party where no delay says it.
AWAITED = {
    "connection": "operator",
    "service": "operator",
    "new_visit": "customer",
    "pm_report_receipt": "operator",
    "link_validation": "operator",
}
# Families of reasons of a failure that is the end customer's to fix.
CUSTOMER_FAMILIES = ("FCLI", "FRDV")

ACCESS_ORDER_DELAYS = Delays(
    columns=("connection_type", "existing_socket", "reason_id", "discharge_number"),
    starts={
        "report_existing": "receipt_date",
        "report_build": "receipt_date",
        "connection": "report_date",
        "connection_oi": "report_date",
        "availability": "report_date",
        "repair": "failure_date",
        "new_visit": "failure_date",
        "service": "delivered_date",
    },
    answers={
        "acknowledge": "receipt",
        "refuse_receipt": "receipt",
        "connected": "availability",
    },
    # Clocks of a production, which stop while a failure is fixed.
    stopping=("connection", "connection_oi"),
    stopped_in=("connect_ko",),
    resumed_in=("connecting",),
    dropped_in=("cancelled", "overwritten", "terminated"),
)


def running(state, connection_type, existing_socket):
    """Return the kind of the delay that runs in ``state``, failures aside."""
    if state == "ar_ok":
        return "report_existing" if existing_socket else "report_build"
    if state == "delivered":
        return "service"
    if state not in ("cr_ok", "connecting"):
        return False
    if connection_type == "oi":
        return "availability" if existing_socket else "connection_oi"
    at_once = connection_type == "oc" and existing_socket and state == "cr_ok"
    return "availability" if at_once else "connection"


def after_failure(family, discharge_number):
    """Return the kind that runs while a failed connection waits.

    A discharge number proves that the route is at fault: ours to fix, as every
    failure that is not the customer's.
    """
    if family in CUSTOMER_FAMILIES and not discharge_number:
        return "new_visit"
    return "repair"
