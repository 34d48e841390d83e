"""Opaque cursors: where a page ended, by the values of its order and not by a count.

So rows that come and go on other pages move none of these.
"""

import base64
import binascii
import hashlib
import json

from .problem import Problem


def write(order, fingerprint, value, row_id):
    """Return the cursor after the row ``row_id``, whose sorted column has ``value``."""
    content = json.dumps([order, fingerprint, value, row_id]).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read(text, order, fingerprint, kind=str):
    """Return ``(value, row id)`` of a cursor of the same list.

    :param kind: type of the values of the sorted column
    :raises Problem: it is none, or was given for another order or other filters
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        content = json.loads(base64.urlsafe_b64decode(padded.encode()))
        its_order, its_fingerprint, value, row_id = content
        is_whole = type(row_id) is int and (value is None or type(value) is kind)
        # A column of PostgreSQL holds no other text.
        is_text = b"\0" not in str(value).encode()
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise _refused() from None
    is_bounded = is_whole and is_text and 0 < row_id < 2**31
    if not is_bounded or (its_order, its_fingerprint) != (order, fingerprint):
        raise _refused()
    return value, row_id


def fingerprint(values):
    """Return what tells the filters of one list from those of another."""
    content = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _refused():
    errors = [{"parameter": "cursor", "detail": "not a cursor of this list"}]
    return Problem(422, "wrong-cursor", errors=errors)
