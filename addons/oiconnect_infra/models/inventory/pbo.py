from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Resource

from ...rules import PBO
from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)


class Pbo(models.Model):
    """Branching point: the last box before the PTOs."""

    _name = "oiconnect.pbo"
    _description = "PBO"
    _resource = Resource(
        "pbos", more=("building_ids",), sorts=("reference",), line="id"
    )
    _created_text = _lt("PBO created")
    _inherit = [
        "oiconnect.known.key",
        "oiconnect.checked",
        "oiconnect.infra.mixin",
        "oiconnect.picked",
        "oiconnect.capacity",
        "oiconnect.published",
        "oiconnect.located",
        "oiconnect.technician.files",
        "oiconnect.technical.part",
        "mail.thread",
    ]
    _capacity_column = "pbo_id"
    _capacity_ends = ("oiconnect.pbo.fibre", "pbo_id", "fibre_id")
    _order = "reference"
    _rec_name = "reference"
    _used_by_fields = (
        "fibre_ids",
        "level_ids",
        "pto_ids",
        "building_ids",
        "splice_ids",
        "end_cable_ids",
        "start_cable_ids",
    )
    _same_network_fields = ("pm_id",)
    _tracked_fields = (
        "reference",
        "pm_id",
        "technical_pm_id",
        "type_id",
        "connection_type_id",
        "localisation",
        "height",
        "material_type",
        "projection",
        "x",
        "y",
        "other_info",
        "building_ids",
    )
    _undated_fields = ("other_info", "building_ids")
    _rule_target = PBO

    reference = fields.Char(size=100, required=True, index="trigram", copy=False)
    pm_id = fields.Many2one(
        "oiconnect.pm",
        "PM",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    type_id = fields.Many2one("oiconnect.pbo.type", ondelete="restrict", index=True)
    connection_type_id = fields.Many2one(
        "oiconnect.pbo.connection.type",
        "Path to the socket",
        ondelete="restrict",
        index=True,
    )
    localisation = fields.Char("Where it is", size=2048)
    height = fields.Float("Height (m)", digits=(8, 4), aggregator=None)
    material_type = fields.Char("Equipment", size=256)
    other_info = fields.Text("Other information")
    building_ids = fields.Many2many(
        "oiconnect.building",
        "oiconnect_building_pbo_rel",
        "pbo_id",
        "building_id",
        "Buildings",
    )
    fibre_ids = fields.One2many("oiconnect.pbo.fibre", "pbo_id", "Fibres")
    level_ids = fields.One2many("oiconnect.building.level", "pbo_id", "Levels")
    pto_ids = fields.One2many("oiconnect.pto", "pbo_id", "PTOs")
    route_ids = fields.One2many("oiconnect.route", "pbo_id", "Routes")
    splice_ids = fields.One2many("oiconnect.splice", "pbo_id", "Splices")
    end_cable_ids = fields.One2many(
        "oiconnect.pbo.cable", "end_pbo_id", "Cables that reach it"
    )
    start_cable_ids = fields.One2many(
        "oiconnect.pbo.cable", "start_pbo_id", "Cables that leave it"
    )
    building_count = neighbour_count("Number of buildings")
    fibre_count = neighbour_count("Number of fibres")
    pto_count = neighbour_count("Number of PTOs")
    route_count = neighbour_count("Number of routes")
    capacity_bare = fields.Integer("Fibres without a route")

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A PBO with this reference exists on the network.",
    )
