from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ..periods import first_day

# What says of which months and whom a price is
SCOPE = {"product_id", "start_month", "operator_id", "network_id"}


class BillingPrice(models.Model):
    """Price of a product from a month on: of all operators, of one, of a network.

    The past is never rewritten: what a month was billed by stays as it was, and a price
    that changes is a new one with a later start.
    """

    _name = "oiconnect.billing.price"
    _description = "Price of a billing product"
    _order = "product_id, operator_id, network_id, start_month DESC, id"
    _rec_name = "price"
    _free_fields = EVERY_FIELD

    product_id = fields.Many2one(
        "oiconnect.billing.product",
        "Billing product",
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="product_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    start_month = fields.Date("Valid from", help="First month; empty: since ever")
    operator_id = fields.Many2one(
        "oiconnect.operator",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: all operators that have no price of their own",
    )
    network_id = fields.Many2one(
        "oiconnect.network",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all networks that have no price of their own",
    )
    price = fields.Monetary("Price excl. tax", required=True)
    is_billed = fields.Boolean(
        "Billed",
        compute="_compute_is_billed",
        compute_sudo=True,
        help="A month was billed by it: it stays as it is",
    )

    # Also the prices of a product: product_id = x
    _scope_uniq = models.UniqueIndex(
        "(product_id, COALESCE(start_month, '0001-01-01'::date),"
        " COALESCE(operator_id, 0), COALESCE(network_id, 0))",
        "This product has a price from this month on already: correct that one.",
    )
    _price_positive = models.Constraint(
        "CHECK (price >= 0)", "A price cannot be negative."
    )

    @api.constrains("network_id", "product_id")
    def _check_network(self):
        for price in self:
            own = price.product_id.network_id
            other_company = price.network_id.company_id != price.company_id
            if price.network_id and (other_company or own - price.network_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s is not billed on network %(network)s: choose "
                        "another network, or none.",
                        product=price.product_id.name,
                        network=price.network_id.name,
                    )
                )

    @api.depends("start_month", "operator_id", "network_id")
    def _compute_is_billed(self):
        for price in self:
            price.is_billed = bool(price._origin and price._last_billed_month())

    @api.depends("price", "start_month", "operator_id", "network_id")
    def _compute_display_name(self):
        for one in self:
            amount = formatLang(self.env, one.price, currency_obj=one.currency_id)
            scope = (one.operator_id.display_name, one.network_id.name)
            one.display_name = ", ".join(filter(None, (amount, *scope)))

    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create([self._with_first_day(vals) for vals in vals_list])
        prices._refuse_billed()
        prices._tell(self.env._("New price"))
        return prices

    def write(self, vals):
        vals = self._with_first_day(vals)
        changed = self.filtered(lambda one: one._differs(vals))
        changed._refuse_billed()
        result = super().write(vals)
        if changed and vals.keys() & SCOPE:
            changed._refuse_billed()
        changed._tell(self.env._("Price changed"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._refuse_billed()
        self._tell(self.env._("Price removed"))

    @api.model
    def _with_first_day(self, vals):
        """Return ``vals`` with the month as its first day, as it is stored."""
        month = fields.Date.to_date(vals.get("start_month"))
        return vals | {"start_month": first_day(month)} if month else vals

    def _differs(self, vals):
        """Tell whether ``vals`` change anything: forms send what they do not change."""
        new = self.new(vals, origin=self)
        names = vals.keys() & {*SCOPE, "price"}
        return any(new[name] != self[name] for name in names)

    def _last_billed_month(self):
        """Return the last month billed to whom the price is for, from its start on."""
        self.ensure_one()
        found = self.env["oiconnect.billing.item"].sudo()
        domain = Domain("product_id", "=", self.product_id._origin.id)
        if self.start_month:
            domain &= Domain("period", ">=", self.start_month)
        if self.operator_id:
            domain &= Domain("operator_id", "=", self.operator_id._origin.id)
        if self.network_id:
            domain &= Domain("network_id", "=", self.network_id._origin.id)
        return found.search(domain, order="period DESC", limit=1).period

    def _refuse_billed(self):
        """Refuse what would change a month that was billed.

        :raises UserError: with the first month from which a price can be given
        """
        self.product_id._lock_prices()
        for price in self:
            if month := price._last_billed_month():
                raise UserError(
                    self.env._(
                        "%(product)s is billed until %(month)s: this price stays as it "
                        "is. Add a price that starts later.",
                        product=price.product_id.name,
                        month=format_date(self.env, month, date_format="MMMM yyyy"),
                    )
                )

    def _tell(self, what):
        """Keep in the discussion of the product who changed which price."""
        if self.env.context.get("tracking_disable"):
            return
        for price in self:
            start = price.start_month
            words = [
                what,
                price.display_name,
                start and format_date(self.env, start, date_format="MMMM yyyy"),
            ]
            price.product_id.message_post(body=" – ".join(filter(None, words)))
