from odoo import api, fields, models
from odoo.tools import format_date

from .access_order_takeover import TAKING
from .access_order_workflow import HELD


class AccessOrder(models.Model):
    """What our own people read of a takeover, before it and after.

    They know both operators; what operators read never names the other.
    """

    _inherit = "oiconnect.access.order"

    takes_over = fields.Boolean(
        "Takes a line over",
        compute="_compute_takeover_text",
        compute_sudo=True,
        help="A line in other hands ends when this order is connected",
    )
    takeover_text = fields.Text(
        "Takeover", compute="_compute_takeover_text", compute_sudo=True
    )

    @api.depends("state", "takeover_of_id.state", "taken_over_by_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_takeover_text(self):
        for order in self:
            order.takes_over = order._is_taking_over()
            order.takeover_text = order._takeover_told()

    def _is_taking_over(self):
        return self.state in TAKING and self.takeover_of_id.state in HELD

    def _takeover_told(self):
        """Return what this order does to another line, or what was done to its own."""
        if self._is_taking_over():
            return self.takeover_of_id._told_before_loss()
        if self.state == "overwritten":
            taker = self.taken_over_by_ids.filtered("delivered_date")[:1]
            return bool(taker) and self._told_of_loss(taker)
        holder = self.takeover_of_id
        if holder.state == "overwritten" and self.delivered_date:
            return self._told_of_gain(holder)
        return False

    def _told_before_loss(self, at_once=False):
        """Return what becomes of this order, whose line another operator orders.

        :param at_once: the other needs no connection
        """
        names = {
            "socket": self.pto_id.display_name,
            "operator": self.operator_id.display_name,
            "order": self.display_name,
        }
        if self.state == "in_service":
            held = self.env._(
                "The line of socket %(socket)s is in service at %(operator)s "
                "(order %(order)s).",
                **names,
            )
        else:
            held = self.env._(
                "The line of socket %(socket)s is made available to %(operator)s "
                "(order %(order)s).",
                **names,
            )
        return f"{held} {self._told_consequence(at_once, names)}"

    def _told_consequence(self, at_once, names):
        if at_once:
            return self.env._(
                "It ends as soon as the new order is taken: order %(order)s is closed "
                "as taken over, its fibre goes to the new order, and %(operator)s is "
                "told, not by whom.",
                **names,
            )
        return self.env._(
            "It ends when the new order is connected: order %(order)s is closed as "
            "taken over, its fibre goes to the new order, and %(operator)s is told, "
            "not by whom.",
            **names,
        )

    def _told_of_gain(self, holder):
        return self.env._(
            "This order took over the line of %(operator)s (order %(order)s) on "
            "%(date)s.",
            operator=holder.operator_id.display_name,
            order=holder.display_name,
            date=format_date(self.env, holder.end_date),
        )

    def _told_of_loss(self, taker):
        return self.env._(
            "This line was taken over by %(operator)s (order %(order)s) on %(date)s. "
            "Its operator was told, not by whom.",
            operator=taker.operator_id.display_name,
            order=taker.display_name,
            date=format_date(self.env, self.end_date),
        )
