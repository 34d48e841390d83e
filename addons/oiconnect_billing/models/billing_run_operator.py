import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.log_redaction import (
    redacted_error,
    redacted_traceback,
)
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

_logger = logging.getLogger(__name__)

ADDRESS = ("street", "zip", "city", "country_id")


class BillingRunOperator(models.Model):
    """Result of a billing run for one operator: an invoice, or an error."""

    _name = "oiconnect.billing.run.operator"
    _description = "Operator of a billing run"
    _order = "state desc, operator_id, id"
    _rec_name = "operator_id"
    _event_fields = EVERY_FIELD

    run_id = fields.Many2one(
        "oiconnect.billing.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("pending", "Waiting"), ("done", "Invoiced"), ("error", "Error")],
        default="pending",
        required=True,
    )
    error = fields.Text()
    move_id = fields.Many2one(
        "account.move", "Invoice", index="btree_not_null", ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_count = fields.Integer(related="move_id.oiconnect_line_count")
    amount = fields.Monetary("Total excl. tax", related="move_id.amount_untaxed_signed")
    invoice_state = fields.Selection(related="move_id.state", string="Invoice state")

    def action_open(self):
        """Open the invoice; without any, the operator, to fix what it lacks."""
        self.ensure_one()
        if not self.move_id:
            return open_form(self.operator_id)
        action = open_form(self.move_id)
        form = self.env.ref("oiconnect_billing.account_move_view_form_read")
        return action | {"views": [(form.id, "form")]}

    def _invoice(self):
        """Invoice the operators, each in its savepoint.

        All at once, which is fastest; when that fails, half by half down to the
        operator at fault, whose error is stored.
        """
        with isolated_savepoint(self.env.cr) as attempt:
            self._make_invoices()
        if not attempt.error:
            return
        if len(self) == 1:
            self._keep_error(attempt.error)
        else:
            half = len(self) // 2
            self[:half]._invoice()
            self[half:]._invoice()

    def _keep_error(self, error):
        """Store the error and release the frozen items of the operator."""
        if isinstance(error, UserError):
            message = str(error)
        else:
            _logger.error(
                "Billing of %s: %s",
                self.operator_id.display_name,
                redacted_traceback(error),
            )
            message = self.env._("Unexpected error: %s", redacted_error(error))
        self._items().unlink()
        self.write({"state": "error", "error": " ".join(message.split())})

    def _make_invoices(self):
        for row in self:
            row._check_customer()
            row._check_taxes()
        moves = self.env["account.move"].create([row._invoice_vals() for row in self])
        for row, move in zip(self, moves, strict=True):
            row._tie(move)

    def _items(self):
        """Return what is frozen for the operator and not invoiced yet."""
        items = self.env["oiconnect.billing.item"].search(
            Domain("run_id", "=", self.run_id.id)
            & Domain("operator_id", "=", self.operator_id.id)
            & Domain("move_id", "=", False)
        )
        return items._in_invoice_order()

    def _tie(self, move):
        lines = move.line_ids.filtered(lambda line: line.display_type == "product")
        for item, line in zip(self._items(), lines.sorted("sequence"), strict=True):
            item.write({"move_id": move.id, "move_line_id": line.id})
        self.write({"state": "done", "move_id": move.id})

    def _check_customer(self):
        """An invoice bears the customer's address (CGI, ann. II, art. 242 nonies A)."""
        partner = self.operator_id._billing_partner()
        missing = [name for name in ADDRESS if not partner[name]]
        if missing:
            labels = partner.fields_get(missing, ["string"])
            raise UserError(
                self.env._(
                    "%(customer)s has no complete address: fill in %(fields)s on the "
                    "operator's form.",
                    customer=partner.display_name,
                    fields=", ".join(labels[name]["string"] for name in missing),
                )
            )

    def _check_taxes(self):
        """An invoice bears no VAT by decision only: not because a tax was archived."""
        taxes = self.env["account.tax"].with_context(active_test=False)
        own = taxes._check_company_domain(self.run_id.company_id)
        for product in self._items().product_id.product_id.with_context(
            active_test=False
        ):
            known = product.taxes_id.filtered_domain(own)
            if known and not any(known.mapped("active")):
                raise UserError(
                    self.env._(
                        "All taxes of %(product)s are archived (%(taxes)s): choose "
                        "those that apply on its form.",
                        product=product.display_name,
                        taxes=", ".join(known.mapped("name")),
                    )
                )

    def _invoice_vals(self):
        run, operator, items = self.run_id, self.operator_id, self._items()
        partner = operator._billing_partner()
        is_refund = sum(items.mapped("amount")) < 0
        items = items.with_context(lang=partner.lang or self.env.lang)
        sign = -1 if is_refund else 1
        return {
            "move_type": "out_refund" if is_refund else "out_invoice",
            "partner_id": partner.id,
            "company_id": run.company_id.id,
            "currency_id": run.currency_id.id,
            "invoice_origin": run.name,
            "ref": f"{run.network_id.code}-{run.month:%Y%m}-{operator.interop_code}",
            "delivery_date": max(items.mapped("last_day")),
            "oiconnect_run_id": run.id,
            "oiconnect_operator_id": operator.id,
            "invoice_line_ids": [
                fields.Command.create(
                    item._invoice_line_vals(sign) | {"sequence": rank}
                )
                for rank, item in enumerate(items, 1)
            ],
        }
