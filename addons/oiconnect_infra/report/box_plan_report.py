from odoo import api, models
from odoo.tools import format_date

from odoo.addons.oiconnect_base.time_zone import local_today

from .workbook import Workbook, is_dark

_WIDTHS = (20, 8, 16, 9, 8, 20, 14, 12, 14, 20, 14, 12, 12, 26, 26)
_CABLE_WIDTHS = (20, 22, 20, 24, 8, 10, 10, 20, 20)


class BoxPlan(models.AbstractModel):
    """Box plans as people print them and as spreadsheets."""

    _inherit = "oiconnect.box.plan"

    @api.model
    @api.private
    def _printed(self, records):
        """Return the values of the template."""
        boxes = self._boxes(records)
        self._check_paper(self._line_count(boxes))
        return {
            "plans": list(self._plans(boxes)),
            "printed_on": format_date(self.env, local_today()),
            "is_dark": is_dark,
        }

    @api.model
    @api.private
    def _write_xlsx(self, records, target):
        """Write the plans to a binary stream: their lines, then their cables."""
        with Workbook(target) as book:
            lines = book.sheet(self.env._("Splices"), self._line_header(), _WIDTHS)
            cables = book.sheet(
                self.env._("Cables"), self._cable_header(), _CABLE_WIDTHS
            )
            for plan in self._plans(self._boxes(records)):
                name = plan["box"].reference
                for line in plan["lines"]:
                    lines(
                        [
                            name,
                            plan["kind"],
                            plan["box"].pm_id.reference,
                            line["tray"],
                            line["slot"],
                            *line["upper"],
                            line["kind"],
                            *line["lower"],
                            line["state"],
                            line["position"],
                            line["end"],
                        ]
                    )
                for cable in plan["cables"]:
                    cables([name, *cable.values()])

    def _line_header(self):
        return [
            self.env._("Box"),
            self.env._("Type"),
            self.env._("PM"),
            self.env._("Tray"),
            self.env._("Place on the tray"),
            self.env._("Cable from the PM"),
            self.env._("Its tube"),
            self.env._("Its fibre"),
            self.env._("Kind of splice"),
            self.env._("Cable towards the customer"),
            self.env._("Its tube"),
            self.env._("Its fibre"),
            self.env._("State of the route"),
            self.env._("Comes from"),
            self.env._("Leads to"),
        ]

    def _cable_header(self):
        return [
            self.env._("Box"),
            self.env._("Way"),
            self.env._("Cable"),
            self.env._("Kind of cable"),
            self.env._("Tubes"),
            self.env._("Fibres per tube"),
            self.env._("Length (m)"),
            self.env._("From"),
            self.env._("To"),
        ]


class ReportBoxPlanSpliceBox(models.AbstractModel):
    _name = "report.oiconnect_infra.report_box_plan_splice_box"
    _description = "Printed plans of splice boxes"
    _printed_model = "oiconnect.splice.box"

    @api.model
    def _get_report_values(self, docids, data=None):
        records = self.env[self._printed_model].browse(docids or ())
        return self.env["oiconnect.box.plan"]._printed(records)


class ReportBoxPlanPbo(models.AbstractModel):
    _name = "report.oiconnect_infra.report_box_plan_pbo"
    _inherit = "report.oiconnect_infra.report_box_plan_splice_box"
    _description = "Printed plans of PBOs"
    _printed_model = "oiconnect.pbo"


class ReportBoxPlanPm(models.AbstractModel):
    _name = "report.oiconnect_infra.report_box_plan_pm"
    _inherit = "report.oiconnect_infra.report_box_plan_splice_box"
    _description = "Printed plans of the boxes of PMs"
    _printed_model = "oiconnect.pm"
