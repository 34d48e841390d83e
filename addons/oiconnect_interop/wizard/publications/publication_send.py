from odoo import fields, models


class PublicationSend(models.TransientModel):
    """Send a file to one more operator: what was sent cannot be taken back."""

    _name = "oiconnect.publication.send"
    _description = "Send a publication again"

    publication_id = fields.Many2one(
        "oiconnect.publication", required=True, readonly=True, ondelete="cascade"
    )
    file_name = fields.Char(related="publication_id.name")
    operator_id = fields.Many2one("oiconnect.operator", required=True)

    def action_send(self):
        self.ensure_one()
        publication = self.publication_id
        publication._check_may_publish()
        publication._check_sendable()
        publication.sudo()._send_to(self.operator_id)
        return publication._notice_sent(self.operator_id)
