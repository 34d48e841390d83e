from odoo import fields, models


class Company(models.Model):
    """What a company wants to be sure of before it invoices."""

    _inherit = "res.company"
    _free_fields = (
        "oiconnect_billing_preview",
        "oiconnect_billing_jump",
        "oiconnect_billing_second",
        "oiconnect_dispute_days",
        "oiconnect_dispute_answer_days",
    )

    oiconnect_billing_preview = fields.Boolean(
        "Preview before invoicing",
        help="A run is computed once its preview has no anomaly that nobody accepted",
    )
    oiconnect_billing_jump = fields.Integer(
        "Unusual change (%)",
        default=30,
        help="Compared with the month before, by operator and product; 0: none is",
    )
    oiconnect_billing_second = fields.Boolean(
        "Validation by a second person",
        help="Invoices of a run are posted once somebody else has validated it",
    )
    oiconnect_dispute_days = fields.Integer(
        "Time to contest (days)",
        default=90,
        help="From the date of an invoice; 0: its lines can be contested at any time",
    )
    oiconnect_dispute_answer_days = fields.Integer(
        "Time to answer a dispute (days)",
        default=30,
        help="From the day the file is received; 0: no dispute is late",
    )

    _oiconnect_billing_jump_positive = models.Constraint(
        "CHECK (oiconnect_billing_jump >= 0)",
        "A change of less than 0 % means nothing.",
    )
    _oiconnect_dispute_days_positive = models.Constraint(
        "CHECK (oiconnect_dispute_days >= 0)",
        "The time to contest is not below 0 days.",
    )
    _oiconnect_dispute_answer_days_positive = models.Constraint(
        "CHECK (oiconnect_dispute_answer_days >= 0)",
        "The time to answer a dispute is not below 0 days.",
    )
