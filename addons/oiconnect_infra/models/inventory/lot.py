from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from ..mixins.neighbours import neighbour_count

_lt = LazyTranslate(__name__)


class Lot(models.Model):
    """PMs that operators were called to co-finance together."""

    _name = "oiconnect.lot"
    _description = "Lot of PMs"
    _created_text = _lt("Lot of PMs created")
    _inherit = ["oiconnect.infra.mixin", "mail.thread"]
    _order = "reference"
    _rec_name = "reference"
    _rec_names_search = ["reference", "name"]
    _used_by_fields = ("pm_ids",)
    _tracked_fields = ("reference", "name", "opening_date", "closing_date", "comment")

    reference = fields.Char(size=60, required=True, index="trigram", copy=False)
    name = fields.Char(size=120)
    opening_date = fields.Date("Call opened on")
    closing_date = fields.Date("Call closed on")
    comment = fields.Text()
    pm_ids = fields.One2many("oiconnect.pm", "lot_id", "PMs")
    pm_count = neighbour_count("Number of PMs")
    dwelling_count = fields.Integer("Dwellings", compute="_compute_dwelling_count")

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A lot with this reference exists on the network.",
    )
    _dates_order = models.Constraint(
        "CHECK (closing_date >= opening_date)",
        "A call is opened before it is closed: check the two dates.",
    )

    def _compute_dwelling_count(self):
        sums = dict(
            self.env["oiconnect.pm"]._read_group(
                [("lot_id", "in", self.ids)], ["lot_id"], ["dwelling_count:sum"]
            )
        )
        for lot in self:
            lot.dwelling_count = sums.get(lot._origin, 0)
