from urllib.parse import urlencode

from odoo.http import Controller, request

from odoo.addons.oiconnect_base.files import sent

from . import common

KEY = "factures"
# Names of a form's fields: what is ticked, and how much of it
TICKED, AMOUNT = "line_", "amount_"


class Invoices(Controller):
    """Invoices of the operator, with the accesses that each of them bills."""

    @common.route(f"/{KEY}", readonly=True)
    def invoices(self, page="1", search="", unpaid=""):
        number = max(common.number(page), 1)
        search = search.strip()
        found, total = common.space()._invoice_list(search, bool(unpaid), number)
        filters = {"search": search, "unpaid": unpaid}
        query = urlencode({name: value for name, value in filters.items() if value})
        return common.render(
            "invoices",
            KEY,
            invoices=found,
            total=total,
            search=search,
            unpaid=unpaid,
            pager=common.pages(f"/{KEY}", total, number, query),
        )

    @common.route(f"/{KEY}/<int:record_id>/pdf")
    def pdf(self, record_id):
        space = common.space()
        return sent(*space._invoice_pdf(space._invoice(record_id)))

    @common.route(f"/{KEY}/<int:record_id>/annexe/<any(xlsx,csv):form>", readonly=True)
    def annex(self, record_id, form):
        space = common.space()
        return sent(*space._invoice_annex(space._invoice(record_id), form))

    @common.route(f"/{KEY}/<int:record_id>/lignes", methods=["GET", "POST"])
    def lines(self, record_id, page="1", search="", reason="", **given):
        """Show what an invoice bills; contest what is ticked."""
        space = common.space()
        invoice = space._invoice(record_id)
        ticked = {
            name.removeprefix(TICKED): given.get(name.replace(TICKED, AMOUNT, 1), "")
            for name in given
            if name.startswith(TICKED)
        }
        problems, messages = [], []
        if request.httprequest.method == "POST":
            with common.refusals() as messages:
                dispute, problems = space._contest_rows(invoice, ticked, reason)
            if not (messages or problems):
                done = request.env._("We have it: read the answers here.")
                return common.go(f"/contestations/{dispute.id}", done)
        number = max(common.number(page), 1)
        search = search.strip()
        rows, total = space._billed_rows(invoice, search, number)
        path = f"/{KEY}/{record_id}/lignes"
        return common.render(
            "invoice_lines",
            KEY,
            invoice=invoice,
            rows=rows,
            total=total,
            search=search,
            reason=reason,
            ticked=ticked,
            refusal=messages[0] if messages else "",
            problems=problems,
            pager=common.pages(path, total, number, urlencode({"search": search})),
        )
