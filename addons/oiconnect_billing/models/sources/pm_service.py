from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import DWELLINGS_OF_PM, Source, paris_day

_lt = LazyTranslate(__name__)

# By its first order, or as we call it
ORDERED_AS = """COALESCE((
    SELECT made.oc_reference FROM oiconnect_pm_order AS made
     WHERE made.service_id = record.id AND made.purpose <> 'update'
     ORDER BY made.id LIMIT 1
), record.reference)"""
SWITCHED = f"""
    SELECT {paris_day("MAX(step.date)")}
      FROM oiconnect_pm_order AS made
      JOIN oiconnect_workflow_step AS step
        ON step.res_model = 'oiconnect.pm.order' AND step.res_id = made.id
     WHERE made.service_id = late.record_id AND step.event = 'switch_to_cofinancing'
"""


class PmService(models.Model):
    """A PM that an operator has: billed to its last day, whole or by dwelling."""

    _inherit = "oiconnect.pm.service"

    _billing_sources = (
        Source(
            "pm_service",
            _lt("PM service"),
            "oiconnect_pm_service AS record"
            " LEFT JOIN oiconnect_pm AS pm ON pm.id = record.pm_id",
            begun={"held": "record.start_date"},
            ended="record.end_date + 1",
            where="(record.active OR record.end_date IS NOT NULL)",
            filters={"retained_type": "record.kind"},
            changed=SWITCHED,
            units={"dwelling": DWELLINGS_OF_PM.format(pm="record.pm_id")},
            oc_reference=ORDERED_AS,
            service_reference="record.reference",
            place="pm.reference",
            searched={"service_reference": "reference"},
            rank=10,
        ),
    )
