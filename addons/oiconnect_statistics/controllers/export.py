import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.oiconnect_base.files import check_export, written
from odoo.addons.oiconnect_base.time_zone import local_today


class StatisticsExport(http.Controller):
    """Download of a page of statistics."""

    @http.route(
        "/oiconnect/statistics/<string:page>.<any(csv,xlsx):extension>",
        type="http",
        auth="user",
        readonly=True,
    )
    def download(self, page, extension, filters="{}", dimension=None):
        """Return the numbers of a page.

        :param filters: those of the screen, as JSON
        """
        check_export()
        chosen = self._filters(filters)
        write = getattr(request.env["oiconnect.statistics"], f"_write_{extension}")
        return written(
            f"{page}-{local_today()}.{extension}",
            lambda target: write(target, page, chosen, dimension),
        )

    def _filters(self, text):
        try:
            return json.loads(text)
        except ValueError as error:
            raise UserError(
                request.env._("These filters cannot be read: clear them.")
            ) from error
