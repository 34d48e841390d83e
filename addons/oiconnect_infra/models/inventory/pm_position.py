from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


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

    @api.constrains("link_fibre_id", "module_id")
    def _check_link_fibre_pm(self):
        for position in self:
            fibre = position.link_fibre_id.sudo()
            if fibre and fibre.pm_id != position.pm_id:
                raise ValidationError(
                    self.env._(
                        "Position %(position)s is at PM %(pm)s, link fibre %(fibre)s "
                        "arrives at PM %(other)s: choose a fibre of a link of this PM.",
                        position=position.display_name,
                        pm=position.pm_id.reference,
                        fibre=fibre.display_name,
                        other=fibre.pm_id.reference,
                    )
                )

    @api.constrains("cable_id", "tube", "fibre")
    def _check_first_fibre_starts_here(self):
        """A fibre starts at a position or at a splice, not at both."""
        self.env["oiconnect.splice"].flush_model(["downstream_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT position.id
                FROM oiconnect_pm_position position
                JOIN oiconnect_pbo_fibre fibre ON fibre.cable_id = position.cable_id
                    AND fibre.tube = position.tube AND fibre.fibre = position.fibre
                JOIN oiconnect_splice splice ON splice.downstream_id = fibre.id
                WHERE position.id = ANY(%s) LIMIT 1
                """,
                self.ids,
            )
        )
        for (position_id,) in self.env.cr.fetchall():
            position = self.browse(position_id)
            raise ValidationError(
                self.env._(
                    "Position %(position)s cannot be on fibre %(cable)s / %(tube)s / "
                    "%(fibre)s: a splice leads to that fibre. Choose the first fibre "
                    "of the path.",
                    position=position.display_name,
                    cable=position.cable_id.reference,
                    tube=position.tube,
                    fibre=position.fibre,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        positions = super().create(vals_list)
        if any(vals.get("link_fibre_id") for vals in vals_list):
            positions.link_fibre_id.sudo()._follow_patches()
        return positions

    def write(self, vals):
        if "link_fibre_id" not in vals:
            return super().write(vals)
        before = self.link_fibre_id
        result = super().write(vals)
        (before | self.link_fibre_id).sudo()._follow_patches()
        return result

    def unlink(self):
        # Before anything is read: whether the record exists is not disclosed.
        self.check_access("unlink")
        fibres = self.link_fibre_id.sudo()
        result = super().unlink()
        fibres._follow_patches()
        return result
