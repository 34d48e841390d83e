from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Odoo's merge of contacts: the log-in of one becomes that of the other."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        self.env["res.partner"].browse(partner_ids).exists()._check_lets_in()
        return super()._merge(partner_ids, dst_partner, extra_checks)
