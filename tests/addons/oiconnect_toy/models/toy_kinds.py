from odoo import fields, models


class Delay(models.Model):
    _inherit = "oiconnect.delay"

    kind = fields.Selection(
        selection_add=[
            ("toy_answer", "Answer on a toy"),
            ("toy_gift", "Gift of a toy"),
        ],
        ondelete={"toy_answer": "cascade", "toy_gift": "cascade"},
    )

    def _usual_parties(self):
        return super()._usual_parties() | {"toy_gift": "operator"}


class Todo(models.Model):
    _inherit = "oiconnect.todo"

    kind = fields.Selection(
        selection_add=[("toy_answer", "Answer on a toy")],
        ondelete={"toy_answer": "cascade"},
    )


class Decision(models.Model):
    _inherit = "oiconnect.decision"

    kind = fields.Selection(
        selection_add=[("toy", "Look at a toy")], ondelete={"toy": "cascade"}
    )
