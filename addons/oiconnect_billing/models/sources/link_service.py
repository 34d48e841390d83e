from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import Source

_lt = LazyTranslate(__name__)

# By its first order, or as we call it
ORDERED_AS = """COALESCE((
    SELECT made.oc_reference FROM oiconnect_link_order AS made
     WHERE made.service_id = record.id ORDER BY made.id LIMIT 1
), record.reference)"""


class LinkService(models.Model):
    """A link of which an operator has fibres: billed whole, however many they are."""

    _inherit = "oiconnect.link.service"

    _billing_sources = (
        Source(
            "link_service",
            _lt("Link service"),
            "oiconnect_link_service AS record"
            " LEFT JOIN oiconnect_pm_link AS link ON link.id = record.link_id",
            begun={"held": "record.start_date"},
            ended="record.end_date + 1",
            where="(record.active OR record.end_date IS NOT NULL)",
            oc_reference=ORDERED_AS,
            service_reference="record.reference",
            place="link.reference",
            searched={"service_reference": "reference"},
            rank=20,
        ),
    )
