from odoo import api, models


class Help(models.AbstractModel):
    _inherit = "oiconnect.help"

    @api.model
    def _help_addons(self):
        return [*super()._help_addons(), "oiconnect_orders"]

    @api.model
    def _code_meanings(self):
        """Add the reasons, out of use or not, and who connects."""
        who = {
            "OC": self.env._("commercial operator, who serves the end customer"),
            "OI": self.env._("infrastructure operator: us, who own the network"),
            "STOC": self.env._(
                "the commercial operator lays the socket as our subcontractor"
            ),
        }
        reasons = self.env["oiconnect.reason"].sudo().with_context(active_test=False)
        field = reasons._fields["family"]
        families = dict(field._description_selection(self.env))
        meanings = {
            reason.code: f"{reason.name} ({families[reason.family]})"
            for reason in reasons.search_fetch([], ["code", "name", "family"])
        }
        return super()._code_meanings() | who | meanings
