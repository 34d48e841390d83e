from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import Source

_lt = LazyTranslate(__name__)

# A batch without an operator is delivered to those that have the PM on that day: once,
# also to who gave a service of the PM back that day and took another one.
DELIVERED_TO = """
    oiconnect_pb_batch AS record
    LEFT JOIN LATERAL (
        SELECT DISTINCT held.operator_id FROM oiconnect_pm_service AS held
         WHERE record.operator_id IS NULL AND held.pm_id = record.pm_id
           AND (held.active OR held.end_date IS NOT NULL)
           AND held.start_date <= record.delivery_date
           AND COALESCE(held.end_date >= record.delivery_date, TRUE)
    ) AS service ON TRUE
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
            names_from="oiconnect_pb_batch AS record"
            " LEFT JOIN oiconnect_pm AS pm ON pm.id = record.pm_id",
            oc_reference="record.reference",
            place="pm.reference",
            searched={"oc_reference": "reference"},
            rank=15,
        ),
    )
