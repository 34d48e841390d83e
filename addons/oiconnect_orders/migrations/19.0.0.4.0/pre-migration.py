"""Appointments tell what is to do of them, as orders do."""

from odoo.tools import sql


def migrate(cr, version):
    if sql.column_exists(cr, "oiconnect_appointment", "todo_kind"):
        return
    sql.create_column(cr, "oiconnect_appointment", "todo_kind", "varchar")
    cr.execute(
        """
        UPDATE oiconnect_appointment visit SET todo_kind = todo.kind
          FROM oiconnect_todo todo
         WHERE todo.res_model = 'oiconnect.appointment' AND todo.res_id = visit.id
           AND todo.state = 'open'
        """
    )
