from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Resource, own

from ...resource import ORDER_FIELDS, decision_dialog

_lt = LazyTranslate(__name__)

STATES = [
    ("received", "Received"),
    ("ar_ko", "Rejected (AR)"),
    ("ar_ok", "Acknowledged"),
    ("planned", "PB planned"),
    ("cr_ko", "Rejected (CR)"),
    ("laid", "PB laid"),
    ("cancelled", "Cancelled"),
]
# The addresses behind the PB wait for it.
AWAITED_STATES = ("ar_ok", "planned")
CLOSED_STATES = ("ar_ko", "cr_ko", "laid", "cancelled")


class PbOrder(models.Model):
    """Order of the distribution point (PB) of an address connectable on demand.

    Interop'Fibre PM protocol, 3.7. All addresses behind the PB follow its order.
    """

    _name = "oiconnect.pb.order"
    _description = "PB order"
    _resource = Resource(
        "pb-orders",
        "oc_reference",
        operator_fields=(
            *ORDER_FIELDS,
            "building_id",
            "building_identifier",
            "pm_id",
            "pm_reference",
            "planned_date",
            "laid_date",
        ),
        operator_domain=own,
        dialogs=(decision_dialog("oiconnect.pb.order"),),
    )
    _created_text = _lt("PB order created")
    _inherit = "oiconnect.infra.order.mixin"
    _closed_states = CLOSED_STATES
    _nominal_states = ("received", "ar_ok", "planned", "laid")

    state = fields.Selection(STATES)
    # It makes no service
    service_reference = fields.Char(index="btree_not_null")
    building_identifier = fields.Char("Ordered building", size=30)
    address_code = fields.Char("Address code (hexaclé)", size=10)
    dwelling_count = fields.Integer("Dwellings asked for", aggregator=None)
    building_id = fields.Many2one("oiconnect.building", index=True, ondelete="restrict")
    building_state = fields.Selection(
        related="building_id.state", string="State of the building"
    )
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "PBO", index="btree_not_null", ondelete="restrict"
    )
    planned_date = fields.Date(
        "Laying planned on", readonly=True, copy=False, tracking=True
    )
    laid_date = fields.Date("PB laid on", readonly=True, copy=False)

    # The PB of an address is ordered once, even if others ask for it meanwhile.
    _awaited_uniq = models.UniqueIndex(
        "(building_id) WHERE state IN ('ar_ok', 'planned')",
        "The PB of this building is ordered already.",
    )
