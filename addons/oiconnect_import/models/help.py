from odoo import api, models


class Help(models.AbstractModel):
    _inherit = "oiconnect.help"

    @api.model
    def _help_addons(self):
        return [*super()._help_addons(), "oiconnect_import"]
