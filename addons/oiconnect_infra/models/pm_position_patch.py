from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class PmPosition(models.Model):
    """Patches of positions: the link fibre that feeds them follows."""

    _inherit = "oiconnect.pm.position"

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
        fibres = self.link_fibre_id.sudo()
        result = super().unlink()
        fibres._follow_patches()
        return result
