from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..rules import PM
from ..rules.paths import PM_PATH

#: a PM opens so long after it was first made available to an operator
NOTICE = relativedelta(months=3)


class Pm(models.Model):
    """Rules of the PM, its path, and the dates that follow from one another."""

    _name = "oiconnect.pm"
    _inherit = [
        "oiconnect.known.key",
        "oiconnect.checked",
        "oiconnect.state.path",
        "oiconnect.pm",
    ]
    _rule_target = PM
    _known_states = ("deploying", "deployed")
    _path_manager_group = "oiconnect_base.group_link_manager"
    _fixed_once_set = ("first_delivery_date",)

    def _path(self):
        return PM_PATH

    @api.depends("first_delivery_date")
    def _compute_state_warning(self):
        result = super()._compute_state_warning()
        for pm in self:
            pm.state_warning = pm.state_warning or pm._first_delivery_warning()
        return result

    def _first_delivery_warning(self):
        before = self._origin
        return bool(before) and before._change_of_fixed(
            "first_delivery_date", self.first_delivery_date
        )

    @api.onchange("state")
    def _onchange_state_deployed(self):
        """Propose the dates of a PM that is deployed before any operator came."""
        if self.state == "deployed" and not self.first_delivery_date:
            today = fields.Date.context_today(self)
            self.installation_date = min(self.installation_date or today, today)
            self.first_delivery_date = self.installation_date
            self._onchange_first_delivery_date()

    @api.onchange("first_delivery_date")
    def _onchange_first_delivery_date(self):
        if self.first_delivery_date:
            self.commercial_date = self.first_delivery_date + NOTICE

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_opening(vals) for vals in vals_list])

    @api.model
    def _with_opening(self, vals):
        first = vals.get("first_delivery_date")
        if not first or vals.get("commercial_date"):
            return vals
        return vals | {"commercial_date": fields.Date.to_date(first) + NOTICE}
