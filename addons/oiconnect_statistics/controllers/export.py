import json
import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

from odoo.addons.oiconnect_orders.protocol_time import local_now

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class StatisticsExport(http.Controller):
    """Download of a page of statistics."""

    @http.route(
        "/oiconnect/statistics/<string:page>.<string:extension>",
        type="http",
        auth="user",
        readonly=True,
    )
    def download(self, page, extension, filters="{}", dimension=None):
        """Return the numbers of a page.

        :param filters: those of the screen, as JSON
        """
        if extension not in _KINDS:
            raise NotFound
        if not request.env.user.has_group("base.group_allow_export"):
            raise AccessError(request.env._("You may not export: ask for the right."))
        statistics = request.env["oiconnect.statistics"]
        target = tempfile.TemporaryFile()
        write = getattr(statistics, f"_write_{extension}")
        write(target, page, self._filters(filters), dimension)
        target.seek(0)
        name = f"{page}-{local_now().date()}.{extension}"
        return request.make_response(
            wrap_file(request.httprequest.environ, target),
            [
                ("Content-Type", _KINDS[extension]),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _filters(self, text):
        try:
            return json.loads(text)
        except ValueError as error:
            raise UserError(
                request.env._("These filters cannot be read: clear them.")
            ) from error
