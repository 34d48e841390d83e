"""Kinds of delays of a ticket, and the one that runs in each state. Plain Python."""

from odoo.addons.oiconnect_base.delays.clock import Delays

from ..states import WORKING_STATES

KINDS = [
    ("ticket_repair", "Repair of a line"),
    ("ticket_gtr", "Guaranteed repair, within working times"),
    ("ticket_gtr_always", "Guaranteed repair, at any time"),
    ("ticket_answer", "Answer of the operator"),
    ("ticket_freeze", "End of a freeze"),
    ("ticket_validation", "Validation of a resolution"),
]
# The awaited party where no delay says it.
AWAITED = {"ticket_answer": "operator", "ticket_validation": "operator"}
# Clocks of a repair: they begin with the ticket and stop while it is frozen.
REPAIRS = ("ticket_repair", "ticket_gtr", "ticket_gtr_always")
# Reasons of a freeze that the operator ends by its answer
ANSWERED_FREEZES = ("answer", "appointment")

# A rejected resolution goes on with what was left of the repair: see the ticket.
TICKET_DELAYS = Delays(
    columns=(
        "gtr_delay",
        "gtr_range",
        "gtr_days",
        "gtr_hours",
        "freeze_reason",
        "repair_due_date",
        "resolved_date",
    ),
    starts=dict.fromkeys(REPAIRS, "opened_date")
    | {"ticket_validation": "resolved_date"},
    stopping=REPAIRS,
    stopped_in=("frozen",),
    # A cancellation that is requested while the ticket is frozen ends the freeze.
    resumed_in=(*WORKING_STATES, "cancel_requested"),
    dropped_in=("cancelled",),
)


def running(state, gtr_range, freeze_reason):
    """Return the kind of the delay that runs in ``state``, False when none does.

    :param gtr_range: when a guaranteed repair is counted (GRTRecoveryRange):
        "signalling", within the hours of signalling, or "always"
    """
    if state in ("open", "cancel_requested", *WORKING_STATES):
        return _repair(gtr_range)
    if state == "frozen":
        awaits_answer = freeze_reason in ANSWERED_FREEZES
        return "ticket_answer" if awaits_answer else "ticket_freeze"
    return state == "resolved" and "ticket_validation"


def _repair(gtr_range):
    if not gtr_range:
        return "ticket_repair"
    return "ticket_gtr_always" if gtr_range == "always" else "ticket_gtr"
