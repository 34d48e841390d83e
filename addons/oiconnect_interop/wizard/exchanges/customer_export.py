from odoo import models


class CustomerExport(models.TransientModel):
    """Lines of stored files about the person, in the export."""

    _inherit = "oiconnect.customer.export"

    def _sheets(self, orders):
        header = [
            self.env._("Order"),
            self.env._("Date"),
            self.env._("File"),
            self.env._("Column"),
            self.env._("Value"),
        ]
        title = self.env._("Lines of files")
        return [*super()._sheets(orders), (title, header, self._file_rows(orders))]

    def _file_rows(self, orders):
        exchanges = self.env["oiconnect.exchange"].sudo()
        for order in orders:
            for file in exchanges._carrying(order):
                for line in file._lines_about(order):
                    for column, text in line.items():
                        if text:
                            yield (
                                *(order.display_name, file.create_date, file.name),
                                *(column, text),
                            )

    def _event_cells(self, event):
        """Messages are shown as the operator reads them."""
        return event._cells() or super()._event_cells(event)
