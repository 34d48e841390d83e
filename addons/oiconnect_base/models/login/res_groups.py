from odoo import api, fields, models

_MEMBERS = {"requires_two_factors", "implied_ids", "user_ids"}


class ResGroups(models.Model):
    """Groups whose people log in with two factors."""

    _inherit = "res.groups"
    _free_fields = ("requires_two_factors",)

    requires_two_factors = fields.Boolean(
        "Two factors required",
        help="Who has this group, by another one too, logs in with a password and a "
        "second factor, or with a passkey; programs take API keys instead of the "
        "password",
    )

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        self.env.registry.clear_cache()
        return groups

    def write(self, vals):
        result = super().write(vals)
        if _MEMBERS & vals.keys():
            # Sessions are bound to what is required: see two_factors.py
            self.env.registry.clear_cache()
        return result

    def _require_two_factors(self):
        """Require two factors at a first installation, but for demo and tests."""
        if not self.env["res.users"]._takes_weak_passwords():
            self.requires_two_factors = True
