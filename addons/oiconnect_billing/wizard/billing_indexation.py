from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.oiconnect_base.time_zone import local_today

from ..periods import first_day, next_month


class BillingIndexation(models.TransientModel):
    """New prices of many products at once, by a coefficient, from a month on.

    Every price of the list that is valid then is indexed: those of operators and
    networks too. The former ones stay, and with them the months that they billed.
    """

    _name = "oiconnect.billing.indexation"
    _description = "Indexation of prices"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    coefficient = fields.Float(digits=(12, 6), required=True, default=1.0)
    start_month = fields.Date(
        "Valid from",
        required=True,
        default=lambda self: next_month(local_today()),
    )
    product_ids = fields.Many2many(
        "oiconnect.billing.product",
        string="Billing products",
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._default_products(),
    )
    line_ids = fields.One2many(
        "oiconnect.billing.indexation.line",
        "indexation_id",
        "New prices",
        compute="_compute_line_ids",
    )

    @api.model
    def _default_products(self):
        products = self.env["oiconnect.billing.product"]
        is_chosen = self.env.context.get("active_model") == products._name
        chosen = products.browse(
            self.env.context.get("active_ids") if is_chosen else ()
        )
        own = [("company_id", "=", self.env.company.id)]
        return chosen.filtered_domain(own) or products.search(own)

    @api.depends("coefficient", "start_month", "product_ids")
    def _compute_line_ids(self):
        for indexation in self:
            indexation.line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in indexation._lines()),
            ]

    def _lines(self):
        """Return the values of the preview: one line a price that is valid then."""
        if not self.start_month:
            return []
        month = first_day(self.start_month)
        return [
            {
                "product_id": price.product_id.id,
                "operator_id": price.operator_id.id,
                "network_id": price.network_id.id,
                "old_price": price.price,
                "exact_price": price.price * self.coefficient,
                "new_price": self.currency_id.round(price.price * self.coefficient),
                "is_taken": price.start_month == month,
            }
            for product in self.product_ids._origin.sorted("name")
            for price in product._valid_prices(month)
        ]

    def action_apply(self):
        """Make the new prices, all or none."""
        self.ensure_one()
        prices = self.env["oiconnect.billing.price"]
        prices.check_access("create")
        if self.coefficient <= 0:
            raise UserError(self.env._("The coefficient is a number above 0."))
        lines = self._lines()
        taken = [line["product_id"] for line in lines if line["is_taken"]]
        if taken:
            raise UserError(
                self.env._(
                    "%s: a price starts in this month already. Leave the product out, "
                    "or choose another month.",
                    self.env["oiconnect.billing.product"].browse(taken[0]).name,
                )
            )
        changed = [line for line in lines if line["new_price"] != line["old_price"]]
        if not changed:
            raise UserError(self.env._("No price changes: nothing is to be made."))
        names = ("product_id", "operator_id", "network_id")
        prices.create(
            [
                {name: line[name] for name in names}
                | {
                    "price": line["new_price"],
                    "start_month": first_day(self.start_month),
                }
                for line in changed
            ]
        )
        return {"type": "ir.actions.act_window_close"}
