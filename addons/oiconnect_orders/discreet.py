"""Logs that do not tell who the end customers are.

PostgreSQL repeats the row that it refuses, Odoo the query that failed with its values,
and a traceback ends with both: what they say of these tables stays out of the log.
"""

import logging
import traceback

from odoo.exceptions import UserError

# Tables that hold what customers or operators wrote, or what is told of it
TABLES = (
    "oiconnect_access_order",
    "oiconnect_appointment",
    "oiconnect_decision",
    "oiconnect_event",
    "oiconnect_exchange_error",
    "oiconnect_workflow_step",
    "mail_activity",
    "mail_message",
    "mail_tracking_value",
)


class _WithoutValues(logging.Filter):
    """Replace a query on one of our tables by the name of the table."""

    def filter(self, record):
        text = record.getMessage()
        table = next((name for name in TABLES if name in text), None)
        if table:
            cause = next((a for a in record.args or () if isinstance(a, Exception)), "")
            record.msg = "query on %s, its values are not shown. %s"
            record.args = (table, cause and kind(cause))
        return True


def kind(error):
    """Return what sort of error it is: its type, and the rule that was broken."""
    rule = getattr(getattr(error, "diag", None), "constraint_name", None)
    name = type(error).__name__
    return f"{name} ({rule})" if rule else name


def trace(error):
    """Return where ``error`` happened, without its message and the values in it."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{kind(error)}\nTraceback (most recent call last):\n{places}"


class Broken(Exception):
    """Something broke: what sort of error it was, and where."""


def without_values(error):
    """Return ``error`` as it may be kept: its own message may repeat values of a row.

    What we say to users stays as it is, and what the system says of its files and
    lines. To be raised ``from None``: what an error comes from is told with it.
    """
    harmless = isinstance(error, UserError | OSError)
    told = error if harmless else Broken(kind(error))
    return told.with_traceback(error.__traceback__)


class _WithoutRows(logging.Filter):
    """Show where an error on one of our tables began, not the row in it."""

    def filter(self, record):
        errors = _chain(record.exc_info and record.exc_info[1])
        if any(name in str(error) for error in errors for name in TABLES):
            first = errors[-1]
            record.exc_info = (Broken, Broken(kind(first)), first.__traceback__)
        return True


def _chain(error):
    """Return ``error`` and what it comes from, all of which a traceback tells."""
    errors = []
    while error:
        errors.append(error)
        error = error.__cause__ or error.__context__
    return errors


logging.getLogger("odoo.sql_db").addFilter(_WithoutValues())
for _name in ("odoo.http", "odoo.addons.base.models.ir_cron"):
    logging.getLogger(_name).addFilter(_WithoutRows())
