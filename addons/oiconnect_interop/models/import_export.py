import csv
import io
import re
from itertools import groupby

from odoo import models
from odoo.fields import Domain

from ..bulk.archive import open_source
from ..protocol import CsvReader

_PAGE = 5000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?").fullmatch


class Import(models.Model):
    """The lines in error with their errors, to be mended and imported again."""

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
        with self._open_file() as raw, open_source(raw, self._limits()) as source:
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
                yield [str(number), " | ".join(texts), *map(harmless, cells)]

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


def harmless(cell):
    """Keep a spreadsheet from running a cell; a signed number is left as it is."""
    if cell.startswith(_FORMULA) and not _NUMBER(cell):
        return f"'{cell}"
    return cell
