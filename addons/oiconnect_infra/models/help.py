from odoo import api, models
from odoo.tools import groupby

from ..rules import CATALOGUE


class Help(models.AbstractModel):
    _inherit = "oiconnect.help"

    @api.model
    def _help_addons(self):
        return [*super()._help_addons(), "oiconnect_infra"]

    @api.model
    def _code_meanings(self):
        """Add the rules; buildings and PMs may each have one of the same code."""
        return super()._code_meanings() | {
            code: " / ".join(self.env._(rule.title) for rule in rules)
            for code, rules in groupby(CATALOGUE, lambda rule: rule.code)
        }
