from odoo import api, models


class IrModelData(models.Model):
    _inherit = "ir.model.data"

    @api.model
    def _process_end(self, modules):
        """Check administrators' views, before and after ours that went are deleted."""
        views = self.env["ir.ui.view"]
        if modules:
            views._detach_from_removed()
        result = super()._process_end(modules)
        if modules:
            views._restore_edited()
            views._deactivate_incompatible()
        return result
