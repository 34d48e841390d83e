from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ..periods import last_day

KINDS = [
    ("full", "Full months"),
    ("prorata", "By the day"),
    ("one_off", "Once"),
    ("flat", "Flat"),
    ("minimum", "Minimum"),
    ("late", "Past month"),
    ("again", "Billed again"),
    ("credit", "Overpaid"),
]


class BillingItem(models.Model):
    """One line of an invoice: the accesses of an operator billed alike.

    Made together with its accesses, by SQL (``due.freeze``); never changed but
    to be tied to its invoice line, and gone with it.
    """

    _name = "oiconnect.billing.item"
    _description = "Billed item"
    _order = "id desc"
    _event_fields = EVERY_FIELD

    run_id = fields.Many2one(
        "oiconnect.billing.run", required=True, index=True, ondelete="restrict"
    )
    network_id = fields.Many2one(
        "oiconnect.network", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "oiconnect.billing.product", required=True, index=True, ondelete="restrict"
    )
    period = fields.Date("Month", required=True)
    last_day = fields.Date("Last day", compute="_compute_last_day")
    kind = fields.Selection(KINDS, required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(help="Price of a month when it was billed")
    line_count = fields.Integer("Accesses")
    days = fields.Integer()
    quantity = fields.Float(
        digits=(16, 2), help="Accesses, or what else the price is of"
    )
    amount = fields.Monetary("Amount excl. tax")
    move_id = fields.Many2one(
        "account.move", "Invoice", index="btree_not_null", ondelete="restrict"
    )
    move_line_id = fields.Many2one(
        "account.move.line", "Invoice line", index="btree_not_null", ondelete="restrict"
    )
    line_ids = fields.One2many("oiconnect.billing.line", "item_id", "Accesses billed")

    # A flat fee or a minimum is billed once per operator, network and month.
    _flat_uniq = models.UniqueIndex(
        "(operator_id, network_id, product_id, period)"
        " WHERE kind IN ('flat', 'minimum')",
        "This flat fee is already billed for this month.",
    )
    # The last month billed of a product, to one operator or all
    _last_month_idx = models.Index("(product_id, period)")

    def _in_invoice_order(self):
        """Product by product, month by month: full months, days, what is given back."""
        ranks = {kind: rank for rank, (kind, _label) in enumerate(KINDS)}
        return self.sorted(
            lambda item: (item.product_id.name, item.period, ranks[item.kind])
        )

    @api.depends("period")
    def _compute_last_day(self):
        for item in self:
            item.last_day = item.period and last_day(item.period)

    @api.depends("product_id.name", "period", "kind")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item._label()

    def unlink(self):
        """The accesses go with their item, and can be billed again."""
        self.env.cr.execute(
            SQL("DELETE FROM oiconnect_billing_line WHERE item_id = ANY(%s)", self.ids)
        )
        self.env["oiconnect.billing.line"].invalidate_model()
        return super().unlink()

    def _label(self):
        """Return the text of the invoice line, in the language of the context."""
        month = format_date(self.env, self.period, date_format="MMMM yyyy")
        head = f"{self.product_id.name} – {month}"
        numbers = {"head": head, "count": self.line_count, "days": abs(self.days)}
        if self.kind == "prorata":
            return self.env._(
                "%(head)s, by the day (accesses: %(count)s, days: %(days)s)", **numbers
            )
        if self.kind == "minimum":
            return self.env._("%(head)s, up to the minimum", **numbers)
        if self.kind == "late":
            return self.env._(
                "%(head)s, not billed then (accesses: %(count)s, days: %(days)s)",
                **numbers,
            )
        if self.kind == "again":
            return self.env._(
                "%(head)s, held after all (accesses: %(count)s, days: %(days)s)",
                **numbers,
            )
        if self.kind == "credit":
            return self.env._(
                "%(head)s, billed after the end (accesses: %(count)s, days: %(days)s)",
                **numbers,
            )
        return head

    def _invoice_line_vals(self, sign=1):
        """Return the values of the line: full months by quantity, the rest as a sum."""
        self.ensure_one()
        counted = self._is_counted()
        return {
            "product_id": self.product_id.product_id.id,
            "name": self._label(),
            "quantity": self.quantity if counted else 1,
            "price_unit": sign * (self.price if counted else self.amount),
        }

    def _is_counted(self):
        """Tell whether quantity by price is the amount, whatever was rounded."""
        same = self.currency_id.compare_amounts(self.price * self.quantity, self.amount)
        return self.kind in ("full", "one_off") and not same

    def action_view_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "oiconnect.billing.line",
            "view_mode": "list",
            "domain": [("item_id", "=", self.id)],
        }
