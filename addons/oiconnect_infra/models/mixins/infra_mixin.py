import re

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.oiconnect_base.fields import Many2oneWithoutForeignKey
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

# Columns and values that the database says are there twice, in any language
_TWICE = re.compile(r"\((?P<columns>[^()]+)\)=\((?P<values>.+)\)")
# What texts cannot hold, pasted from any document: operators refuse the lines of files
# that do. A text of one line would break them.
_CONTROL = {
    "char": re.compile(r"[\x00-\x1f\x7f-\x9f]+"),
    "text": re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+"),
}


class InfraMixin(models.AbstractModel):
    """Object of the network: clean texts, history, neighbours on its network."""

    _name = "oiconnect.infra.mixin"
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.tracked",
        "oiconnect.neighbours",
    ]
    _description = "Object of the network"
    _free_fields = EVERY_FIELD

    # Many2one fields to objects that must be on the same network
    _same_network_fields = ()

    # Queries start from the company (record rules) or from a reference, never from
    # the network: one index less to write on tables of a million rows.
    network_id = fields.Many2one(index=False)
    # In the insertion itself, not in an update after it. The network warrants it: it
    # has the same company, and is not deleted while it has objects.
    company_id = Many2oneWithoutForeignKey(
        related="network_id.company_id", store=True, precompute=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([self._clean_texts(vals) for vals in vals_list])
        records._check_same_network()
        return records

    def write(self, vals):
        if "network_id" in vals:
            self._check_network_unchanged(vals["network_id"])
        result = super().write(self._clean_texts(vals))
        if not vals.keys().isdisjoint(self._same_network_fields):
            self._check_same_network()
        return result

    def _check_network_unchanged(self, network_id):
        if any(record.network_id.id != network_id for record in self):
            raise UserError(
                self.env._(
                    "The network of %s cannot change: create the object again on "
                    "the other network.",
                    ", ".join(self[:3].mapped("display_name")),
                )
            )

    def _check_same_network(self):
        for name in self._same_network_fields:
            for record in self.sudo():
                other = record[name]
                if other and other.network_id != record.network_id:
                    raise ValidationError(
                        self.env._(
                            "%(record)s is on network %(network)s and %(other)s is "
                            "not: choose objects of one network.",
                            record=record.display_name,
                            network=record.network_id.name,
                            other=other.display_name,
                        )
                    )

    @api.model
    def _clean_texts(self, vals):
        """Return ``vals`` without control characters; refuse what is too long."""
        return {
            name: self._clean_text(self._fields.get(name), value)
            for name, value in vals.items()
        }

    @api.model
    def _clean_text(self, field, value):
        if not isinstance(value, str) or not field or field.type not in _CONTROL:
            return value
        text = _CONTROL[field.type].sub(" ", value)
        if field.type == "text":
            return text
        text = text.strip()
        if field.size and len(text) > field.size:
            raise ValidationError(
                self.env._(
                    "%(field)s “%(text)s” has %(length)s characters: "
                    "at most %(size)s are allowed.",
                    field=field._description_string(self.env),
                    text=text,
                    length=len(text),
                    size=field.size,
                )
            )
        return text or False

    @api.model
    def _sql_error_to_message(self, exc):
        """Return the message of a unique index, with the reference that is taken."""
        message = super()._sql_error_to_message(exc)
        twice = isinstance(exc, UniqueViolation) and self._text_twice(exc.diag)
        if not twice:
            return message
        return self.env._(
            "%(message)s “%(text)s” is taken: choose another.",
            message=message,
            text=twice,
        )

    @api.model
    def _text_twice(self, diagnostics):
        """Return the text that a unique index refuses, when it begins with a text."""
        found = _TWICE.search(diagnostics.message_detail or "")
        if not found:
            return None
        columns = found["columns"].split(", ")
        field = self._fields.get(columns[0])
        if not field or field.type != "char":
            return None
        return found["values"].rsplit(", ", len(columns) - 1)[0]
