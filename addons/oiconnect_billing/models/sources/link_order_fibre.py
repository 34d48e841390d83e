from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import Source, paris_day

_lt = LazyTranslate(__name__)


class LinkOrderFibre(models.Model):
    """A fibre of a link: billed from the day it is made available until given back."""

    _inherit = "oiconnect.link.order.fibre"

    _billing_sources = (
        Source(
            "link_fibre",
            _lt("Fibre of a link"),
            "oiconnect_link_order_fibre AS record"
            " JOIN oiconnect_link_order AS made ON made.id = record.order_id"
            " LEFT JOIN oiconnect_pm_link AS link ON link.id = made.link_id",
            begun={"held": paris_day("made.available_date")},
            ended=paris_day("record.end_date"),
            operator="made.operator_id",
            network="made.network_id",
            oc_reference="made.oc_reference",
            service_reference="made.service_reference",
            place="link.reference || ' / ' || record.number",
            searched={
                "oc_reference": "order_id.oc_reference",
                "service_reference": "order_id.service_reference",
            },
            opens="oiconnect.link.order",
            opened_by="order_id",
            rank=21,
        ),
    )
