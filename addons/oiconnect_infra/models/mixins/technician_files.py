from odoo import models


class TechnicianFiles(models.AbstractModel):
    """What a technician takes along, as spreadsheets: of boxes and of PMs."""

    _name = "oiconnect.technician.files"
    _description = "Spreadsheets for technicians"

    def action_export_box_plan(self):
        """Download the box plans as a spreadsheet."""
        boxes = self.env["oiconnect.box.plan"]
        return boxes._readable(self)._technician_file("box-plan")

    def action_export_route_table(self):
        """Download the route table as a spreadsheet."""
        routes = self.env["oiconnect.route.table"]
        return routes._readable(self)._technician_file("route-table")

    def _technician_file(self, report):
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/oiconnect/{report}.xlsx?model={self._name}&ids={ids}",
            "target": "download",
        }
