from odoo import models

from ..states import CLOSED_STATES


class AccessOrder(models.Model):
    """The board: a column for each state.

    Those of finished orders and those without any are folded.
    """

    _inherit = "oiconnect.access.order"

    def _web_read_group_format(self, groupby, aggregates, groups):
        formatted = super()._web_read_group_format(groupby, aggregates, groups)
        if self.env.context.get("read_group_expand") and tuple(groupby) == ("state",):
            for group in formatted:
                if group["state"] in CLOSED_STATES or not group["__count"]:
                    group["__fold"] = True
        return formatted
