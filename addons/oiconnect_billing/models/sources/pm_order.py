from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import DWELLINGS_OF_PM, ORDER_NAMES, Source, paris_day

_lt = LazyTranslate(__name__)

PM_ORDERS = (
    "oiconnect_pm_order AS record LEFT JOIN oiconnect_pm AS pm ON pm.id = record.pm_id"
)


class PmOrder(models.Model):
    """A PM that was made available, or up-to-date information that was sent."""

    _inherit = "oiconnect.pm.order"

    _billing_sources = (
        Source(
            "pm_order",
            _lt("PM order"),
            PM_ORDERS,
            begun={"happened": paris_day("record.delivered_date")},
            where="record.purpose IN ('rental', 'engagement')",
            filters={
                "retained_type": "CASE record.kind WHEN 'cofi' THEN 'cofi'"
                " ELSE 'loca' END",
            },
            units={"dwelling": DWELLINGS_OF_PM.format(pm="record.pm_id")},
            place="pm.reference",
            rank=12,
            **ORDER_NAMES,
        ),
        Source(
            "pm_update",
            _lt("Up-to-date information of a PM"),
            PM_ORDERS,
            begun={"happened": paris_day("record.report_date")},
            where="record.purpose = 'update' AND record.state = 'answered'",
            place="pm.reference",
            rank=13,
            **ORDER_NAMES,
        ),
    )
