from odoo import models
from odoo.http import request

from ...rest.dispatcher import RestDispatcher, is_rest


class IrHttp(models.AbstractModel):
    """Failures around the API: no caller reads a page."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        if is_rest(request.httprequest.path):
            # Who calls is not known yet: Odoo would read the company's language.
            languages = request.env["res.lang"].get_installed()
            request.update_context(lang=languages[0][0])
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _handle_error(cls, exception):
        if is_rest(request.httprequest.path):
            return RestDispatcher(request).handle_error(exception)
        return super()._handle_error(exception)
