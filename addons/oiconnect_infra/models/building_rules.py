from odoo import api, models

from ..rules import BUILDING
from ..rules.paths import BUILDING_PATHS

#: state that a building enters: state of the addresses behind its PBO that follow it.
#: A PBO is ordered, and its order withdrawn, for all of them.
_TAKEN_ALONG = {
    "on_demand_deploying": "on_demand",
    "on_demand": "on_demand_deploying",
}


class Building(models.Model):
    """Rules of the building, and its path: by the manager's agreement or not."""

    _name = "oiconnect.building"
    _inherit = [
        "oiconnect.known.key",
        "oiconnect.checked",
        "oiconnect.state.path",
        "oiconnect.building",
    ]
    _rule_target = BUILDING
    _known_key = "identifier"
    # Those where operators order
    _known_states = ("deployed", "on_demand", "on_demand_deploying")

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

    def write(self, vals):
        moved = self._moved_with_their_pbo(vals)
        result = super().write(vals)
        others = moved._behind_same_pbo(_TAKEN_ALONG.get(vals.get("state")))
        if others:
            reason = self.env._(
                "Behind the same PBO as %s", ", ".join(moved.mapped("display_name"))
            )
            others = others.with_context(oiconnect_reason=reason)
            super(Building, others).write({"state": vals["state"]})
        return result

    def _moved_with_their_pbo(self, vals):
        """Return those that ``vals`` moves together with all that is behind their PBO.

        Back to “on demand” only from there: an address may also become so alone.
        """
        state = vals.get("state")
        if state not in _TAKEN_ALONG:
            return self.browse()
        return self.filtered(
            lambda building: (
                building.state == "on_demand_deploying"
                if state == "on_demand"
                else building.state != state
            )
        )

    def _behind_same_pbo(self, state):
        """Return the other buildings in ``state`` behind the PBOs of these."""
        others = self.pbo_ids.building_ids - self
        return others.filtered(lambda building: building.state == state)
