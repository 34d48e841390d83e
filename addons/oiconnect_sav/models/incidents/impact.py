from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class ImpactedLine(NamedTuple):
    """A line through the point of an incident, as one operator may be told of it."""

    order_id: int
    operator_id: int
    service_reference: str
    pto_reference: str


class Incident(models.Model):
    """Lines that an incident interrupts, found along their routes, set by set."""

    _inherit = "oiconnect.incident"

    impacted_count = fields.Integer("Impacted lines", compute="_compute_impact")
    impacted_operator_ids = fields.Many2many(
        "oiconnect.operator", string="Impacted operators", compute="_compute_impact"
    )

    @api.depends("point", "pm_id", "module_id", "cable_id", "tube", "pbo_id")
    def _compute_impact(self):
        for incident in self:
            lines = incident.sudo()._impacted_lines()
            incident.impacted_count = len(lines)
            incident.impacted_operator_ids = self.env["oiconnect.operator"].browse(
                sorted({line.operator_id for line in lines})
            )

    def _impacted_route_ids(self):
        """Return the ids of the routes through the point of the incident.

        A PM is the column of its routes; other points are followed by the trace, which
        knows what splices join: a cable is cut for the lines that pass it too.
        """
        self.ensure_one()
        if self.point == "pm":
            return self._route_ids_of_pm()
        trace = self.env["oiconnect.trace"]
        return [key.id for key in trace._keys(self._points()) if key.kind == "route"]

    def _points(self):
        """Return what the trace starts from: ``[(kind, id)]``."""
        named = {
            "pbo": [("pbo", self.pbo_id.id)],
            "tube": [("tube", (self.cable_id.id, self.tube))],
            "cable": [("cable", self.cable_id.id)],
            "module": [("module", self.module_id.id)],
        }[self.point]
        has_point = self.pbo_id or self.cable_id or self.module_id
        return named if has_point else []

    def _route_ids_of_pm(self):
        self.env["oiconnect.route"].flush_model(["pm_id"])
        self.env.cr.execute(
            SQL("SELECT id FROM oiconnect_route WHERE pm_id = %s", self.pm_id.id or 0)
        )
        return [route_id for (route_id,) in self.env.cr.fetchall()]

    @api.private
    def _impacted_lines(self, operator=None):
        """Return the :class:`ImpactedLine` in service through the point, by reference.

        :param operator: its lines only: an operator is never told those of others
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
        """Open the lines in service through the point of the incident."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_action"
        )
        ids = [line.order_id for line in self.sudo()._impacted_lines()]
        return action | {"domain": [("id", "in", ids)], "context": {}}
