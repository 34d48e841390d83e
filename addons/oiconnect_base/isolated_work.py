"""Work on many records of which one that fails keeps no other waiting."""

import logging

from .isolated_savepoint import isolated_savepoint
from .log_redaction import redacted_traceback

_logger = logging.getLogger(__name__)


def apply_isolated(records, apply):
    """Call ``apply(records)`` in a savepoint; where it fails, of each record alone.

    What fails alone changes nothing: it is logged. Return ``{id: exception}`` of it.
    """
    errors = {}
    with isolated_savepoint(records.env.cr) as attempt:
        apply(records)
    if attempt.error and len(records) > 1:
        for record in records:
            errors |= apply_isolated(record, apply)
    elif attempt.error:
        trace = redacted_traceback(attempt.error)
        _logger.error("%s is left as it was: %s", records.display_name, trace)
        errors = dict.fromkeys(records.ids, attempt.error)
    return errors
