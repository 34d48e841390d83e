from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.mail import email_normalize_all


class ResPartner(models.Model):
    """Followers of our records, who receive their messages: internal users."""

    _inherit = "res.partner"

    @api.private
    def _outsiders(self):
        """Return those of the partners that no internal user is."""
        return self.sudo().filtered("partner_share").with_env(self.env)

    @api.model
    @api.private
    def _outside_addresses(self, addresses):
        """Return those of a line of e-mail addresses that are of no internal user."""
        outside = set(email_normalize_all(addresses or ""))
        inside = Domain("partner_share", "=", False) & Domain(
            "email_normalized", "in", list(outside)
        )
        if outside:
            outside -= set(self.sudo().search(inside).mapped("email_normalized"))
        return outside

    @api.private
    def _check_insiders(self, addresses=None):
        """Check that the partners, and the addresses, are of internal users only.

        :raises AccessError: there is one that is not; no one is named, for the user
            may be an operator's person
        """
        if self._outsiders() or self._outside_addresses(addresses):
            raise AccessError(
                self.env._(
                    "Only internal users follow this record, are assigned to it or "
                    "receive its messages: take the others off. To tell an operator "
                    "something, use “Write to the operator”."
                )
            )
