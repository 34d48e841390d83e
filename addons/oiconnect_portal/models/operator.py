from odoo import api, fields, models
from odoo.fields import Domain


class Operator(models.Model):
    """Operators whose people are portal users.

    They are contacts of the operator's partner: Odoo's own dialog invites them. An
    archived operator has no people any more.
    """

    _inherit = "oiconnect.operator"

    # Computed at each search, and never cached: rules with cached values would outlive
    # the operator, and the contact who leaves it.
    of_user = fields.Boolean(
        "Operator of who reads",
        compute="_compute_of_user",
        search="_search_of_user",
        exportable=False,
    )

    @api.depends("active", "partner_id")
    @api.depends_context("uid")
    def _compute_of_user(self):
        own = self._of_user()
        for operator in self:
            operator.of_user = operator._origin == own

    @api.model
    def _search_of_user(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in" if True in value else "not in", self._of_user().ids)

    @api.model
    @api.private
    def _of_user(self):
        """Return the operator of the portal user, empty for anybody else."""
        operators = self.env["oiconnect.operator"].sudo()
        if not self.env.user._is_portal():
            return operators
        partner = self.env.user.sudo().commercial_partner_id
        return operators.search(
            [("partner_id", "=", partner.id), ("active", "=", True)]
        )
