from odoo import api, fields, models


class PboCable(models.Model):
    """Cable between the PM and its branching points."""

    _name = "oiconnect.pbo.cable"
    _description = "PBO cable"
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
    _neighbour_counts = {
        "fibre_count": "fibre_ids",
        "position_count": "position_ids",
        "route_count": "route_ids",
    }
    _tracked_fields = (
        "reference",
        "pm_id",
        "tube_count",
        "fibres_per_tube",
        "length_m",
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
    fibre_count = fields.Integer(
        "Number of fibres", compute="_compute_neighbour_counts"
    )
    position_count = fields.Integer(
        "Number of positions", compute="_compute_neighbour_counts"
    )
    route_count = fields.Integer(
        "Number of routes", compute="_compute_neighbour_counts"
    )

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
