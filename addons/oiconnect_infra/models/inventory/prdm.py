from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Resource

from ...const import NETWORK_STATES
from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)


class Prdm(models.Model):
    """Remote shared connection point: where the links of PMs arrive."""

    _name = "oiconnect.prdm"
    _description = "PRDM"
    _resource = Resource("prdms", sorts=("reference",))
    _created_text = _lt("PRDM created")
    _inherit = [
        "oiconnect.infra.mixin",
        "oiconnect.published",
        "oiconnect.abandonable",
        "oiconnect.located",
        "oiconnect.addressed",
        "mail.thread",
    ]
    _order = "reference"
    _rec_name = "reference"
    _used_by_fields = ("pm_ids", "link_ids")
    _same_network_fields = ("nro_id",)
    _tracked_fields = (
        "reference",
        "state",
        "nro_id",
        "min_dwellings",
        "insee_code",
        "postal_code",
        "city",
        "street_name",
        "street_number",
        "projection",
        "x",
        "y",
        "rivoli_code",
        "address_code",
        "street_type",
        "street_number_suffix",
        "building_name",
    )

    reference = fields.Char(size=20, required=True, index="trigram", copy=False)
    state = fields.Selection(
        NETWORK_STATES, required=True, default="planned", index=True, tracking=True
    )
    nro_id = fields.Many2one(
        "oiconnect.nro", "NRO", ondelete="restrict", index="btree_not_null"
    )
    nro_type = fields.Selection(related="nro_id.nro_type")
    min_dwellings = fields.Integer(
        "Minimum of dwellings",
        aggregator=None,
        help="Smallest number of dwellings of a PM that may be linked to the PRDM",
    )
    pm_ids = fields.One2many("oiconnect.pm", "prdm_id", "PMs")
    link_ids = fields.One2many("oiconnect.pm.link", "prdm_id", "Links")
    pm_count = neighbour_count("Number of PMs")
    link_count = neighbour_count("Number of links")

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A PRDM with this reference exists on the network.",
    )
    _min_dwellings_positive = models.Constraint(
        "CHECK (min_dwellings >= 0)", "The number of dwellings is not negative."
    )

    def write(self, vals):
        """PMs and links follow the NRO of their PRDM: their history tells it."""
        if "nro_id" not in vals:
            return super().write(vals)
        own = self.sudo()
        with own.pm_ids._tracking(["nro_id"]), own.link_ids._tracking(["nro_id"]):
            return super().write(vals)
