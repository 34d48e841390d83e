"""What migrations of several addons do."""

from odoo.tools import SQL


def move_to_addon(
    cr, former, addon, names=(), *, models=(), constraints=(), relations=(), stays=()
):
    """Give what the addon ``former`` declared to ``addon``, and install that.

    Records stay what they are: their external identifiers change hands, so that the
    new addon finds them and the former one does not delete them. Nothing happens where
    nothing of it is there.

    :param names: regular expressions of external identifiers
    :param models: models that move, with their fields, choices and constraints
    :param constraints: regular expressions of names of other constraints and indexes
    :param relations: tables of many2many fields
    :param stays: regular expressions of what stays, of names and constraints
    """
    moving = {
        "addon": addon,
        "former": former,
        "names": _any_of([*names, *_reflected(models)]),
        "models": list(models),
        "constraints": _any_of(constraints),
        "relations": list(relations),
        "stays": _any_of(stays),
    }
    cr.execute(SQL(_IDENTIFIERS, **moving))
    if not cr.rowcount:
        return
    for query in (_CONSTRAINT_IDENTIFIERS, _CONSTRAINTS, _RELATIONS, _INSTALLATION):
        cr.execute(SQL(query, **moving))


def _reflected(models):
    """Return the regular expressions of what Odoo makes of models."""
    if not models:
        return []
    tables = "|".join(model.replace(".", "_") for model in models)
    return [
        f"^model_({tables})$",
        f"^(field_|selection__|model_inherit__)({tables})__",
    ]


def _any_of(patterns):
    """Return one regular expression; of no pattern, one that nothing has."""
    return "|".join(patterns) or "^$"


_IDENTIFIERS = """
UPDATE ir_model_data SET module = %(addon)s
 WHERE module = %(former)s AND name ~ %(names)s AND name !~ %(stays)s
   AND model != 'ir.model.constraint'
"""
_CONSTRAINT_CHOICE = """
   item.name !~ %(stays)s AND (item.name ~ %(constraints)s OR item.model IN (
       SELECT id FROM ir_model WHERE model = ANY(%(models)s)
   ))
"""
_CONSTRAINT_IDENTIFIERS = f"""
UPDATE ir_model_data data SET module = %(addon)s
  FROM ir_model_constraint item
 WHERE data.module = %(former)s AND data.model = 'ir.model.constraint'
   AND data.res_id = item.id AND {_CONSTRAINT_CHOICE}
"""
_MOVED = """
SET module = addon.id FROM ir_module_module addon, ir_module_module former
 WHERE addon.name = %(addon)s AND former.name = %(former)s
   AND item.module = former.id
"""
_CONSTRAINTS = f"UPDATE ir_model_constraint item {_MOVED} AND {_CONSTRAINT_CHOICE}"
_RELATIONS = (
    f"UPDATE ir_model_relation item {_MOVED} AND item.name = ANY(%(relations)s)"
)
_INSTALLATION = """
UPDATE ir_module_module SET state = 'to install'
 WHERE name = %(addon)s AND state = 'uninstalled'
"""
