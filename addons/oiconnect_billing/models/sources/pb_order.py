from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import ORDER_NAMES, Source

_lt = LazyTranslate(__name__)


class PbOrder(models.Model):
    """A distribution point that was laid as an operator ordered it."""

    _inherit = "oiconnect.pb.order"

    _billing_sources = (
        Source(
            "pb_order",
            _lt("PB order"),
            "oiconnect_pb_order AS record"
            " LEFT JOIN oiconnect_building AS building"
            " ON building.id = record.building_id",
            begun={"happened": "record.laid_date"},
            place="building.identifier",
            rank=14,
            **ORDER_NAMES,
        ),
    )
