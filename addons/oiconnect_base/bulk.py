"""Many rows at once, for what the ORM would do one by one."""

import json
from io import StringIO

from odoo.tools import SQL

# Signs that the text form of COPY keeps for itself
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def insert_rows(env, table, rows, **common):
    """Insert ``rows`` (dicts with the same keys) in ``table``; no ORM, no return.

    ``common`` are the columns that all rows share.

    For tables that are only ever added to: they have no computed field, no
    constraint in Python and no override to run, and the ORM would cost more than
    the work itself.
    """
    rows = list(rows)
    if not rows:
        return
    columns = list(rows[0])
    shared = "".join(f"{_text(value)}\t" for value in common.values())
    statement = SQL(
        "COPY %s (%s) FROM STDIN",
        SQL.identifier(table),
        SQL(", ").join(map(SQL.identifier, [*common, *columns])),
    )
    lines = (shared + "\t".join([_text(row[name]) for name in columns]) for row in rows)
    # pylint: disable-next=sql-injection
    env.cr._obj.copy_expert(statement.code, StringIO("\n".join(lines)))


def create_rows(model, vals_list):
    """Create records by one COPY; return them, in order, their values in the cache.

    For roads where thousands come at once and nobody follows them: no override of
    ``create`` is run, nor what follows it (constraints in Python, mail). Defaults are
    asked once for all; computed columns wait for the next flush, with the rest.
    """
    if not vals_list:
        return model
    names = {name for vals in vals_list for name in vals}
    fields = model._fields
    columns = {n: f for n, f in fields.items() if f.store and f.column_type}
    computed = [f for f in columns.values() if f.compute and f.name not in names]
    log = {"create_uid": model.env.uid, "create_date": model.env.cr.now()}
    first = model.default_get(list(columns.keys() - names - {"id"})) | log
    first |= {"write_uid": first["create_uid"], "write_date": first["create_date"]}
    used = [f for name, f in columns.items() if name in names or name in first]
    ids = _next_ids(model, len(vals_list))
    known = zip(ids, vals_list, strict=True)
    rows = [{"id": id_} | first | vals for id_, vals in known]
    insert_rows(
        model.env,
        model._table,
        ({"id": row["id"]} | {f.name: _column(f, row) for f in used} for row in rows),
    )
    records = model.browse(ids)
    for field in used:
        values = (row.get(field.name) for row in rows)
        cached = [field.convert_to_cache(v, records, validate=False) for v in values]
        field._insert_cache(records, cached)
    for field in computed:
        model.env.add_to_compute(field, records)
    return records


def _next_ids(model, count):
    sequence = f"{model._table}_id_seq"
    model.env.cr.execute(
        SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count)
    )
    return [number for (number,) in model.env.cr.fetchall()]


def _column(field, row):
    """Return the value of a column, as the ORM would write it.

    No is a value of a boolean, not the lack of one; a text is cut at its size.
    """
    value = row.get(field.name)
    if value and field.type == "char" and field.size:
        return value[: field.size]
    return "f" if field.type == "boolean" and not value else value


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
