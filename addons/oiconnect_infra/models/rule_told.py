from odoo import api, models
from odoo.tools import SQL, format_date

from ..rules import Compared
from ..rules.queries import MODELS


class OiconnectRule(models.Model):
    """What a rule compared, in the words of the screens."""

    _inherit = "oiconnect.rule"

    @api.model
    def _compared_texts(self, subject, rule, ids, blamed=()):
        """Return ``{id: text}`` of what ``rule`` compared, the fields blamed first."""
        query = SQL(
            "SELECT t.id, %s FROM %s WHERE t.id = ANY(%s)",
            subject.compared(rule, blamed),
            subject.source,
            list(ids),
        )
        items = [*blamed, *rule.told]
        return {
            id_: self._compared_text(rule, items, values)
            for id_, values in self.env.execute_query(query)
        }

    @api.model
    def _compared_text(self, rule, items, values):
        """Return "label: value · label: value" of what ``rule`` compared.

        :param items: fields ("pm.state") or ``Compared``
        :param values: texts of the database, in the order of ``items``
        """
        return " · ".join(
            self.env._(
                "%(label)s: %(value)s",
                label=self._compared_label(rule, item),
                value=self._compared_value(item, value),
            )
            for item, value in dict(zip(items, values, strict=True)).items()
        )

    @api.model
    def _compared_label(self, rule, item):
        if isinstance(item, Compared):
            return self.env._(item.label)
        target, name = item.split(".", 1)
        label = self._field_label(target, name)
        return label if target == rule.target else self.env._("%s of the PM", label)

    @api.model
    def _compared_value(self, item, value):
        if value in (None, ""):
            return self.env._("empty")
        if isinstance(item, Compared):
            return format_date(self.env, value) if item.type == "date" else value
        target, name = item.split(".", 1)
        return self._value_text(self.env[MODELS[target]]._fields[name], value)

    @api.model
    def _value_text(self, field, value):
        """Return a value of a column in the words of the screens."""
        if value is None:
            return ""
        if field.type == "selection":
            choices = dict(field._description_selection(self.env))
            return choices.get(value, value)
        if field.type == "boolean":
            return self.env._("Yes") if value == "true" else self.env._("No")
        return format_date(self.env, value) if field.type == "date" else value
