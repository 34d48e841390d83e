from odoo import models


class LinkOrder(models.Model):
    """The header of an order of a link: from its PRDM to its PM."""

    _inherit = "oiconnect.link.order"

    def _line_address(self):
        return super()._line_address() or self._line_link("prdm_id")

    def _line_points(self):
        points = super()._line_points()
        link = self.link_id.sudo()
        found = [
            (self.env._("PRDM"), self.prdm_id or link.prdm_id),
            (self.env._("Link"), link),
        ]
        before = [
            self._line_record(record.with_env(self.env)) | {"kind": kind}
            for kind, record in found
            if record
        ]
        return before + points
