from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.delays.clock import Delays
from odoo.addons.oiconnect_base.workflow import JOB

BATCH = 500


class LinkOrder(models.Model):
    """Follow-up of an order: delays, work list, timeline, deemed acceptance."""

    _inherit = "oiconnect.link.order"

    _delays = Delays(
        running={
            "ar_ok": "link_mad",
            "available": "link_delivery",
            "rejected": "link_correction",
            "delivered": "link_validation",
        },
        starts={
            "link_mad": "receipt_date",
            "link_delivery": "available_date",
            "link_correction": "rejected_date",
            "link_validation": "delivered_date",
        },
        answers={"acknowledge": "link_receipt", "refuse_receipt": "link_receipt"},
        dropped_in=("cancelled", "terminated"),
    )
    _todo_of_state = {
        "ar_ok": "link_available",
        "available": "link_deliver",
        "rejected": "link_correct",
    }
    _todo_group = "oiconnect_base.group_link_user"
    _free_text_groups = "oiconnect_base.group_link_read"

    def _todo_detail(self):
        return self.link_id.reference or False

    # ------------------------------------------------------------------
    # Deemed acceptance
    # ------------------------------------------------------------------

    def _wake_deemed_acceptance(self):
        """Look at the deliveries again once the operator's delay is over."""
        rule = self[:1]._delay_rules().get("link_validation")
        if rule:
            limit, _w = self.env["oiconnect.delay"]._limit(rule, fields.Datetime.now())
            cron = self.env.ref("oiconnect_orders.cron_link_deemed").sudo()
            cron._trigger(at=limit)

    @api.model
    def _cron_deem_accepted(self):
        """Accept what was delivered and not answered in time, a transaction a batch."""
        silent = (
            Domain("state", "=", "delivered")
            & Domain("due_kind", "=", "link_validation")
            & Domain("due_date", "<", fields.Datetime.now())
        )
        self._apply_by_batches(
            "deem", silent, BATCH, lambda some: some._fire("deem", JOB)
        )
