from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import Source

_lt = LazyTranslate(__name__)

# A batch without an operator is delivered to those that have the PM on that day.
DELIVERED_TO = """
    oiconnect_pb_batch AS record
    LEFT JOIN oiconnect_pm_service AS service
      ON record.operator_id IS NULL AND service.pm_id = record.pm_id
     AND (service.active OR service.end_date IS NOT NULL)
     AND service.start_date <= record.delivery_date
     AND COALESCE(service.end_date >= record.delivery_date, TRUE)
"""
OPERATOR = "COALESCE(record.operator_id, service.operator_id)"


class PbBatch(models.Model):
    """Addresses delivered together: whole, or by dwelling, to each operator."""

    _inherit = "oiconnect.pb.batch"

    _billing_sources = (
        Source(
            "pb_batch",
            _lt("PB batch"),
            DELIVERED_TO,
            begun={"happened": "record.delivery_date"},
            where=f"{OPERATOR} IS NOT NULL",
            operator=OPERATOR,
            part=OPERATOR,
            units={"dwelling": "record.dwelling_count"},
            told_from="oiconnect_pb_batch AS record"
            " LEFT JOIN oiconnect_pm AS pm ON pm.id = record.pm_id",
            oc_reference="record.reference",
            place="pm.reference",
            searched={"oc_reference": "reference"},
            rank=15,
        ),
    )
