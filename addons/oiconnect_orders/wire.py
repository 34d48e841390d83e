"""Times as the protocol writes them: wall clock of metropolitan France."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def local_iso(moment):
    """Return ``YYYY-MM-DDTHH:MM:SS`` in Paris for a naive UTC datetime."""
    if not moment:
        return None
    local = moment.replace(tzinfo=UTC).astimezone(PARIS)
    return local.replace(tzinfo=None, microsecond=0).isoformat()


def local_now():
    """Return the naive wall clock time in Paris."""
    return datetime.now(PARIS).replace(tzinfo=None)


def from_local(text):
    """Return a naive UTC datetime for a Paris ISO text, or False.

    A time that the change to summer time skips is read as the hour after; of
    the hour that comes twice, the first is meant.
    """
    if not text:
        return False
    local = datetime.fromisoformat(text).replace(tzinfo=PARIS)
    return local.astimezone(UTC).replace(tzinfo=None)
