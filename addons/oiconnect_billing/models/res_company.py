from odoo import fields, models


class Company(models.Model):
    """What a company wants to be sure of before it invoices."""

    _inherit = "res.company"
    _free_fields = (
        "oiconnect_billing_preview",
        "oiconnect_billing_jump",
        "oiconnect_billing_second",
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

    _oiconnect_billing_jump_positive = models.Constraint(
        "CHECK (oiconnect_billing_jump >= 0)",
        "A change of less than 0 % means nothing.",
    )
