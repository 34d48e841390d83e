from odoo import models

from ...outgoing import way_out


class FetchmailServer(models.Model):
    """Mail boxes are read by the one way out."""

    _inherit = "fetchmail.server"

    def _connect__(self, allow_archived=False):
        with way_out("mail box"):
            return super()._connect__(allow_archived=allow_archived)
