from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import insert_rows
from odoo.addons.oiconnect_base.fields import WarrantedMany2one
from odoo.addons.oiconnect_base.lost import open_form
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ..delays.kinds import KINDS, PARTIES


class DelayMiss(models.Model):
    """A delay that was not kept: by whom, of what, by how much."""

    _name = "oiconnect.delay.miss"
    _description = "Missed delay"
    _order = "due_date desc, id desc"
    _log_access = False
    _rec_name = "order_id"
    _event_fields = EVERY_FIELD

    # An order is never deleted; it has the same operator and network, and keeps them.
    order_id = WarrantedMany2one("oiconnect.access.order", required=True, index=True)
    operator_id = WarrantedMany2one("oiconnect.operator", required=True)
    network_id = WarrantedMany2one("oiconnect.network", required=True)
    company_id = WarrantedMany2one(related="network_id.company_id", store=True)
    kind = fields.Selection(KINDS, "Delay", required=True)
    awaited = fields.Selection(PARTIES, "Who is late", required=True)
    due_date = fields.Datetime("Due", required=True)
    done_date = fields.Datetime("Came on", help="Empty: still awaited")
    hours_late = fields.Float(
        "Hours late",
        digits=(10, 1),
        aggregator="avg",
        help="Until now where it is still awaited: reckoned every night",
    )

    # One open mark an order and kind: who writes it twice changes its time.
    _open_uniq = models.UniqueIndex(
        "(order_id, kind) WHERE done_date IS NULL",
        "This delay is already marked as missed.",
    )
    # The list of an operator, and its count of those still awaited.
    _operator_idx = models.Index("(operator_id, due_date DESC)")
    # The list, latest first.
    _due_idx = models.Index("(due_date DESC, id DESC)")

    @api.model
    @api.private
    def _note(self, orders):
        """Mark the running delay of ``orders`` as missed; again is harmless."""
        if not orders:
            return
        orders.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO oiconnect_delay_miss (
                    order_id, operator_id, network_id, company_id, kind, awaited,
                    due_date, hours_late
                )
                SELECT id, operator_id, network_id, company_id, due_kind, awaited,
                    due_date, EXTRACT(epoch FROM %s - due_date) / 3600
                FROM oiconnect_access_order
                WHERE id = ANY(%s) AND due_date IS NOT NULL
                ON CONFLICT (order_id, kind) WHERE done_date IS NULL
                DO UPDATE SET due_date = excluded.due_date,
                    awaited = excluded.awaited, hours_late = excluded.hours_late
                """,
                fields.Datetime.now(),
                orders.ids,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    @api.private
    def _add(self, orders, kind, awaited, due, done):
        """Mark an answer of ``orders`` that came too late at once."""
        insert_rows(
            self.env,
            self._table,
            (
                {
                    "order_id": order.id,
                    "operator_id": order.operator_id.id,
                    "network_id": order.network_id.id,
                    "company_id": order.company_id.id,
                    "kind": kind,
                    "awaited": awaited,
                    "due_date": due,
                    "done_date": done,
                    "hours_late": (done - due).total_seconds() / 3600,
                }
                for order in orders
            ),
        )

    @api.model
    @api.private
    def _close(self, orders, kinds):
        """What was awaited of ``orders`` came, or will come no more."""
        if orders:
            self._measure(
                fields.Datetime.now(),
                SQL("order_id = ANY(%s) AND kind = ANY(%s)", orders.ids, kinds),
            )

    @api.model
    @api.private
    def _remeasure(self):
        """Reckon the hours of what is still awaited; a clock that stands still."""
        self._measure(
            None,
            SQL(
                """
                NOT EXISTS (
                    SELECT FROM oiconnect_access_order held
                    WHERE held.id = order_id AND held.paused_kind = kind
                )
                """
            ),
        )

    def _measure(self, done, condition):
        self.env.cr.execute(
            SQL(
                """
                UPDATE oiconnect_delay_miss
                SET hours_late = EXTRACT(epoch FROM %s - due_date) / 3600,
                    done_date = %s
                WHERE done_date IS NULL AND %s
                """,
                fields.Datetime.now(),
                done,
                condition,
            )
        )
        self.invalidate_model(flush=False)

    def action_open_record(self):
        """Open the order that was late."""
        self.ensure_one()
        return open_form(self.order_id)
