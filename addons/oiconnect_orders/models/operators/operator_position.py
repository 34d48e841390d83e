from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...states import LIVE_STATES

PARTS = ("rack", "drawer", "port")


class OperatorPosition(models.Model):
    """Position in an operator's own bay at a PM, where its line is patched.

    Where we patch (connection by the OI), the operator tells it in its order.
    """

    _name = "oiconnect.operator.position"
    _description = "Position of an operator at a PM"
    _order = "service_id, rack, drawer, port, id"
    _rec_names_search = list(PARTS)
    _free_fields = EVERY_FIELD

    service_id = fields.Many2one(
        "oiconnect.pm.service", "PM service", required=True, ondelete="cascade"
    )
    operator_id = fields.Many2one(related="service_id.operator_id")
    company_id = fields.Many2one(related="service_id.company_id", store=True)
    rack = fields.Char(size=50, required=True)
    drawer = fields.Char(size=50, required=True)
    port = fields.Char(size=50, required=True)
    order_ids = fields.One2many(
        "oiconnect.access.order",
        "oc_position_id",
        "Used by",
        domain=[("state", "in", LIVE_STATES)],
        groups="oiconnect_base.group_access_read",
    )

    # Also the positions of a service: service_id = x
    _place_uniq = models.UniqueIndex(
        "(service_id, rack, drawer, port)",
        "The operator already has this position at this PM.",
    )

    @api.depends(*PARTS)
    def _compute_display_name(self):
        for position in self:
            position.display_name = " / ".join(position[part] or "-" for part in PARTS)

    @api.model
    def _named_by(self, orders):
        """Return ``{(service id, rack, drawer, port): position}`` that orders name."""
        sent = {order._position_sent() for order in orders} - {()}
        if not sent:
            return {}
        own = Domain("service_id.operator_id", "in", orders.operator_id.ids)
        parts = [
            Domain(part, "in", {place[rank] for place in sent})
            for rank, part in enumerate(PARTS)
        ]
        return {
            (position.service_id.id, *(position[part] for part in PARTS)): position
            for position in self.sudo().search(Domain.AND([own, *parts]))
        }
