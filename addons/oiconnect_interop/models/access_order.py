from odoo import models

from .timeline_mixin import FILE_READERS


class AccessOrder(models.Model):
    _inherit = "oiconnect.access.order"

    # Figures of the day, by operator: create_date >= midnight
    _created_idx = models.Index("(create_date, operator_id)")

    def _where_source(self, found):
        """Lead to the file that brought the order, who may read files."""
        file = self.exchange_line_ids.sorted("id")[:1].exchange_id
        readable = file and self.env.user.has_group(FILE_READERS)
        return file if readable else super()._where_source(found)
