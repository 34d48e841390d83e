from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize
from odoo.tools.translate import LazyTranslate

from ..guarded import EVERY_FIELD

_lt = LazyTranslate(__name__)


class OperatorContact(models.Model):
    """Person to call or write to at an operator."""

    _name = "oiconnect.operator.contact"
    _description = "Contact of an operator"
    _created_text = _lt("Contact created")
    _inherit = "oiconnect.chatter"
    _order = "operator_id, name"
    _free_fields = EVERY_FIELD

    name = fields.Char("Last name", required=True, tracking=True)
    firstname = fields.Char("First name", tracking=True)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="cascade"
    )
    email = fields.Char("E-mail", tracking=True)
    phone = fields.Char(tracking=True)
    mobile = fields.Char(tracking=True)
    description = fields.Text()
    active = fields.Boolean(default=True)

    @api.constrains("email")
    def _check_email(self):
        for contact in self:
            if contact.email and not email_normalize(contact.email):
                raise ValidationError(
                    self.env._("%s is not an e-mail address.", contact.email)
                )

    @api.depends("name", "firstname")
    def _compute_display_name(self):
        for contact in self:
            names = (contact.firstname, contact.name)
            contact.display_name = " ".join(filter(None, names))
