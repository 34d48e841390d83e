from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import next_numbers, write_columns
from odoo.addons.oiconnect_base.workflow import JOB, Transition

from ...references import service_reference, subcontract_reference
from ...states import LIVE_STATES
from ..orders.order_mixin import order_workflow, receipt

# States that an operator may be notified of, by how far the order went
NOT_DELIVERED = ("ar_ok", "cr_ok", "connecting", "connect_ko")
HELD = ("delivered", "in_service")
ENDED = (*HELD, "mad_ko", "overwritten", "terminated", "cancelled")
NOTIFIABLE = (*NOT_DELIVERED, *ENDED, "ar_ko", "cr_ko", "received")
# Interop'Fibre access protocol, life cycle of an access order (6.2).
ACCESS_ORDER_WORKFLOW = order_workflow(
    [
        # Receipt and study
        *receipt("AR_CMD", effect="_on_acknowledge"),
        Transition("reject", ("ar_ok",), "cr_ko", ("CR_CMD",)),
        Transition("accept", ("ar_ok",), "cr_ok", ("CR_CMD",)),
        Transition("reopen", ("cr_ko",), "ar_ok"),
        # Connection
        Transition(
            "start", ("cr_ok",), "connecting", ("CMD_STOC",), "_is_stoc", "_order_stoc"
        ),
        Transition("start", ("cr_ok",), "connecting"),
        Transition("deliver", ("cr_ok",), "delivered", ("CR_MAD",), "_needs_no_work"),
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
            guard="_is_final_failure",
            effect="_on_last_failure",
        ),
        Transition(
            "connection_failed",
            ("connecting",),
            "connect_ko",
            ("NOTIF_RACCO_KO",),
            guard="_is_connected_by_oi",
        ),
        Transition("connection_failed", ("connecting",), "connect_ko"),
        Transition("resume", ("connect_ko",), "connecting"),
        Transition(
            "abandon", ("cr_ok", "connecting", "connect_ko"), "mad_ko", ("CR_MAD",)
        ),
        # Another route: at once, or after the failure that reported the bad one
        Transition(
            "reprovision_hot",
            ("connecting", "connect_ko", *HELD),
            None,
            ("NOTIF_REPROV",),
        ),
        Transition(
            "reprovision_cold", ("connect_ko",), "connecting", ("NOTIF_REPROV",)
        ),
        # Service
        Transition("activate", ("delivered",), "in_service"),
        Transition("overwrite", HELD, "overwritten", ("NOTIF_ECRASEMENT",)),
        Transition(
            "restore",
            ("overwritten",),
            "in_service",
            ("NOTIF_REPROV",),
            guard="_was_in_service",
        ),
        Transition("restore", ("overwritten",), "delivered", ("NOTIF_REPROV",)),
        # What was rented is co-financed from now on
        Transition("switch_type", LIVE_STATES, None),
        # Ends
        Transition(
            "cancel", NOT_DELIVERED, "cancelled", ("CR_ANNUL",), effect="_on_end"
        ),
        Transition("refuse_cancel", NOTIFIABLE, None, ("CR_ANNUL",)),
        # On a day to come: answered now, ended then.
        Transition("plan_end", HELD, None, ("CR_RES",)),
        Transition(
            "terminate", HELD, "terminated", guard="_has_planned_end", effect="_on_end"
        ),
        Transition("terminate", HELD, "terminated", ("CR_RES",), effect="_on_end"),
        Transition("refuse_terminate", NOTIFIABLE, None, ("CR_RES",)),
    ],
    irreversible=("activate", "switch_type"),
    # A study comes by itself within minutes, a person hastens it only.
    reversible=("accept",),
)
# Numbers come from the database's own sequences: no lock, no two alike.
SEQUENCES = (
    "oiconnect_service_reference",
    "oiconnect_subcontract_reference",
    "oiconnect_discharge_number",
)
PLANNED_END_BATCH = 500


class AccessOrder(models.Model):
    """The life of an order: transitions, their guards, and what each does besides.

    All reach the order through events (``_fire``); effects get the values of the event.
    """

    _inherit = "oiconnect.access.order"

    _workflow = ACCESS_ORDER_WORKFLOW
    _nominal_states = (
        "received",
        "ar_ok",
        "cr_ok",
        "connecting",
        "delivered",
        "in_service",
    )
    _subject = "access_order"
    _guard_fields = ("connection_type", "existing_socket", "reason_id")
    # The work list comes last: it tells what the others changed.
    _transition_effects = (
        "_keep_positions",
        "_forget_proposal",
        "_move_appointments",
        "_move_clock",
        "_update_todos",
    )

    failure_count = fields.Integer(
        "Failed connections", readonly=True, copy=False, aggregator=None
    )

    planned_end_date = fields.Datetime(
        "Ends on",
        readonly=True,
        copy=False,
        help="The operator has terminated the access from this date on",
    )

    # Terminations whose day has come.
    _planned_end_idx = models.Index(
        "(planned_end_date) WHERE planned_end_date IS NOT NULL "
        "AND state IN ('delivered', 'in_service')"
    )

    def init(self):
        for sequence in SEQUENCES:
            self.env.cr.execute(
                SQL("CREATE SEQUENCE IF NOT EXISTS %s", SQL.identifier(sequence))
            )

    def _event_labels(self):
        labels = {
            "accept": self.env._("Acceptance"),
            "reopen": self.env._("Rejection taken back"),
            "start": self.env._("Start of the connection"),
            "connected": self.env._("Connection done"),
            "connection_failed": self.env._("Connection failed"),
            "resume": self.env._("Connection resumed"),
            "reprovision_hot": self.env._("New route at once"),
            "reprovision_cold": self.env._("New route after a failure"),
            "activate": self.env._("Putting in service"),
            "overwrite": self.env._("Line taken over"),
            "restore": self.env._("Line given back"),
            "switch_type": self.env._("From rental to co-financing"),
            "plan_end": self.env._("Termination on a day to come"),
        }
        return [*super()._event_labels(), *labels.items()]

    def _way_of(self, passed):
        """A line that needs no work has no connection; one that failed is resumed."""
        if self.state == "connect_ko":
            return [*self._nominal_states[:4], self.state, *self._nominal_states[4:]]
        done = self._needs_no_work({})
        return [
            step for step in self._nominal_states if not (done and step == "connecting")
        ]

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _is_stoc(self, values):
        return self.filtered(lambda order: order.connection_type == "stoc")

    def _is_connected_by_oi(self, values):
        return self.filtered(lambda order: order.connection_type == "oi")

    def _needs_no_work(self, values):
        """Return the orders on a laid PTO that the operator patches itself."""
        return self.filtered(
            lambda order: order.connection_type == "oc" and order.existing_socket
        )

    def _is_final_failure(self, values):
        """Return the orders whose failure is final, by its reason or count."""
        return self.filtered(
            lambda order: (
                order.reason_id.is_final
                or 0 < order._failure_limit() <= order.failure_count + 1
            )
        )

    def _failure_limit(self):
        return self.operator_id.failure_limit or self.network_id.failure_limit

    def _was_in_service(self, values):
        return self.filtered("in_service_date")

    # ------------------------------------------------------------------
    # Effects: acknowledgement and study
    # ------------------------------------------------------------------

    def _on_acknowledge(self, values, origin):
        numbers = next_numbers(self.env, "oiconnect_service_reference", len(self))
        references = [
            service_reference(order.network_id.oi_code, number)
            for order, number in zip(self, numbers, strict=True)
        ]
        write_columns(self, {"service_reference": references})
        self._on_acknowledgement_sent(values, origin)

    def _on_reject(self, values, origin):
        self.write({"report_date": fields.Datetime.now(), "retained_type": "na"})

    def _on_reopen(self, values, origin):
        self.write({"report_date": False, "retained_type": False})
        self._forget_reason()

    # ------------------------------------------------------------------
    # Effects: connection
    # ------------------------------------------------------------------

    def _continue_if_automatic(self, origin):
        """Deliver or start the accepted orders that need no user."""
        done = self._needs_no_work({}).filtered("network_id.deliver_at_once")
        done._fire("deliver", origin)
        (self - done)._fire("start", origin)

    def _order_stoc(self, values, origin):
        numbers = next_numbers(self.env, "oiconnect_subcontract_reference", len(self))
        references = [subcontract_reference(number) for number in numbers]
        write_columns(self, {"subcontract_reference": references})

    def _on_deliver(self, values, origin):
        """The line is handed over: its fibre is in use, its PTO exists."""
        self._take_over_lines(origin)
        self._forget_reason()
        self.write({"delivered_date": fields.Datetime.now()})
        self.route_ids._use()
        laid = self.filtered(lambda order: order.pto_id.state == "to_build")
        laid.pto_id.write({"state": "existing"})
        # Operators report on their own work, never on ours.
        laid._is_connected_by_oi(values).write({"socket_installed": True})

    def _on_connection_failed(self, values, origin):
        day = values.get("reported_date") or fields.Datetime.now()
        self.write({"failure_date": day})
        for order in self:
            order.failure_count += 1

    def _on_last_failure(self, values, origin):
        self._on_connection_failed(values, origin)
        self._on_abandon(values, origin)

    def _on_abandon(self, values, origin):
        self.write({"retained_type": "na"})
        self._on_end(values, origin)

    # ------------------------------------------------------------------
    # Effects: service and ends
    # ------------------------------------------------------------------

    def _on_activate(self, values, origin):
        self.write({"in_service_date": values.get("date") or fields.Datetime.now()})

    def _on_switch_type(self, values, origin):
        self.write({"retained_type": "cofi"})

    def _on_overwrite(self, values, origin):
        self.write({"end_date": fields.Datetime.now()})

    def _on_restore(self, values, origin):
        self.write({"end_date": False})

    def _on_end(self, values, origin):
        """The operator gives the fibre back; a PTO that was laid stays wired."""
        now = values.get("date") or fields.Datetime.now()
        for date, orders in self.grouped("planned_end_date").items():
            orders.write({"end_date": date or now})
        wired = self.route_ids.filtered(lambda r: r.pto_id.state == "existing")
        (self.route_ids - wired)._release()
        wired._release(keep_pto=True)
        self._leave_lines_to_takers()

    # ------------------------------------------------------------------
    # Termination on a day to come
    # ------------------------------------------------------------------

    @api.model
    def _end_event(self, event, date):
        """Return what ``event`` is when it takes effect on ``date``."""
        is_to_come = date and date > fields.Datetime.now()
        return "plan_end" if event == "terminate" and is_to_come else event

    def _has_planned_end(self, values):
        return self.filtered("planned_end_date")

    def _on_plan_end(self, values, origin):
        self.write({"planned_end_date": values.get("date")})
        cron = self.env.ref("oiconnect_orders.cron_planned_end").sudo()
        cron._trigger(at=values.get("date"))

    @api.model
    def _cron_planned_end(self):
        """Terminate what was to end by now, one transaction a batch."""
        due = Domain("planned_end_date", "<=", fields.Datetime.now()) & Domain(
            "state", "in", HELD
        )
        self._apply_by_batches(
            "terminate",
            due,
            PLANNED_END_BATCH,
            lambda some: some._fire("terminate", JOB),
        )
