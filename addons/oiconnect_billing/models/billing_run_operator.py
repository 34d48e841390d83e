import logging

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.exceptions import UserError

from ..due import freeze

_logger = logging.getLogger(__name__)

ADDRESS = ("street", "zip", "city", "country_id")


class BillingRunOperator(models.Model):
    """What a run did for one operator: an invoice, or the reason why not."""

    _name = "oiconnect.billing.run.operator"
    _description = "Operator of a billing run"
    _order = "state desc, operator_id, id"
    _rec_name = "operator_id"

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
    error = fields.Char()
    move_id = fields.Many2one(
        "account.move", "Invoice", index="btree_not_null", ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_count = fields.Integer(related="move_id.oiconnect_line_count")
    amount = fields.Monetary("Total excl. tax", related="move_id.amount_untaxed_signed")
    invoice_state = fields.Selection(related="move_id.state", string="Invoice state")

    def _bill(self, plan):
        """Invoice the operator; what goes wrong is kept here and stops no other."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                move = self._make_invoice(plan)
        except OperationalError:
            # Concurrent transactions: the whole one is tried again.
            raise
        except Exception as error:
            self._keep_error(error)
            return
        if move:
            self.write({"state": "done", "move_id": move.id})
        else:
            self.unlink()

    def _keep_error(self, error):
        if isinstance(error, UserError):
            message = str(error)
        else:
            _logger.exception("Billing of %s", self.operator_id.display_name)
            message = self.env._("Unexpected error: %s", error)
        self.write({"state": "error", "error": " ".join(message.split())})

    def _make_invoice(self, plan):
        """Freeze what is due, then invoice it; return no invoice when nothing is."""
        item_ids = freeze(self.env, self.run_id, self.operator_id, plan)
        items = self.env["oiconnect.billing.item"].browse(item_ids)._in_invoice_order()
        if not items:
            return self.env["account.move"]
        self._check_customer()
        move = self.env["account.move"].create(self._invoice_vals(items))
        products = move.line_ids.filtered(lambda line: line.display_type == "product")
        for item, line in zip(items, products.sorted("sequence"), strict=True):
            item.write({"move_id": move.id, "move_line_id": line.id})
        return move

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

    def _invoice_vals(self, items):
        run, operator = self.run_id, self.operator_id
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
