from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ..source import ORDER_NAMES, Source, paris_day

_lt = LazyTranslate(__name__)

ACCESSES = (
    "oiconnect_access_order AS record"
    " LEFT JOIN oiconnect_pto AS pto ON pto.id = record.pto_id"
)
SWITCHED = f"""
    SELECT {paris_day("MAX(step.date)")} FROM oiconnect_workflow_step AS step
     WHERE step.res_model = 'oiconnect.access.order'
       AND step.res_id = late.record_id AND step.event = 'switch_type'
"""


class AccessOrder(models.Model):
    _inherit = "oiconnect.access.order"

    _billing_sources = (
        Source(
            "access",
            _lt("Access"),
            ACCESSES,
            begun={
                "delivered": paris_day("record.delivered_date"),
                "in_service": paris_day("record.in_service_date"),
            },
            ended=paris_day("record.end_date"),
            where="(record.delivered_date IS NOT NULL"
            " OR record.in_service_date IS NOT NULL)",
            filters={
                "connection_type": "record.connection_type",
                "retained_type": "record.retained_type",
            },
            changed=SWITCHED,
            place="pto.reference",
            rank=1,
            **ORDER_NAMES,
        ),
        # Whoever took a line over owes it, unless the line was given back since.
        Source(
            "takeover",
            _lt("Takeover of a line"),
            ACCESSES,
            begun={"happened": paris_day("record.delivered_date")},
            where="record.takeover_of_id IS NOT NULL AND EXISTS ("
            " SELECT FROM oiconnect_access_order AS holder"
            " WHERE holder.id = record.takeover_of_id"
            " AND holder.state = 'overwritten')",
            filters={"connection_type": "record.connection_type"},
            place="pto.reference",
            rank=2,
            **ORDER_NAMES,
        ),
    )

    billing_line_count = fields.Integer(
        "Billed months",
        compute="_compute_billing_line_count",
        groups="oiconnect_base.group_billing_read",
    )

    def _compute_billing_line_count(self):
        counts = dict(
            self.env["oiconnect.billing.line"]._read_group(
                [("source", "=", "access"), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for order in self:
            order.billing_line_count = counts.get(order.id, 0)

    def action_view_billing_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "oiconnect.billing.line",
            "view_mode": "list",
            "domain": [("source", "=", "access"), ("res_id", "=", self.id)],
            "name": self.env._("Billed months"),
        }
