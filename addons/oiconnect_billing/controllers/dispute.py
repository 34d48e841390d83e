from odoo import http

from odoo.addons.oiconnect_base.files import check_export, written
from odoo.addons.oiconnect_base.lookup import readable


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
        dispute = readable("oiconnect.billing.dispute", dispute_id)
        return written(dispute._answers_name(), dispute._write_answers)
