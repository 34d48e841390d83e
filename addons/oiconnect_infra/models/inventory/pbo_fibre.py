from odoo import api, fields, models


class PboFibre(models.Model):
    """Fibre of a cable that ends at a branching point."""

    _name = "oiconnect.pbo.fibre"
    _description = "PBO fibre"
    _inherit = "oiconnect.infra.mixin"
    _order = "cable_id.id, sequence, id"
    _used_by_fields = ("route_ids", "upper_splice_ids", "lower_splice_ids")
    _same_network_fields = ("pbo_id", "splice_box_id")
    _tracked_fields = ("tube", "fibre", "pbo_id", "splice_box_id", "cable_id")

    network_id = fields.Many2one(
        related="cable_id.network_id", store=True, precompute=True, default=None
    )
    cable_id = fields.Many2one("oiconnect.pbo.cable", required=True, ondelete="cascade")
    sequence = fields.Integer(default=10, aggregator=None)
    tube = fields.Char(size=20, required=True, help="Colour or number")
    fibre = fields.Char(size=20, required=True, help="Colour or number")
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "PBO", ondelete="restrict", index="btree_not_null"
    )
    splice_box_id = fields.Many2one(
        "oiconnect.splice.box",
        "Waits in the splice box",
        ondelete="restrict",
        index="btree_not_null",
        help="Where a fibre ends that is spliced to no other yet",
    )
    route_ids = fields.One2many("oiconnect.route", "fibre_id")
    upper_splice_ids = fields.One2many(
        "oiconnect.splice", "downstream_id", "Splice towards the PM"
    )
    lower_splice_ids = fields.One2many(
        "oiconnect.splice", "upstream_id", "Splice towards the customer"
    )
    route_state = fields.Selection(related="route_ids.state")
    holder_id = fields.Many2one(related="route_ids.operator_id")

    # Also the fibres of a cable: cable_id = x
    _fibre_uniq = models.Constraint(
        "UNIQUE (cable_id, tube, fibre)", "This fibre of this tube is in the cable."
    )

    _one_place = models.Constraint(
        "CHECK (pbo_id IS NULL OR splice_box_id IS NULL)",
        "A fibre ends at a PBO or waits in a splice box: choose one of them.",
    )

    @api.depends("cable_id.reference", "tube", "fibre")
    def _compute_display_name(self):
        for fibre in self:
            parts = (fibre.cable_id.reference, fibre.tube, fibre.fibre)
            fibre.display_name = " / ".join(part or "-" for part in parts)
