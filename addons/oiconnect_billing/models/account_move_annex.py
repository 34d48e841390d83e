import io
import re

from odoo import api, models
from odoo.tools import split_every

from ..annex import WRITERS

# Lines read at a time: what is in memory does not grow with the invoice.
PAGE = 5000


class AccountMove(models.Model):
    """The annex of an invoice: every record that it bills, one a line.

    As a spreadsheet and as csv: the same columns, read and written page by page.
    """

    _inherit = "account.move"

    def action_oiconnect_annex(self):
        return self._oiconnect_download_annex("xlsx")

    def action_oiconnect_annex_csv(self):
        return self._oiconnect_download_annex("csv")

    def _oiconnect_download_annex(self, form):
        self.ensure_one()
        self.env["oiconnect.billing.line"].check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/oiconnect/billing/annex/{self.id}/{form}",
            "target": "download",
        }

    def _oiconnect_annex_name(self, form="xlsx"):
        number = re.sub(r"[^\w-]+", "-", self.name or self.ref or str(self.id))
        return f"{self.env._('annex-%s', number.strip('-'))}.{form}"

    def _oiconnect_annexes(self):
        """Return the annexes that were made for the customers of the invoices."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.filtered("oiconnect_operator_id").ids),
                    ("description", "=", "oiconnect_annex"),
                ]
            )
        )

    def _oiconnect_keep_annex(self):
        """Make the annex in the customer's language, once: it leaves with the PDF."""
        if not self.oiconnect_line_count or self._oiconnect_annexes():
            return
        localized = self.with_context(lang=self.partner_id.lang or self.env.lang)
        for form in WRITERS:
            target = io.BytesIO()
            localized._oiconnect_write_annex(target, form)
            self.env["ir.attachment"].sudo().create(
                {
                    "name": localized._oiconnect_annex_name(form),
                    "description": "oiconnect_annex",
                    "res_model": self._name,
                    "res_id": self.id,
                    "raw": target.getvalue(),
                }
            )

    def _oiconnect_write_annex(self, target, form="xlsx"):
        """Write the annex to a binary stream.

        :param form: "xlsx" or "csv"
        """
        self.ensure_one()
        self.env["oiconnect.billing.line"].check_access("read")
        header = list(self._oiconnect_annex_columns().values())
        writer = WRITERS[form](target, header, self.env._("Total excl. tax"))
        for row in self._oiconnect_annex_rows():
            writer.add(row)
        writer.end()

    @api.model
    def _oiconnect_annex_columns(self):
        """Return ``{name: header}``, in the order of the row."""
        return {
            "line": self.env._("Line number"),
            "oc_reference": self.env._("Your reference"),
            "service_reference": self.env._("Service reference"),
            "place": self.env._("PTO, PM or link"),
            "product": self.env._("Product"),
            "month": self.env._("Month"),
            "date_from": self.env._("From"),
            "date_to": self.env._("To"),
            "event_date": self.env._("Event date"),
            "days": self.env._("Days"),
            "quantity": self.env._("Quantity"),
            "price": self.env._("Price excl. tax"),
            "amount": self.env._("Amount excl. tax"),
        }

    def _oiconnect_annex_rows(self):
        """Yield the row of each billed access and fee, in the order of the invoice."""
        self.env.flush_all()
        lines = self.env["oiconnect.billing.line"].sudo()
        for item in self.sudo().oiconnect_item_ids._in_invoice_order():
            ids = lines.search([("item_id", "=", item.id)], order="id").ids
            for page in split_every(PAGE, ids, list):
                yield from item._annex_rows(page)
            if not ids:
                yield item._annex_row_of_fee()


class AccountMoveSend(models.AbstractModel):
    """An operator's invoice is sent with the list of the accesses that it bills."""

    _inherit = "account.move.send"

    @api.model
    def _hook_invoice_document_after_pdf_report_render(self, invoice, invoice_data):
        result = super()._hook_invoice_document_after_pdf_report_render(
            invoice, invoice_data
        )
        invoice._oiconnect_keep_annex()
        return result

    @api.model
    def _get_invoice_extra_attachments(self, move):
        attachments = super()._get_invoice_extra_attachments(move)
        return attachments | move._oiconnect_annexes()
