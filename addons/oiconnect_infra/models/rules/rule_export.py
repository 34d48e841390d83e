import csv
import io

import xlsxwriter

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.oiconnect_base.spreadsheet import escape_formula

from ...rules import BUILDING
from ...rules.queries import Subject

_PAGE = 5000
#: what a sheet holds besides its header
SHEET_ROWS = 1_048_575
# What an object without reference is called
_NAMES = {BUILDING: SQL("COALESCE(o.identifier, o.address, o.address_code)")}


class OiconnectRule(models.Model):
    """Every finding of the rules, to be fixed elsewhere."""

    _inherit = "oiconnect.rule"

    def _write_csv(self, target):
        """Write the findings to a binary stream, as the import reads files."""
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
        rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
        rows.writerow(self._finding_header())
        rows.writerows(self._finding_rows())
        text.detach()

    def _write_xlsx(self, target):
        """Write the findings to a binary stream, as a spreadsheet."""
        options = {"constant_memory": True, "strings_to_formulas": False}
        with xlsxwriter.Workbook(target, options) as book:
            sheet = book.add_worksheet(self.env._("Findings"))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 0, 8)
            sheet.set_column(1, 6, 28)
            sheet.write_row(0, 0, self._finding_header(), book.add_format({"bold": 1}))
            for rank, cells in enumerate(self._finding_rows(), 1):
                if rank > SHEET_ROWS:
                    raise UserError(
                        self.env._(
                            "A spreadsheet holds %s lines, there are more findings: "
                            "export fewer rules, or choose CSV.",
                            SHEET_ROWS,
                        )
                    )
                for column, cell in enumerate(cells):
                    sheet.write_string(rank, column, cell)

    def _finding_header(self):
        return [
            self.env._("Rule"),
            self.env._("Severity"),
            self.env._("Object"),
            self.env._("Record"),
            self.env._("Field"),
            self.env._("Value"),
            self.env._("What is wrong"),
            self.env._("What to do"),
            self.env._("What was compared"),
        ]

    def _finding_rows(self):
        """Yield the cells of each finding, rule by rule, as it is now."""
        self.env.flush_all()
        for rule in self.filtered("on_records"):
            yield from rule._rows_of_rule()

    def _rows_of_rule(self):
        declared, subject = self._declared(), Subject(self.env, self.target)
        labels = {
            field.partition(".")[2]: self._field_label(*field.split(".", 1))
            for field in declared.fields
        }
        choices = dict(self._fields["severity"]._description_selection(self.env))
        targets = dict(self._fields["target"]._description_selection(self.env))
        head = [self.code, choices[self.severity], targets[self.target]]
        tail = [self.title, self.message]
        fields = subject.model._fields
        for name, field, value, compared in self._pages(subject, declared):
            shown = self._value_text(fields[field], value)
            cells = [name or "", labels[field], shown]
            yield [*head, *map(escape_formula, cells), *tail, escape_formula(compared)]

    def _pages(self, subject, declared):
        """Yield (name, field, value, compared), in the order of the records' ids."""
        last = 0
        while True:
            rows = self.env.execute_query(self._page(subject, declared, last))
            texts = self._compared_texts(subject, declared, {row[0] for row in rows})
            yield from [(*row[1:], texts[row[0]]) for row in rows]
            if len({row[0] for row in rows}) < _PAGE:
                return
            last = rows[-1][0]

    def _page(self, subject, declared, last):
        """Return the query of the findings of the next records after ``last``."""
        return SQL(
            """WITH found AS (
                   SELECT i.id FROM (%(ids)s) i WHERE i.id > %(last)s
                    ORDER BY i.id LIMIT %(limit)s)
               SELECT f.id, %(name)s, f.field, f.value
                 FROM (%(verdicts)s AND t.id IN (SELECT id FROM found)) f
                 JOIN %(table)s o ON o.id = f.id
                ORDER BY f.id, f.field""",
            ids=subject.ids([declared], self.network_id.id),
            verdicts=subject.verdicts([declared]),
            last=last,
            limit=_PAGE,
            name=_NAMES.get(self.target, SQL("o.reference")),
            table=SQL.identifier(subject.model._table),
        )
