from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from odoo.addons.oiconnect_orders.personal import MASK

from .step import FOUND

# Of all that came, what is as expected is first; then the last one.
_BEST = SQL("ORDER BY fits DESC NULLS LAST, id DESC LIMIT 1")
_TEXT_LENGTH = 250


class Evidence(NamedTuple):
    """Evidence of a step.

    :param outcome: None as long as no answer is made
    :param fits: whether it is what was expected
    """

    id: int
    date: object
    sent: str
    outcome: str | None
    code: str | None
    fits: bool
    line: int = 0


class ConformanceStep(models.Model):
    """Evidence of each step in what the operator sent: one query over stored records.

    To look again finds the same: a step that is as expected stays so.
    """

    _inherit = "oiconnect.conformance.step"

    def _look(self):
        """Look for what the operator sent for these steps, in their order."""
        # The outbox may hold what answers.
        self.env.flush_all()
        for step in self.sorted("sequence").filtered(lambda s: s.state != "passed"):
            model, found = getattr(step, f"_look_{step.channel}")()
            if found:
                step.write(step._found_values(model, found))

    def _found_values(self, model, found):
        state = "waiting"
        if found.fits:
            state = "passed"
        elif found.outcome:
            state = "differs"
        values = dict.fromkeys(FOUND, False) | {
            "state": state,
            "evidence_model": model,
            "evidence_id": found.id,
            "evidence_date": found.date,
            "sent": found.sent,
            "got_outcome": found.outcome or False,
            "got_code": found.code or False,
            "got_line": found.line,
        }
        if model == "oiconnect.exchange":
            values |= self._file_error(found)
        return values

    def _codes(self):
        return (self.code_expected or "").split()

    def _parameters(self):
        """Return the parameters of each query."""
        run = self.run_id
        return {
            "operator": run.operator_id.id,
            "network": run.network_id.id,
            "target": self.target,
            "since": self.since_date,
            "reference": self.reference,
            "outcome": self.outcome,
            "codes": self._codes(),
            "best": _BEST,
        }

    def _one(self, query, **more):
        self.env.cr.execute(SQL(query, **self._parameters(), **more))
        row = self.env.cr.fetchone()
        return Evidence(*row) if row else None

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _look_file(self):
        look = self._look_whole if self.outcome == "file_refused" else self._look_line
        return "oiconnect.exchange", look()

    def _look_whole(self):
        return self._one(
            """
            SELECT file.id, file.create_date, file.name, 'file_refused', NULL,
                   TRUE AS fits
              FROM oiconnect_exchange file
              JOIN oiconnect_flow flow ON flow.id = file.flow_id
             WHERE file.operator_id = %(operator)s AND file.network_id = %(network)s
               AND file.direction = 'in' AND file.state = 'in_refused'
               AND flow.code = %(target)s AND file.create_date >= %(since)s
             %(best)s
            """
        )

    def _look_line(self):
        """Look for the line that has the reference, and for what answered it.

        A line that is refused at its receipt is answered by that; else the answer is
        the last message of the flow that is expected about its record. Of a step that
        sends a reference again, the line of the first one is none.
        """
        first = self._named_step()
        if first == self or first.target != self.target:
            first = self.browse()
        return self._one(
            """
            WITH came AS (
                SELECT line.id AS line_id, file.id, file.create_date, line.line,
                       file.name || ', ' || line.reference AS sent,
                       CASE WHEN line.code IS NOT NULL THEN 'refused'
                            WHEN %(answer)s = '' THEN 'accepted'
                            WHEN report.result IS NULL THEN NULL
                            WHEN report.result = 'OK' THEN 'accepted'
                            ELSE 'refused' END AS outcome,
                       COALESCE(line.code, report.code) AS code
                  FROM oiconnect_exchange file
                  JOIN oiconnect_flow flow ON flow.id = file.flow_id
                  JOIN oiconnect_exchange_line line ON line.exchange_id = file.id
                  LEFT JOIN LATERAL (
                       SELECT payload ->> 'result' AS result,
                              payload ->> 'reason_code' AS code
                         FROM oiconnect_event event
                        WHERE event.res_model = line.res_model
                          AND event.res_id = line.res_id
                          AND event.flow = %(answer)s
                        ORDER BY event.id DESC LIMIT 1
                  ) report ON TRUE
                 WHERE file.operator_id = %(operator)s
                   AND file.network_id = %(network)s
                   AND file.direction = 'in' AND flow.code = %(target)s
                   AND file.create_date >= %(since)s
                   AND line.reference = %(reference)s
                   AND NOT (file.id = %(first_file)s AND line.line = %(first_line)s)
            )
            SELECT id, create_date, sent, outcome, code, fits, line
              FROM (SELECT came.*, outcome = %(outcome)s AND (
                           %(codes)s::text[] = '{}' OR code = ANY(%(codes)s)
                           ) AS fits
                      FROM came) judged
             ORDER BY fits DESC NULLS LAST, line_id DESC LIMIT 1
            """,
            answer=self.answer or "",
            first_file=first.evidence_id or 0,
            first_line=first.got_line or 0,
        )

    def _file_error(self, found):
        """Return what the file tells of the line; no value of an end customer."""
        file = self.env["oiconnect.exchange"].browse(found.id)
        if self.outcome == "file_refused":
            return {"got_message": (file.message or "")[:_TEXT_LENGTH] or False}
        error = file.error_ids.filtered(
            lambda error: error.line == found.line and error.code == found.code
        )[:1]
        if not error:
            return {}
        is_known = error.column in file._other_columns()
        return {
            "got_column": error.column,
            "got_value": error.value if is_known or not error.value else MASK,
            "got_message": is_known and (error.message or "")[:_TEXT_LENGTH],
        }

    # ------------------------------------------------------------------
