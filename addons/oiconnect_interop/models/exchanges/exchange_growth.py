import hashlib
from datetime import timedelta

from odoo import fields, models

from odoo.addons.oiconnect_import.protocol import CsvReader

from .exchange_process import LIMITS

# A name that comes again goes on with the file that was taken for so long.
RECENT = timedelta(days=1)


class Exchange(models.Model):
    """Files that grew after they were received: their upload had stalled.

    It is stored again, whole; the lines that were handled are not handled again.
    """

    _inherit = "oiconnect.exchange"

    grown_from_id = fields.Many2one(
        "oiconnect.exchange",
        "Goes on from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The beginning of this file, which was taken before its end had come",
    )
    grown_ids = fields.One2many("oiconnect.exchange", "grown_from_id", "Goes on in")

    # ------------------------------------------------------------------
    # Which file it is
    # ------------------------------------------------------------------

    def _receive_again(self, endpoint, name, content, token, stat):
        """Keep what the server has now of a file that was taken as this exchange."""
        if hashlib.sha256(content).hexdigest() == self.sha256:
            self.claim_stat = stat
            return self
        self._hand_over()
        return self._receive_file(endpoint, name, content, token, stat, self)

    def _hand_over(self):
        """Mark the exchange as replaced by another one."""
        self.claim_token = False
        self.flush_recordset(["claim_token"])

    def _contents(self):
        """Return this file and what it became by going on, in their order."""
        later = self.search(
            [("duplicate_of_id", "=", self.id), ("grown_from_id", "!=", False)]
        )
        return (self | later).sorted("id")

    def _with_beginnings(self):
        found = self
        while before := found.grown_from_id - found:
            found |= before
        return found

    def _begun(self, content, earlier):
        """Return the last of these contents if ``content`` goes on from it."""
        last = self[-1:]
        recent = last.create_date > fields.Datetime.now() - RECENT
        if not (recent or last == earlier) or len(content) <= last.size:
            return self.browse()
        start = hashlib.sha256(content[: last.size]).hexdigest()
        return last if start == last.sha256 else self.browse()

    # ------------------------------------------------------------------
    # What is left of it to do
    # ------------------------------------------------------------------

    def _waits_for_beginning(self):
        """Tell whether the lines of its beginning are to be handled first."""
        before = self.grown_from_id
        return before and self.state == "in_received" and not before._is_settled()

    def _pass_handled_lines(self, protocol_format):
        before = self.grown_from_id
        same, cut_line = self._same_lines(protocol_format)
        cut = cut_line and before._has_applied(cut_line)
        self.done_count = same + bool(cut)
        self._report_growth()
        if cut:
            self._report_truncated_line(cut_line)

    def _same_lines(self, protocol_format):
        """Return how many lines were handled, and the number of the next one.

        That one may have been handled in part: its end had not come.
        """
        before = self.grown_from_id
        if not before.done_count:
            return 0, None
        content = self._content()
        separator = protocol_format.separator
        count = 0
        for line, handled in zip(
            CsvReader(content, separator, limits=LIMITS),
            CsvReader(content[: before.size], separator, limits=LIMITS),
            strict=False,
        ):
            if line != handled or count == before.done_count:
                return count, line[0]
            count += 1
        return count, None

    def _has_applied(self, line):
        """Tell whether a line of this file, or of its beginning, was taken."""
        return bool(
            self.env["oiconnect.exchange.line"].search_count(
                [
                    ("exchange_id", "in", self._with_beginnings().ids),
                    ("line", "=", line),
                    ("code", "=", False),
                ],
                limit=1,
            )
        )

    def _report_growth(self):
        before = self.grown_from_id
        self._add_message(
            self.env._(
                "This file was taken on %(date)s before its end had come. Lines that "
                "were handled then, and are not handled again: %(count)s.",
                date=fields.Datetime.context_timestamp(
                    self, before.create_date
                ).strftime("%d/%m/%Y %H:%M"),
                count=self.done_count,
            )
        )
        before._add_message(
            self.env._(
                "The file went on after it was taken: its other lines are in a file "
                "received later under the same name."
            )
        )

    def _add_message(self, text):
        self.message = " ".join(filter(None, (self.message, text)))

    def _report_truncated_line(self, line):
        """Notify staff of an applied line whose end was missing."""
        text = self.env._(
            "Line %s had been taken without its end and applied: compare it with the "
            "order, and correct the order where they differ.",
            line,
        )
        self._add_message(text)
        self.endpoint_id._give_task(self, text)
