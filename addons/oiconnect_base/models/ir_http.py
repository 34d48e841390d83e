from odoo import models
from odoo.http import request

from .. import replica


class IrHttp(models.AbstractModel):
    """Requests that write, where a replica of the database answers those that read."""

    _inherit = "ir.http"

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        replica.remember(request.env.cr, response)
        return result
