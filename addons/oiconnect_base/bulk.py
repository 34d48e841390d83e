"""Many rows at once, for what the ORM would do one by one."""

import json
from io import StringIO

from odoo.tools import SQL

# Signs that the text form of COPY keeps for itself
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_rows(env, table, rows):
    """Insert ``rows`` (dicts with the same keys) in ``table``; no ORM, no return.

    For tables that are only ever added to: they have no computed field, no
    constraint in Python and no override to run, and the ORM would cost more than
    the work itself.
    """
    rows = list(rows)
    if not rows:
        return
    columns = list(rows[0])
    statement = SQL(
        "COPY %s (%s) FROM STDIN",
        SQL.identifier(table),
        SQL(", ").join(map(SQL.identifier, columns)),
    )
    lines = ("\t".join([_text(row[name]) for name in columns]) for row in rows)
    # pylint: disable-next=sql-injection
    env.cr._obj.copy_expert(statement.code, StringIO("\n".join(lines)))


def _text(value):
    """Return ``value`` as COPY reads it; False is no value, as for the ORM."""
    if value is None or value is False:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False).replace("\\", "\\\\")
    return str(value)


def put(records, columns):
    """Give each record its own values: ``columns`` is ``{field: [value, …]}``.

    As one assignment a record would, but for what checks, tracks or follows a
    write in Python: the values wait in the cache, with all others that are pending,
    for the same UPDATE.
    """
    if not records:
        return
    for name, values in columns.items():
        field = records._fields[name]
        cache = field._get_cache(records.env)
        for record_id, value in zip(records._ids, values, strict=True):
            cache[record_id] = field.convert_to_cache(value, records, validate=False)
        records.env._field_dirty[field].update(records._ids)
    records.modified(columns)
