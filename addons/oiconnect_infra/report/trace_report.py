from odoo import api, models
from odoo.tools import format_date

from odoo.addons.oiconnect_base.time_zone import local_today


class TraceReport(models.AbstractModel):
    """Optical paths on paper: of the point that the screen shows, or of routes."""

    _name = "report.oiconnect_infra.report_trace"
    _description = "Printed optical routes"

    @api.model
    def _get_report_values(self, docids, data=None):
        trace = self.env["oiconnect.trace"]
        data = data or {}
        if data.get("trace_model"):
            points = [(data["trace_model"], data["trace_id"], data.get("tube"))]
        else:
            points = [("oiconnect.route", docid, None) for docid in docids or ()]
        return {
            "docs": [trace._printed(*point) for point in points],
            "printed_on": format_date(self.env, local_today()),
        }
