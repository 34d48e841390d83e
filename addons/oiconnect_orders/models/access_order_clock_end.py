from collections import Counter

from odoo import fields, models

from odoo.addons.oiconnect_base.bulk import alike, filter_alike

from ..delays.kinds import CONNECTIONS

# An order that ends without its step having come: no figure of who was in time.
DROPPED = ("cancelled", "overwritten", "terminated")
# States in which a stopped delay still stands still, or goes on.
GOES_ON = ("connect_ko", "connecting")
# What is answered in the transaction that takes the question in: its delay began when
# the message arrived.
ANSWERS = {
    "acknowledge": "receipt",
    "refuse_receipt": "receipt",
    "connected": "availability",
}


class AccessOrder(models.Model):
    """What ends a delay is counted, and marked when it comes late."""

    _inherit = "oiconnect.access.order"

    def _end_clocks(self, now):
        """Count the delays that end; close the marks of those that were missed.

        What stands still while a failure is mended does not end.
        """
        ended = filter_alike(
            self,
            ("due_date", "due_kind", "state"),
            lambda order: order.due_date and not order._is_pausing(),
        )
        late = filter_alike(ended, ("due_date",), lambda order: order.due_date < now)
        misses = self.env["oiconnect.delay.miss"].sudo()
        misses._note(late.filtered(lambda order: not order.is_late))
        for kind, orders in late.grouped("due_kind").items():
            misses._close(orders, [kind])
        dropped = filter_alike(
            self,
            ("paused_kind", "state"),
            lambda order: order.paused_kind and order.state not in GOES_ON,
        )
        misses._close(dropped, list(CONNECTIONS))
        ended._count_ended(late)

    def _is_pausing(self):
        return self.state == "connect_ko" and self.due_kind in CONNECTIONS

    def _count_ended(self, late):
        told = filter_alike(
            self - late, ("state",), lambda order: order.state not in DROPPED
        )
        ended, missed = (told | late)._figures(), late._figures()
        self.env["oiconnect.delay.count"].sudo()._append(
            {figure: (ended[figure], missed[figure]) for figure in ended}
        )

    def _figures(self):
        """Return how many of the orders each figure of delays is about."""
        groups = alike(self, "network_id", "operator_id", "due_kind", "awaited")
        return Counter({_figure(group[:1]): len(group) for group in groups})

    # ------------------------------------------------------------------
    # Answers given at once
    # ------------------------------------------------------------------

    def _note_answer(self, event, origin):
        """Count the answer to a message, from its arrival on."""
        kind = ANSWERS.get(event)
        if not kind or not origin.arrival:
            return
        groups = self.grouped(lambda order: (order.network_id, order.operator_id))
        for orders in groups.values():
            orders._count_answer(kind, origin.arrival)

    def _count_answer(self, kind, arrived):
        awaited, rule = self[0]._awaited_of(kind)
        if not rule:
            return
        now = fields.Datetime.now()
        due, _warning = self.env["oiconnect.delay"]._limit(rule, arrived)
        late = due < now
        if late:
            self.env["oiconnect.delay.miss"].sudo()._add(self, kind, awaited, due, now)
        key = (self.network_id, self.operator_id, kind, awaited)
        self.env["oiconnect.delay.count"].sudo()._append(
            {key: (len(self), len(self) if late else 0)}
        )


def _figure(order):
    return order.network_id, order.operator_id, order.due_kind, order.awaited
