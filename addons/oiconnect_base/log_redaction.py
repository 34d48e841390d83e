"""Redaction of end customers' data in logs and tracebacks.

PostgreSQL repeats the row that it refuses, Odoo the query that failed with its values,
and a traceback ends with both: what they say of these tables stays out of the log.
"""

import logging
import traceback

from odoo.exceptions import UserError

# Tables that hold what customers or operators wrote, or what is sent to them of it
_tables = {
    "oiconnect_decision",
    "oiconnect_event",
    "oiconnect_workflow_step",
    "mail_activity",
    "mail_message",
    "mail_tracking_value",
}


def redact_tables(*names):
    """Keep the values of these tables of an addon out of the log."""
    _tables.update(names)


class _QueryRedaction(logging.Filter):
    """Replace a query on one of our tables by the name of the table."""

    def filter(self, record):
        text = record.getMessage()
        table = next((name for name in _tables if name in text), None)
        if table:
            cause = next((a for a in record.args or () if isinstance(a, Exception)), "")
            record.msg = "query on %s, its values are not shown. %s"
            record.args = (table, cause and error_kind(cause))
        return True


def error_kind(error):
    """Return the class of the error and the constraint that it violates."""
    rule = getattr(getattr(error, "diag", None), "constraint_name", None)
    name = type(error).__name__
    return f"{name} ({rule})" if rule else name


def redacted_traceback(error):
    """Return the traceback of ``error`` without its message."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{error_kind(error)}\nTraceback (most recent call last):\n{places}"


class RedactedError(Exception):
    """Error whose message was removed; it has the class and the traceback."""


def redacted_error(error):
    """Return ``error``, or a ``RedactedError`` in its place without values of rows.

    What we say to users stays as it is, and what the system says of its files and
    lines. To be raised ``from None``: the cause of an error is logged with it.
    """
    harmless = isinstance(error, UserError | OSError)
    loggable = error if harmless else RedactedError(error_kind(error))
    return loggable.with_traceback(error.__traceback__)


class _TracebackRedaction(logging.Filter):
    """Show where an error on one of our tables began, not the row in it."""

    def filter(self, record):
        errors = _chain(record.exc_info and record.exc_info[1])
        if any(name in str(error) for error in errors for name in _tables):
            first = errors[-1]
            record.exc_info = (
                RedactedError,
                RedactedError(error_kind(first)),
                first.__traceback__,
            )
        return True


def _chain(error):
    """Return ``error`` and what it comes from, all of which a traceback tells."""
    errors = []
    while error:
        errors.append(error)
        error = error.__cause__ or error.__context__
    return errors


logging.getLogger("odoo.sql_db").addFilter(_QueryRedaction())
for _name in ("odoo.http", "odoo.addons.base.models.ir_cron"):
    logging.getLogger(_name).addFilter(_TracebackRedaction())
