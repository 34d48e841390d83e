from odoo import fields, models


class Operator(models.Model):
    """The delays that were missed with an operator, side by side with the others."""

    _inherit = "oiconnect.operator"

    open_miss_count = fields.Integer(
        "Missed delays still awaited", compute="_compute_open_miss_count"
    )

    def _compute_open_miss_count(self):
        """Count what is still awaited; nothing of what the user may not read."""
        misses, counts = self.env["oiconnect.delay.miss"], {}
        if misses.has_access("read"):
            domain = [
                ("operator_id", "in", self._origin.ids),
                ("done_date", "=", False),
            ]
            counts = dict(misses._read_group(domain, ["operator_id"], ["__count"]))
        for operator in self:
            operator.open_miss_count = counts.get(operator._origin, 0)

    def action_view_delay_misses(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.delay_miss_action"
        )
        # As counted: those that are still awaited; the others are one click away.
        return action | {
            "domain": [("operator_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }
