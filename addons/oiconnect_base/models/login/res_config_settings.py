from odoo import api, models

from ... import passwords


class ResConfigSettings(models.TransientModel):
    """The length of passwords in the settings is never below ours."""

    _inherit = "res.config.settings"

    @api.onchange("minlength")
    def _on_change_mins(self):
        result = super()._on_change_mins()
        self.minlength = max(passwords.MIN_LENGTH, self.minlength)
        return result
