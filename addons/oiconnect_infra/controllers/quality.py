from odoo import http
from odoo.http import request

from odoo.addons.oiconnect_base.files import check_export, written
from odoo.addons.oiconnect_base.time_zone import local_today


def _is_id(text):
    return text.isdecimal() and len(text) < 10


class Quality(http.Controller):
    """Download of what the rules find."""

    @http.route(
        "/oiconnect/quality/findings.<any(csv,xlsx):extension>",
        type="http",
        auth="user",
        readonly=True,
    )
    def findings(self, extension, rules=""):
        """:param rules: ids of rules, separated by commas; all active ones if none"""
        check_export()
        write = getattr(self._chosen(rules), f"_write_{extension}")
        return written(f"qualite-{local_today()}.{extension}", write)

    def _chosen(self, rules):
        """Return the requested rules, of those that the user may read."""
        model = request.env["oiconnect.rule"]
        model.check_access("read")
        ids = [int(part) for part in rules.split(",") if _is_id(part)]
        domain = [("id", "in", ids)] if rules else []
        return model.search(domain)
