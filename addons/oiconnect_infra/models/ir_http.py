from odoo import models


class IrHttp(models.AbstractModel):
    """The box of the quick search is there for who may find something by it."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["oiconnect_quick_search"] = bool(
                self.env["oiconnect.quick.search"]._readable_kinds()
            )
        return info
