import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

# Kinds of files, by the end of their name
ANNEXES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
# Without a printer of PDF, Odoo renders the page.
KINDS = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


class Invoice(http.Controller):
    """Download of an operator's invoice, and of the accesses that it bills."""

    @http.route("/oiconnect/billing/invoice/<int:move_id>", type="http", auth="user")
    def invoice(self, move_id):
        """Print by sudo what the reader may read: its layout asks accounting rights."""
        move = request.env["account.move"].browse(move_id)
        move.check_access("read")
        if not move.oiconnect_operator_id:
            raise NotFound
        report = request.env["ir.actions.report"].sudo()
        content, kind = report.with_company(move.company_id)._render_qweb_pdf(
            "account.account_invoices", move.ids
        )
        name = f"{move.sudo()._get_report_base_filename()}.{kind}"
        return request.make_response(
            content,
            [
                ("Content-Type", KINDS[kind]),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @http.route(
        "/oiconnect/billing/annex/<int:move_id>/<any(xlsx,csv):form>",
        type="http",
        auth="user",
        readonly=True,
    )
    def annex(self, move_id, form):
        if not request.env.user.has_group("base.group_allow_export"):
            raise AccessError(request.env._("You may not export: ask for the right."))
        move = request.env["account.move"].browse(move_id)
        move.check_access("read")
        target = tempfile.TemporaryFile()
        move._oiconnect_write_annex(target, form)
        target.seek(0)
        return request.make_response(
            wrap_file(request.httprequest.environ, target),
            [
                ("Content-Type", ANNEXES[form]),
                (
                    "Content-Disposition",
                    content_disposition(move._oiconnect_annex_name(form)),
                ),
            ],
        )
