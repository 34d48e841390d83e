from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Resource, own

from ...link_states import CLOSED_STATES, LIVE_STATES, STATES
from ...resource import ORDER_FIELDS, decision_dialog

_lt = LazyTranslate(__name__)

TYPES = [("init", "Initial (INIT)"), ("exte", "Extension (EXTE)")]


class LinkOrder(models.Model):
    """Order of fibres of a link between a PM and its PRDM, by an operator.

    The first one of an operator on a link is initial (INIT), those that follow its
    report of availability are extensions (EXTE).
    """

    _name = "oiconnect.link.order"
    _description = "Link order"
    _resource = Resource(
        "link-orders",
        "oc_reference",
        operator_fields=(
            *ORDER_FIELDS,
            "order_type",
            "fibre_count",
            "pm_id",
            "pm_reference",
            "prdm_id",
            "prdm_reference",
            "link_reference",
            "length_km",
            "expected_date",
            "available_date",
            "delivered_date",
            "validated_date",
        ),
        operator_domain=own,
        dialogs=(decision_dialog("oiconnect.link.order"),),
    )
    _created_text = _lt("Link order created")
    _inherit = "oiconnect.infra.order.mixin"
    _closed_states = CLOSED_STATES

    # Who and what
    state = fields.Selection(STATES)
    order_type = fields.Selection(TYPES, "Type")
    fibre_count = fields.Integer("Ordered fibres", aggregator="sum")
    existing_fibre_count = fields.Integer("Fibres it said it had", aggregator=None)
    technical_pm_reference = fields.Char("Ordered technical PM", size=50)
    prdm_reference = fields.Char("Ordered PRDM", size=20)
    nro_reference = fields.Char("Ordered NRO", size=15)
    link_reference = fields.Char("Ordered link", size=50)

    # What the network answers
    link_id = fields.Many2one("oiconnect.pm.link", index=True, ondelete="restrict")
    link_state = fields.Selection(related="link_id.state", string="State of the link")
    prdm_id = fields.Many2one("oiconnect.prdm", "PRDM", index=True, ondelete="restrict")
    service_id = fields.Many2one(
        "oiconnect.link.service",
        "Link service",
        index="btree_not_null",
        ondelete="restrict",
    )
    fibre_ids = fields.One2many("oiconnect.link.order.fibre", "order_id", "Fibres")
    held_fibre_ids = fields.One2many(
        "oiconnect.link.order.fibre",
        "order_id",
        "Fibres held",
        domain=[("end_date", "=", False)],
    )
    held_count = fields.Integer("Held fibres", compute="_compute_held_count")
    length_km = fields.Float(
        "Length (km)", digits=(8, 2), aggregator=None, help="As the operator read"
    )
    is_deemed = fields.Boolean(
        "Deemed accepted",
        help="The operator said nothing of the delivery in its delay",
    )
    # What bars other orders of the link while this one is in progress: all (0), or
    # those of the operator (its id), as the network says when the order comes.
    progress_scope = fields.Integer("Orders it bars", aggregator=None)

    # When
    expected_date = fields.Date("Availability expected on")
    available_date = fields.Datetime("Made available on")
    delivered_date = fields.Datetime("Delivered on")
    rejected_date = fields.Datetime("Delivery refused on")
    validated_date = fields.Datetime("Validated on")

    # One order in progress, until its report of availability is sent
    _progress_uniq = models.UniqueIndex(
        "(link_id, progress_scope) WHERE state = 'ar_ok'",
        "An order is in progress on this link: wait for its report of availability.",
    )
    # The first order of an operator on a link is one
    _initial_uniq = models.UniqueIndex(
        f"(link_id, operator_id) WHERE order_type = 'init' AND state IN {LIVE_STATES}",
        "This operator has its initial order on this link: order an extension.",
    )
    # Filter "Initial", latest first: initial orders are the oldest.
    _order_type_idx = models.Index("(order_type, id DESC)")
    # An extension adds to a service, which the report of availability makes
    _extension_has_service = models.Constraint(
        "CHECK (order_type <> 'exte' OR service_id IS NOT NULL"
        " OR state IN ('received', 'ar_ko'))",
        "This operator has no service on this link to extend: its first order is an "
        "initial one.",
    )
    _acknowledged_has_link = models.Constraint(
        "CHECK (state IN ('received', 'ar_ko') OR (link_id IS NOT NULL"
        " AND order_type IS NOT NULL AND fibre_count > 0))",
        "An order in progress has its link, its type and its number of fibres.",
    )

    @api.depends("held_fibre_ids")
    def _compute_held_count(self):
        for order in self:
            order.held_count = len(order.held_fibre_ids)

    def action_view_service(self):
        self.ensure_one()
        return self._open_related(self.service_id, self.env._("Link services"))
