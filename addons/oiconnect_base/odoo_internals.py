"""Private API of Odoo that we use, each use with its reason.

When Odoo changes one of them, ``tests/test_odoo_internals.py`` fails and says which; it
also has the list of the methods that we extend, where inheritance needs them to be.
Not meant: what addons of Odoo commonly call of each other though its name begins with
an underscore (``_read_group``, ``_for_xml_id``, ``_trigger``, ``_search``…).
"""

from odoo.orm import fields_temporal
from odoo.tools import SQL, sql

# ----------------------------------------------------------------------
# The cache: records written and read by thousands. One assignment or one read of a
# field at a time costs ten times as much as the work itself.
# ----------------------------------------------------------------------


def cached_values(field, env):
    """Return the cache of ``field``: ``{record id: value as the cache has it}``."""
    return field._get_cache(env)


def cache_values(field, records, values):
    """Put a value for each record in the cache, where there is none yet."""
    field._insert_cache(records, values)


def mark_to_write(field, records):
    """Let the next flush write the cached values of ``field``."""
    records.env._field_dirty[field].update(records.ids)


def mark_as_written(field, records):
    """Let no flush write the cached values of ``field``: the database has them."""
    records.env._field_dirty[field].difference_update(records.ids)


# ----------------------------------------------------------------------
# The registry: what is declared of fields and models
# ----------------------------------------------------------------------


def addon_of(field):
    """Return the name of the addon that declares ``field``, None if none does."""
    return field._module


def has_rows_to_guard(model):
    """Tell whether the model has a table whose rows stay."""
    return not (model._abstract or model._transient)


def model_of_constraint(registry, name):
    """Return the name of the model that declares the constraint or index, or None.

    PostgreSQL says which constraint a row breaks, and the model what to tell people.
    """
    for model_name, model in registry.items():
        if name in model._table_objects:
            return model_name
    return None


# ----------------------------------------------------------------------
# The catalogue of PostgreSQL: Odoo does not see tables that have parts, nor their
# indexes, and would make them again at each upgrade.
# ----------------------------------------------------------------------


def see_partitioned_tables():
    """Let Odoo's schema code find tables that have parts, and their indexes."""
    sql.existing_tables = _existing_tables
    sql.index_definition = _index_definition


def _existing_tables(cr, tablenames):
    """Return the names of existing tables among ``tablenames``."""
    cr.execute(
        SQL(
            """
            SELECT relname FROM pg_class
             WHERE relname = ANY(%s) AND relkind IN ('r', 'p', 'v', 'm')
               AND relnamespace = current_schema::regnamespace
            """,
            list(tablenames),
        )
    )
    return [name for (name,) in cr.fetchall()]


def _index_definition(cr, indexname):
    """Return the definition of an index and the comment that tells what made it."""
    cr.execute(
        SQL(
            """
            SELECT pg_get_indexdef(oid), obj_description(oid, 'pg_class')
              FROM pg_class
             WHERE relname = %s AND relkind IN ('i', 'I')
               AND relnamespace = current_schema::regnamespace
            """,
            indexname,
        )
    )
    return cr.fetchone() or (None, None)


# ----------------------------------------------------------------------
# The chart of accounts that Odoo guesses for the main company
# ----------------------------------------------------------------------


def forget_guessed_chart(registry):
    """Let the end of this installation load no chart of accounts.

    Where ``account`` and the demo are installed at once, that of the company's country
    before the demo would replace the one that the demo has chosen.
    """
    vars(registry).pop("_auto_install_template", None)


# ----------------------------------------------------------------------
# The clock
# ----------------------------------------------------------------------

#: module of Odoo whose ``datetime`` is asked for the present time of fields
CLOCK = fields_temporal


def set_transaction_time(cr, moment):
    """Let records be created and written at ``moment``; None: when it began."""
    cr._now = moment


# ----------------------------------------------------------------------
# HTTP: the connection of a request, as Odoo's own websockets take it
# ----------------------------------------------------------------------


def connection_of(request):
    """Return the socket of a request; None where its server gives none."""
    # Name-mangled: the environment that is public leaves it out.
    environ = request.httprequest._HTTPRequest__environ
    # Workers have that of werkzeug alone, the process of websockets that of Odoo.
    return environ.get("werkzeug.socket") or environ.get("socket")
