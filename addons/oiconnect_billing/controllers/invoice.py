from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.oiconnect_base.files import check_export, sent, written
from odoo.addons.oiconnect_base.lookup import readable


class Invoice(http.Controller):
    """Download of an operator's invoice, and of the accesses that it bills."""

    @http.route("/oiconnect/billing/invoice/<int:move_id>", type="http", auth="user")
    def invoice(self, move_id):
        """Print by sudo what the reader may read: its layout asks accounting rights."""
        move = readable("account.move", move_id)
        if not move.oiconnect_operator_id:
            raise NotFound
        report = request.env["ir.actions.report"].sudo()
        content, kind = report.with_company(move.company_id)._render_qweb_pdf(
            "account.account_invoices", move.ids
        )
        # Without a printer of PDF, Odoo renders the page.
        return sent(f"{move.sudo()._get_report_base_filename()}.{kind}", content)

    @http.route(
        "/oiconnect/billing/annex/<int:move_id>/<any(xlsx,csv):form>",
        type="http",
        auth="user",
        readonly=True,
    )
    def annex(self, move_id, form):
        check_export()
        move = readable("account.move", move_id)
        return written(
            move._oiconnect_annex_name(form),
            lambda target: move._oiconnect_write_annex(target, form),
        )
