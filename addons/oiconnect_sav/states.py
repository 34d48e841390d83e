"""States of a ticket and of a task, and what they mean to others. Plain Python."""

STATES = [
    ("open", "Opened"),
    ("in_progress", "In progress"),
    ("frozen", "Frozen"),
    ("expertise", "Joint expertise"),
    ("cancel_requested", "Cancellation requested"),
    ("resolved", "Resolved, to validate"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
# Nothing is awaited any more: the guide's "Archivé".
CLOSED_STATES = ("closed", "cancelled")
# States in which we act on the fault.
WORKING_STATES = ("in_progress", "expertise")
# States in which work may be added.
TASKED_STATES = ("open", *WORKING_STATES, "frozen")
# States in which both parties may still speak.
LIVE_STATES = tuple(state for state, _ in STATES if state not in CLOSED_STATES)

TASK_STATES = [
    ("to_plan", "To plan"),
    ("planned", "Planned"),
    ("done", "Carried out"),
    ("to_repeat", "Another one is needed"),
    ("cancelled", "Called off"),
]
# States in which a task is still awaited.
AWAITED_TASK_STATES = ("to_plan", "planned")

# Steps of a ticket that goes well.
_NOMINAL_STATES = ("open", "in_progress", "resolved", "closed")


def steps_of(state, passed):
    """Return the states that the state bar of a ticket shows, in order.

    :param passed: states that the ticket went through, oldest first
    """
    if state in _NOMINAL_STATES:
        return list(_NOMINAL_STATES)
    if state == "cancelled":
        return [step for step in _NOMINAL_STATES if step in passed] + [state]
    return [*_NOMINAL_STATES[:2], state, *_NOMINAL_STATES[2:]]
