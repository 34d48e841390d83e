from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime, formatLang

from .map_settings import COLOURED_BY

# What the card of an object tells, of what there is to tell
_LINES = {
    "prdm": ("nro_id", "min_dwellings", "pm_count", "link_count"),
    "pm": (
        "authorisation",
        "location_type",
        "prdm_id",
        "dwelling_count",
        "building_count",
        "pbo_count",
        "installation_date",
        "commercial_date",
    ),
    "pbo": (
        "type_id",
        "pm_id",
        "localisation",
        "building_count",
        "pto_count",
        "capacity_free",
        "capacity_total",
    ),
    "splice_box": (
        "kind",
        "physical_type",
        "place",
        "nro_id",
        "pm_id",
        "localisation",
        "splice_count",
        "fibre_count",
        "end_cable_count",
        "start_cable_count",
    ),
    "cable": (
        "pm_id",
        "start_name",
        "end_name",
        "tube_count",
        "fibres_per_tube",
        "length_m",
        "fibre_count",
    ),
    "building": (
        "building_type",
        "dwelling_count",
        "pm_id",
        "pbo_count",
        "pto_count",
        "cabling_date",
        "commercial_date",
    ),
    "link": ("pm_id", "prdm_id", "length_km", "capacity", "free_fibre_count"),
    "zone": ("source", "building_count"),
}


class MapCard(models.AbstractModel):
    """Card of one object of the map."""

    _inherit = "oiconnect.map"

    @api.model
    @api.private
    def _card(self, model, record_id):
        """Return the title, state, address and lines of an object.

        :raises UserError: there is no such object on the map, or no more
        """
        models_shown = self._kind_models()
        kind = next((k for k, name in models_shown.items() if name == model), None)
        record = kind and self.env[model].browse(record_id).exists()
        if not record:
            raise UserError(
                self.env._("This object is not on the map any more: move the map.")
            )
        record.check_access("read")
        state = COLOURED_BY.get(kind, "state")
        return {
            "title": record.display_name,
            "kind": kind,
            "state": state in record and record[state] or False,
            "state_label": self._card_text(record, state) if state in record else "",
            "address": "address" in record and record.address or "",
            "lines": self._card_lines(record, self._card_fields(kind)),
            "model": model,
            "id": record.id,
        }

    @api.model
    def _card_fields(self, kind):
        """Hook: return the names of the fields that the card of an object tells."""
        return _LINES[kind]

    @api.model
    def _card_lines(self, record, names):
        """Return the ``[label, text]`` of the fields that tell something."""
        return [
            [record._fields[name]._description_string(self.env), text]
            for name in names
            if self._may_count(record, name) and (text := self._card_text(record, name))
        ]

    @api.model
    def _may_count(self, record, name):
        """Tell whether the user may read the model that a count is about."""
        relation = getattr(record, "_neighbour_counts", dict)().get(name)
        if not relation:
            return True
        return self.env[record._fields[relation].comodel_name].has_access("read")

    @api.model
    def _card_text(self, record, name):
        field, value = record._fields[name], record[name]
        if field.type == "many2one":
            return value.display_name if value.has_access("read") else ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "datetime":
            return format_datetime(self.env, value, dt_format="short") if value else ""
        if field.type == "float":
            return formatLang(self.env, value, digits=2) if value else ""
        if field.type == "integer":
            return formatLang(self.env, value, digits=0)
        return value or ""
