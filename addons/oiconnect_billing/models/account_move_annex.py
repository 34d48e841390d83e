import io
import re

import xlsxwriter

from odoo import api, models
from odoo.tools import SQL, split_every

# Lines read at a time: what is in memory does not grow with the invoice.
PAGE = 5000
# What a sheet holds besides its header and the total
SHEET_ROWS = 1_048_574
WIDTHS = (20, 20, 22, 34, 12, 12, 12, 8, 10, 14)
MONEY = "#,##0.00"


class AccountMove(models.Model):
    """The annex of an invoice: every record that it bills, one a line.

    A spreadsheet, read and written page by page: a hundred thousand lines take seconds
    and no more memory than ten.
    """

    _inherit = "account.move"

    def action_oiconnect_annex(self):
        self.ensure_one()
        self.env["oiconnect.billing.line"].check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/oiconnect/billing/annex/{self.id}",
            "target": "download",
        }

    def _oiconnect_annex_name(self):
        number = re.sub(r"[^\w-]+", "-", self.name or self.ref or str(self.id))
        return self.env._("annex-%s", number.strip("-")) + ".xlsx"

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
        told = self.with_context(lang=self.partner_id.lang or self.env.lang)
        target = io.BytesIO()
        told._oiconnect_write_annex(target)
        self.env["ir.attachment"].sudo().create(
            {
                "name": told._oiconnect_annex_name(),
                "description": "oiconnect_annex",
                "res_model": self._name,
                "res_id": self.id,
                "raw": target.getvalue(),
            }
        )

    def _oiconnect_write_annex(self, target):
        """Write the annex to a binary stream, as a spreadsheet."""
        self.ensure_one()
        self.env["oiconnect.billing.line"].check_access("read")
        with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
            writer = _AnnexSheets(book, self._oiconnect_annex_header())
            for cells in self._oiconnect_annex_rows():
                writer.add(cells)
            writer.end(self.env._("Total of the accesses"))

    def _oiconnect_annex_header(self):
        return [
            self.env._("Your reference"),
            self.env._("Service reference"),
            self.env._("PTO, PM or link"),
            self.env._("Product"),
            self.env._("Month"),
            self.env._("From"),
            self.env._("To"),
            self.env._("Days"),
            self.env._("Quantity"),
            self.env._("Amount excl. tax"),
        ]

    def _oiconnect_annex_rows(self):
        """Yield the cells of each billed access, in the order of the invoice."""
        self.env.flush_all()
        lines = self.env["oiconnect.billing.line"].sudo()
        for item in self.sudo().oiconnect_item_ids._in_invoice_order():
            ids = lines.search([("item_id", "=", item.id)], order="id").ids
            source = item.product_id._source()
            for page in split_every(PAGE, ids, list):
                for row in self.env.execute_query(_page(source, page)):
                    yield [*row[:3], item.product_id.name, *row[3:]]


class _AnnexSheets:
    """Rows one after the other, on as many sheets as they need; the total last."""

    def __init__(self, book, header):
        self._book, self._header = book, header
        self._bold = book.add_format({"bold": True})
        self._date = book.add_format({"num_format": "dd/mm/yyyy"})
        self._money = book.add_format({"num_format": MONEY})
        self._bold_money = book.add_format({"bold": True, "num_format": MONEY})
        self._total = 0
        self._begin()

    def _begin(self):
        self._sheet = self._book.add_worksheet()
        self._rank = 0
        self._sheet.freeze_panes(1, 0)
        for column, width in enumerate(WIDTHS):
            self._sheet.set_column(column, column, width)
        for column, text in enumerate(self._header):
            self._sheet.write_string(0, column, text, self._bold)

    def add(self, cells):
        if self._rank == SHEET_ROWS:
            self._begin()
        self._rank += 1
        *texts, month, first, last, days, quantity, amount = cells
        for column, text in enumerate(texts):
            self._sheet.write_string(self._rank, column, text or "")
        for column, day in enumerate((month, first, last), len(texts)):
            self._sheet.write_datetime(self._rank, column, day, self._date)
        self._sheet.write_number(self._rank, 7, days or 0)
        self._sheet.write_number(self._rank, 8, quantity)
        self._sheet.write_number(self._rank, 9, amount, self._money)
        self._total += amount

    def end(self, label):
        self._sheet.write_string(self._rank + 1, 0, label, self._bold)
        self._sheet.write_number(self._rank + 1, 9, self._total, self._bold_money)


def _page(source, ids):
    """Return the query of the cells of some lines, in the order of their ids."""
    return SQL(
        """
        SELECT told.oc_reference, told.service_reference, told.place, line.period,
            line.date_from, line.date_to, line.days, line.quantity, line.amount
        FROM oiconnect_billing_line line
        LEFT JOIN %s AS told ON told.record_id = line.res_id
        WHERE line.id = ANY(%s)
        ORDER BY line.id
        """,
        source.names(),
        ids,
    )


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
