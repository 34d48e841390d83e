"""Delays, decisions and the work list were those of orders; they are of any record."""

from odoo.tools import SQL, sql

MODELS = (
    "oiconnect.decision",
    "oiconnect.delay",
    "oiconnect.delay.count",
    "oiconnect.delay.miss",
    "oiconnect.todo",
)
# What has a name of its own
RECORDS = (
    "calendar_action",
    "calendar_oi",
    "cron_mark_late",
    "cron_mark_late_ir_actions_server",
    "cron_reconcile",
    "cron_reconcile_ir_actions_server",
    "delay_action",
    "delay_count_action",
    "delay_count_view_graph",
    "delay_count_view_list",
    "delay_count_view_pivot",
    "delay_count_view_search",
    "delay_miss_action",
    "delay_miss_view_graph",
    "delay_miss_view_list",
    "delay_miss_view_pivot",
    "delay_miss_view_search",
    "delay_view_list",
    "delay_view_search",
    "leaves_action",
    "rule_decision_company",
    "rule_delay_company",
    "rule_delay_count_company",
    "rule_delay_miss_company",
    "rule_todo_company",
    "todo_action",
    "todo_view_kanban",
    "todo_view_list",
    "todo_view_pivot",
    "todo_view_search",
)
# Indexes on the column of the order, which names a record of any model from now on
INDEXES = (
    "oiconnect_decision_order_idx",
    "oiconnect_delay_miss__order_id_index",
    "oiconnect_delay_miss_open_uniq",
)
# Kinds that all records have
COMMON_KINDS = (
    "selection__oiconnect_decision__kind__override",
    "selection__oiconnect_todo__kind__late",
    "selection__oiconnect_todo__kind__message",
)
CRONS = {
    "cron_mark_late": "oiconnect.delay.miss",
    "cron_reconcile": "oiconnect.todo",
}


def migrate(cr, version):
    if not sql.table_exists(cr, "oiconnect_delay_miss"):
        return
    move_names(cr)
    move_constraints(cr)
    for index in INDEXES:
        cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(index)))
    for model in ("oiconnect.decision", "oiconnect.delay.miss"):
        name_records(cr, model)
    move_crons(cr)


def move_names(cr):
    """Let what was named by the addon of orders be named by this one.

    Kinds stay there: they are those of orders, but for some that all records have.
    """
    tables = "|".join(model.replace(".", "_") for model in MODELS)
    cr.execute(
        SQL(
            """
            UPDATE ir_model_data held SET module = 'oiconnect_base'
             WHERE module = 'oiconnect_orders'
               AND NOT EXISTS (
                   SELECT FROM ir_model_data moved
                    WHERE moved.module = 'oiconnect_base' AND moved.name = held.name
               )
               AND (name = ANY(%s) OR name ~ %s)
               AND (name !~ '^selection__.*__kind__'
                    OR name = ANY(%s))
            """,
            list(RECORDS),
            f"^(model_|model_inherit__|field_|selection__|constraint_)({tables})($|_)",
            list(COMMON_KINDS),
        )
    )


def move_constraints(cr):
    cr.execute(
        SQL(
            """
            UPDATE ir_model_constraint held SET module = base.id
              FROM ir_model model, ir_module_module base, ir_module_module orders
             WHERE model.id = held.model AND model.model = ANY(%s)
               AND base.name = 'oiconnect_base' AND orders.name = 'oiconnect_orders'
               AND held.module = orders.id
            """,
            list(MODELS),
        )
    )


def name_records(cr, model):
    """Let rows name the model of their record: that of the column they had.

    No row is written: the column is renamed, and PostgreSQL keeps the constant aside.
    """
    table = model.replace(".", "_")
    if not sql.column_exists(cr, table, "order_id"):
        return
    cr.execute(
        """
        SELECT relation FROM ir_model_fields WHERE model = %s AND name = 'order_id'
        """,
        (model,),
    )
    [named] = cr.fetchone()
    cr.execute(
        SQL(
            """
            ALTER TABLE %(table)s RENAME COLUMN order_id TO res_id;
            ALTER TABLE %(table)s
                ADD COLUMN res_model varchar NOT NULL DEFAULT %(named)s;
            ALTER TABLE %(table)s ALTER COLUMN res_model DROP DEFAULT;
            """,
            table=SQL.identifier(table),
            named=named,
        )
    )


def move_crons(cr):
    """Scheduled actions are set once, with their own hours: data do not fix them."""
    for name, model in CRONS.items():
        cr.execute(
            SQL(
                """
                UPDATE ir_act_server action
                   SET model_id = model.id
                  FROM ir_cron cron, ir_model_data named, ir_model model
                 WHERE action.id = cron.ir_actions_server_id AND cron.id = named.res_id
                   AND named.module = 'oiconnect_base' AND named.model = 'ir.cron'
                   AND named.name = %s AND model.model = %s
                """,
                name,
                model,
            )
        )
