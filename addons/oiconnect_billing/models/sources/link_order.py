from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import ORDER_NAMES, Source, paris_day

_lt = LazyTranslate(__name__)


class LinkOrder(models.Model):
    """A link order that was made available: whole, or by fibre ordered."""

    _inherit = "oiconnect.link.order"

    _billing_sources = (
        Source(
            "link_order",
            _lt("Link order"),
            "oiconnect_link_order AS record"
            " LEFT JOIN oiconnect_pm_link AS link ON link.id = record.link_id",
            begun={"happened": paris_day("record.available_date")},
            units={"fibre": "record.fibre_count"},
            place="link.reference",
            rank=22,
            **ORDER_NAMES,
        ),
    )
