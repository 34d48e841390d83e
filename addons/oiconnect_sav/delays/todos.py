"""Tasks of a ticket in the work list. Plain Python."""

from ..states import AWAITED_TASK_STATES, WORKING_STATES

STEPS = [
    ("start", "Take in charge"),
    ("reply", "Answer the operator"),
    ("cancel", "Answer a request to cancel"),
    ("plan", "Plan a task"),
    ("report", "Report a task"),
    ("resolve", "Resolve"),
]
# In their order, among those that all work lists have
TODO_KINDS = [
    ("late",),
    ("ticket_start", "Take a ticket in charge"),
    ("ticket_reply", "Answer the operator of a ticket"),
    ("ticket_cancel", "Answer a request to cancel a ticket"),
    ("ticket_plan", "Plan a task of a ticket"),
    ("ticket_report", "Report a task of a ticket"),
    ("ticket_resolve", "Resolve a ticket"),
    ("message",),
]


def step_of(ticket):
    """Return what we have to do of a ticket, False when we wait for others."""
    if ticket.state == "cancel_requested":
        return "cancel"
    if ticket.unanswered:
        return "reply"
    if ticket.state == "open":
        return "start"
    return ticket.state in WORKING_STATES and _of_tasks(ticket.task_ids)


def _of_tasks(tasks):
    awaited = [task for task in tasks if task.state in AWAITED_TASK_STATES]
    if any(task.state == "to_plan" for task in awaited):
        return "plan"
    if awaited:
        return "report"
    is_done = any(task.state == "done" and not task.is_settled for task in tasks)
    return "resolve" if is_done else "plan"
