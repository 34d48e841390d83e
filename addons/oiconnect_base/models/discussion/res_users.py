from odoo import models

# What makes an internal user somebody else
_CHANGES = {"active", "group_ids", "partner_id"}


class ResUsers(models.Model):
    """Who is no internal user any more follows none of our records."""

    _inherit = "res.users"

    def write(self, vals):
        partners = self.sudo().partner_id if _CHANGES & vals.keys() else None
        result = super().write(vals)
        if partners and (left := partners._outsiders()):
            self.env["mail.followers"]._purge_outsiders(left)
        return result
