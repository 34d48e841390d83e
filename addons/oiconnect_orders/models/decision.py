from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.bulk import insert_rows
from odoo.addons.oiconnect_base.fields import WarrantedMany2one
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.models.workflow import ROADS
from odoo.addons.oiconnect_base.workflow import SCREEN

from ..personal import CUSTOMER_GROUPS

KINDS = [
    ("receipt", "Receipt"),
    ("study", "Study"),
    ("override", "Decision taken back"),
    ("route", "Choice of the route"),
]
OUTCOMES = [
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("proposed", "Left to a person"),
    ("waived", "Control set aside"),
    ("changed", "Changed"),
]


class Decision(models.Model):
    """Why an order was answered as it was: which control, which data.

    Written with the answer, never changed. An order that passed its receipt has no
    line for it: all controls of form passed, there is nothing else to tell.
    """

    _name = "oiconnect.decision"
    _description = "Decision on an order"
    _order = "id desc"
    _log_access = False
    _event_fields = EVERY_FIELD

    # An order is never deleted, nor is its operator's company or who wrote its history.
    order_id = WarrantedMany2one("oiconnect.access.order", required=True)
    company_id = WarrantedMany2one("res.company", required=True)
    user_id = WarrantedMany2one("res.users", "By", required=True)
    date = fields.Datetime(required=True)
    road = fields.Selection(ROADS, required=True)
    kind = fields.Selection(KINDS, required=True)
    outcome = fields.Selection(OUTCOMES, required=True)
    reason_id = fields.Many2one("oiconnect.reason", ondelete="restrict")
    # Both may repeat what the operator wrote of its customer.
    controls = fields.Json(
        help="What each control compared, in order", groups=CUSTOMER_GROUPS
    )
    note = fields.Char(groups=CUSTOMER_GROUPS)

    # The story of an order: order_id = x order by id
    _order_idx = models.Index("(order_id, id)")

    @api.model
    def _append(self, orders, kind, told, origin=SCREEN):
        """Keep a decision for each order.

        :param told: one dict per order: ``outcome`` and, where there are any,
            ``reason_id``, ``controls`` and ``note``
        """
        common = {
            "date": fields.Datetime.now(),
            "road": origin.channel,
            "user_id": self.env.uid,
            "kind": kind,
        }
        empty = {"reason_id": None, "controls": None, "note": None}
        insert_rows(
            self.env,
            self._table,
            (
                {**empty, "order_id": order.id, "company_id": order.company_id.id}
                | decision
                for order, decision in zip(orders, told, strict=True)
            ),
            **common,
        )
        orders.invalidate_recordset(["decision_ids"], flush=False)

    # pylint: disable-next=method-required-super
    def write(self, vals):
        raise UserError(self.env._("What was decided cannot be changed afterwards."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("What was decided cannot be erased."))
