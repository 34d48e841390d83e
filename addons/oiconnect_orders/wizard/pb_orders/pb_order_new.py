from odoo import api, fields, models


class PbOrderNew(models.TransientModel):
    """A PB order taken by hand for an operator."""

    _name = "oiconnect.pb.order.new"
    _description = "PB order taken by hand"
    _inherit = "oiconnect.order.new.mixin"
    _order_model = "oiconnect.pb.order"
    _checked_fields = ("building_id",)

    building_id = fields.Many2one("oiconnect.building")
    pm_id = fields.Many2one(related="building_id.pm_id", string="PM")
    dwelling_count = fields.Integer(
        "Dwellings asked for",
        compute="_compute_dwelling_count",
        store=True,
        readonly=False,
    )

    @api.depends("building_id")
    def _compute_dwelling_count(self):
        for new in self:
            new.dwelling_count = new.building_id.dwelling_count

    def _line(self):
        building = self.building_id
        return {
            **super()._line(),
            "building_identifier": building.identifier,
            "address_code": building.address_code,
            "pm_reference": building.pm_id.reference,
            "dwelling_count": self.dwelling_count,
        }
