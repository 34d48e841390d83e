from odoo import http
from odoo.http import request

from odoo.addons.oiconnect_base.files import check_export, written


class Dispute(http.Controller):
    """Download of the answers to what an operator contests."""

    @http.route(
        "/oiconnect/billing/dispute/<int:dispute_id>",
        type="http",
        auth="user",
        readonly=True,
    )
    def answers(self, dispute_id):
        check_export()
        dispute = request.env["oiconnect.billing.dispute"].browse(dispute_id)
        dispute.check_access("read")
        return written(dispute._answers_name(), dispute._write_answers)
