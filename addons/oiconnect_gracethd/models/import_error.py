from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..bulk.errors import LEFT_OUT
from ..checks import CHECKS
from ..messages import MESSAGES, message_text
from .gracethd_grid_check import LEVELS

#: what the errors of one mark of the map have in common
PLACE = ("import_id", "code", "table_name", "latitude", "longitude")


class ImportLineError(models.Model):
    """Errors of a delivery say their table and, where it is known, their place."""

    _inherit = "oiconnect.import.error"

    table_name = fields.Char("Table", readonly=True)
    file = fields.Char("File of the row", readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    is_left_out = fields.Boolean(
        "Left out",
        readonly=True,
        help="Nothing of the row is applied, or what it makes lacks a part",
    )
    latitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)

    def _compute_message(self):
        own = self.filtered(lambda error: error.message_key in MESSAGES)
        for error in own:
            error.message = message_text(self.env, error.message_key, error.params)
        return super(ImportLineError, self - own)._compute_message()

    # Errors of an import on the map: import_id = x, latitude between y and z
    _place_idx = models.Index("(import_id, latitude) WHERE latitude <> 0")

    def _rule_title(self):
        """Return the code of the rule and what it checks."""
        if self.code == LEFT_OUT:
            return self.env._("%s – What the network cannot take", self.code)
        check = CHECKS.get(int(self.code[2:])) if self.code else None
        return f"{self.code} – {self.env._(check.title)}" if check else self.code

    def _alike(self):
        """Return the domain of the errors of the same rule and table at this place."""
        return Domain.AND(
            Domain(name, "=", self[name].id if name == "import_id" else self[name])
            for name in PLACE
        )

    def action_view_alike(self):
        """Open the errors of the same rule and table at this place."""
        self.ensure_one()
        action = self.import_id.action_view_errors()
        return action | {"domain": list(self._alike()), "context": {}}

    def action_show_on_map(self):
        """Open the map where the row is, with all errors of the delivery."""
        self.ensure_one()
        if not self.latitude:
            raise UserError(
                self.env._("The place of this row is not known: see the table's nodes.")
            )
        place = {"lat": self.latitude, "lon": self.longitude}
        return self._map_action({"model": self._name, "id": self.id, **place})

    def action_show_all_on_map(self):
        """Open the map on the errors of the import that have a place.

        :return: those chosen in the list, all of the import without a choice
        """
        import_id = self.env.context.get("gracethd_import_id")
        domain = Domain("import_id", "=", import_id)
        bounds = self._place_bounds(Domain("id", "in", self.ids) if self else domain)
        if not bounds:
            raise UserError(
                self.env._(
                    "None of these errors has a place: the rows name no node that the "
                    "delivery holds."
                )
            )
        return self._map_action({"bounds": bounds}, import_id)

    def _place_bounds(self, domain):
        """Return south, west, north and east of the errors that have a place."""
        edges = ("latitude:min", "longitude:min", "latitude:max", "longitude:max")
        [bounds] = self._read_group(
            domain & Domain("latitude", "!=", 0), aggregates=edges
        )
        return list(bounds) if bounds[0] else []

    def _map_action(self, focus, import_id=None):
        """Return the map on ``focus``, with all errors of the import."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "oiconnect_infra.map_action"
        )
        filters = {"import_ids": self.import_id.ids or [import_id]}
        return action | {"params": {"focus": focus | {"filters": filters}}}
