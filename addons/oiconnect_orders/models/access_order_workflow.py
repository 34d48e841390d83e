from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.oiconnect_base.workflow import Transition, Workflow

from ..references import service_reference, subcontract_reference

# Numbers come from the database's own sequences: no lock, no two alike.
SEQUENCES = (
    "oiconnect_service_reference",
    "oiconnect_subcontract_reference",
    "oiconnect_pto_reference",
)

ENDED = ("delivered", "in_service", "mad_ko", "overwritten", "terminated", "cancelled")
NOT_DELIVERED = ("ar_ok", "cr_ok", "connecting", "connect_ko")

# Interop'Fibre access protocol, life cycle of an access order.
ACCESS_ORDER_WORKFLOW = Workflow(
    [
        Transition(
            "refuse_receipt", ("received",), "ar_ko", ("AR_CMD",), effect="_on_receipt"
        ),
        Transition(
            "acknowledge", ("received",), "ar_ok", ("AR_CMD",), effect="_on_acknowledge"
        ),
        Transition("reject", ("ar_ok",), "cr_ko", ("CR_CMD",), effect="_on_reject"),
        Transition("accept", ("ar_ok",), "cr_ok", ("CR_CMD",), effect="_on_accept"),
        Transition(
            "start",
            ("cr_ok",),
            "connecting",
            ("CMD_STOC",),
            guard="_is_stoc",
            effect="_on_start",
        ),
        Transition("start", ("cr_ok",), "connecting"),
        Transition(
            "deliver",
            ("cr_ok",),
            "delivered",
            ("CR_MAD",),
            guard="_needs_no_work",
            effect="_on_deliver",
        ),
        Transition(
            "connected",
            ("connecting", "connect_ko"),
            "delivered",
            ("CR_MAD",),
            effect="_on_deliver",
        ),
        Transition(
            "connection_failed",
            ("connecting",),
            "mad_ko",
            ("CR_MAD",),
            guard="_is_final_reason",
            effect="_on_production_failed",
        ),
        Transition(
            "connection_failed",
            ("connecting",),
            "connect_ko",
        ),
        Transition("resume", ("connect_ko",), "connecting"),
        Transition(
            "abandon",
            ("connecting", "connect_ko"),
            "mad_ko",
            ("CR_MAD",),
            effect="_on_production_failed",
        ),
        Transition("activate", ("delivered",), "in_service", effect="_on_activate"),
        Transition(
            "cancel", NOT_DELIVERED, "cancelled", ("CR_ANNUL",), effect="_on_end"
        ),
        Transition(
            "refuse_cancel",
            NOT_DELIVERED + ENDED + ("ar_ko", "cr_ko", "received"),
            None,
            ("CR_ANNUL",),
        ),
        Transition(
            "terminate",
            ("delivered", "in_service"),
            "terminated",
            ("CR_RES",),
            effect="_on_end",
        ),
        Transition(
            "refuse_terminate",
            NOT_DELIVERED + ENDED + ("ar_ko", "cr_ko", "received"),
            None,
            ("CR_RES",),
        ),
    ],
    initial="received",
)


class AccessOrder(models.Model):
    _inherit = "oiconnect.access.order"

    _workflow = ACCESS_ORDER_WORKFLOW

    def _event_labels(self):
        labels = {
            "acknowledge": self.env._("Acknowledgement"),
            "refuse_receipt": self.env._("Rejection at receipt"),
            "accept": self.env._("Acceptance"),
            "reject": self.env._("Rejection"),
            "start": self.env._("Start of the connection"),
            "deliver": self.env._("Making available"),
            "connected": self.env._("Connection done"),
            "connection_failed": self.env._("Connection failed"),
            "resume": self.env._("Connection resumed"),
            "abandon": self.env._("Production abandoned"),
            "activate": self.env._("Putting in service"),
            "cancel": self.env._("Cancellation"),
            "refuse_cancel": self.env._("Cancellation refused"),
            "terminate": self.env._("Termination"),
            "refuse_terminate": self.env._("Termination refused"),
        }
        return list(labels.items())

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _is_stoc(self, values):
        return self.filtered(lambda order: order.connection_type == "stoc")

    def _needs_no_work(self, values):
        """A socket that exists, patched by the operator itself."""
        return self.filtered(
            lambda order: order.connection_type == "oc" and order.existing_socket
        )

    def _is_final_reason(self, values):
        return self.filtered("reason_id.is_final")

    # ------------------------------------------------------------------
    # Effects
    # ------------------------------------------------------------------

    def _on_acknowledge(self, values):
        numbers = self._next_numbers("oiconnect_service_reference", len(self))
        for order, number in zip(self, numbers, strict=True):
            order.service_reference = service_reference(
                order.network_id.oi_code, number
            )
        self._on_receipt(values)

    def _on_receipt(self, values):
        self.write({"receipt_date": fields.Datetime.now()})

    def _on_accept(self, values):
        self.write({"report_date": fields.Datetime.now()})

    def _on_reject(self, values):
        self.write({"report_date": fields.Datetime.now(), "retained_type": "na"})

    def _on_start(self, values):
        numbers = self._next_numbers("oiconnect_subcontract_reference", len(self))
        for order, number in zip(self, numbers, strict=True):
            order.subcontract_reference = subcontract_reference(number)

    def _on_deliver(self, values):
        """The line is handed over: its fibre is in use, its socket exists."""
        # What was told of a failure that was mended is not told of the success.
        self.filtered("reason_id").write({"reason_id": False, "reason_comment": False})
        self.write({"delivered_date": fields.Datetime.now()})
        self.route_ids._use()
        self.pto_id.filtered(lambda pto: pto.state == "to_build").write(
            {"state": "existing"}
        )

    def _on_production_failed(self, values):
        self.write({"retained_type": "na"})
        self._on_end(values)

    def _on_activate(self, values):
        self.write({"in_service_date": values.get("date") or fields.Datetime.now()})

    def _on_end(self, values):
        """The operator gives the fibre back; a socket that was laid stays wired."""
        self.write({"end_date": values.get("date") or fields.Datetime.now()})
        wired = self.route_ids.filtered(lambda r: r.pto_id.state == "existing")
        (self.route_ids - wired)._release()
        wired._release(keep_pto=True)

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
