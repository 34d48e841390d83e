import base64

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_import.protocol import FileError, columns_of, read_definition


class FlowFormatNew(models.TransientModel):
    """Make a version of a flow, or an operator's own format, from a file or a copy."""

    _name = "oiconnect.flow.format.new"
    _description = "New format of a flow"

    flow_id = fields.Many2one("oiconnect.flow", required=True)
    version = fields.Char(required=True, default="V1.4", help="Such as V1.4")
    operator_id = fields.Many2one(
        "oiconnect.operator", help="Leave empty for the format of all operators"
    )
    origin = fields.Selection(
        [("copy", "Copy of a format"), ("file", "File of columns")],
        required=True,
        default="copy",
    )
    source_id = fields.Many2one(
        "oiconnect.flow.format", "Format to copy", domain="[('flow_id', '=', flow_id)]"
    )
    file = fields.Binary(
        help="CSV with one line for each column: versions, rank, column, aliases, "
        "field, type, length, rule, values, error_code, confidence, note"
    )
    file_name = fields.Char()
    report = fields.Text("Errors", readonly=True)

    def action_create(self):
        """Make the format and open it, or show what is wrong with the file."""
        self.ensure_one()
        self.env["oiconnect.flow.format"].check_access("create")
        self.report = False
        lines = self._file_lines() if self.origin == "file" else self._copy_lines()
        if self.report:
            return self._reopen()
        vals = {
            "flow_id": self.flow_id.id,
            "version": self.version,
            "operator_id": self.operator_id.id,
            "column_ids": lines,
        }
        return self.env["oiconnect.flow.format"].create(vals).action_open()

    def _copy_lines(self):
        if not self.source_id:
            raise UserError(self.env._("Choose the format to copy."))
        return self.flow_id._column_commands(self.source_id._definitions())

    def _file_lines(self):
        if not self.file:
            raise UserError(self.env._("Choose the file of columns."))
        try:
            definitions = self._read_definitions()
        except FileError as error:
            self.report = self.env["oiconnect.flow"]._error_text(error)
            return []
        return self.flow_id._column_commands(definitions)

    def _read_definitions(self):
        definitions, errors = read_definition(base64.b64decode(self.file))
        self.report = "\n".join(map(self._line_text, errors)) or False
        return [] if errors else columns_of(definitions, self.version)

    def _line_text(self, error):
        return self.env._(
            "Line %(line)s: %(message)s",
            line=error.line,
            message=self.env["oiconnect.flow"]._error_text(error),
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New format"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
