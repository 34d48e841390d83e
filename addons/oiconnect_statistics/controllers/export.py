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
    def download(self, page, extension, filters="{}", dimension=None, chart=None):
        """Return the numbers of a page.

        :param filters: those of the screen, as JSON
        :param chart: the only one that is written, in csv
        """
        check_export()
        chosen, statistics = self._filters(filters), request.env["oiconnect.statistics"]
        title = statistics._title(page, chart)
        write = getattr(statistics, f"_write_{extension}")
        only = {"chart": chart} if chart and extension == "csv" else {}
        return written(
            f"{title} - {local_today()}.{extension}".replace("/", "-"),
            lambda target: write(target, page, chosen, dimension, **only),
        )

    def _filters(self, text):
        try:
            return json.loads(text)
        except ValueError as error:
            raise UserError(
                request.env._("These filters cannot be read: clear them.")
            ) from error
