from odoo import api, models

from ..rules import BUILDING
from ..rules.paths import BUILDING_PATHS


class Building(models.Model):
    """Rules of the building, and its path: by the manager's agreement or not."""

    _name = "oiconnect.building"
    _inherit = ["oiconnect.checked", "oiconnect.state.path", "oiconnect.building"]
    _rule_target = BUILDING

    def _path(self):
        return BUILDING_PATHS[bool(self.manager_agreement_required)]

    def _path_after(self, vals):
        required = self.manager_agreement_required
        return BUILDING_PATHS[bool(vals.get("manager_agreement_required", required))]

    @api.depends("manager_agreement_required")
    def _compute_next_states(self):
        return super()._compute_next_states()

    @api.depends("manager_agreement_required")
    def _compute_state_warning(self):
        return super()._compute_state_warning()
