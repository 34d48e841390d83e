"""Records that an address names: another's are as unknown as what is not there."""

from werkzeug.exceptions import NotFound

from odoo.http import request

#: ids are four bytes in the database
_MOST = 2**31


def readable(model, *ids):
    """Return the records of ``ids`` that the user may read, in their order.

    :raises NotFound: there is none: whether one exists is not disclosed
    """
    records = request.env[model].with_context(active_test=False)
    requested = [number for number in dict.fromkeys(ids) if 0 < number < _MOST]
    if not requested or not records.has_access("read"):
        raise NotFound
    known = set(records.search([("id", "in", requested)])._ids)
    found = request.env[model].browse([id_ for id_ in requested if id_ in known])
    if not found:
        raise NotFound
    return found
