import csv
import io

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.oiconnect_billing.annex import FEE, RECORD

from .space import ROWS


class Space(models.AbstractModel):
    """Lines of an invoice that are contested by ticking them.

    What is ticked becomes the file that others send: it is read by the same rules, and
    stays with the dispute.
    """

    _inherit = "oiconnect.portal.space"

    @api.model
    def _billed_rows(self, invoice, search="", page=1):
        """Return ``([row], how many in all)`` of what an invoice bills.

        Fees, which are of no record, stand before the lines of the first page.

        :param search: the operator's reference, or that of the service
        """
        domain = Domain("item_id.move_id", "=", invoice.id)
        if search:
            domain &= Domain("oc_reference", "=", search) | Domain(
                "service_reference", "=", search
            )
        billed = self.env["oiconnect.billing.line"].sudo()
        offset = ROWS * (page - 1)
        lines = billed.search(domain, limit=ROWS, offset=offset, order="id")
        fees = invoice.oiconnect_item_ids.filtered(lambda item: not item.line_count)
        if search or page > 1:
            fees = fees.browse()
        rows = [self._fee_row(fee) for fee in fees]
        rows += [self._line_row(line) for line in lines]
        self._add_disputes(rows)
        total = billed.search_count(domain) if search else invoice.oiconnect_line_count
        return rows, total

    def _fee_row(self, item):
        return {
            "number": f"{FEE}{item.id}",
            "reference": "",
            "place": "",
            "product": item.product_id.name,
            "days": "",
            "amount": item.amount,
        }

    def _line_row(self, line):
        first, last = (
            format_date(self.env, day) for day in (line.date_from, line.date_to)
        )
        return {
            "number": f"{RECORD}{line.id}",
            "reference": line.oc_reference or line.service_reference or "",
            "place": line.place or "",
            "product": line.product_id.name,
            "days": f"{first} – {last}",
            "amount": line.amount,
        }

    def _add_disputes(self, rows):
        """Say of rows that are contested already in which dispute."""
        contested = self.env["oiconnect.billing.dispute.line"].sudo()
        live = contested.search(
            [
                ("number", "in", [row["number"] for row in rows]),
                ("operator_id", "=", self._operator().id),
                ("state", "!=", "withdrawn"),
            ]
        )
        disputes = {line.number: line.dispute_id for line in live}
        for row in rows:
            row["dispute"] = disputes.get(row["number"])

    @api.model
    def _contest_rows(self, invoice, amounts, reason):
        """Contest lines of an invoice; return ``(dispute, problems as shown)``.

        :param amounts: ``{number: amount as typed}`` of what is ticked
        :raises RefusedError: nothing is ticked
        """
        content = self._contested_file(amounts, reason) if amounts else b""
        return self._contest(content, f"{invoice.name}.csv", invoice.company_id.id)

    def _contested_columns(self, *keys):
        """Return the headers of columns of a file that contests lines.

        :param keys: before those of the amount and of the reason
        """
        headers = self.env["oiconnect.billing.dispute"].sudo()._headers()
        return [headers[key][0] for key in (*keys, "contested", "reason")]

    def _contested_file(self, amounts, reason):
        target = io.StringIO(newline="")
        rows = csv.writer(target, delimiter=";")
        rows.writerow(self._contested_columns("line"))
        rows.writerows((number, amount, reason) for number, amount in amounts.items())
        return target.getvalue().encode()
