"""Tasks of an order in the work list. Plain Python."""

# In their order, among those that all work lists have
TODO_KINDS = [
    ("decide", "Decide on a rejection"),
    ("study", "Study that broke"),
    ("late",),
    ("plan", "Plan a connection"),
    ("report", "Report a connection"),
    ("resume", "Resume a connection"),
    ("reprovision", "Give a new route"),
    ("appointment", "Answer an appointment request"),
    ("message",),
    ("chase_connection", "Chase a connection report"),
    ("chase_service", "Chase a putting in service"),
    ("pm_report", "Send a report on a PM"),
    ("pm_correct", "Correct a report on a PM"),
    ("pm_manager", "Inform a manager"),
    ("pb_plan", "Plan a PB"),
    ("pb_lay", "Report a laid PB"),
    ("link_available", "Make a link available"),
    ("link_deliver", "Deliver a link"),
    ("link_correct", "Correct the delivery of a link"),
]


def required_todo_kind(order):
    """Return the kind of what is to do of an order, False when nothing is."""
    if order.state == "ar_ok":
        return _of_study(order)
    if order.state == "connect_ko":
        return "reprovision" if order.discharge_number else "resume"
    if order.state in ("cr_ok", "connecting"):
        return _of_connection(order)
    return order.state == "delivered" and order.is_late and "chase_service"


def _of_study(order):
    if order.proposed_reason_id:
        return "decide"
    if order.study_broke:
        return "study"
    return order.is_late and "late"


def _of_connection(order):
    if order.connection_type == "oi":
        planned = order.existing_socket or order._visit_date()
        return "report" if planned else "plan"
    if not order.is_late:
        return False
    return "late" if order.awaited == "us" else "chase_connection"
