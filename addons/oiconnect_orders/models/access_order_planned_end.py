from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.workflow import JOB

from .access_order_workflow import HELD

BATCH = 500


class AccessOrder(models.Model):
    """RES_ACCES with a date to come: the line serves until then.

    The operator is answered at once; the order ends and its fibre is free on the day.
    """

    _inherit = "oiconnect.access.order"

    planned_end_date = fields.Datetime(
        "Ends on",
        readonly=True,
        copy=False,
        help="The operator has terminated the access from this date on",
    )

    # Terminations whose day has come.
    _planned_end_idx = models.Index(
        "(planned_end_date) WHERE planned_end_date IS NOT NULL "
        "AND state IN ('delivered', 'in_service')"
    )

    @api.model
    def _end_event(self, event, date):
        """Return what ``event`` is when it takes effect on ``date``."""
        is_to_come = date and date > fields.Datetime.now()
        return "plan_end" if event == "terminate" and is_to_come else event

    def _has_planned_end(self, values):
        return self.filtered("planned_end_date")

    def _on_plan_end(self, values, origin):
        self.write({"planned_end_date": values.get("date")})
        cron = self.env.ref("oiconnect_orders.cron_planned_end").sudo()
        cron._trigger(at=values.get("date"))

    @api.model
    def _cron_planned_end(self):
        """Terminate what was to end by now, one transaction a batch."""
        due = Domain("planned_end_date", "<=", fields.Datetime.now()) & Domain(
            "state", "in", HELD
        )
        for held in self._held_batches(due, BATCH):
            held._fire("terminate", JOB)
