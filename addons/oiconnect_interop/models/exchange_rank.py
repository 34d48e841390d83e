from odoo import fields, models
from odoo.fields import Domain

# Numbers told one by one before a file; beyond, a gap is told by its ends.
NUMBERS_TOLD = 100


class Exchange(models.Model):
    """The date and number that an operator gives its files: late ones, missing ones."""

    _inherit = "oiconnect.exchange"

    name_date = fields.Date("Date in the name", readonly=True)
    name_sequence = fields.Integer("Number in the name", readonly=True, aggregator=None)
    is_late = fields.Boolean(
        "Late file",
        readonly=True,
        help="A file of the same flow with a later date or number came before",
    )
    missing_numbers = fields.Char(
        "Numbers not received",
        readonly=True,
        help="Files of the day that should have come before this one",
    )

    # What came of an operator's day: is a file late, is one missing.
    _name_rank_idx = models.Index(
        "(operator_id, network_id, name_date, name_sequence) WHERE direction = 'in'"
    )

    def _note_rank(self, file_name):
        """Keep what the name says, and whether the file comes in its turn."""
        if not file_name or not file_name.date:
            return
        self.write(
            {
                "name_date": file_name.date,
                "name_sequence": file_name.sequence or 0,
            }
        )
        self.is_late = bool(
            self.search_count(self._own_files() & self._later_files(), limit=1)
        )
        self._note_missing()

    def _own_files(self):
        """Return the domain of the files that the operator numbers with this one."""
        return (
            Domain("operator_id", "=", self.operator_id.id)
            & Domain("network_id", "=", self.network_id.id)
            & Domain("direction", "=", "in")
            & Domain("duplicate_of_id", "=", False)
            & Domain("id", "!=", self.id)
        )

    def _later_files(self):
        """Return the domain of the files of the flow that ought to follow this one."""
        day, number = self.name_date, self.name_sequence
        return (
            Domain("flow_id", "=", self.flow_id.id)
            & Domain("state", "not in", ("in_refused", "in_anomaly"))
            & (
                Domain("name_date", ">", day)
                | Domain("name_date", "=", day) & Domain("name_sequence", ">", number)
            )
        )

    def _note_missing(self):
        """Tell the numbers that lack before this file, and forget those it brings.

        Some operators number all files of a day together, others each flow: a number
        lacks when no file of the day has it.
        """
        day = self._own_files() & Domain("name_date", "=", self.name_date)
        files = self | self.search(day & Domain("name_sequence", ">", 0))
        known = set(files.mapped("name_sequence"))
        for file in self | files.filtered("missing_numbers"):
            missing = file._missing_among(files, known)
            if missing != (file.missing_numbers or ""):
                file.missing_numbers = missing

    def _missing_among(self, files, known):
        """Return the numbers between this file and the one of its flow before it."""
        of_flow = files.filtered(lambda file: file.flow_id == self.flow_id)
        numbers = of_flow.mapped("name_sequence")
        before = max((n for n in numbers if n < self.name_sequence), default=0)
        if self.name_sequence - before > NUMBERS_TOLD:
            return f"{before + 1}–{self.name_sequence - 1}"
        gap = range(before + 1, self.name_sequence)
        return ", ".join(str(number) for number in gap if number not in known)
