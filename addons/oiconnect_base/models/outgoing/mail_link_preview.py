from odoo import api, models


class MailLinkPreview(models.Model):
    """No link is previewed: whoever writes one would choose what our server fetches."""

    _inherit = "mail.link.preview"

    @api.model
    def _is_link_preview_enabled(self):
        return False

    @api.model
    def _search_or_create_from_url(self, url):
        return self.browse()

    @api.model
    def _create_from_message_and_notify(self, message, request_url=None):
        return None
