from odoo import fields, models

from ...delays.link_kinds import TODO_KINDS


class Todo(models.Model):
    _inherit = "oiconnect.todo"

    kind = fields.Selection(
        selection_add=TODO_KINDS, ondelete=dict.fromkeys(dict(TODO_KINDS), "cascade")
    )
