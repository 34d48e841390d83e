from urllib.parse import urlencode

from werkzeug.wsgi import wrap_file

from odoo.http import Controller, content_disposition, request

from odoo.addons.oiconnect_billing.controllers.invoice import ANNEXES, KINDS

from . import common

KEY = "factures"


class Invoices(Controller):
    """Invoices of the operator, with the accesses that each of them bills."""

    @common.route(f"/{KEY}", readonly=True)
    def invoices(self, page="1", search="", unpaid=""):
        number = max(common.number(page), 1)
        search = search.strip()
        found, total = common.space()._invoice_list(search, bool(unpaid), number)
        asked = {"search": search, "unpaid": unpaid}
        query = urlencode({name: value for name, value in asked.items() if value})
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
        name, content = space._invoice_pdf(space._invoice(record_id))
        kind = KINDS.get(name.rpartition(".")[2], KINDS["pdf"])
        return _sent(name, content, kind)

    @common.route(f"/{KEY}/<int:record_id>/annexe/<any(xlsx,csv):form>", readonly=True)
    def annex(self, record_id, form):
        space = common.space()
        name, file = space._invoice_annex(space._invoice(record_id), form)
        return _sent(name, wrap_file(request.httprequest.environ, file), ANNEXES[form])


def _sent(name, content, kind):
    headers = [
        ("Content-Type", kind),
        ("Content-Disposition", content_disposition(name)),
    ]
    return request.make_response(content, headers)
