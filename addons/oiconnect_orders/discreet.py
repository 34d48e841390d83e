"""Logs that do not tell who the end customers are.

PostgreSQL repeats the row that it refuses, Odoo the query that failed with its values,
and a traceback ends with both: what they say of these tables stays out of the log.
"""

import logging
import traceback

# Tables that hold what customers or operators wrote
TABLES = (
    "oiconnect_access_order",
    "oiconnect_appointment",
    "oiconnect_event",
    "oiconnect_exchange_error",
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


logging.getLogger("odoo.sql_db").addFilter(_WithoutValues())
