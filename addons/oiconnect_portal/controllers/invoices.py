from urllib.parse import urlencode

from odoo.http import Controller

from odoo.addons.oiconnect_base.files import sent

from . import common

KEY = "factures"


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
