from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..const import MAX_CONNECTORS

_lt = LazyTranslate(__name__)


class Pto(models.Model):
    """Optical socket of a dwelling."""

    _name = "oiconnect.pto"
    _description = "PTO"
    _created_text = _lt("Socket created")
    _inherit = ["oiconnect.infra.mixin", "mail.thread"]
    _order = "reference"
    _rec_name = "reference"
    _used_by_fields = ("route_ids",)
    _same_network_fields = ("building_id", "pbo_id")
    _neighbour_counts = {
        "route_count": "route_ids",
    }
    _tracked_fields = (
        "reference",
        "state",
        "building_id",
        "pbo_id",
        "level_id",
        "door",
        "connector_count",
    )

    reference = fields.Char(size=30, required=True, index="trigram", copy=False)
    state = fields.Selection(
        [
            ("to_build", "To build"),
            ("existing", "Existing"),
            ("out_of_service", "Out of service"),
        ],
        required=True,
        default="to_build",
        index=True,
        tracking=True,
    )
    building_id = fields.Many2one(
        "oiconnect.building",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    pbo_id = fields.Many2one(
        "oiconnect.pbo", "PBO", ondelete="restrict", index="btree_not_null"
    )
    level_id = fields.Many2one(
        "oiconnect.building.level",
        domain="[('building_id', '=', building_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    door = fields.Char(size=25)
    connector_count = fields.Integer(
        "Connectors",
        default=MAX_CONNECTORS,
        aggregator=None,
        help="Optical routes that the socket can hold, 1 to 4",
    )
    route_ids = fields.One2many("oiconnect.route", "pto_id", "Routes")
    route_count = fields.Integer(
        "Number of routes", compute="_compute_neighbour_counts"
    )

    # Also the order of the list: … order by reference limit n
    _reference_uniq = models.Constraint(
        "UNIQUE (reference, network_id)",
        "A PTO with this reference exists on the network.",
    )
    _connector_count_range = models.Constraint(
        f"CHECK (connector_count BETWEEN 1 AND {MAX_CONNECTORS})",
        "A PTO has 1 to 4 connectors.",
    )

    def _unwire_unless_laid(self):
        """Take the free routes off sockets that nobody holds and that were not laid."""
        unlaid = self.filtered(lambda pto: pto.state == "to_build")
        held = unlaid.filtered(lambda pto: any(r.operator_id for r in pto.route_ids))
        routes = (unlaid - held).route_ids.sudo()
        routes.write({"pto_id": False, "connector_number": False})

    @api.onchange("level_id")
    def _onchange_level_id(self):
        if self.level_id.pbo_id:
            self.pbo_id = self.level_id.pbo_id
