from odoo import api, fields, models

from ...models.link_orders.link_order import TYPES


class LinkOrderNew(models.TransientModel):
    """An order of a link taken by hand, checked as those that come by file."""

    _name = "oiconnect.link.order.new"
    _description = "Link order taken by hand"
    _inherit = "oiconnect.order.new.mixin"
    _order_model = "oiconnect.link.order"
    _place_field = "link_id"
    _checked_fields = ("link_id", "order_type", "fibre_count", "contract_reference")

    link_id = fields.Many2one("oiconnect.pm.link")
    order_type = fields.Selection(
        TYPES, "Type", compute="_compute_order_type", store=True, readonly=False
    )
    fibre_count = fields.Integer("Ordered fibres", default=1)
    contract_reference = fields.Char("Contract", size=50)
    free_count = fields.Char("Free fibres", compute="_compute_free_count")

    @api.depends("link_id", "operator_id")
    def _compute_order_type(self):
        """The first order of an operator on a link is initial."""
        services = self.env["oiconnect.link.service"]
        for new in self:
            has_service = new.operator_id and services._of(new.link_id, new.operator_id)
            new.order_type = "exte" if has_service else "init"

    @api.depends("link_id")
    def _compute_free_count(self):
        for new in self:
            link = new.link_id
            count = self._orders()._free_fibre_count(link) if link else None
            unknown = self.env._("Unknown: none is listed")
            new.free_count = link and (unknown if count is None else str(count))

    def _line(self):
        return super()._line() | {
            **self.link_id._references(),
            "order_type": (self.order_type or "").upper(),
            "fibre_count": self.fibre_count,
            "contract_reference": self.contract_reference,
        }
