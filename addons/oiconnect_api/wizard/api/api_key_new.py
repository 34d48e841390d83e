from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...models.api.api_key import LEVELS

# Who may let a key have the rights of another user
OTHERS_GROUP = "base.group_erp_manager"


class ApiKeyNew(models.TransientModel):
    """Dialog: make a key of the API. Its value is shown once."""

    _name = "oiconnect.api.key.new"
    _description = "New API key"

    name = fields.Char(required=True)
    owner = fields.Selection(
        [("operator", "An operator"), ("user", "One of our users")],
        "Key of",
        default="operator",
        required=True,
    )
    operator_id = fields.Many2one("oiconnect.operator")
    user_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        help="The key has the rights of this user",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    network_ids = fields.Many2many(
        "oiconnect.network",
        string="Networks",
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self.env["oiconnect.network"]._default_network(),
    )
    level = fields.Selection(
        LEVELS,
        "Access",
        default="read",
        required=True,
        help="To all resources; the scopes of the key can be narrowed afterwards",
    )
    expiry_date = fields.Datetime("Expires on")
    allowed_addresses = fields.Text(
        help="Addresses or networks (192.0.2.0/24) from which it serves, one per line; "
        "empty for all"
    )
    rate_class = fields.Selection(
        selection=lambda self: (
            self.env["oiconnect.api.key"]
            ._fields["rate_class"]
            ._description_selection(self.env)
        ),
        string="Rate",
        default="normal",
        required=True,
    )

    def action_create(self):
        """Make the key, and show its value."""
        self.ensure_one()
        self.env["oiconnect.api.key"].check_access("write")
        _key, value = self.env["oiconnect.api.key"]._make(
            self._key_values(), level=self.level
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The key is ready"),
            "res_model": "oiconnect.api.key.shown",
            "view_mode": "form",
            "target": "new",
            "context": {"default_value": value},
        }

    def _key_values(self):
        is_operator = self.owner == "operator"
        if is_operator and not self.operator_id:
            raise UserError(self.env._("Choose the operator whose key it is."))
        if not is_operator and not self.user_id:
            raise UserError(self.env._("Choose the user whose rights it has."))
        self._check_user()
        return {
            "name": self.name,
            "operator_id": is_operator and self.operator_id.id,
            "user_id": not is_operator and self.user_id.id,
            "company_id": self.company_id.id,
            "network_ids": [fields.Command.set(self.network_ids.ids)],
            "expiry_date": self.expiry_date,
            "allowed_addresses": self.allowed_addresses,
            "rate_class": self.rate_class,
        }

    def _check_user(self):
        """Refuse the rights of another user, and a company that is not one's own."""
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This company is not one of yours."))
        others = self.owner == "user" and self.user_id != self.env.user
        if others and not self.env.user.has_group(OTHERS_GROUP):
            raise AccessError(
                self.env._(
                    "Only who manages access rights makes a key with the rights of "
                    "another user."
                )
            )
