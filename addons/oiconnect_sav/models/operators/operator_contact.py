from odoo import fields, models


class OperatorContact(models.Model):
    _inherit = "oiconnect.operator.contact"

    for_tickets = fields.Boolean(
        "E-mails of tickets",
        tracking=True,
        help="This contact is written to at each step of a ticket, when the operator "
        "asked for it",
    )
