from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Resource, own

from ...pm_order_states import CHOICES, CLOSED_STATES, KINDS, STATES
from ...resource import ORDER_FIELDS, decision_dialog

_lt = LazyTranslate(__name__)


class PmOrder(models.Model):
    """Order of an operator on a PM (Info PM): its rental, or up-to-date information.

    The first unit order of an operator on a PM rents it: it makes the operator's
    service there, on which access orders rest. A later request changes nothing
    of the service.
    """

    _name = "oiconnect.pm.order"
    _description = "PM order"
    _resource = Resource(
        "pm-orders",
        "oc_reference",
        operator_fields=(
            *ORDER_FIELDS,
            "kind",
            "purpose",
            "technical_choice",
            "pm_id",
            "pm_reference",
            "delivered_date",
        ),
        operator_domain=own,
        dialogs=(decision_dialog("oiconnect.pm.order"),),
    )
    _created_text = _lt("PM order created")
    _inherit = "oiconnect.infra.order.mixin"
    _closed_states = CLOSED_STATES

    state = fields.Selection(STATES)
    kind = fields.Selection(KINDS, "Type", index=True)
    purpose = fields.Selection(
        [
            ("rental", "Rental of the PM"),
            ("engagement", "Co-financed PM"),
            ("update", "Up-to-date information"),
        ],
        "Asks for",
        help="The first unit order of an operator at a PM rents it; all others ask for "
        "information. What an operator co-finances is made available without an order.",
    )
    technical_choice = fields.Selection(CHOICES)
    service_id = fields.Many2one(
        "oiconnect.pm.service",
        "PM service",
        index="btree_not_null",
        ondelete="restrict",
    )

    # When
    delivered_date = fields.Datetime("Made available on", readonly=True)
    mad_receipt_date = fields.Datetime("Report received on", readonly=True)
    visit_notice_date = fields.Date("Works announced on", readonly=True)
    planned_adduction_date = fields.Date("Adduction planned on", readonly=True)
    manager_date = fields.Date("Manager informed on", readonly=True)
    adduction_date = fields.Date("Adducted on", readonly=True)

    # An operator has a PM once.
    _present_uniq = models.UniqueIndex(
        "(operator_id, pm_id) WHERE purpose IN ('rental', 'engagement') AND state NOT "
        "IN ('received', 'ar_ko', 'withdrawn', 'cancelled', 'terminated')",
        "This operator has the PM already: what it orders now is information.",
    )
    # The list filtered by purpose, latest first: rentals are the oldest orders.
    _purpose_idx = models.Index("(purpose, id DESC)")
    _delivered_has_service = models.Constraint(
        "CHECK (state NOT IN ('delivered', 'mad_ok', 'announced', 'informed', "
        "'adducted', 'answered') OR service_id IS NOT NULL)",
        "A PM that is made available needs its service.",
    )

    def action_view_service(self):
        self.ensure_one()
        return self._open_related(self.service_id, self.env._("PM services"))
