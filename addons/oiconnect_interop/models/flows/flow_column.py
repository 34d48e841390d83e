from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_import.protocol import (
    Column,
    ColumnDefinition,
    FormatError,
    ValueProblem,
)
from odoo.addons.oiconnect_import.protocol.values import parser_of

TEXTS = ("ABC-123", "99001", "0123", "OICN", "12", "A", "1", "00000000000000")
EXAMPLES = {
    "comment": "Texte libre",
    "integer": "12",
    "decimal": "1.5",
    "date": "20250314",
    "datetime": "20250314 10:05",
    "boolean": "O",
    "code": "",
    "reason": "FIMP16",
    "phone": "0600000001",
    "contact": "contact@example.org",
}


class FlowColumn(models.Model):
    """One column of a format: header name, field it feeds, type and rule."""

    _name = "oiconnect.flow.column"
    _inherit = "oiconnect.cached.mixin"
    _description = "Column of a format"
    _order = "format_id, sequence, id"
    _free_fields = EVERY_FIELD

    format_id = fields.Many2one(
        "oiconnect.flow.format", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer("Rank", default=1000)
    name = fields.Char("Column", required=True)
    aliases = fields.Char(help="Other header names read, separated by |")
    field_path = fields.Char(
        "Field",
        help="Key of the value, such as pto_reference or routes.0.module; empty for a "
        "column that is only kept",
    )
    value_type = fields.Selection(
        [
            ("text", "Short text"),
            ("comment", "Free text"),
            ("integer", "Whole number"),
            ("decimal", "Decimal number"),
            ("date", "Date"),
            ("datetime", "Date and time"),
            ("boolean", "Yes or no"),
            ("code", "Code of a list"),
            ("reason", "Reason code"),
            ("phone", "Phone"),
            ("contact", "Phone or e-mail"),
        ],
        "Type",
        required=True,
        default="text",
    )
    max_length = fields.Integer("Length", help="Most characters, 0 for no limit")
    decimals = fields.Integer(help="Fewest decimals written")
    rule = fields.Selection(
        [
            ("M", "Mandatory"),
            ("C", "Conditional"),
            ("F", "Optional"),
            ("A", "Appended"),
        ],
        required=True,
        default="F",
        help="Appended: a file has these columns only when one of its lines needs them",
    )
    value_list = fields.Char(
        "Values",
        help="Codes separated by |, each maybe followed by = and its key; or /pattern/ "
        "for a text",
    )
    error_code = fields.Char(
        "Error code", help="Reason code of a refused value, FIMP16 when empty"
    )
    confidence = fields.Selection(
        [("seen", "Seen"), ("inferred", "Inferred"), ("proposed", "Proposed")],
        "How sure",
        required=True,
        default="proposed",
    )
    note = fields.Char()

    _length_positive = models.Constraint(
        "CHECK (max_length >= 0 AND decimals BETWEEN 0 AND 9)",
        "The length is positive and the decimals are at most 9.",
    )

    @api.constrains(
        "name",
        "aliases",
        "field_path",
        "value_type",
        "max_length",
        "decimals",
        "rule",
        "value_list",
    )
    def _check_column(self):
        for column in self:
            try:
                column._protocol_column()
            except FormatError as error:
                text = self.env["oiconnect.flow"]._error_text(error)
                raise ValidationError(text) from error
        self.format_id._check_usable()

    def _protocol_column(self):
        """Return the protocol ``Column`` of this line."""
        self.ensure_one()
        return Column(
            name=self.name,
            field=self.field_path or "",
            type=self.value_type,
            length=self.max_length,
            decimals=self.decimals,
            rule=self.rule,
            values=self.value_list or "",
            error_code=self.error_code or "",
            aliases=tuple(filter(None, (self.aliases or "").split("|"))),
        )

    @api.model
    def _vals_of(self, definition, sequence):
        """Return the values of the record that stands for a ``ColumnDefinition``."""
        column = definition.column
        return {
            "sequence": sequence,
            "name": column.name,
            "aliases": "|".join(column.aliases) or False,
            "field_path": column.field or False,
            "value_type": column.type,
            "max_length": column.length,
            "decimals": column.decimals,
            "rule": column.rule,
            "value_list": column.values or False,
            "error_code": column.error_code or False,
            "confidence": definition.confidence,
            "note": definition.note or False,
        }

    def _definition(self, rank):
        """Return the ``ColumnDefinition`` of this column at ``rank``."""
        self.ensure_one()
        return ColumnDefinition(
            line=0,
            versions=(self.format_id.version,),
            rank=rank,
            column=self._protocol_column(),
            confidence=self.confidence,
            note=self.note or "",
        )

    def _example(self):
        """Return a cell that this column could hold."""
        first = (self.value_list or "").split("|")[0].partition("=")[0]
        if first and not first.startswith("/"):
            return first
        if self.value_type == "text":
            return self._example_text()
        return EXAMPLES.get(self.value_type, "")

    def _example_text(self):
        """Return the first usual text that the column's pattern and length accept."""
        parse = parser_of(self._protocol_column())
        for text in TEXTS:
            try:
                return parse(text)
            except ValueProblem:
                continue
        return ""
