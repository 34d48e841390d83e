from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.time_zone import local_today

from ..periods import first_day, last_day, month_days, next_month
from ..prices import PlanRow, general_and_particular
from ..source import EACH

_lt = LazyTranslate(__name__)

CONNECTION_TYPES = [
    ("all", "Any"),
    ("oc", "By the operator"),
    ("oi", "By us"),
    ("stoc", "STOC"),
]


# What a price is one of
UNITS = [
    (EACH, "The whole"),
    ("dwelling", "Dwelling"),
    ("share", "Share taken"),
    ("fibre", "Fibre"),
]


# What runs look for, also in the months that they have billed: a product that is on
# invoices keeps it, or those months would be billed or given back anew.
WHAT_IT_BILLS = {
    "billing_type",
    "company_id",
    "connection_type",
    "fee_mode",
    "order_state",
    "prorata",
    "retained_type",
    "source",
}


class BillingProduct(models.Model):
    """Product billed for what a source holds: selection, price, billing mode."""

    _name = "oiconnect.billing.product"
    _description = "Billing product"
    _created_text = _lt("Billing product created")
    _inherit = "oiconnect.chatter"
    _order = "name, id"
    _check_company_auto = True
    _free_fields = EVERY_FIELD

    name = fields.Char(required=True, help="Written on the lines of the invoices")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    network_id = fields.Many2one(
        "oiconnect.network",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Leave empty to bill the accesses of every network of the company",
    )
    product_id = fields.Many2one(
        "product.product",
        "Odoo product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="Gives the taxes and the income account of the invoice lines",
    )
    tax_ids = fields.Many2many(
        "account.tax", string="Taxes", compute="_compute_tax_ids"
    )

    # What it bills
    source = fields.Selection(
        lambda self: self.env["oiconnect.billing.source"]._selection(),
        "Billed for",
        required=True,
        default="access",
        index=True,
        tracking=True,
    )
    source_asks = fields.Char(compute="_compute_source_asks")
    is_event = fields.Boolean(
        "Happens once", compute="_compute_source_asks", help="It has no end"
    )
    unit = fields.Selection(
        UNITS,
        "Price of a",
        compute="_compute_unit",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        tracking=True,
        help="What the price is multiplied by, when it is billed",
    )
    connection_type = fields.Selection(
        CONNECTION_TYPES, "Connection", required=True, default="all", tracking=True
    )
    retained_type = fields.Selection(
        [("all", "Any"), ("loca", "Rental"), ("cofi", "Co-financing")],
        "Access type",
        required=True,
        default="all",
        tracking=True,
    )
    order_state = fields.Selection(
        [("delivered", "Made available"), ("in_service", "In service")],
        "Billed from",
        required=True,
        default="in_service",
        tracking=True,
        help="State of the order that starts the billing",
    )

    # How
    billing_type = fields.Selection(
        [("recurring", "Every month"), ("one_off", "Once")],
        "Billing type",
        compute="_compute_billing_type",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        tracking=True,
        help="Once: in the month in which it begins or happens",
    )
    billing_mode = fields.Selection(
        [("arrears", "In arrears"), ("advance", "In advance")],
        "Billing mode",
        compute="_compute_billing_mode",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        tracking=True,
        help="In advance: the run of a month also bills the month after",
    )
    fee_mode = fields.Selection(
        [
            ("per_access", "Per access"),
            ("flat", "Flat per operator"),
            ("minimum", "Minimum per operator"),
        ],
        "Fee mode",
        required=True,
        default="per_access",
        tracking=True,
        help="Flat: one amount as soon as the operator has one access concerned. "
        "Minimum: then, what its month lacks to reach the price",
    )
    prorata = fields.Selection(
        [
            ("both", "First and last month"),
            ("first", "First month"),
            ("last", "Last month"),
            ("none", "Full months only"),
        ],
        "Pro rata",
        compute="_compute_prorata",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        tracking=True,
        help="Months that are billed by the day; the day of the end is not billed",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    price_ids = fields.One2many(
        "oiconnect.billing.price", "product_id", "Price list", copy=True
    )
    price = fields.Monetary(
        "Price excl. tax",
        compute="_compute_price",
        inverse="_inverse_price",
        help="Of this month, for operators that have no price of their own",
    )
    first_month = fields.Date("First month billed", help="Empty: since ever")
    last_month = fields.Date("Last month billed", help="Empty: until further notice")
    item_count = fields.Integer("Invoice lines", compute="_compute_item_count")

    _one_off_per_access = models.Constraint(
        "CHECK (billing_type = 'recurring' OR fee_mode = 'per_access')",
        "What is billed once is billed per access: change the fee mode.",
    )
    _one_off_in_arrears = models.Constraint(
        "CHECK (billing_type = 'recurring' OR billing_mode = 'arrears')",
        "What is billed once cannot be billed in advance: change the billing mode.",
    )
    _prorata_of_months = models.Constraint(
        "CHECK (prorata = 'none' OR"
        " (billing_type = 'recurring' AND fee_mode = 'per_access'))",
        "Only a monthly price per access is billed by the day: change the pro rata.",
    )
    _months_order = models.Constraint(
        "CHECK (last_month >= first_month)",
        "The last month comes before the first one: check the months.",
    )

    @api.constrains("source", "billing_type", "unit")
    def _check_source(self):
        for product in self:
            source = product._source()
            if source.is_event and product.billing_type == "recurring":
                raise ValidationError(
                    self.env._(
                        "%s: what happens once is billed once, change the billing "
                        "type.",
                        product.name,
                    )
                )
            if product.unit not in (EACH, *source.units):
                raise ValidationError(
                    self.env._(
                        "%(product)s: “%(what)s” is not counted so, change what the "
                        "price is of.",
                        product=product.name,
                        what=self.env._(source.label),
                    )
                )

    @api.constrains("network_id", "company_id")
    def _check_network(self):
        for product in self:
            if (
                product.network_id
                and product.network_id.company_id != product.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s: network %(network)s belongs to another company, "
                        "choose one of %(company)s.",
                        product=product.name,
                        network=product.network_id.name,
                        company=product.company_id.name,
                    )
                )

    @api.depends("price_ids.price", "price_ids.start_month", "network_id")
    def _compute_price(self):
        month = first_day(local_today())
        for product in self:
            general, _particular = product._prices(product.network_id, month)
            product.price = general or 0.0

    def _inverse_price(self):
        """Write the price of all operators since ever, the first one of the list."""
        for product in self:
            general = product.price_ids.filtered(
                lambda one: not (one.start_month or one.operator_id or one.network_id)
            )
            if general:
                general.price = product.price
            else:
                # The creation of the product says enough.
                product.price_ids.with_context(tracking_disable=True).create(
                    {"product_id": product.id, "price": product.price}
                )

    @api.depends("product_id", "company_id")
    def _compute_tax_ids(self):
        for product in self:
            taxes = product.product_id.taxes_id
            product.tax_ids = taxes._filter_taxes_by_company(product.company_id)

    @api.depends("source")
    def _compute_source_asks(self):
        for product in self:
            source = product.source and product._source()
            # Never empty: views look names up in it.
            product.source_asks = " ".join(["source", *(source and source.asks or ())])
            product.is_event = bool(source) and source.is_event

    @api.depends("source")
    def _compute_unit(self):
        for product in self:
            known = product.source and product._source().units
            if not product.unit or product.unit not in (known or ()):
                product.unit = EACH

    @api.depends("source")
    def _compute_billing_type(self):
        for product in self:
            if product.is_event:
                product.billing_type = "one_off"
            elif not product.billing_type:
                product.billing_type = "recurring"

    @api.depends("billing_type")
    def _compute_billing_mode(self):
        for product in self:
            if product.billing_type == "one_off" or not product.billing_mode:
                product.billing_mode = "arrears"

    @api.depends("billing_type", "fee_mode")
    def _compute_prorata(self):
        for product in self:
            by_the_day = (
                product.billing_type == "recurring" and product.fee_mode == "per_access"
            )
            if not by_the_day:
                product.prorata = "none"
            elif not product.prorata:
                product.prorata = "both"

    def _compute_item_count(self):
        counts = dict(
            self.env["oiconnect.billing.item"]._read_group(
                [("product_id", "in", self.ids)], ["product_id"], ["__count"]
            )
        )
        for product in self:
            product.item_count = counts.get(product, 0)

    def write(self, vals):
        named = vals.keys() & WHAT_IT_BILLS
        for product in self if named else ():
            new = product.new({name: vals[name] for name in named}, origin=product)
            changes = any(new[name] != product[name] for name in named)
            if changes and product.sudo().item_count:
                raise UserError(
                    self.env._(
                        "%s is on invoices already: make another product for something "
                        "else.",
                        product.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        for product in self:
            if product.sudo().item_count:
                raise UserError(
                    self.env._(
                        "%s is on invoices already: archive it instead.", product.name
                    )
                )

    def _source(self):
        return self.env["oiconnect.billing.source"]._source(self.source)

    def _prices(self, network, month):
        """Return ``(general price, {operator id: price})`` of a month on a network."""
        rows = [
            (one.start_month, one.operator_id.id, one.network_id.id, one.price)
            for one in self.price_ids
        ]
        return general_and_particular(rows, network.id, month)

    def _lock_prices(self):
        """Let no other transaction bill or price the products until this one ends.

        Written, not only locked: who waits must not go on with what it saw before.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH held AS (
                    SELECT id FROM oiconnect_billing_product WHERE id = ANY(%s)
                    ORDER BY id FOR UPDATE
                )
                UPDATE oiconnect_billing_product product
                SET write_date = product.write_date
                FROM held WHERE product.id = held.id
                """,
                self.ids,
            )
        )

    def _valid_prices(self, month):
        """Return the prices that apply in the month: one an operator and network."""
        begun = self.price_ids.filtered(
            lambda one: not one.start_month or one.start_month <= month
        )
        in_turn = begun.sorted(lambda one: one.start_month or date.min)
        latest = {(one.operator_id, one.network_id): one for one in in_turn}
        return self.price_ids.browse(one.id for one in latest.values())

    def _plan(self, network, month):
        """Return what the run of ``month`` looks for, one row per product and month."""
        return [
            row
            for product in self
            for period in product._periods(month)
            for row in product._plan_rows(network, period)
        ]

    def _periods(self, month):
        """Return the months that the run of ``month`` bills."""
        ahead = [next_month(month)] if self.billing_mode == "advance" else []
        return [period for period in (month, *ahead) if self._is_sold_in(period)]

    def _plan_rows(self, network, period):
        """Return the row of a month, none where no one has a price."""
        self.ensure_one()
        general, particular = self._prices(network, period)
        if general is None and not particular:
            return []
        row = PlanRow(
            self.id, period, last_day(period), month_days(period), general, particular
        )
        return [row]

    def _past_plan(self, run):
        """Return the rows of the earlier months that runs have billed, oldest first."""
        return [
            row
            for product, periods in run._billed_periods(self).items()
            for period in sorted(periods)
            for row in product._plan_rows(run.network_id, period)
        ]

    def _is_sold_in(self, period):
        begins = not self.first_month or first_day(self.first_month) <= period
        return begins and (not self.last_month or period <= self.last_month)

    def action_view_items(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "oiconnect.billing.item",
            "view_mode": "list,pivot",
            "domain": [("product_id", "=", self.id)],
            "name": self.env._("Invoice lines"),
        }
