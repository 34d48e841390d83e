from odoo import api, models


class Help(models.AbstractModel):
    _inherit = "oiconnect.help"

    @api.model
    def _help_addons(self):
        return [*super()._help_addons(), "oiconnect_interop"]

    @api.model
    def _code_meanings(self):
        """Add the flows, out of use or not."""
        flows = self.env["oiconnect.flow"].sudo().with_context(active_test=False)
        field = flows._fields["direction"]
        directions = dict(field._description_selection(self.env))
        return super()._code_meanings() | {
            flow.code: f"{flow.name} ({directions[flow.direction]})"
            for flow in flows.search_fetch([], ["code", "name", "direction"])
        }
