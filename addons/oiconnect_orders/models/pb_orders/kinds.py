from odoo import fields, models

DELAY_KINDS = [
    ("pb_receipt", "Receipt of a PB order (AR)"),
    ("pb_report", "Report on a PB order (CR)"),
    ("pb_laying", "Laying of a PB"),
]
TODO_KINDS = [
    ("pb_plan", "Plan a PB"),
    ("pb_lay", "Report a laid PB"),
]


class Delay(models.Model):
    _inherit = "oiconnect.delay"

    kind = fields.Selection(
        selection_add=DELAY_KINDS,
        ondelete=dict.fromkeys(dict(DELAY_KINDS), "cascade"),
    )


class Todo(models.Model):
    _inherit = "oiconnect.todo"

    kind = fields.Selection(
        selection_add=TODO_KINDS, ondelete=dict.fromkeys(dict(TODO_KINDS), "cascade")
    )
