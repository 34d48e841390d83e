from odoo import api, fields, models


class PmPosition(models.Model):
    """Position of a module: one connector, one fibre behind it."""

    _name = "oiconnect.pm.position"
    _description = "Position of a PM module"
    _inherit = ["oiconnect.infra.mixin", "oiconnect.dedicated"]
    _order = "module_id.id, sequence, id"
    _used_by_fields = ("route_ids",)
    _same_network_fields = ("cable_id",)
    _tracked_fields = (
        "name",
        "cable_id",
        "tube",
        "fibre",
        "link_fibre_id",
        "module_id",
        "dedicated_operator_id",
    )

    network_id = fields.Many2one(
        related="module_id.network_id", store=True, precompute=True, default=None
    )
    name = fields.Char(size=256, required=True, index="trigram")
    sequence = fields.Integer(default=10, aggregator=None)
    module_id = fields.Many2one(
        "oiconnect.pm.module", required=True, ondelete="cascade"
    )
    pm_id = fields.Many2one(
        related="module_id.pm_id", store=True, precompute=True, index=True
    )
    cable_id = fields.Many2one(
        "oiconnect.pbo.cable", ondelete="restrict", index="btree_not_null"
    )
    tube = fields.Char(size=20, help="Colour or number")
    fibre = fields.Char(size=20, help="Colour or number")
    link_fibre_id = fields.Many2one(
        "oiconnect.pm.link.fibre",
        "Fed by the link fibre",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        help="Where the light comes from; one link fibre feeds several positions "
        "through a splitter",
    )
    route_ids = fields.One2many("oiconnect.route", "position_id")
    route_state = fields.Selection(related="route_ids.state")
    holder_id = fields.Many2one(related="route_ids.operator_id")

    # Also the positions of a module: module_id = x
    _name_uniq = models.Constraint(
        "UNIQUE (module_id, name)", "This position is in the module."
    )
    # First fibre of a position, position of a fibre: cable_id = x and tube, fibre
    _fibre_uniq = models.UniqueIndex(
        "(cable_id, tube, fibre) WHERE cable_id IS NOT NULL"
        " AND tube IS NOT NULL AND fibre IS NOT NULL",
        "Another position of a module is on this fibre: choose another fibre.",
    )

    @api.depends("module_id.name", "name")
    def _compute_display_name(self):
        for position in self:
            position.display_name = (
                f"{position.module_id.name or '-'} / {position.name}"
            )
