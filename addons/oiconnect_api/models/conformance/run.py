from odoo import fields, models

from .case import CHANNEL


class ConformanceRun(models.Model):
    """Runs of the REST API, whose calls are noted while they are open."""

    _inherit = "oiconnect.conformance.run"

    scope = fields.Selection(
        selection_add=[CHANNEL], ondelete={CHANNEL[0]: "set default"}
    )

    def action_view_calls(self):
        """List the notes of REST calls."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("REST calls of %s", self.name),
            "res_model": "oiconnect.conformance.call",
            "view_mode": "list",
            "domain": [("run_id", "=", self.id)],
        }
