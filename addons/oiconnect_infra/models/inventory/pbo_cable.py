from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.resource import Resource

from ..mixins.neighbours import neighbour_count


class PboCable(models.Model):
    """Cable between the PM and its branching points."""

    _name = "oiconnect.pbo.cable"
    _description = "PBO cable"
    _resource = Resource("cables", sorts=("reference",), line="id")
    _inherit = ["oiconnect.infra.mixin", "oiconnect.capacity"]
    _capacity_column = "cable_id"
    _capacity_ends = ("oiconnect.pbo.fibre", "cable_id", "fibre_id")
    _order = "reference"
    _rec_name = "reference"
    _used_by_fields = (
        "route_ids",
        "position_ids",
        "upper_splice_ids",
        "lower_splice_ids",
    )
    _same_network_fields = ("pm_id",)
    _tracked_fields = (
        "reference",
        "pm_id",
        "tube_count",
        "fibres_per_tube",
        "length_m",
    )
    _capacity_depends = (
        "route_ids.state",
        "route_ids.pto_id",
        "position_ids.route_ids.state",
        "position_ids.route_ids.pto_id",
    )

    reference = fields.Char(size=100, required=True, index="trigram", copy=False)
    pm_id = fields.Many2one(
        "oiconnect.pm", "PM", required=True, ondelete="restrict", index=True
    )
    tube_count = fields.Integer("Tubes")
    fibres_per_tube = fields.Integer(aggregator=None)
    length_m = fields.Float("Length (m)", digits=(10, 1))
    fibre_ids = fields.One2many("oiconnect.pbo.fibre", "cable_id", "Fibres")
    position_ids = fields.One2many("oiconnect.pm.position", "cable_id", "PM positions")
    route_ids = fields.One2many("oiconnect.route", "cable_id", "Routes")
    upper_splice_ids = fields.One2many(
        "oiconnect.splice", "downstream_cable_id", "Splices towards the PM"
    )
    lower_splice_ids = fields.One2many(
        "oiconnect.splice", "upstream_cable_id", "Splices towards the customer"
    )
    fibre_count = neighbour_count("Number of fibres")
    position_count = neighbour_count("Number of positions")
    route_count = neighbour_count("Number of routes")
    capacity_bare = fields.Integer("Fibres without a route")

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A cable with this reference exists on the network.",
    )
    _counts_positive = models.Constraint(
        "CHECK (tube_count >= 0 AND fibres_per_tube >= 0)",
        "The numbers of tubes and fibres are not negative.",
    )
    _length_positive = models.Constraint(
        "CHECK (length_m >= 0)", "The length of a cable is not negative."
    )

    @api.constrains("pm_id")
    def _check_routes_stay_at_pm(self):
        self.route_ids._check_same_pm()

    # ------------------------------------------------------------------
    # Capacity
    # ------------------------------------------------------------------

    def _capacity_routes_sql(self, alias):
        """A cable carries the routes that end on it and those that start on it.

        Behind a splice a route ends in another cable than the one that leaves the PM:
        it takes a fibre of both.
        """
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
    # Neighbours
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
