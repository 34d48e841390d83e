from urllib.parse import urlsplit

from odoo import models

#: where nothing listens: what a document asks for elsewhere finds no proxy there
NOWHERE = "http://127.0.0.1:9"


class IrActionsReport(models.Model):
    """A document fetches pictures and styles of this server alone.

    It is made by another program, whose connections our process does not see.
    """

    _inherit = "ir.actions.report"

    def _build_wkhtmltopdf_args(self, *args, **options):
        command = super()._build_wkhtmltopdf_args(*args, **options)
        own = urlsplit(self._get_report_url()).hostname
        return [*command, "--proxy", NOWHERE, "--bypass-proxy-for", own or "localhost"]
