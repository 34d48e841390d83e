from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ..difference.compare import SHAPE

_lt = LazyTranslate(__name__)
WHAT = [
    ("created", "Added"),
    ("changed", "Changed"),
    ("abandoned", "Abandoned"),
    ("absent", "No longer there"),
]
#: what people call the rows of a table
TABLE_LABELS = {
    "t_adresse": _lt("Address"),
    "t_baie": _lt("Bay"),
    "t_cable": _lt("Cable"),
    "t_cableline": _lt("Line of a cable"),
    "t_cassette": _lt("Tray"),
    "t_cheminement": _lt("Path"),
    "t_conduite": _lt("Duct"),
    "t_ebp": _lt("Box or socket"),
    "t_fibre": _lt("Fibre"),
    "t_local": _lt("Room or dwelling"),
    "t_ltech": _lt("Technical room"),
    "t_noeud": _lt("Node"),
    "t_organisme": _lt("Organisation"),
    "t_position": _lt("Position"),
    "t_ptech": _lt("Pole or chamber"),
    "t_reference": _lt("Product reference"),
    "t_ropt": _lt("Fibre of a route"),
    "t_site": _lt("Site"),
    "t_sitetech": _lt("Technical site"),
    "t_suf": _lt("Dwelling"),
    "t_tiroir": _lt("Drawer"),
    "t_zpbo": _lt("Zone of a PBO"),
    "t_znro": _lt("Zone of an NRO"),
    "t_zsro": _lt("Zone of a PM"),
}


class GracethdDifferenceLine(models.Model):
    """A row that two deliveries do not tell alike. Written by SQL: they are many."""

    _name = "oiconnect.gracethd.difference.line"
    _description = "Difference of two deliveries"
    _order = "difference_id desc, table_name, id"
    _rec_name = "code"
    _log_access = False
    _event_fields = EVERY_FIELD

    difference_id = fields.Many2one(
        "oiconnect.gracethd.difference",
        "Deliveries",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    # The network warrants it: it is not of another company later
    company_id = Many2oneWithoutForeignKey(
        related="difference_id.company_id", store=True, precompute=True
    )
    table_name = fields.Char("Table", required=True, readonly=True)
    table_label = fields.Char("Kind of object", compute="_compute_texts")
    code = fields.Char("Code in the delivery", readonly=True)
    reference = fields.Char(readonly=True)
    what = fields.Selection(WHAT, "What became of it", required=True, readonly=True)
    row_number = fields.Integer(
        "Row of its file",
        readonly=True,
        aggregator=None,
        help="Of the former delivery, where the row is no longer there",
    )
    column_names = fields.Char("Columns", readonly=True)
    changes = fields.Json("Values by column", readonly=True)
    changes_text = fields.Text("Former and new values", compute="_compute_texts")
    latitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)

    line = fields.Text("Line on the map", readonly=True, help="GeoJSON, in degrees")
    south = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    west = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    north = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    east = fields.Float(digits=(10, 7), readonly=True, aggregator=None)

    # List of a difference, by table: difference_id = x order by table_name, id
    _table_idx = models.Index("(difference_id, table_name, id)")

    @api.depends("table_name", "changes")
    @api.depends_context("lang")
    def _compute_texts(self):
        for line in self:
            name = line.table_name
            label = TABLE_LABELS.get(name)
            line.table_label = self.env._(label) if label else name
            line.changes_text = "\n".join(
                line._change_text(column, pair)
                for column, pair in sorted((line.changes or {}).items())
            )

    def _change_text(self, column, pair):
        if column == SHAPE:
            return self.env._("Place or line: moved")
        old, new = (value or self.env._("void") for value in pair)
        return self.env._(
            "%(column)s: %(old)s → %(new)s", column=column, old=old, new=new
        )

    def action_show_on_map(self):
        """Open the map where the row is."""
        self.ensure_one()
        if not self.latitude:
            raise UserError(
                self.env._("The place of this row is not known: see the table's nodes.")
            )
        self.env["oiconnect.pm"].check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "oiconnect_infra.map_action"
        )
        focus = {
            "lat": self.latitude,
            "lon": self.longitude,
            "difference": self.difference_id.id,
        }
        return action | {"params": {"focus": focus}}
