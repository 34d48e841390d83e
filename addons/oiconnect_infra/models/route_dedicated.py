from odoo import api, fields, models
from odoo.exceptions import UserError


class Route(models.Model):
    """A route is dedicated to an operator when its position or its module is."""

    _inherit = "oiconnect.route"

    dedicated_operator_id = fields.Many2one(
        "oiconnect.operator",
        "Dedicated to",
        compute="_compute_dedicated_operator_id",
        help="The operator that alone may have this route",
    )

    @api.depends(
        "position_id.dedicated_operator_id",
        "position_id.module_id.dedicated_operator_id",
    )
    def _compute_dedicated_operator_id(self):
        for route in self:
            position = route.position_id
            route.dedicated_operator_id = (
                position.dedicated_operator_id
                or position.module_id.dedicated_operator_id
            )

    def _refuse_taking(self, operator_id):
        """Nobody takes by hand a route that is dedicated to another."""
        result = super()._refuse_taking(operator_id)
        others = self.filtered(
            lambda route: (
                route.operator_id.id != operator_id
                and route.dedicated_operator_id.id not in (False, operator_id)
            )
        )
        if others:
            raise UserError(
                self.env._(
                    "Route %(route)s is dedicated to %(operator)s: choose another, or "
                    "change whom its position at the PM is dedicated to.",
                    route=others[0].name,
                    operator=others[0].dedicated_operator_id.display_name,
                )
            )
        return result
