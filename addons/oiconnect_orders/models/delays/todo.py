from odoo import api, fields, models
from odoo.fields import Domain

from ...delays.todos import TODO_KINDS
from ...personal import CUSTOMER_GROUPS

# What is to do is about a customer where it is about one of these.
OF_CUSTOMER = ("oiconnect.access.order", "oiconnect.appointment")


class Todo(models.Model):
    """Things to do about orders, found by the customer too."""

    _inherit = "oiconnect.todo"

    kind = fields.Selection(
        selection_add=TODO_KINDS,
        ondelete={name: "cascade" for name, *label in TODO_KINDS if label},
    )

    customer = fields.Char(
        store=False,
        search="_search_customer",
        groups=CUSTOMER_GROUPS,
        help="Found by the name, or by the telephone however it is written",
    )

    @api.model
    def _search_customer(self, operator, value):
        wanted = Domain("customer", operator, value)
        return Domain.OR(
            Domain("res_model", "=", model)
            & Domain("res_id", "in", self.env[model]._search(wanted))
            for model in OF_CUSTOMER
        )
