from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def unlink(self):
        """A line taken off a draft invoice gives its accesses back."""
        self.env["oiconnect.billing.item"].sudo().search(
            [("move_line_id", "in", self.ids)]
        ).unlink()
        return super().unlink()
