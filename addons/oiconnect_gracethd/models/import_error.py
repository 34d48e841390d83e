from odoo import fields, models
from odoo.exceptions import UserError

from ..messages import MESSAGES, message_text
from .gracethd_grid_check import LEVELS


class ImportLineError(models.Model):
    """Errors of a delivery say their table and, where it is known, their place."""

    _inherit = "oiconnect.import.error"

    table_name = fields.Char("Table", readonly=True)
    file = fields.Char("File of the row", readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    latitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)

    def _compute_message(self):
        own = self.filtered(lambda error: error.message_key in MESSAGES)
        for error in own:
            error.message = message_text(self.env, error.message_key, error.params)
        return super(ImportLineError, self - own)._compute_message()

    def action_show_on_map(self):
        """Open the map where the row is."""
        self.ensure_one()
        if not self.latitude:
            raise UserError(
                self.env._("The place of this row is not known: see the table's nodes.")
            )
        self.env["oiconnect.pm"].check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "oiconnect_infra.map_action"
        )
        focus = {"lat": self.latitude, "lon": self.longitude}
        return action | {"params": {"focus": focus}}
