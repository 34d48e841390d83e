from odoo import models
from odoo.tools import SQL


class PboCable(models.Model):
    """A cable carries the routes that end on it and those that start on it.

    Behind a splice a route ends in another cable than the one that leaves the PM: it
    takes a fibre of both.
    """

    _name = "oiconnect.pbo.cable"
    _inherit = "oiconnect.pbo.cable"

    _capacity_depends = (
        "route_ids.state",
        "route_ids.pto_id",
        "position_ids.route_ids.state",
        "position_ids.route_ids.pto_id",
    )

    def _capacity_routes_sql(self, alias):
        return SQL(
            """
            %s UNION ALL
            SELECT state, pto_id FROM oiconnect_route
             WHERE module_cable_id = %s AND module_cable_id IS DISTINCT FROM cable_id
            """,
            super()._capacity_routes_sql(alias),
            SQL.identifier(alias, "id"),
        )

    def _capacity_placed_sql(self):
        """A fibre is also placed that goes on behind a splice, or starts a route."""
        return SQL(
            """
            %s OR EXISTS (
                SELECT FROM oiconnect_splice WHERE upstream_id = part.id)
            OR EXISTS (
                SELECT FROM oiconnect_pm_position position
                  JOIN oiconnect_route ON position_id = position.id
                 WHERE position.cable_id = part.cable_id
                   AND position.tube = part.tube AND position.fibre = part.fibre)
            """,
            super()._capacity_placed_sql(),
        )

    def _flush_capacity(self):
        self.env["oiconnect.route"].flush_model(["module_cable_id"])
        return super()._flush_capacity()

    def _bare_counts(self, ids):
        self.env["oiconnect.splice"].flush_model(["upstream_id"])
        self.env["oiconnect.route"].flush_model(["position_id"])
        self.env["oiconnect.pm.position"].flush_model(["cable_id", "tube", "fibre"])
        return super()._bare_counts(ids)

    # ------------------------------------------------------------------

    def _count_starting(self):
        """Return ``{cable: number}`` of the routes that end in another cable."""
        routes = self.env["oiconnect.route"]
        if not routes.has_access("read"):
            return {}
        domain = [("module_cable_id", "in", self._origin.ids)]
        counts = {}
        for cable, end, count in routes._read_group(
            domain, ["module_cable_id", "cable_id"], ["__count"]
        ):
            if end != cable:
                counts[cable] = counts.get(cable, 0) + count
        return counts

    def _compute_neighbour_counts(self):
        result = super()._compute_neighbour_counts()
        starting = self._count_starting()
        for cable in self:
            cable.route_count += starting.get(cable._origin, 0)
        return result

    def action_view_neighbours(self):
        action = super().action_view_neighbours()
        if self.env.context["neighbours"] == "route_ids":
            ends = [("cable_id", "=", self.id), ("module_cable_id", "=", self.id)]
            action["domain"] = ["|", *ends]
        return action
