from werkzeug.exceptions import NotFound

from odoo.http import Controller, request

from .. import guide_pages
from . import common

KEY = "aide"
#: topic that ends with the codes of refusals
CODES = "echanges"


class Guide(Controller):
    """Help of the space: what each page is for, and what to do when it goes wrong."""

    @common.route(f"/{KEY}", f"/{KEY}/<string:topic>", readonly=True)
    def guide(self, topic=guide_pages.HOME):
        topics = guide_pages.topics()
        if topic not in topics:
            raise NotFound
        return common.render(
            "guide",
            KEY,
            topics=topics.values(),
            topic=topics[topic],
            reasons=self._reasons() if topic == CODES else (),
        )

    def _reasons(self):
        """Return the codes by which something is refused, and what they mean."""
        return request.env["oiconnect.reason"].sudo().search_fetch([], ["code", "name"])
