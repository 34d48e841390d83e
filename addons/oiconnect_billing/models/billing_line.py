from odoo import fields, models

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD


class BillingLine(models.Model):
    """One access billed for one month: frozen, and billed once only.

    The widest table of the product (accesses × months): it keeps what is its
    own and reads the rest through its item.
    """

    _name = "oiconnect.billing.line"
    _description = "Billed access"
    _order = "id"
    _log_access = False
    _rec_name = "oc_reference"
    _event_fields = EVERY_FIELD

    # Items delete their lines themselves; orders and products are never deleted. A run
    # that freezes a million accesses locks no order by its foreign key.
    item_id = Many2oneWithoutForeignKey(
        "oiconnect.billing.item", required=True, index=True
    )
    order_id = Many2oneWithoutForeignKey("oiconnect.access.order", required=True)
    product_id = Many2oneWithoutForeignKey("oiconnect.billing.product", required=True)
    period = fields.Date("Month", required=True)
    is_credit = fields.Boolean("Overpaid", required=True)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    days = fields.Integer()
    amount = fields.Monetary("Amount excl. tax")

    run_id = fields.Many2one(related="item_id.run_id")
    operator_id = fields.Many2one(related="item_id.operator_id")
    network_id = fields.Many2one(related="item_id.network_id")
    company_id = fields.Many2one(related="item_id.company_id")
    currency_id = fields.Many2one(related="item_id.currency_id")
    kind = fields.Selection(related="item_id.kind")
    move_id = fields.Many2one(related="item_id.move_id")
    invoice_state = fields.Selection(related="move_id.state", string="Invoice state")
    oc_reference = fields.Char(related="order_id.oc_reference")
    service_reference = fields.Char(related="order_id.service_reference")

    # An access is billed once per product and month, and given back once: the
    # same index finds what is already billed, and the lines of an order.
    _once = models.UniqueIndex(
        "(order_id, product_id, period, is_credit)",
        "This access is already billed for this month.",
    )

    def action_open_order(self):
        self.ensure_one()
        return open_form(self.order_id)
