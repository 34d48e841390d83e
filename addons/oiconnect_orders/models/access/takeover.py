from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...personal import pattern_of
from .workflow import HELD

# States in which an order waits for the line that it takes over.
TAKING = ("cr_ok", "connecting", "connect_ko")


class AccessOrder(models.Model):
    """Takeover (écrasement): an operator orders the line that another one holds.

    Until the line is delivered its holder keeps it, and its route. Then the holder's
    order ends, its route goes to the taker, and the holder is notified; never by whom.
    Our own people know both operators.
    """

    _inherit = "oiconnect.access.order"

    takeover_of_id = fields.Many2one(
        "oiconnect.access.order",
        "Takes over",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    taken_over_by_ids = fields.One2many(
        "oiconnect.access.order", "takeover_of_id", "Taken over by", readonly=True
    )

    takes_over = fields.Boolean(
        "Takes a line over",
        compute="_compute_takeover_text",
        compute_sudo=True,
        help="A line in other hands ends when this order is connected",
    )
    takeover_text = fields.Text(
        "Takeover", compute="_compute_takeover_text", compute_sudo=True
    )

    # Two operators cannot take the same line over at once.
    _takeover_uniq = models.UniqueIndex(
        "(takeover_of_id) WHERE state IN ('cr_ok', 'connecting', 'connect_ko')",
        "Another operator is taking this line over already.",
    )

    @api.depends("state", "takeover_of_id.state", "taken_over_by_ids.state")
    @api.depends_context("lang", "tz")
    def _compute_takeover_text(self):
        for order in self:
            order.takes_over = order._is_taking_over()
            order.takeover_text = order._takeover_sentence()

    def _lines_to_take_over(self):
        """Return ``{order: holder}`` of those that ask for a line in other hands.

        A PTO of one fibre has one holder. Where several orders ask for the same
        line, the first has it; a line that is being taken over is not given again.
        """
        orders = self.filtered(
            lambda order: (
                order.existing_socket
                and order.pto_id.connector_count == 1
                and order.network_id.takeover
            )
        )
        holders = orders._holders()
        given = {}
        for order in orders:
            holder = holders.pop(order.pto_id, None)
            if holder and holder.operator_id != order.operator_id:
                given[order] = holder
        return given

    def _holders(self):
        """Return ``{pto: order}`` of the lines that can be taken over."""
        held = self.sudo().search(
            Domain("pto_id", "in", self.pto_id.ids) & Domain("state", "in", HELD)
        )
        wanted = self.sudo().search(
            Domain("takeover_of_id", "in", held.ids) & Domain("state", "in", TAKING)
        )
        held -= wanted.takeover_of_id
        return {order.pto_id: order for order in held.filtered("route_ids")}

    def _visible_routes(self):
        """Return the routes sent to the operator: its own, or those to take over."""
        return self.route_ids or self.takeover_of_id.route_ids

    def _take_over_lines(self, origin):
        """End the orders of the holders; their routes go to the takers."""
        takers = self.filtered(
            lambda order: order.takeover_of_id.state in HELD and not order.route_ids
        )
        if not takers:
            return
        takers.takeover_of_id._fire("overwrite", origin)
        takers.takeover_of_id.route_ids._release(keep_pto=True)
        for taker in takers:
            taker._reserve_own_pto()

    def _leave_lines_to_takers(self):
        """Give the lines of ended orders to the orders that take them over."""
        takers = self.sudo().search(
            Domain("takeover_of_id", "in", self.ids) & Domain("state", "in", TAKING)
        )
        for taker in takers:
            taker._reserve_own_pto()
        takers.write({"takeover_of_id": False})

    def _reserve_own_pto(self):
        """Reserve the free route that is wired to the order's PTO.

        :raises UserError: it has gone to someone else
        """
        route = self.env["oiconnect.route"]._reserve_free(
            self.pto_id.pbo_id, self.operator_id, self.pto_id
        )
        if not route:
            raise UserError(
                self.env._(
                    "%(order)s: socket %(socket)s has no free fibre.",
                    order=self.display_name,
                    socket=self.pto_id.display_name,
                )
            )
        route._hold(self)

    # ------------------------------------------------------------------
    # A line that was taken over wrongly is given back
    # ------------------------------------------------------------------

    def _restore_line(self, note=None, taker_note=None):
        """Give the line back to its former holder; the taker's order ends.

        The taker hears of it as of a termination, the holder as of a new route: each
        in words of its own, which tell nothing of the other.
        """
        self.ensure_one()
        if not self._can_fire("restore"):
            raise self._refusal("restore")
        taker = self.taken_over_by_ids.filtered(lambda order: order.state in HELD)
        note = note or self._restore_text()
        taker_note = taker_note or self._lost_line_text()
        self._check_names_no_other_operator(note, taker)
        taker._check_names_no_other_operator(taker_note, self)
        taker._fire("terminate", note=taker_note)
        self._reserve_own_pto()
        self.route_ids._use()
        self.write({"reprovision_kind": "hot", "reprovision_reason_id": False})
        self._fire("restore", note=note)

    @api.model
    def _restore_text(self):
        """Return the default note to the former holder."""
        return self.env._("Your line is given back: it had been taken by mistake.")

    @api.model
    def _lost_line_text(self):
        """Return the default note to the operator that loses the line."""
        return self.env._("Your order ends: this line was assigned to it by mistake.")

    def _check_names_no_other_operator(self, text, other):
        """Refuse a text for an operator that names the other operator or its order."""
        names = (
            *other.operator_id.mapped("name"),
            *other.operator_id.mapped("interop_code"),
            *other.mapped("oc_reference"),
            *other.mapped("service_reference"),
        )
        pattern = pattern_of(names)
        found = pattern and pattern.search(text)
        if found:
            raise UserError(
                self.env._(
                    "The text for %(operator)s says “%(word)s”, which is of the other "
                    "operator: remove it.",
                    operator=self.operator_id.display_name,
                    word=found[0],
                )
            )

    # ------------------------------------------------------------------
    # What our own people read of a takeover
    # ------------------------------------------------------------------

    def _is_taking_over(self):
        return self.state in TAKING and self.takeover_of_id.state in HELD

    def _takeover_sentence(self):
        """Return what this order does to another line, or what was done to its own."""
        if self._is_taking_over():
            return self.takeover_of_id._sentence_before_loss()
        if self.state == "overwritten":
            taker = self.taken_over_by_ids.filtered("delivered_date")[:1]
            return bool(taker) and self.env._(
                "This line was taken over by %(operator)s (order %(order)s) on "
                "%(date)s. Its operator was told, not by whom.",
                operator=taker.operator_id.display_name,
                order=taker.display_name,
                date=format_date(self.env, self.end_date),
            )
        holder = self.takeover_of_id
        if holder.state == "overwritten" and self.delivered_date:
            return self.env._(
                "This order took over the line of %(operator)s (order %(order)s) on "
                "%(date)s.",
                operator=holder.operator_id.display_name,
                order=holder.display_name,
                date=format_date(self.env, holder.end_date),
            )
        return False

    def _sentence_before_loss(self, at_once=False):
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
        if at_once:
            ends = self.env._(
                "It ends as soon as the new order is taken: order %(order)s is closed "
                "as taken over, its fibre goes to the new order, and %(operator)s is "
                "told, not by whom.",
                **names,
            )
        else:
            ends = self.env._(
                "It ends when the new order is connected: order %(order)s is closed as "
                "taken over, its fibre goes to the new order, and %(operator)s is "
                "told, not by whom.",
                **names,
            )
        return f"{held} {ends}"
