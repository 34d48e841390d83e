from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.oiconnect_base.files import check_export, written
from odoo.addons.oiconnect_base.lookup import readable
from odoo.addons.oiconnect_base.time_zone import local_today

from ..report.workbook import TooManyRows

_MODELS = ("oiconnect.splice.box", "oiconnect.pbo", "oiconnect.pm")
# Path, and what the file is called
_NAMES = {"box-plan": "plan-de-boite", "route-table": "tableau-des-routes"}


def _is_id(text):
    return text.isdecimal() and len(text) < 10


class Technician(http.Controller):
    """Spreadsheets that technicians take along."""

    @http.route(
        "/oiconnect/<any('box-plan', 'route-table'):report>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def download(self, report, model, ids):
        """:param ids: of records of the model, separated by commas"""
        check_export()
        if model not in _MODELS:
            raise request.not_found()
        chosen = [int(part) for part in ids.split(",") if _is_id(part)]
        records = readable(model, *chosen)
        source = request.env[f"oiconnect.{report.replace('-', '.')}"]
        name = f"{_NAMES[report]}-{local_today()}.xlsx"
        if len(records) == 1:
            label = "".join(c if c.isalnum() else "-" for c in records.display_name)
            name = f"{_NAMES[report]}-{label}.xlsx"
        try:
            return written(name, lambda target: source._write_xlsx(records, target))
        except TooManyRows as error:
            raise UserError(
                request.env._("More lines than a spreadsheet holds: choose fewer PMs.")
            ) from error
