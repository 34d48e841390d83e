from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...fields import Many2oneWithoutForeignKey
from ...isolated_work import apply_isolated
from ...log_redaction import error_kind
from ..guarded import EVERY_FIELD
from .todo import FAILED

#: runs in a row that fail before a person has a task, and the record is left out
MAX_FAILURES = 5
#: days after which the failures of a record that no run looks at any more are forgotten
RETENTION_DAYS = 30


class Retry(models.Model):
    """Scheduled step that fails on a record, run after run.

    Retries have an end: after ``MAX_FAILURES`` of them the record is left out and a
    person has a task. It is tried again once the task is closed, or the record changed.
    """

    _name = "oiconnect.retry"
    _description = "Scheduled step that fails on a record"
    _log_access = False
    _order = "id"
    _rec_name = "step"
    _event_fields = EVERY_FIELD

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    company_id = Many2oneWithoutForeignKey("res.company", readonly=True)
    step = fields.Char("Scheduled step", required=True, readonly=True)
    failures = fields.Integer("Failures in a row", readonly=True, aggregator=None)
    reason = fields.Char(readonly=True)
    date = fields.Datetime("Last failed on", required=True, readonly=True)

    # Each run: the failures of a step of a model, and of these records
    _step_uniq = models.UniqueIndex(
        "(res_model, step, res_id)", "The failures of this step are counted already."
    )

    @api.model
    @api.private
    def _still_tried(self, records, step):
        """Return the domain of the records of a model that ``step`` still tries.

        Those whose task is closed, or that changed since, are tried again from now on.
        """
        self._release(records, step)
        stopped = self._search(
            Domain("res_model", "=", records._name)
            & Domain("step", "=", step)
            & Domain("failures", ">=", MAX_FAILURES)
        )
        return Domain("id", "not any!", stopped.select("res_id"))

    @api.model
    def _release(self, records, step):
        todos = self.env["oiconnect.todo"]
        for model in (self, todos, records):
            model.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM oiconnect_retry retry
                WHERE retry.res_model = %(model)s AND retry.step = %(step)s
                    AND retry.failures >= %(most)s
                    AND NOT EXISTS (
                        SELECT FROM %(table)s target
                        JOIN oiconnect_todo todo ON todo.res_id = target.id
                        WHERE target.id = retry.res_id
                            AND target.write_date <= retry.date
                            AND todo.res_model = %(model)s AND todo.kind = %(kind)s
                            AND todo.state = 'open'
                    )
                RETURNING retry.res_id
                """,
                model=records._name,
                step=step,
                most=MAX_FAILURES,
                table=SQL.identifier(records._table),
                kind=FAILED,
            )
        )
        self.invalidate_model(flush=False)
        todos._close(records._name, [res_id for (res_id,) in rows], FAILED)

    @api.model
    @api.private
    def _note(self, records, step, errors):
        """Count the failures of a run of ``step``; those of what went well are over.

        :param errors: ``{id: exception}`` of the records that failed
        """
        own = Domain("res_model", "=", records._name) & Domain("step", "=", step)
        done = [id_ for id_ in records.ids if id_ not in errors]
        self.search(own & Domain("res_id", "in", done)).unlink()
        if not errors:
            return
        failed = records.browse(errors)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO oiconnect_retry AS retry (
                    res_model, step, failures, date, res_id, company_id, reason
                )
                SELECT %s, %s, 1, %s, given.*
                FROM unnest(%s::int[], %s::int[], %s::varchar[]) AS given
                ON CONFLICT (res_model, step, res_id) DO UPDATE
                SET failures = retry.failures + 1,
                    date = excluded.date, reason = excluded.reason
                RETURNING res_id, failures
                """,
                records._name,
                step,
                self.env.cr.now(),
                failed.ids,
                [record.company_id.id for record in failed],
                [error_kind(error) for error in errors.values()],
            )
        )
        self.invalidate_model(flush=False)
        stopped = [id_ for id_, failures in rows if failures >= MAX_FAILURES]
        # A record that cannot even be reported prevents no other report.
        apply_isolated(
            records.browse(stopped), lambda some: self._give_to_person(some, errors)
        )

    @api.model
    def _give_to_person(self, records, errors):
        now = fields.Datetime.now()
        rows = [
            record._todo_row()
            | {
                "detail": self._sentence(record, error_kind(errors[record.id])),
                "due_date": now,
                "warning_date": now,
            }
            for record in records
        ]
        self.env["oiconnect.todo"]._open(records._name, FAILED, rows)
        records.invalidate_recordset(["todo_ids"], flush=False)

    @api.model
    def _sentence(self, record, reason):
        return self.env._(
            "%(name)s: an automatic step fails at each run, and is tried no more "
            "(%(reason)s). Correct the record, or click on Try again once the cause is "
            "gone.",
            name=record.display_name,
            reason=reason,
        )

    @api.autovacuum
    def _gc_forgotten(self):
        """Forget the failures of records that no run looks at any more."""
        old = fields.Datetime.subtract(fields.Datetime.now(), days=RETENTION_DAYS)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM oiconnect_retry retry
                WHERE retry.date < %s AND NOT EXISTS (
                    SELECT FROM oiconnect_todo todo
                    WHERE todo.res_model = retry.res_model
                        AND todo.res_id = retry.res_id
                        AND todo.kind = %s AND todo.state = 'open'
                )
                """,
                old,
                FAILED,
            )
        )
