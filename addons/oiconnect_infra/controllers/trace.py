import csv
import io

from odoo import http
from odoo.http import request

from odoo.addons.oiconnect_base.files import sent
from odoo.addons.oiconnect_base.spreadsheet import escape_formula

_COLUMNS = (
    "path",
    "route",
    "label",
    "title",
    "detail",
    "tube",
    "fibre",
    "length",
    "operator",
)


class TraceController(http.Controller):
    """Files of optical paths: the drawing, the table."""

    @http.route(
        "/oiconnect/trace/<any(svg,csv):form>", type="http", auth="user", readonly=True
    )
    def download(self, form, model, id, tube=None):  # noqa: A002
        trace = request.env["oiconnect.trace"]
        record = trace._origin(model, id)
        shown = trace._whole(record, record, tube)
        content = _csv(shown) if form == "csv" else shown["svg"]
        name = "".join(c if c.isalnum() else "-" for c in shown["name"])
        return sent(f"route-{name}.{form}", content)


def _csv(shown):
    """Return the table as French spreadsheets open it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(shown["columns"])
    for row in shown["rows"]:
        writer.writerow([_safe(row[name]) for name in _COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def _safe(value):
    """Keep a spreadsheet from reading a text as a formula."""
    return escape_formula(value) if isinstance(value, str) else value or ""
