from collections import Counter

from odoo import api, models
from odoo.fields import Domain

# Orders of one operator that are studied before it is another's turn, when many wait.
ORDERS_IN_TURN = 50


class AccessOrder(models.Model):
    """Operators in turn: ten thousand orders of one keep nobody else waiting."""

    _inherit = "oiconnect.access.order"

    # Orders that wait for their study: operator_id = x order by id limit n
    _study_turn_idx = models.Index("(operator_id, id) WHERE state = 'ar_ok'")

    @api.model
    def _study_batches(self, domain, size):
        """Yield the orders of ``domain`` by batches, until none has not been tried.

        A batch has orders of several operators, those that were served least first,
        the oldest order of each first. What a batch leaves in ``domain`` is left out.
        """
        served, left = Counter(), []
        while batch := self._next_in_turn(
            domain & Domain("id", "not in", left), size, served
        ):
            yield batch
            left += batch.filtered_domain(domain).ids

    def _next_in_turn(self, domain, size, served):
        waiting = self._read_group(domain, ["operator_id"], ["id:min"])
        turns = sorted(waiting, key=lambda group: (served[group[0].id], group[1]))
        turns = turns[: max(size // ORDERS_IN_TURN, 1)]
        batch = self.browse()
        for operator, _first in turns:
            served[operator.id] += 1
            own = domain & Domain("operator_id", "=", operator.id)
            batch += self.search(own, limit=max(size // len(turns), 1), order="id")
        return batch
