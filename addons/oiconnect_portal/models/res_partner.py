from odoo import fields, models


class ResPartner(models.Model):
    """Contact of an operator, and what it may do in the operator's space."""

    _inherit = "res.partner"
    _free_fields = ("oiconnect_makes_keys",)

    oiconnect_makes_keys = fields.Boolean(
        "Makes API keys",
        help="In the operator's space, this contact makes and revokes keys of the "
        "operator for the REST API",
    )
