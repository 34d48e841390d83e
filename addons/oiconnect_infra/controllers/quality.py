import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

from odoo.addons.oiconnect_base.time_zone import local_today

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _is_id(text):
    return text.isdecimal() and len(text) < 10


class Quality(http.Controller):
    """Download of what the rules find."""

    @http.route(
        "/oiconnect/quality/findings.<string:extension>",
        type="http",
        auth="user",
        readonly=True,
    )
    def findings(self, extension, rules=""):
        """:param rules: ids of rules, separated by commas; all active ones if none"""
        if extension not in _KINDS:
            raise NotFound
        if not request.env.user.has_group("base.group_allow_export"):
            raise AccessError(request.env._("You may not export: ask for the right."))
        chosen = self._chosen(rules)
        target = tempfile.TemporaryFile()
        getattr(chosen, f"_write_{extension}")(target)
        target.seek(0)
        name = f"qualite-{local_today()}.{extension}"
        return request.make_response(
            wrap_file(request.httprequest.environ, target),
            [
                ("Content-Type", _KINDS[extension]),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _chosen(self, rules):
        """Return the rules asked for, of those that the user may read."""
        model = request.env["oiconnect.rule"]
        model.check_access("read")
        ids = [int(part) for part in rules.split(",") if _is_id(part)]
        domain = [("id", "in", ids)] if rules else []
        return model.search(domain)
