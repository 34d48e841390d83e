from odoo import models
from odoo.tools.translate import LazyTranslate

from ...source import Source

_lt = LazyTranslate(__name__)

# The share that the operator has taken of the dwellings behind its PMs
SHARE_OF_DWELLINGS = """ROUND(
    record.share::numeric / 100 * COALESCE((
        SELECT SUM(building.dwelling_count)
          FROM oiconnect_cofinancing_pm_rel AS zone
          JOIN oiconnect_building AS building ON building.pm_id = zone.pm_id
         WHERE zone.cofinancing_id = record.id), 0), 2)
"""


class Cofinancing(models.Model):
    """An engagement: by share taken, or by the dwellings that the share makes."""

    _inherit = "oiconnect.cofinancing"

    _billing_sources = (
        Source(
            "cofinancing",
            _lt("Co-financing engagement"),
            "oiconnect_cofinancing AS record",
            begun={"held": "record.start_date"},
            ended="record.end_date + 1",
            where="(record.active OR record.end_date IS NOT NULL)",
            units={"share": "record.level", "dwelling": SHARE_OF_DWELLINGS},
            oc_reference="record.reference",
            place="record.zone",
            searched={"oc_reference": "reference"},
            rank=11,
        ),
    )
