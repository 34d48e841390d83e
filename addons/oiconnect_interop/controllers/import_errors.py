import tempfile

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import content_disposition, request


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
        target = tempfile.TemporaryFile()
        record._write_errors(target)
        target.seek(0)
        name = f"{record.file_name.rpartition('.')[0]}-erreurs.csv"
        return request.make_response(
            wrap_file(request.httprequest.environ, target),
            [
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
