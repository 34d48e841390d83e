from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """Files of the border are not searched by their words: keep them out."""
        if self.env.context.get("oiconnect_no_index"):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)
