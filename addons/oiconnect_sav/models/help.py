from odoo import api, models


class Help(models.AbstractModel):
    _inherit = "oiconnect.help"

    @api.model
    def _help_addons(self):
        return [*super()._help_addons(), "oiconnect_sav"]

    @api.model
    def _code_meanings(self):
        """Add the closure codes of tickets, out of use or not."""
        codes = self.env["oiconnect.ticket.closure.code"].sudo()
        codes = codes.with_context(active_test=False)
        usages = dict(codes._fields["usage"]._description_selection(self.env))
        return super()._code_meanings() | {
            closure.code: f"{closure.label} ({usages[closure.usage]})"
            for closure in codes.search_fetch([], ["code", "label", "usage"])
        }
