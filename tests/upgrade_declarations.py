"""Declarations of a version, as its database says: fields, selections, records.

To find what went from one version to the next without a migration that speaks of it.
"""

import re

from oictools import settings
from upgrade_content import RENAMED, rows

#: records that an addon declares and that work, or lead somewhere, without its code
KINDS = (
    "ir.cron",
    "mail.template",
    "ir.ui.menu",
    "ir.actions.server",
    "ir.actions.act_window",
    "ir.actions.report",
)
FIELDS = """
SELECT field.model, field.name FROM ir_model_fields field
  JOIN information_schema.columns stored
    ON stored.table_schema = 'public' AND stored.column_name = field.name
       AND stored.table_name = replace(field.model, '.', '_')
 WHERE field.model ~ '^oiconnect'
"""
SELECTIONS = """
SELECT field.model, field.name, choice.value
  FROM ir_model_fields_selection choice
  JOIN ir_model_fields field ON field.id = choice.field_id
 WHERE field.model ~ '^oiconnect'
"""
RECORDS = f"""
SELECT model, res_id, name FROM ir_model_data
 WHERE module ~ '^oiconnect_' AND model IN {KINDS}
"""
#: what went and has nothing that a migration should move: ``{item of gone(): why}``
WENT = {}


def declared(name):
    """Return ``{"fields": …, "selections": …, "records": …}`` of a database."""
    return {
        "fields": set(rows(name, FIELDS)),
        "selections": set(rows(name, SELECTIONS)),
        "records": set(rows(name, RECORDS)),
    }


def renamed(model, field):
    """Return the name that a field has today."""
    return RENAMED.get((model.replace(".", "_"), field), field)


def gone(before, after, env):
    """Return what was declared before and is not today, as ``[kind and name]``.

    A field that has another name is there; a record is, whichever addon declares it.
    """
    present = {(kind, number) for kind, number, _name in after["records"]}
    fields = [
        f"field {model}.{name}"
        for model, name in before["fields"]
        if (model, renamed(model, name)) not in after["fields"]
    ]
    selections = [
        f"choice {model}.{name}.{value}"
        for model, name, value in before["selections"]
        if model in env
        and renamed(model, name) in env[model]._fields
        and value not in choices(env, model, renamed(model, name))
    ]
    records = [
        f"{kind} {name}"
        for kind, number, name in before["records"]
        if (kind, number) not in present
    ]
    return sorted([*fields, *selections, *records])


def choices(env, model, name):
    """Return the values that a selection has today, None if it is none."""
    field = env[model]._fields[name]
    return field.get_values(env) if field.type == "selection" else ()


def unexplained(found):
    """Return what of :func:`gone` no migration names, and WENT has no reason for."""
    scripts = "\n".join(
        path.read_text() for path in settings.ADDONS.glob("*/migrations/*/*.py")
    )
    words = set(re.findall(r"\w+", scripts))
    return [
        item
        for item in found
        if item not in WENT and re.split(r"[ .]", item)[-1] not in words
    ]


def unknown_choices(env):
    """Return ``model.field: value`` of rows whose value is no choice of today."""
    found = []
    for model in env.values():
        if not model._name.startswith("oiconnect.") or not model._auto:
            continue
        for field in model._fields.values():
            if field.type == "selection" and field.store and field.column_type:
                env.cr.execute(
                    f"SELECT DISTINCT {field.name} FROM {model._table}"
                    f" WHERE {field.name} IS NOT NULL"
                )
                known = field.get_values(env)
                found += [
                    f"{field}: {value}"
                    for (value,) in env.cr.fetchall()
                    if value not in known
                ]
    return found
