"""Discussions of our records are ours: whose they are, and what our code marks.

Plain data and functions, used by all of ``models/discussion``.
"""

from datetime import timedelta

#: Every model of ours; those of Odoo (invoices, contacts) keep Odoo's own rules.
PREFIX = "oiconnect."
LIKE_OURS = f"{PREFIX}%"
#: How long the author of a message may still change or erase it
EDIT_DELAY = timedelta(minutes=5)
#: The class of what a message was before it changed, in the note that keeps it
FORMER = "o_oiconnect_former"
OPERATOR_SUBTYPE = "oiconnect_base.message_subtype_operator"

# A context comes by RPC too, but as JSON: it may have these keys, never these objects.
_POSTED = object()
_TO_OPERATOR = object()


def is_ours(model):
    """Return whether the records of a model are ours, given its name or nothing."""
    return (model or "").startswith(PREFIX)


def as_posted(record):
    """Return the record with the mark of messages that went through the chatter."""
    return record.with_context(oiconnect_posted=_POSTED)


def is_posted(env):
    return env.context.get("oiconnect_posted") is _POSTED


def to_operator(record):
    """Return the record with the right to write to people of operators.

    They follow the record no more than before.
    """
    return record.with_context(
        oiconnect_to_operator=_TO_OPERATOR, mail_post_autofollow=False
    )


def is_to_operator(env):
    return env.context.get("oiconnect_to_operator") is _TO_OPERATOR


def without_marks(record):
    """Return the record without the marks: what follows has no more rights."""
    return record.with_context(oiconnect_posted=None, oiconnect_to_operator=None)
