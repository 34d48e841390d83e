from odoo import fields, models


class Event(models.Model):
    _inherit = "oiconnect.event"

    # Tickets are sent by web service; what carries them is the border's matter.
    channel = fields.Selection(
        selection_add=[("soap", "SOAP service")], ondelete={"soap": "cascade"}
    )
