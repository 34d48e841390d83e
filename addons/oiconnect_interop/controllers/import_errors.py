from odoo import http
from odoo.http import request

from odoo.addons.oiconnect_base.files import written


class ImportErrors(http.Controller):
    """Download of the lines in error of an import."""

    @http.route(
        "/oiconnect/import/<int:import_id>/errors.csv", type="http", auth="user"
    )
    def errors(self, import_id):
        record = request.env["oiconnect.import"].browse(import_id).exists()
        if not record:
            raise request.not_found()
        record.check_access("read")
        name = f"{record.file_name.rpartition('.')[0]}-erreurs.csv"
        return written(name, record._write_errors)
