from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class BillingDispute(models.Model):
    """Credit notes of what was accepted: drafts, one an invoice, once only."""

    _inherit = "oiconnect.billing.dispute"

    def action_make_refunds(self):
        """Make the credit notes of the accepted lines that have none."""
        self.check_access("write")
        refunds = self.env["account.move"].sudo()
        for dispute in self.sudo():
            refunds |= dispute.with_company(dispute.company_id)._make_refunds()
        return self[:1].action_view_refunds() if len(self) == 1 else True

    def _make_refunds(self):
        lines = self.line_ids.filtered(
            lambda line: line.state == "accepted" and not line.refund_line_id
        )
        if not lines:
            raise UserError(
                self.env._(
                    "%s has no accepted line without credit note: accept lines first.",
                    self.name,
                )
            )
        lines._lock(("accepted",))
        lines._check_still_billed()
        return self.env["account.move"].union(
            *(
                self._make_refund(invoice, contested)
                for invoice, contested in lines.grouped("move_id").items()
            )
        )

    def _make_refund(self, invoice, lines):
        """Credit lines of an invoice: one line for each of its items."""
        items = list(lines.grouped("item_id").items())
        lang = invoice.partner_id.lang or self.env.lang
        refund = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "company_id": invoice.company_id.id,
                "journal_id": invoice.journal_id.id,
                "currency_id": invoice.currency_id.id,
                "fiscal_position_id": invoice.fiscal_position_id.id,
                "invoice_origin": invoice.name,
                "ref": f"{self.name} – {invoice.name}",
                "reversed_entry_id": invoice.move_type == "out_invoice" and invoice.id,
                "oiconnect_operator_id": self.operator_id.id,
                "oiconnect_dispute_id": self.id,
                "invoice_line_ids": [
                    Command.create(
                        contested.with_context(lang=lang)._refund_line_vals(item)
                        | {"sequence": rank}
                    )
                    for rank, (item, contested) in enumerate(items, 1)
                ],
            }
        )
        made = refund.line_ids.filtered(lambda line: line.display_type == "product")
        for (_item, contested), line in zip(
            items, made.sorted("sequence"), strict=True
        ):
            contested.refund_line_id = line
        return refund


class BillingDisputeLine(models.Model):
    _inherit = "oiconnect.billing.dispute.line"

    def _refund_line_vals(self, item):
        """Return the line of the credit note: taxed and booked as what it credits."""
        billed = item.move_line_id
        return {
            "product_id": billed.product_id.id,
            "name": self.env._(
                "%(item)s, contested lines: %(count)s",
                item=item.with_context(lang=self.env.lang)._label(),
                count=len(self),
            ),
            "quantity": 1,
            "price_unit": sum(self.mapped("amount")),
            "tax_ids": [Command.set(billed.tax_ids.ids)],
            "account_id": billed.account_id.id,
            "analytic_distribution": billed.analytic_distribution,
        }
