"""Lines of the log: what strangers send writes none, and production has JSON.

A file name, a log-in or an address with a line break in it would write a line of its
own into the log, with any date, user and level. So control characters are escaped, and
the lines of a traceback are indented. With ``OIC_LOG_FORMAT=json`` each is an object:
``time`` (UTC), ``level``, ``logger``, ``message``, ``database``, ``process`` and, of a
request, ``request`` (its number, that of the proxy), ``path``, ``job``, ``user`` (id),
``operator`` (code), ``queries`` and ``database_seconds``; ``error`` is a traceback.
"""

import copy
import json
import logging
import os
import re
import threading
import uuid
from datetime import UTC, datetime

from odoo.http import request
from odoo.tools import config

VARIABLE = "OIC_LOG_FORMAT"
HEADER = "X-Request-Id"
#: where the environment of a request has what lines of the log tell of it
NUMBER, OPERATOR = "oiconnect.request", "oiconnect.operator"
# Control characters, ends of lines of Unicode, signs that turn the direction of writing
_CONTROL = re.compile(
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_NUMBER = re.compile(r"[0-9a-f]{16,64}")


def escaped(text: str) -> str:
    """Return a text of one line, with control characters as Python writes them."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def note_operator(code: str):
    """Let the lines of this request tell which operator calls."""
    if request and code:
        request.httprequest.environ[OPERATOR] = code


def number(environ: dict) -> str:
    """Return the number of a request: that of the proxy, if one stands before us."""
    if NUMBER not in environ:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        is_known = config["proxy_mode"] and _NUMBER.fullmatch(given)
        environ[NUMBER] = given if is_known else uuid.uuid4().hex
    return environ[NUMBER]


class LineFormatter(logging.Formatter):
    """Has another formatter write a record in which nothing begins a line."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def format(self, record):
        plain = copy.copy(record)
        plain.msg, plain.args = escaped(record.getMessage()), ()
        error = _error(self.inner, record)
        lines = [f"  {escaped(line)}" for line in error.splitlines()]
        plain.exc_info, plain.exc_text, plain.stack_info = None, "\n".join(lines), None
        return self.inner.format(plain)


class JsonFormatter(logging.Formatter):
    """Writes a record as one object of JSON."""

    def format(self, record):
        moment = datetime.fromtimestamp(record.created, UTC)
        entry = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "database": getattr(threading.current_thread(), "dbname", None),
            "process": record.process,
            **_of_request(),
            **_of_performance(record),
            "error": _error(self, record) or None,
        }
        known = {key: value for key, value in entry.items() if value is not None}
        return json.dumps(known, ensure_ascii=True, default=str)


def _error(formatter, record):
    parts = []
    if record.exc_info:
        parts.append(formatter.formatException(record.exc_info))
    elif record.exc_text:
        parts.append(record.exc_text)
    if record.stack_info:
        parts.append(formatter.formatStack(record.stack_info))
    return "\n".join(parts)


def _of_request():
    if not request:
        return {}
    http = request.httprequest
    return {
        "request": number(http.environ),
        "path": http.path,
        "job": http.args.get("job_uuid"),
        "user": request.env.uid if request.env else request.session.uid,
        "operator": http.environ.get(OPERATOR),
    }


def _of_performance(record):
    """Return what Odoo counted of a request, in the line of its end."""
    queries, seconds, *_rest = [*getattr(record, "perf_info", "").split(), "", ""]
    try:
        return {"queries": int(queries), "database_seconds": float(seconds)}
    except ValueError:
        return {}


def install():
    """Let the handlers of this process write such lines, once."""
    for handler in logging.getLogger().handlers:
        inner = handler.formatter or logging.Formatter()
        if isinstance(inner, LineFormatter | JsonFormatter):
            continue
        is_json = os.environ.get(VARIABLE) == "json"
        handler.setFormatter(JsonFormatter() if is_json else LineFormatter(inner))
