from odoo import api, fields, models
from odoo.fields import Domain

from ..personal import CUSTOMER_GROUPS

NEXT_FIRST = "start, id"


class Appointment(models.Model):
    """What people look for in the list: a customer, a place, the next visit."""

    _inherit = "oiconnect.appointment"

    customer = fields.Char(
        compute="_compute_customer",
        search="_search_customer",
        groups=CUSTOMER_GROUPS,
        help="Of the order: found by the name, or by the telephone",
    )
    place = fields.Char(
        "Place of the visit",
        compute="_compute_place",
        help="The address that was given, else that of the building",
    )

    # The list "In progress", from the next visit on.
    _next_idx = models.Index(
        "(start, id) WHERE state IN ('created', 'postponed', 'confirmed')"
    )

    @api.depends("order_id.customer")
    def _compute_customer(self):
        for visit in self:
            visit.customer = visit.order_id.customer

    @api.model
    def _search_customer(self, operator, value):
        return Domain("order_id.customer", operator, value)

    @api.depends(
        "address", "building_id.address", "building_id.identifier", "commune_id.name"
    )
    @api.depends_context("uid")
    def _compute_place(self):
        for visit in self:
            visit.place = visit._spoken_address()

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        """Read what is to come from the next visit on, what is past from the last."""
        if order == self._order and self.env.context.get("shown") == "open":
            order = NEXT_FIRST
        return super()._search(domain, offset, limit, order, **options)
