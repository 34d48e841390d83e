import io
import os
from contextlib import contextmanager

from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """Files of the border are not searched by their words: keep them out."""
        if self.env.context.get("oiconnect_no_index"):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)

    @api.model
    def _oiconnect_of_field(self, record, name):
        """Return the attachment that holds a binary field of a saved record."""
        return self.sudo().search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("res_field", "=", name),
            ],
            limit=1,
        )

    @contextmanager
    def _oiconnect_open(self):
        """Open the content as a binary stream, where it lies if it lies on a disk."""
        path = self.store_fname and self._full_path(self.store_fname)
        if path and os.path.exists(path):
            with open(path, "rb") as stream:
                yield stream
        else:
            yield io.BytesIO(self.raw or b"")
