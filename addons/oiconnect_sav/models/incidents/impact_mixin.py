from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class ImpactedLine(NamedTuple):
    """A line through the point of an incident, as one operator may see it."""

    order_id: int
    operator_id: int
    service_reference: str
    pto_reference: str


class ImpactMixin(models.AbstractModel):
    """Event that interrupts lines, found along their routes, set by set."""

    _name = "oiconnect.impact.mixin"
    _description = "Interrupts lines"

    # Fields that say where on the network
    _place_fields = ()

    impacted_count = fields.Integer("Impacted lines", compute="_compute_impact")
    impacted_operator_ids = fields.Many2many(
        "oiconnect.operator", string="Impacted operators", compute="_compute_impact"
    )

    @api.depends(lambda self: self._place_fields)
    def _compute_impact(self):
        for event in self:
            lines = event.sudo()._impacted_lines()
            event.impacted_count = len(lines)
            event.impacted_operator_ids = self.env["oiconnect.operator"].browse(
                sorted({line.operator_id for line in lines})
            )

    def _impacted_route_ids(self):
        """Hook: return the ids of the routes through the place of the event."""
        raise NotImplementedError

    @api.model
    def _route_ids_through(self, points):
        """Return the ids of the routes through ``[(kind, id)]``.

        The trace knows what splices join: a cable is cut for the lines that pass it
        too.
        """
        trace = self.env["oiconnect.trace"]
        return [key.id for key in trace._keys(points) if key.kind == "route"]

    @api.model
    def _route_ids_of_pm(self, pm):
        """Return the ids of the routes of a PM, which is a column of theirs."""
        self.env["oiconnect.route"].flush_model(["pm_id"])
        self.env.cr.execute(
            SQL("SELECT id FROM oiconnect_route WHERE pm_id = %s", pm.id or 0)
        )
        return [route_id for (route_id,) in self.env.cr.fetchall()]

    @api.private
    def _impacted_lines(self, operator=None):
        """Return the :class:`ImpactedLine` in service through the place, by reference.

        :param operator: its lines only: an operator never sees those of others
        """
        route_ids = self._impacted_route_ids()
        if not route_ids:
            return []
        self.env["oiconnect.access.order"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT line.id, line.operator_id, line.service_reference,
                    pto.reference
                FROM oiconnect_route route
                JOIN oiconnect_access_order line ON line.id = route.access_order_id
                LEFT JOIN oiconnect_pto pto ON pto.id = line.pto_id
                WHERE route.id = ANY(%s) AND line.state IN ('delivered', 'in_service')
                    AND (%s::int IS NULL OR line.operator_id = %s)
                ORDER BY line.service_reference, line.id
                """,
                route_ids,
                operator.id if operator else None,
                operator.id if operator else None,
            )
        )
        return [ImpactedLine(*row) for row in self.env.cr.fetchall()]

    def action_view_impacted(self):
        """Open the lines in service through the place of the event."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_action"
        )
        ids = [line.order_id for line in self.sudo()._impacted_lines()]
        return action | {"domain": [("id", "in", ids)], "context": {}}
