from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

# What an operator and we call the record of a line, as its source declares
NAMES = ("oc_reference", "service_reference", "place")


class BillingLine(models.Model):
    """One record of a source, billed for one month: frozen, and billed once only.

    The widest table of the product (accesses × months): it keeps what is its
    own and reads the rest through its item and its record.
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
    product_id = Many2oneWithoutForeignKey("oiconnect.billing.product", required=True)
    # The record: the source of the product says of which model
    res_id = fields.Integer("Record", required=True, aggregator=None)
    period = fields.Date("Month", required=True)
    part = fields.Integer(
        required=True,
        default=0,
        aggregator=None,
        help="0: what was due first; its corrections are 1, 2… Where several operators "
        "owe the same record, the number of the operator",
    )
    is_credit = fields.Boolean("Overpaid", required=True)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    days = fields.Integer()
    quantity = fields.Float(digits=(12, 2), required=True, default=1)
    amount = fields.Monetary("Amount excl. tax")

    source = fields.Selection(related="product_id.source", string="Billed for")
    res_model = fields.Char("Model of the record", compute="_compute_res_model")
    run_id = fields.Many2one(related="item_id.run_id")
    operator_id = fields.Many2one(related="item_id.operator_id")
    network_id = fields.Many2one(related="item_id.network_id")
    company_id = fields.Many2one(related="item_id.company_id")
    currency_id = fields.Many2one(related="item_id.currency_id")
    kind = fields.Selection(related="item_id.kind")
    move_id = fields.Many2one(related="item_id.move_id")
    invoice_state = fields.Selection(related="move_id.state", string="Invoice state")
    order_id = fields.Many2one(
        "oiconnect.access.order",
        "Access order",
        compute="_compute_order_id",
        search="_search_order_id",
    )
    oc_reference = fields.Char(
        "Operator's reference", compute="_compute_names", search="_search_oc_reference"
    )
    service_reference = fields.Char(
        "Service reference",
        compute="_compute_names",
        search="_search_service_reference",
    )
    place = fields.Char("PTO, PM or link", compute="_compute_names")
    can_open = fields.Boolean("May be opened", compute="_compute_can_open")

    # A record is billed once per product and month, and corrected one after the other:
    # the same index finds what is already billed, and the lines of a record.
    _once = models.UniqueIndex(
        "(res_id, product_id, period, part)",
        "This access is already billed for this month.",
    )
    # What may be owed again: months billed in part, and those that were corrected
    _partial_idx = models.Index(
        "(product_id, period) WHERE part > 0"
        " OR (days > 0 AND date_to + 1 < period + INTERVAL '1 month')"
    )

    @api.depends("product_id.source")
    def _compute_res_model(self):
        sources = self.env["oiconnect.billing.source"]
        for line in self:
            line.res_model = line.source and sources._model_of(line.source)

    @api.depends("product_id.source", "res_id")
    def _compute_order_id(self):
        for line in self:
            is_order = line.res_model == "oiconnect.access.order"
            line.order_id = is_order and line.res_id

    @api.model
    def _search_order_id(self, operator, value):
        """Return the lines of access orders, given by their ids, names or a domain."""
        orders = self.env["oiconnect.access.order"]
        if operator in ("any", "any!"):
            value = orders._search(value) if isinstance(value, Domain) else value
        elif operator != "in":
            return NotImplemented
        keys = [
            key for key, (model, _s) in self._sources().items() if model == orders._name
        ]
        return Domain("source", "in", keys) & Domain("res_id", "in", value)

    @api.depends("product_id.source", "res_id")
    def _compute_names(self):
        named = self.filtered("source")
        (self - named).update(dict.fromkeys(NAMES, False))
        for key, lines in named.grouped("source").items():
            source = self.env["oiconnect.billing.source"]._source(key)
            query = SQL(
                "SELECT * FROM %s AS named WHERE record_id = ANY(%s)",
                source.names(),
                lines.mapped("res_id"),
            )
            names = {row[0]: row[1:] for row in self.env.execute_query(query)}
            for line in lines:
                texts = names.get(line.res_id) or self._names_of_deleted(line.res_id)
                line.update(dict(zip(NAMES, texts, strict=True)))

    def _names_of_deleted(self, res_id):
        return self.env._("Deleted (no. %s)", res_id), False, False

    @api.model
    def _search_oc_reference(self, operator, value):
        return self._search_name("oc_reference", operator, value)

    @api.model
    def _search_service_reference(self, operator, value):
        return self._search_name("service_reference", operator, value)

    @api.model
    def _search_name(self, name, operator, value):
        """Return the lines of the records of any source that are called so."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(
            Domain("source", "=", key)
            & Domain(
                "res_id",
                "in",
                self.env[model]
                .sudo()
                ._search([(source.searched[name], operator, value)]),
            )
            for key, (model, source) in self._sources().items()
            if name in source.searched
        )

    @api.model
    def _sources(self):
        return self.env["oiconnect.billing.source"]._declared()

    @api.depends("product_id.source")
    @api.depends_context("uid")
    def _compute_can_open(self):
        for line in self:
            record = line._opened()
            line.can_open = record is not None and record.has_access("read")

    def _opened(self):
        """Return what people open of the line, without a look at it; None: nothing."""
        if not self.source:
            return None
        model, source = self._sources()[self.source]
        return self.env[source.opens or model]

    def action_open_record(self):
        """Open what was billed."""
        self.ensure_one()
        model, source = self._sources()[self.source]
        record = self.env[model].browse(self.res_id)
        if source.opens:
            named = record.sudo().exists()[source.opened_by]
            record = self.env[source.opens].browse(named)
        return open_form(record)
