from odoo import api, models
from odoo.fields import Domain

from ...discussion import LIKE_OURS, is_ours


class MailFollowers(models.Model):
    """Followers of our records are internal users.

    Who names somebody else is refused; what subscribes by itself leaves them out.
    """

    _inherit = "mail.followers"

    @api.model_create_multi
    def create(self, vals_list):
        followers = super().create(vals_list)
        followers._check_insiders()
        return followers

    def write(self, vals):
        result = super().write(vals)
        self._check_insiders()
        return result

    def _check_insiders(self):
        ours = self.sudo().filtered(lambda follower: is_ours(follower.res_model))
        ours.partner_id.with_env(self.env)._check_insiders()

    def _insert_followers(self, res_model, res_ids, partner_ids, *args, **kwargs):
        if is_ours(res_model) and partner_ids:
            partners = self.env["res.partner"].browse(partner_ids)
            partner_ids = (partners - partners._outsiders()).ids
        return super()._insert_followers(
            res_model, res_ids, partner_ids, *args, **kwargs
        )

    @api.autovacuum
    def _gc_outsiders(self):
        """Groups change by several roads: look once a day."""
        self._purge_outsiders()

    @api.model
    def _purge_outsiders(self, partners=None):
        """Delete followers of our records that are no internal users."""
        domain = Domain("res_model", "=like", LIKE_OURS) & Domain(
            "partner_id.partner_share", "=", True
        )
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        self.sudo().search(domain).unlink()
