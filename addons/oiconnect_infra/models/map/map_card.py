from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime, formatLang


class MapCard(models.AbstractModel):
    """Card of one object of the map."""

    _inherit = "oiconnect.map"

    @api.model
    @api.private
    def _card(self, model, record_id):
        """Return the title, state, address and lines of an object.

        :raises UserError: there is no such object on the map, or no more
        """
        found = (item for item in self._kinds().items() if item[1].model == model)
        name, kind = next(found, (None, None))
        if kind:
            self.env[model].check_access("read")
        record = kind and self.env[model].search([("id", "=", record_id)])
        if not record:
            raise UserError(
                self.env._("This object is not on the map any more: move the map.")
            )
        state = kind.state
        return {
            "title": record.display_name,
            "kind": name,
            "state": state in record and record[state] or False,
            "state_label": self._card_text(record, state) if state in record else "",
            "address": "address" in record and record.address or "",
            "lines": self._card_lines(record, kind.card),
            "model": model,
            "id": record.id,
        }

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
