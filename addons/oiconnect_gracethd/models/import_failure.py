import tempfile
from dataclasses import dataclass
from typing import Any

from odoo import models
from odoo.tools import SQL

from odoo.addons.oiconnect_import.models.runs.failure_text import is_ours, unexpected

from ..apply import RowRefused


@dataclass
class Findings:
    """What the check of a delivery found, out of the transaction that applies it.

    :param spool: file of its errors
    """

    spool: Any
    outcome: Any = None


class Import(models.Model):
    """What the check of a delivery found outlives a failure of its application."""

    _inherit = "oiconnect.import"

    def _run(self):
        with tempfile.TemporaryFile() as spool:
            mine = self.with_context(gracethd_findings=Findings(spool))
            return super(Import, mine)._run()

    def _keep_findings(self, outcome):
        """Store what is found so far out of the transaction."""
        findings = self.env.context.get("gracethd_findings")
        if findings:
            findings.spool.seek(0)
            findings.spool.truncate()
            self._save_errors(findings.spool)
            findings.outcome = outcome

    def _insert_findings(self, insert):
        """Run the ``INSERT`` of findings; what it inserts is stored out of it too."""
        cr, findings = self.env.cr, self.env.context.get("gracethd_findings")
        if not findings:
            cr.execute(insert)
            return
        copy = SQL("COPY (%s RETURNING *) TO STDOUT", insert)
        cr.copy_expert(cr.mogrify(copy).decode(), findings.spool)

    def _end_broken(self, error):
        findings = self.env.context.get("gracethd_findings")
        is_checked = findings and findings.outcome
        if not is_checked or self._is_tried_again(error):
            return super()._end_broken(error)
        with self._own_transaction() as record:
            record._close_with_findings(findings, self._broken_text(error))
        return None

    def _close_with_findings(self, findings, message):
        """Close an import whose application failed, with what the check found."""
        self._forget_results()
        self._restore_errors(findings.spool)
        self._keep_results(findings.outcome, "failed", message)
        self._tell_closed("failed")

    def _broken_text(self, error):
        if not self._is_delivery() or self.gracethd_undo_asked or is_ours(error):
            return super()._broken_text(error)
        if isinstance(error, RowRefused):
            return self._refused_text(error)
        return self.env._(
            "Nothing was applied. %s What the check found is kept; once this is "
            "settled, import the delivery again.",
            unexpected(self.env, error),
        )

    def _refused_text(self, error):
        """Say which row the network refuses, why, and what to do."""
        model = self.env[error.model]
        return self.env._(
            "Nothing was applied: the network refuses row %(row)s of %(file)s. "
            "%(reason)s Correct this row or take it out of the delivery, then import "
            "it again; what the check found is kept.",
            row=error.line,
            file=error.file,
            reason=model._sql_error_to_message(error.__cause__),
        )
