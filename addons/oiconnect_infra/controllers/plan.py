from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

from ..models.inventory.pm_plan import plan_pdf

# A plan tells of all of them.
_SHOWN = ("oiconnect.pm", "oiconnect.pbo", "oiconnect.building")


class PlanController(http.Controller):
    @http.route(
        "/oiconnect/pm/<int:pm_id>/plan.pdf", type="http", auth="user", readonly=True
    )
    def plan(self, pm_id):
        """Return the plan of a PM to who may read what it shows."""
        for model in _SHOWN:
            request.env[model].check_access("read")
        pm = request.env["oiconnect.pm"].browse(pm_id).exists()
        if not pm:
            raise NotFound
        pm.check_access("read")
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(f"plan-{pm.reference}.pdf")),
        ]
        return request.make_response(plan_pdf(request.env, pm), headers)
