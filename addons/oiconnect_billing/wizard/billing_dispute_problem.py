from odoo import fields, models


class BillingDisputeProblem(models.TransientModel):
    """What is wrong in a file, where, and what to do about it."""

    _name = "oiconnect.billing.dispute.problem"
    _description = "Problem of a disputed file"
    _order = "line, id"

    import_id = fields.Many2one(
        "oiconnect.billing.dispute.import", required=True, ondelete="cascade"
    )
    line = fields.Integer("Line of the file", aggregator=None)
    column = fields.Char("Column of the file")
    value = fields.Char("What it says")
    advice = fields.Char("What to do")
