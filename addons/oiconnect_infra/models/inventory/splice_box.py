from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Resource

from ...const import NETWORK_STATES
from ...geo import projection as geo
from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)


class SpliceBox(models.Model):
    """Box where fibres are spliced or pass uncut, and that serves no PTO."""

    _name = "oiconnect.splice.box"
    _description = "Splice box"
    _resource = Resource("splice-boxes", sorts=("reference",))
    _created_text = _lt("Splice box created")
    _inherit = [
        "oiconnect.infra.mixin",
        "oiconnect.located",
        "oiconnect.technician.files",
        "mail.thread",
    ]
    _order = "reference"
    _rec_name = "reference"
    _used_by_fields = ("splice_ids", "fibre_ids", "end_cable_ids", "start_cable_ids")
    _same_network_fields = ("nro_id", "pm_id")
    _tracked_fields = (
        "reference",
        "kind",
        "physical_type",
        "state",
        "nro_id",
        "pm_id",
        "place",
        "localisation",
        "commune_id",
        "tray_count",
        "projection",
        "x",
        "y",
    )

    reference = fields.Char(size=100, required=True, index="trigram", copy=False)
    kind = fields.Selection(
        [("bpe", "BPE (outdoors)"), ("bpi", "BPI (inside a building)")],
        "Kind of box",
        required=True,
        default="bpe",
    )
    physical_type = fields.Char("Model of the box", size=40)
    state = fields.Selection(
        NETWORK_STATES, required=True, default="planned", tracking=True
    )
    nro_id = fields.Many2one(
        "oiconnect.nro",
        "NRO",
        ondelete="restrict",
        index="btree_not_null",
        help="Of a box on transport cables",
    )
    pm_id = fields.Many2one(
        "oiconnect.pm",
        "PM",
        ondelete="restrict",
        index="btree_not_null",
        help="Of a box behind a PM",
    )
    place = fields.Selection(
        [
            ("chamber", "Chamber"),
            ("pole", "Pole"),
            ("facade", "Façade"),
            ("building", "Building"),
            ("cabinet", "Cabinet or room"),
            ("other", "Elsewhere"),
        ],
        "Placed in",
    )
    localisation = fields.Char("Where it is", size=2048)
    commune_id = fields.Many2one(
        "oiconnect.commune", ondelete="restrict", index="btree_not_null"
    )
    tray_count = fields.Integer("Trays", aggregator=None)
    # Surveys of civil works have projections that published files do not
    projection = fields.Selection(selection_add=list(geo.SURVEY_LABELS.items()))
    splice_ids = fields.One2many("oiconnect.splice", "splice_box_id", "Splices")
    fibre_ids = fields.One2many(
        "oiconnect.pbo.fibre", "splice_box_id", "Fibres that wait"
    )
    end_cable_ids = fields.One2many(
        "oiconnect.pbo.cable", "end_box_id", "Cables that reach it"
    )
    start_cable_ids = fields.One2many(
        "oiconnect.pbo.cable", "start_box_id", "Cables that leave it"
    )
    splice_count = neighbour_count("Number of splices")
    fibre_count = neighbour_count("Number of fibres that wait")
    end_cable_count = neighbour_count("Number of cables that reach it")
    start_cable_count = neighbour_count("Number of cables that leave it")

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A splice box with this reference exists on the network.",
    )
    _trays_positive = models.Constraint(
        "CHECK (tray_count >= 0)", "The number of trays of a box is not negative."
    )
