from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)

# How to get there
VISITED_FIELDS = (
    "localisation",
    "accessible",
    "key_info",
    "building_access_code",
    "basement_code",
    "room_code",
    "building_contacts",
    "syndic_contacts",
    "equipment_type",
    "other_info",
)


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


class Visited(models.AbstractModel):
    """Access of technicians to a PM, sent to operators in reports of orders."""

    _name = "oiconnect.visited"
    _description = "Object that technicians visit"

    localisation = fields.Text("Where it is")
    accessible = fields.Selection(
        [("yes", "Yes"), ("no", "No")], help="Can be reached without an appointment"
    )
    key_info = fields.Text("How to get the key")
    building_access_code = fields.Char(size=256)
    basement_code = fields.Char("Basement access code", size=256)
    room_code = fields.Char("PM room code", size=256)
    building_contacts = fields.Text()
    syndic_contacts = fields.Text("Manager's contacts")
    equipment_type = fields.Char(size=256, help="Brand and model")
    other_info = fields.Text("Other information")


class TechnicalPm(models.Model):
    """One of the cabinets or rooms that a PM groups.

    The way there is stored on each technical PM; what is empty is as at the PM.
    """

    _name = "oiconnect.technical.pm"
    _description = "Technical PM"
    _created_text = _lt("Technical PM created")
    _inherit = ["oiconnect.infra.mixin", "oiconnect.visited", "mail.thread"]
    _order = "reference, id"
    _rec_name = "reference"
    _used_by_fields = ("module_ids", "pbo_ids", "link_ids")
    _tracked_fields = (
        "reference",
        "pm_id",
        "dwelling_count",
        "max_capacity",
        *VISITED_FIELDS,
    )

    network_id = fields.Many2one(
        related="pm_id.network_id", store=True, precompute=True, default=None
    )
    reference = fields.Char(size=50, required=True, index="trigram", copy=False)
    pm_id = fields.Many2one(
        "oiconnect.pm", "PM", required=True, ondelete="restrict", tracking=True
    )
    dwelling_count = fields.Integer(
        "Dwellings", help="All dwellings behind the technical PM, in any state"
    )
    max_capacity = fields.Integer("Maximum capacity", aggregator=None)
    module_ids = fields.One2many("oiconnect.pm.module", "technical_pm_id", "Modules")
    pbo_ids = fields.One2many("oiconnect.pbo", "technical_pm_id", "PBOs")
    link_ids = fields.One2many("oiconnect.pm.link", "technical_pm_id", "Links")
    module_count = neighbour_count("Number of modules")
    pbo_count = neighbour_count("Number of PBOs")
    link_count = neighbour_count("Number of links")

    # Also the technical PMs of a PM: pm_id = x
    _reference_uniq = models.Constraint(
        "UNIQUE (pm_id, reference)",
        "A technical PM with this reference is in the PM.",
    )
    _counts_positive = models.Constraint(
        "CHECK (dwelling_count >= 0 AND max_capacity >= 0)",
        "Dwellings and capacity are not negative.",
    )

    @api.constrains("pm_id")
    def _check_parts_stay_at_pm(self):
        for parts in (self.module_ids, self.pbo_ids, self.link_ids):
            parts._check_technical_pm()
