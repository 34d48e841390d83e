import csv
import io
from itertools import groupby

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.spreadsheet import escape_formula

from ...bulk.archive import open_source
from ...bulk.messages import message_text
from ...protocol import CsvReader

_PAGE = 5000


class ImportLineError(models.Model):
    """One error or warning of one line of an imported file."""

    _name = "oiconnect.import.error"
    _description = "Error of an imported line"
    _order = "import_id desc, line, id"
    _rec_name = "message"
    _log_access = False
    _event_fields = EVERY_FIELD

    import_id = fields.Many2one(
        "oiconnect.import", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True)
    line = fields.Integer(
        readonly=True, aggregator=None, help="Line of the file; the header is line 1"
    )
    column = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    code = fields.Char("Rule", readonly=True)
    severity = fields.Selection(
        [("error", "Error"), ("warning", "Warning")],
        required=True,
        default="error",
        readonly=True,
    )
    message_key = fields.Char(required=True, readonly=True)
    params = fields.Json(readonly=True)
    message = fields.Char(compute="_compute_message")

    # Errors of an import, and those of one line: import_id = x [and line = y]
    _import_idx = models.Index("(import_id, line)")

    @api.depends("message_key", "params")
    @api.depends_context("lang")
    def _compute_message(self):
        for error in self:
            error.message = self._message_text(error.message_key, error.params)

    @api.model
    def _message_text(self, key, params):
        """Hook: return the sentence of an error in the user's language."""
        return message_text(self.env, key, params)


class Import(models.Model):
    """The lines in error with their errors, to be fixed and imported again."""

    _inherit = "oiconnect.import"

    def _write_errors(self, target):
        """Write to a binary stream the lines in error, as a file that can be imported.

        The two first columns say where the line was and what is wrong with it: an
        import ignores them, as it does all columns that it does not know. When no
        line was in error, those with warnings are written.
        """
        self.ensure_one()
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
        rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
        name = self.file_name or ""
        with (
            self._open_file() as raw,
            open_source(raw, self._limits(), name) as source,
        ):
            reader = CsvReader(source, encoding=self._forced_encoding())
            rows.writerow([*self._error_columns(), *reader.header])
            rows.writerows(self._mendable_rows(reader))
        text.detach()

    def _error_columns(self):
        return [self.env._("Line"), self.env._("Errors")]

    def _mendable_rows(self, reader):
        """Yield the lines in error of ``reader``, each after its errors."""
        errors = self._errors_by_line()
        wanted, texts = next(errors, (None, []))
        for number, cells, _problem in reader:
            while wanted is not None and wanted < number:
                wanted, texts = next(errors, (None, []))
            if wanted == number:
                yield [str(number), " | ".join(texts), *map(escape_formula, cells)]

    def _errors_by_line(self):
        """Yield (line, [message]) in the order of the file."""
        domain = Domain("import_id", "=", self.id)
        if self.error_count:
            domain &= Domain("severity", "=", "error")
        # Pages come sorted by line; the whole list must not be held in memory.
        # pylint: disable-next=bad-builtin-groupby
        for line, errors in groupby(self._pages(domain), key=lambda item: item[0]):
            yield line, [message for _line, message in errors]

    def _pages(self, domain):
        errors = self.env["oiconnect.import.error"]
        offset = 0
        while page := errors.search(
            domain, order="line, id", limit=_PAGE, offset=offset
        ):
            yield from [(error.line, error.message) for error in page]
            offset += len(page)
            page.invalidate_recordset()
