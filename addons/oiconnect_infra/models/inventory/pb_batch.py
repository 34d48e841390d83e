from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)


class PbBatch(models.Model):
    """Addresses of a PM delivered together to operators, under one reference."""

    _name = "oiconnect.pb.batch"
    _description = "PB batch"
    _created_text = _lt("PB batch created")
    _inherit = ["oiconnect.infra.mixin", "mail.thread"]
    _order = "delivery_date desc, reference, id"
    _rec_name = "reference"
    _same_network_fields = ("pm_id",)
    _tracked_fields = (
        "reference",
        "pm_id",
        "operator_id",
        "delivery_date",
        "dwelling_count",
        "building_ids",
    )

    reference = fields.Char(size=60, required=True, index="trigram", copy=False)
    pm_id = fields.Many2one(
        "oiconnect.pm",
        "PM",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    operator_id = fields.Many2one(
        "oiconnect.operator",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: delivered to all operators of the PM",
    )
    delivery_date = fields.Date("Made available on", tracking=True)
    building_ids = fields.Many2many(
        "oiconnect.building",
        "oiconnect_pb_batch_building_rel",
        "batch_id",
        "building_id",
        "Addresses",
        domain="[('pm_id', '=', pm_id)]",
        copy=False,
    )
    building_count = neighbour_count("Number of addresses")
    dwelling_count = fields.Integer(
        "Dwellings",
        compute="_compute_dwelling_count",
        store=True,
        precompute=True,
        readonly=False,
        help="Of all addresses together when they were chosen: what is invoiced",
    )

    # Also the order of the list of a network, which has few
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A batch with this reference exists on the network.",
    )
    _dwelling_count_positive = models.Constraint(
        "CHECK (dwelling_count >= 0)", "The number of dwellings is not negative."
    )

    @api.depends("building_ids")
    def _compute_dwelling_count(self):
        for batch in self:
            batch.dwelling_count = sum(batch.building_ids.mapped("dwelling_count"))

    @api.constrains("building_ids", "pm_id")
    def _check_addresses_of_the_pm(self):
        for batch in self:
            strange = batch.building_ids.filtered(
                lambda b, pm=batch.pm_id: b.pm_id != pm
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(building)s is not behind PM %(pm)s of batch %(batch)s: "
                        "choose addresses of this PM.",
                        building=strange[0].display_name,
                        pm=batch.pm_id.reference,
                        batch=batch.reference,
                    )
                )
