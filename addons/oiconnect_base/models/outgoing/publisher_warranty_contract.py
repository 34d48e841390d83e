from odoo import models


class PublisherWarrantyContract(models.AbstractModel):
    """Nothing about the database and its people is sent to the publisher of Odoo."""

    _inherit = "publisher_warranty.contract"

    def update_notification(self, cron_mode=True):
        return True
