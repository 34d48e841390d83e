from odoo import fields, models

from ...delays.todos import TODO_KINDS


class Todo(models.Model):
    _inherit = "oiconnect.todo"

    kind = fields.Selection(
        selection_add=TODO_KINDS,
        ondelete={name: "cascade" for name, *label in TODO_KINDS if label},
    )
