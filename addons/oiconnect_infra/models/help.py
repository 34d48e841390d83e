from odoo import api, models

from ..rules import CATALOGUE


class Help(models.AbstractModel):
    _inherit = "oiconnect.help"

    @api.model
    def _help_addons(self):
        return [*super()._help_addons(), "oiconnect_infra"]

    @api.model
    def _code_meanings(self):
        """Add the rules; buildings and PMs may each have one of the same code."""
        titles = {}
        for rule in CATALOGUE:
            titles.setdefault(rule.code, []).append(self.env._(rule.title))
        texts = {code: " / ".join(found) for code, found in titles.items()}
        return super()._code_meanings() | texts
