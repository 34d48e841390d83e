from odoo import http
from odoo.http import request

from odoo.addons.oiconnect_base.files import sent
from odoo.addons.oiconnect_base.lookup import readable

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
        pm = readable("oiconnect.pm", pm_id)
        return sent(f"plan-{pm.reference}.pdf", plan_pdf(request.env, pm))
