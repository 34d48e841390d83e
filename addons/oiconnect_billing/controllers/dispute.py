import io

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

from .invoice import ANNEXES


class Dispute(http.Controller):
    """Download of the answers to what an operator contests."""

    @http.route(
        "/oiconnect/billing/dispute/<int:dispute_id>",
        type="http",
        auth="user",
        readonly=True,
    )
    def answers(self, dispute_id):
        if not request.env.user.has_group("base.group_allow_export"):
            raise AccessError(request.env._("You may not export: ask for the right."))
        dispute = request.env["oiconnect.billing.dispute"].browse(dispute_id)
        dispute.check_access("read")
        target = io.BytesIO()
        dispute._write_answers(target)
        return request.make_response(
            target.getvalue(),
            [
                ("Content-Type", ANNEXES["csv"]),
                ("Content-Disposition", content_disposition(dispute._answers_name())),
            ],
        )
