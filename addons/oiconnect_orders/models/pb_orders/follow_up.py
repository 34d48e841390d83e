from odoo import api, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.delays.clock import Delays
from odoo.addons.oiconnect_base.workflow import JOB

from .pb_order import AWAITED_STATES

BATCH = 200


class PbOrder(models.Model):
    """Follow-up of a PB order: delays, work list, and the future of its place.

    A PB is laid within six months of its first order, whenever that is planned.
    """

    _inherit = "oiconnect.pb.order"

    _delays = Delays(
        running={"ar_ok": "pb_report", "planned": "pb_laying"},
        starts={"pb_report": "receipt_date", "pb_laying": "receipt_date"},
        answers={"acknowledge": "pb_receipt", "refuse_receipt": "pb_receipt"},
        dropped_in=("cancelled",),
    )
    _todo_of_state = {"ar_ok": "pb_plan", "planned": "pb_lay"}
    _todo_group = "oiconnect_base.group_pm_order_user"
    _free_text_groups = "oiconnect_base.group_pm_order_read"

    def _next_clock(self, now, from_dates):
        return super()._next_clock(now, from_dates or self.state == "planned")

    def _todo_detail(self):
        """Return where to go."""
        places = (self.pm_id.reference, self.building_id.address)
        return " – ".join(filter(None, places)) or False

    @api.model
    def _overtaken(self):
        """Return the domain of orders whose building was destroyed, or is deployed."""
        return Domain("state", "in", AWAITED_STATES) & Domain(
            "building_id.state", "in", ("abandoned", "deployed")
        )

    @api.model
    def _follow_buildings(self):
        """Look at the buildings every hour: the file of an import may move any number.

        A transaction a batch.
        """
        self._apply_by_batches(
            "follow_building",
            self._overtaken(),
            BATCH,
            lambda some: some._end_with_building(),
        )

    def _end_with_building(self):
        """End orders that their building overtook; a person does what is not plain."""
        destroyed = self.filtered(lambda order: order.building_state == "abandoned")
        destroyed.write(
            {
                "reason_id": self._reason("FIMP10").id,
                "reason_comment": self.env._("The building is abandoned."),
            }
        )
        destroyed._fire("reject", JOB)
        (self - destroyed).filtered(lambda order: order._pbo_here())._fire("lay", JOB)
