from odoo import api, fields, models
from odoo.tools import SQL


class Route(models.Model):
    _inherit = "oiconnect.route"
    # The line of an order changes by the order.
    _closing_fields = dict.fromkeys(
        ("state", "operator_id", "pto_id", "connector_number"), "access_order_id"
    )

    # Not in the network's own model: it knows nothing of orders.
    access_order_id = fields.Many2one(
        "oiconnect.access.order",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    def _hold(self, orders):
        """Bind each route to the order of the same rank, in one statement."""
        if not self:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_route route SET access_order_id = given.order_id
                FROM unnest(%s, %s) AS given(id, order_id)
                WHERE route.id = given.id
                """,
                self.ids,
                orders.ids,
            )
        )
        self.invalidate_recordset(["access_order_id"], flush=False)
        orders.invalidate_recordset(["route_ids"], flush=False)

    def _release(self, keep_pto=False):
        self.sudo().write({"access_order_id": False})
        return super()._release(keep_pto=keep_pto)

    @api.model
    @api.private
    def _reserve_this(self, route, operator):
        """Reserve ``route``; return it, or nothing when it is not free."""
        route = route.try_lock_for_update().filtered(
            lambda r: r.state == "free" and not r.pto_id
        )
        route.write({"state": "reserved", "operator_id": operator.id})
        return route

    def _payload(self, operator):
        """Return what ``operator`` receives of the route, with English keys.

        A line that is taken over is still another's, which is never disclosed.
        """
        self.ensure_one()
        return {
            "operator_code": operator.interop_code,
            "module": self.module_id.name or None,
            "position": self.position_name or None,
            "module_cable": self.module_cable_id.reference or None,
            "module_tube": self.module_tube or None,
            "module_fibre": self.module_fibre or None,
            "pbo_reference": self.pbo_id.reference or None,
            "pbo_cable": self.cable_id.reference or None,
            "pbo_tube": self.tube or None,
            "pbo_fibre": self.fibre or None,
            "connector_number": self.connector_number or None,
            "connector_colour": self.connector_colour or None,
        }
