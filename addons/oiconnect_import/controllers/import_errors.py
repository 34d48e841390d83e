from odoo import http

from odoo.addons.oiconnect_base.files import written
from odoo.addons.oiconnect_base.lookup import readable


class ImportErrors(http.Controller):
    """Download of the lines in error of an import."""

    @http.route(
        "/oiconnect/import/<int:import_id>/errors.csv", type="http", auth="user"
    )
    def errors(self, import_id):
        record = readable("oiconnect.import", import_id)
        name = f"{(record.file_name or '').rpartition('.')[0]}-erreurs.csv"
        return written(name, record._write_errors)
