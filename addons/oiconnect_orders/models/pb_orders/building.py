from odoo import api, fields, models
from odoo.fields import Command, Domain

from odoo.addons.oiconnect_infra.models.inventory import building
from odoo.addons.oiconnect_infra.models.mixins.neighbours import neighbour_count

from .pb_order import AWAITED_STATES


class Building(models.Model):
    """An address behind a PB that operators order: its state follows the order."""

    _inherit = "oiconnect.building"
    _used_by_fields = (*building.Building._used_by_fields, "pb_order_ids")

    pb_order_ids = fields.One2many("oiconnect.pb.order", "building_id", "PB orders")
    pb_order_count = neighbour_count("Number of PB orders")

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("abandoned", "deployed"):
            orders = self.env["oiconnect.pb.order"].sudo()
            here = Domain("building_id", "in", self.ids)
            orders.search(here & orders._overtaken())._end_with_building()
        return result

    @api.private
    def _waiting_for_pb(self):
        """Return these and those behind the same PBOs, where a PB is being laid."""
        return (self | self.sudo().pbo_ids.building_ids).filtered(
            lambda place: place.state == "on_demand_deploying"
        )

    @api.private
    def _awaited_pb_orders(self):
        return self.env["oiconnect.pb.order"].search(
            Domain("building_id", "in", self.ids)
            & Domain("state", "in", AWAITED_STATES)
        )

    @api.private
    def _served_by(self, pbo):
        """Let ``pbo`` serve the address; return all that are to be deployed with it.

        Those too that are on demand: an import may say so again, and the PBO of an
        address may have been unknown when it was ordered.
        """
        if pbo not in self.pbo_ids:
            self.write({"pbo_ids": [Command.link(pbo.id)]})
        return self._waiting_for_pb() | (self | pbo.building_ids).filtered(
            lambda place: place.state == "on_demand"
        )

    @api.private
    def _move_for_pb(self, state, orders, **more):
        """Go to ``state``, and tell in the history by which orders."""
        if not self:
            return
        reason = self.env._("PB order %s", ", ".join(orders.mapped("display_name")))
        self.with_context(oiconnect_reason=reason).write({"state": state, **more})
