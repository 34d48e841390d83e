from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# What tells into whose space a person comes, and where its password is sent
_IDENTITY = {"parent_id", "is_company", "email"}


class ResPartner(models.Model):
    """Contact of an operator, and what it may do in the operator's space.

    In Odoo whoever writes contacts lets any of them into the portal. Into the space of
    an operator, which orders and answers in its name, those do who look after
    operators.
    """

    _inherit = "res.partner"
    _free_fields = ("oiconnect_makes_keys",)

    oiconnect_makes_keys = fields.Boolean(
        "Makes API keys",
        groups="oiconnect_base.group_api_manager",
        help="In the operator's space, this contact makes and revokes keys of the "
        "operator for the REST API",
    )

    def write(self, vals):
        is_guarded = not self.env.su and _IDENTITY & vals.keys()
        if is_guarded:
            self._with_login()._check_lets_in()
        result = super().write(vals)
        if "oiconnect_makes_keys" in vals:
            # Sessions are bound to whether two factors are required.
            self.env.registry.clear_cache()
        if is_guarded:
            # They may have come to an operator.
            self._with_login()._check_lets_in()
        return result

    def _with_login(self):
        """Return those of the partners, and below, who enter the portal or did."""
        users = self.env["res.users"].sudo().with_context(active_test=False)
        domain = Domain("partner_id", "child_of", self.ids) & Domain("share", "=", True)
        return users.search(domain).partner_id.with_env(self.env)

    @api.private
    def _check_lets_in(self):
        """Check that the user may let the partners into the space of their operator.

        :raises AccessError: one of them is an operator's, and the user writes none
        """
        operators = self.env["oiconnect.operator"]
        if self.env.su or not self or operators.has_access("write"):
            return
        owners = self.sudo().commercial_partner_id
        known = operators.sudo().with_context(active_test=False)
        if known.search_count(Domain("partner_id", "in", owners.ids), limit=1):
            raise AccessError(
                self.env._(
                    "Only people who may change operators decide who enters the space "
                    "of an operator: ask one of them."
                )
            )
