from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ...const import NETWORK_STATES
from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)


class Nro(models.Model):
    """Optical node: where PRDMs, and the PMs that need none, reach the exchange.

    The columns are those of the CPN file (5 to 7, 15 to 21).
    """

    _name = "oiconnect.nro"
    _description = "NRO"
    _created_text = _lt("NRO created")
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
    _used_by_fields = ("prdm_ids", "pm_ids", "link_ids", "cable_ids", "box_ids")
    _tracked_fields = (
        "reference",
        "nro_type",
        "state",
        "insee_code",
        "postal_code",
        "city",
        "street_type",
        "street_name",
        "street_number",
        "projection",
        "x",
        "y",
        "rivoli_code",
        "address_code",
        "street_number_suffix",
        "building_name",
    )

    reference = fields.Char(size=15, required=True, index="trigram", copy=False)
    nro_type = fields.Selection(
        [
            ("pon", "NRO-PON"),
            ("ptp", "NRO-PTP"),
            ("pon_ptp", "NRO-PON-PTP"),
        ],
        "NRO type",
    )
    state = fields.Selection(
        NETWORK_STATES, required=True, default="planned", index=True, tracking=True
    )
    prdm_ids = fields.One2many("oiconnect.prdm", "nro_id", "PRDMs")
    pm_ids = fields.One2many("oiconnect.pm", "nro_id", "PMs")
    link_ids = fields.One2many("oiconnect.pm.link", "nro_id", "Links")
    cable_ids = fields.One2many(
        "oiconnect.pbo.cable", "start_nro_id", "Transport cables"
    )
    box_ids = fields.One2many("oiconnect.splice.box", "nro_id", "Splice boxes")
    prdm_count = neighbour_count("Number of PRDMs")
    pm_count = neighbour_count("Number of PMs")
    link_count = neighbour_count("Number of links")

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "An NRO with this reference exists on the network.",
    )
