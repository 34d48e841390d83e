"""Steps of workflows get the company of their record."""

from odoo.tools import SQL, sql

TABLE = "oiconnect_workflow_step"
BATCH = 100_000


def migrate(cr, version):
    if sql.column_exists(cr, TABLE, "company_id"):
        return
    sql.create_column(cr, TABLE, "company_id", "int4")
    cr.execute("SELECT DISTINCT res_model FROM oiconnect_workflow_step")
    for (model,) in cr.fetchall():
        table = model.replace(".", "_")
        if sql.column_exists(cr, table, "company_id"):
            fill(cr, model, table)


def fill(cr, model, table):
    cr.execute("SELECT COALESCE(max(id), 0) FROM oiconnect_workflow_step")
    [last] = cr.fetchone()
    for first in range(0, last + 1, BATCH):
        cr.execute(
            SQL(
                """
                UPDATE oiconnect_workflow_step step SET company_id = record.company_id
                  FROM %s record
                 WHERE record.id = step.res_id AND step.res_model = %s
                   AND step.id >= %s AND step.id < %s
                """,
                SQL.identifier(table),
                model,
                first,
                first + BATCH,
            )
        )
