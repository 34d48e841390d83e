"""What we use of Odoo though it is not its public API: all of it is here, with why.

When Odoo changes one of them, ``tests/test_odoo_internals.py`` fails and says which.
Not here: what addons of Odoo commonly call or extend of each other, though its name
begins with an underscore (``_read_group``, ``_for_xml_id``, ``_trigger``, ``_search``,
``_compute_display_name``, ``_description_selection``…).
"""

from typing import NamedTuple

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
# Methods that we extend, or call of a model that does not offer them to others
# ----------------------------------------------------------------------


class Method(NamedTuple):
    """A method of Odoo with the parameters that we count on.

    :param model: name of the model; ``base`` for what all models have
    """

    model: str
    name: str
    parameters: str
    why: str


METHODS = (
    Method("base", "_post_model_setup__", "", "tell which fields people may write"),
    Method(
        "base",
        "_field_to_sql",
        "alias field_expr query",
        "filter and group lists by figures that are no columns",
    ),
    Method(
        "base",
        "_read_group_groupby",
        "alias groupby_spec query",
        "group objects by the rules that they break",
    ),
    Method(
        "base",
        "_read_group_select",
        "aggregate_spec query",
        "give the share of many lines by all that they count",
    ),
    Method(
        "base",
        "_web_read_group_format",
        "groupby aggregates groups",
        "fold the columns of a board that are closed or empty",
    ),
    Method(
        "base",
        "_sql_error_to_message",
        "exc",
        "name the reference that somebody else has",
    ),
    Method(
        "ir.cron",
        "_callback",
        "cron_name server_action_id",
        "let scheduled work speak the language of its user",
    ),
    Method(
        "ir.attachment",
        "_index",
        "bin_data file_type checksum",
        "keep files of operators out of the index of words",
    ),
    Method(
        "ir.attachment",
        "_inaccessible_comodel_records",
        "model_and_ids operation",
        "hide files about customers",
    ),
    Method("ir.attachment", "_filestore", "", "write large files where they will stay"),
    Method("ir.attachment", "_full_path", "path", "read large files where they lie"),
    Method("ir.attachment", "_mark_for_gc", "fname", "let go of a file after rollback"),
    Method("ir.attachment", "_storage", "", "know whether files lie on a disk"),
    Method(
        "mail.thread",
        "_creation_message",
        "",
        "tell in a whole French sentence that a record was made",
    ),
    Method(
        "mail.thread", "_track_get_fields", "", "follow all fields that people write"
    ),
    Method(
        "base",
        "_mail_get_operation_for_mail_message_operation",
        "message_operation",
        "hide discussions about customers",
    ),
    Method(
        "account.move.send",
        "_hook_invoice_document_after_pdf_report_render",
        "invoice invoice_data",
        "keep the annex of an invoice with it",
    ),
    Method(
        "account.move.send",
        "_get_invoice_extra_attachments",
        "move",
        "send the annex of an invoice with it",
    ),
)
