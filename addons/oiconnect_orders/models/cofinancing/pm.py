from odoo import models
from odoo.fields import Domain


class Pm(models.Model):
    """A PM that operators co-finance."""

    _inherit = "oiconnect.pm"

    def _is_cofinanced_by(self, operator):
        """Tell whether an engagement of ``operator`` on this PM runs today."""
        self.ensure_one()
        engagements = self.env["oiconnect.cofinancing"].sudo()
        return bool(
            engagements.search_count(
                engagements._running_domain()
                & Domain("operator_id", "=", operator.id)
                & Domain("pm_ids", "in", self.ids),
                limit=1,
            )
        )
