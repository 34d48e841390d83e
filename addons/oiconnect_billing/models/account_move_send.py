from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """An operator's invoice is sent with the list of the accesses that it bills."""

    _inherit = "account.move.send"

    @api.model
    def _hook_invoice_document_after_pdf_report_render(self, invoice, invoice_data):
        result = super()._hook_invoice_document_after_pdf_report_render(
            invoice, invoice_data
        )
        invoice._oiconnect_keep_annex()
        return result

    @api.model
    def _get_invoice_extra_attachments(self, move):
        attachments = super()._get_invoice_extra_attachments(move)
        return attachments | move._oiconnect_annexes()
