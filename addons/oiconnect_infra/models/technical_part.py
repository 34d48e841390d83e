from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TechnicalPart(models.AbstractModel):
    """Object of a PM that hangs on one of its technical PMs, when it groups some."""

    _name = "oiconnect.technical.part"
    _description = "Part of a technical PM"

    technical_pm_id = fields.Many2one(
        "oiconnect.technical.pm",
        "Technical PM",
        domain="[('pm_id', '=', pm_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )

    @api.constrains("technical_pm_id", "pm_id")
    def _check_technical_pm(self):
        for part in self:
            technical = part.technical_pm_id
            if technical and technical.pm_id != part.pm_id:
                raise ValidationError(
                    self.env._(
                        "%(part)s is at PM %(pm)s, technical PM %(technical)s at PM "
                        "%(other)s: choose a technical PM of the same PM.",
                        part=part.display_name,
                        pm=part.pm_id.reference,
                        technical=technical.reference,
                        other=technical.pm_id.reference,
                    )
                )
