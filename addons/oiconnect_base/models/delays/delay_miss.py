from odoo import api, fields, models
from odoo.tools import SQL

from ...bulk import insert_rows
from ...fields import Many2oneWithoutForeignKey
from ..about_mixin import models_inheriting
from ..guarded import EVERY_FIELD
from .delay import delay_kinds, delay_parties

CLOCK = "oiconnect.clock.mixin"


class DelayMiss(models.Model):
    """Missed delay: who was awaited, for which record, by how many hours."""

    _name = "oiconnect.delay.miss"
    _description = "Missed delay"
    _inherit = "oiconnect.about.mixin"
    _order = "due_date desc, id desc"
    _log_access = False
    _rec_name = "res_name"
    _event_fields = EVERY_FIELD
    _about = CLOCK

    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    # Warranted by the record: it has the same operator and network, and keeps them.
    operator_id = Many2oneWithoutForeignKey("oiconnect.operator", required=True)
    network_id = Many2oneWithoutForeignKey("oiconnect.network", required=True)
    company_id = Many2oneWithoutForeignKey(related="network_id.company_id", store=True)
    kind = fields.Selection(delay_kinds, "Delay", required=True)
    awaited = fields.Selection(delay_parties, "Who is late", required=True)
    due_date = fields.Datetime("Due", required=True)
    done_date = fields.Datetime("Came on", help="Empty: still awaited")
    hours_late = fields.Float(
        "Hours late",
        digits=(10, 1),
        aggregator="avg",
        help="Until now where it is still awaited: reckoned every night",
    )

    # One open mark a record and kind: who writes it twice changes its time.
    _open_uniq = models.UniqueIndex(
        "(res_model, res_id, kind) WHERE done_date IS NULL",
        "This delay is already marked as missed.",
    )
    # The timeline of a record: res_model = x and res_id = y
    _record_idx = models.Index("(res_model, res_id, id)")
    # The list of an operator, and its count of those still awaited.
    _operator_idx = models.Index("(operator_id, due_date DESC)")
    # The list, latest first.
    _due_idx = models.Index("(due_date DESC, id DESC)")

    # ------------------------------------------------------------------
    # Marked and closed by what happens, all at once
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _note(self, records):
        """Mark the running delay of ``records`` as missed; again is harmless."""
        if not records:
            return
        records.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO oiconnect_delay_miss (
                    res_model, res_id, operator_id, network_id, company_id, kind,
                    awaited, due_date, hours_late
                )
                SELECT %s, id, operator_id, network_id, company_id, due_kind,
                    awaited, due_date, EXTRACT(epoch FROM %s - due_date) / 3600
                FROM %s
                WHERE id = ANY(%s) AND due_date IS NOT NULL
                ON CONFLICT (res_model, res_id, kind) WHERE done_date IS NULL
                DO UPDATE SET due_date = excluded.due_date,
                    awaited = excluded.awaited, hours_late = excluded.hours_late
                """,
                records._name,
                fields.Datetime.now(),
                SQL.identifier(records._table),
                records.ids,
            )
        )
        self._invalidate(records)

    @api.model
    @api.private
    def _add(self, records, kind, awaited, due, done):
        """Mark an answer of ``records`` that came too late at once."""
        insert_rows(
            self.env,
            self._table,
            (
                {
                    "res_id": record.id,
                    "operator_id": record.operator_id.id,
                    "network_id": record.network_id.id,
                    "company_id": record.company_id.id,
                }
                for record in records
            ),
            res_model=records._name,
            kind=kind,
            awaited=awaited,
            due_date=due,
            done_date=done,
            hours_late=(done - due).total_seconds() / 3600,
        )
        self._invalidate(records)

    @api.model
    @api.private
    def _close(self, records, kinds):
        """Close the open misses of ``records``: the step came, or is cancelled."""
        if records:
            condition = SQL("res_id = ANY(%s) AND kind = ANY(%s)", records.ids, kinds)
            self._measure(records, fields.Datetime.now(), condition)

    @api.model
    @api.private
    def _measure_again(self):
        """Compute again the late hours of open misses and of paused clocks."""
        for records in models_inheriting(self.env, CLOCK):
            records.flush_model(["paused_kind"])
            condition = SQL(
                """
                NOT EXISTS (
                    SELECT FROM %s held
                    WHERE held.id = oiconnect_delay_miss.res_id
                      AND held.paused_kind = oiconnect_delay_miss.kind
                )
                """,
                SQL.identifier(records._table),
            )
            self._measure(records, None, condition)

    def _measure(self, records, done, condition):
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_delay_miss
                SET hours_late = EXTRACT(epoch FROM %s - due_date) / 3600,
                    done_date = %s
                WHERE done_date IS NULL AND res_model = %s AND %s
                """,
                fields.Datetime.now(),
                done,
                records._name,
                condition,
            )
        )
        self._invalidate(records)

    def _invalidate(self, records):
        self.invalidate_model(flush=False)
        records.invalidate_recordset(["miss_ids"], flush=False)

    @api.model
    def _cron_mark_late(self):
        """Mark the delays of all models that were missed since the last time."""
        for records in models_inheriting(self.env, CLOCK):
            records._mark_all_late()
