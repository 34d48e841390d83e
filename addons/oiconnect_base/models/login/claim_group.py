from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..guarded import EVERY_FIELD


class ClaimGroup(models.Model):
    """What a claim of an identity provider gives: one value, one group."""

    _name = "oiconnect.claim.group"
    _description = "Group given by a claim"
    _order = "provider_id, claim, value"
    _rec_name = "value"
    _free_fields = EVERY_FIELD

    provider_id = fields.Many2one(
        "auth.oauth.provider", required=True, index=True, ondelete="cascade"
    )
    claim = fields.Char(
        required=True,
        default="groups",
        help="Its name in the identity token; a dot leads into a claim that holds "
        "others: realm_access.roles",
    )
    value = fields.Char(required=True, help="The value, or one of its values")
    group_id = fields.Many2one("res.groups", required=True, ondelete="cascade")

    _unique_value = models.Constraint(
        "UNIQUE(provider_id, claim, value, group_id)",
        "This value gives this group already.",
    )

    @api.constrains("group_id")
    def _check_group(self):
        """A group that brings the settings' rights with it is named as such."""
        system = self.env.ref("base.group_system")
        for line in self:
            if line.group_id != system and system in line.group_id.all_implied_ids:
                raise ValidationError(
                    self.env._(
                        "%s implies the rights of an administrator of the settings: "
                        "name that group itself, if this is meant.",
                        line.group_id.full_name,
                    )
                )

    def _is_in(self, claims):
        """Tell whether a person's claims have this value."""
        found = claims
        for name in [self.claim] if self.claim in claims else self.claim.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        values = found if isinstance(found, list) else [found]
        return self.value in [value for value in values if isinstance(value, str)]
