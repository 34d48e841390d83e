import tempfile

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Domain

from .space import ROWS

KINDS = ("out_invoice", "out_refund")
SHOWN = (
    "name",
    "move_type",
    "invoice_date",
    "invoice_date_due",
    "oiconnect_line_count",
    "amount_untaxed_in_currency_signed",
    "amount_total_in_currency_signed",
    "amount_residual",
)


class Space(models.AbstractModel):
    """Invoices of the operator, whoever they are sent to.

    Odoo's own pages show those of the contact's company: an operator that is invoiced
    through another partner has none there.
    """

    _inherit = "oiconnect.portal.space"

    @api.model
    def _invoices_domain(self):
        """Return which invoices are the operator's: of its accesses, or sent to it."""
        operator = self._operator()
        if not operator:
            return Domain.FALSE
        partner = operator.partner_id.commercial_partner_id
        sent = Domain("oiconnect_operator_id", "=", False) & Domain(
            "commercial_partner_id", "=", partner.id
        )
        return (
            (Domain("oiconnect_operator_id", "=", operator.id) | sent)
            & Domain("move_type", "in", KINDS)
            & Domain("state", "=", "posted")
            & Domain("company_id", "in", self.env.companies.ids)
        )

    @api.model
    def _invoice_list(self, search="", unpaid=False, page=1):
        """Return ``(invoices, how many in all)``, the newest first."""
        domain = self._invoices_domain()
        if search:
            domain &= Domain("name", "ilike", search)
        if unpaid:
            domain &= Domain("amount_residual", "!=", 0)
        invoices = self.env["account.move"].sudo()
        found = invoices.search_fetch(
            domain,
            SHOWN,
            order="invoice_date desc, id desc",
            limit=ROWS,
            offset=ROWS * (page - 1),
        )
        return found, invoices.search_count(domain)

    @api.model
    def _invoice(self, move_id):
        """Return an invoice of the operator.

        :raises MissingError: it is unknown, or another operator's: answered alike
        """
        domain = self._invoices_domain() & Domain("id", "=", min(move_id, 2**31 - 1))
        found = self.env["account.move"].sudo().search(domain)
        if not found:
            raise MissingError(self.env._("There is nothing at this address."))
        return found

    @api.model
    def _invoice_pdf(self, invoice):
        """Return ``(name, content)`` of an invoice: the file that was sent, if one was.

        Without a printer of PDF, Odoo renders the page.
        """
        stored = invoice.invoice_pdf_report_id
        if stored:
            return stored.name, stored.raw
        report = self.env["ir.actions.report"].sudo()
        content, kind = report.with_company(invoice.company_id)._render_qweb_pdf(
            "account.account_invoices", invoice.ids
        )
        return f"{invoice._get_report_base_filename()}.{kind}", content

    @api.model
    def _invoice_annex(self, invoice, form):
        """Return ``(name, file)`` of the accesses that an invoice bills.

        :raises MissingError: it bills none
        """
        if not invoice.oiconnect_line_count:
            raise MissingError(self.env._("There is nothing at this address."))
        target = tempfile.TemporaryFile()
        invoice._oiconnect_write_annex(target, form)
        target.seek(0)
        return invoice._oiconnect_annex_name(form), target
