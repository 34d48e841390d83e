from odoo import api, models
from odoo.tools import format_date

from odoo.addons.oiconnect_base.time_zone import local_today

from .workbook import Workbook, is_dark


class RouteTable(models.AbstractModel):
    """Route tables as people print them and as spreadsheets."""

    _inherit = "oiconnect.route.table"

    @api.model
    @api.private
    def _printed(self, records):
        """Return the values of the template."""
        routes = self._route_ids(records)
        self._check_paper(len(routes))
        names = records[:20].mapped("display_name")
        left = len(records) - len(names)
        return {
            "title": ", ".join(names) + (f" … (+{left})" if left else ""),
            "rows": list(self._rows(routes)),
            "printed_on": format_date(self.env, local_today()),
            "is_dark": is_dark,
        }

    @api.model
    @api.private
    def _write_xlsx(self, records, target):
        """Write the routes to a binary stream; as many columns as the longest needs."""
        routes = self._route_ids(records)
        most = self._most_hops(routes)
        header, widths = self._header(most)
        with Workbook(target) as book:
            add = book.sheet(self.env._("Routes"), header, widths)
            for row in self._rows(routes):
                hops = [cell for hop in row["hops"] for cell in hop]
                add(
                    [
                        row["pm"],
                        row["module"],
                        row["position"],
                        *hops,
                        *[""] * (4 * most - len(hops)),
                        row["pbo"],
                        row["pto"],
                        row["connector"],
                        row["state"],
                        row["notes"],
                    ]
                )

    def _header(self, most):
        """Return the headings and the widths of columns."""
        columns = [
            (self.env._("PM"), 18),
            (self.env._("Module"), 16),
            (self.env._("Position"), 12),
        ]
        for number in range(1, most + 1):
            columns += [
                (self.env._("Cable %s", number), 20),
                (self.env._("Tube %s", number), 12),
                (self.env._("Fibre %s", number), 12),
                (self.env._("Box %s", number), 18),
            ]
        columns += [
            (self.env._("PBO"), 18),
            (self.env._("PTO"), 18),
            (self.env._("Connector"), 10),
            (self.env._("State"), 12),
            (self.env._("To fix"), 24),
        ]
        return tuple(zip(*columns, strict=True))


class ReportRouteTablePm(models.AbstractModel):
    _name = "report.oiconnect_infra.report_route_table_pm"
    _description = "Printed routes of PMs"
    _printed_model = "oiconnect.pm"

    @api.model
    def _get_report_values(self, docids, data=None):
        records = self.env[self._printed_model].browse(docids or ())
        return self.env["oiconnect.route.table"]._printed(records)


class ReportRouteTablePbo(models.AbstractModel):
    _name = "report.oiconnect_infra.report_route_table_pbo"
    _inherit = "report.oiconnect_infra.report_route_table_pm"
    _description = "Printed routes through PBOs"
    _printed_model = "oiconnect.pbo"


class ReportRouteTableSpliceBox(models.AbstractModel):
    _name = "report.oiconnect_infra.report_route_table_splice_box"
    _inherit = "report.oiconnect_infra.report_route_table_pm"
    _description = "Printed routes through splice boxes"
    _printed_model = "oiconnect.splice.box"
