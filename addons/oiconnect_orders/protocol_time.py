"""Conversion between naive UTC datetimes and the protocol's Paris local time."""

from datetime import UTC, datetime

from odoo.addons.oiconnect_base.time_zone import to_local, to_utc


def local_iso(moment):
    """Return ``YYYY-MM-DDTHH:MM:SS`` in Paris for a naive UTC datetime."""
    return to_local(moment).replace(microsecond=0).isoformat() if moment else None


def local_now():
    """Return the naive wall clock time in Paris."""
    return to_local(datetime.now(UTC))


def from_local(text):
    """Return a naive UTC datetime for a Paris ISO text, or False."""
    return to_utc(datetime.fromisoformat(text)) if text else False
