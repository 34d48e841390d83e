from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import put

from ..references import service_reference, subcontract_reference

# Numbers come from the database's own sequences: no lock, no two alike.
SEQUENCES = (
    "oiconnect_service_reference",
    "oiconnect_subcontract_reference",
    "oiconnect_discharge_number",
)


class AccessOrder(models.Model):
    """What a transition does besides the state."""

    _inherit = "oiconnect.access.order"

    failure_count = fields.Integer(
        "Failed connections", readonly=True, copy=False, aggregator=None
    )

    # ------------------------------------------------------------------
    # Receipt and study
    # ------------------------------------------------------------------

    def _on_acknowledge(self, values, origin):
        numbers = self._next_numbers("oiconnect_service_reference", len(self))
        references = [
            service_reference(order.network_id.oi_code, number)
            for order, number in zip(self, numbers, strict=True)
        ]
        put(self, {"service_reference": references})
        self._on_receipt(values, origin)

    def _on_receipt(self, values, origin):
        self.write({"receipt_date": fields.Datetime.now()})

    def _on_accept(self, values, origin):
        self.write({"report_date": fields.Datetime.now()})

    def _on_reject(self, values, origin):
        self.write({"report_date": fields.Datetime.now(), "retained_type": "na"})

    def _on_reopen(self, values, origin):
        self.write(
            {
                "report_date": False,
                "retained_type": False,
                "reason_id": False,
                "reason_comment": False,
            }
        )

    # ------------------------------------------------------------------
    # Connection
    # ------------------------------------------------------------------

    def _go_on(self, origin):
        """Do what follows an acceptance by itself."""
        done = self._needs_no_work({}).filtered("network_id.deliver_at_once")
        done._fire("deliver", origin)
        (self - done)._fire("start", origin)

    def _on_start(self, values, origin):
        numbers = self._next_numbers("oiconnect_subcontract_reference", len(self))
        references = [subcontract_reference(number) for number in numbers]
        put(self, {"subcontract_reference": references})

    def _on_deliver(self, values, origin):
        """The line is handed over: its fibre is in use, its socket exists."""
        self._take_lines_over(origin)
        # What was told of a failure that was mended is not told of the success.
        self.filtered("reason_id").write({"reason_id": False, "reason_comment": False})
        self.write({"delivered_date": fields.Datetime.now()})
        self.route_ids._use()
        laid = self.filtered(lambda order: order.pto_id.state == "to_build")
        laid.pto_id.write({"state": "existing"})
        # Operators report on their own work; nobody else reports on ours.
        laid._is_by_us(values).write({"socket_installed": True})

    def _on_failure(self, values, origin):
        day = values.get("reported_date") or fields.Datetime.now()
        self.write({"failure_date": day})
        for order in self:
            order.failure_count += 1

    def _on_last_failure(self, values, origin):
        self._on_failure(values, origin)
        self._on_production_failed(values, origin)

    def _on_production_failed(self, values, origin):
        self.write({"retained_type": "na"})
        self._on_end(values, origin)

    # ------------------------------------------------------------------
    # Service and ends
    # ------------------------------------------------------------------

    def _on_activate(self, values, origin):
        self.write({"in_service_date": values.get("date") or fields.Datetime.now()})

    def _on_overwrite(self, values, origin):
        self.write({"end_date": fields.Datetime.now()})

    def _on_restore(self, values, origin):
        self.write({"end_date": False})

    def _on_end(self, values, origin):
        """The operator gives the fibre back; a socket that was laid stays wired."""
        now = values.get("date") or fields.Datetime.now()
        for date, orders in self.grouped("planned_end_date").items():
            orders.write({"end_date": date or now})
        wired = self.route_ids.filtered(lambda r: r.pto_id.state == "existing")
        (self.route_ids - wired)._release()
        wired._release(keep_pto=True)
        self._leave_lines_to_takers()

    # ------------------------------------------------------------------
    # Numbers
    # ------------------------------------------------------------------

    def _next_numbers(self, sequence, count):
        """Return ``count`` numbers of a PostgreSQL sequence, in one query."""
        self.env.cr.execute(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", sequence, count)
        )
        return [number for (number,) in self.env.cr.fetchall()]

    def init(self):
        for sequence in SEQUENCES:
            self.env.cr.execute(
                SQL("CREATE SEQUENCE IF NOT EXISTS %s", SQL.identifier(sequence))
            )
