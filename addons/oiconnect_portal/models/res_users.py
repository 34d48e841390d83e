from odoo import models


class ResUsers(models.Model):
    """Who makes keys of an operator may be required to log in with two factors."""

    _inherit = "res.users"

    def _two_factor_groups(self):
        groups = super()._two_factor_groups()
        if self.partner_id.oiconnect_makes_keys:
            groups |= self.env.ref("oiconnect_portal.group_space_admin")
        return groups
