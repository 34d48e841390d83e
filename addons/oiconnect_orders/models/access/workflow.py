from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import next_numbers, write_columns
from odoo.addons.oiconnect_base.workflow import JOB, Transition, Workflow

from ...references import service_reference, subcontract_reference
from ...states import LIVE_STATES, steps_of
from ..orders.order_mixin import receipt

# States that an operator may be told about: all but the one nobody has answered.
NOT_DELIVERED = ("ar_ok", "cr_ok", "connecting", "connect_ko")
HELD = ("delivered", "in_service")
ENDED = (*HELD, "mad_ko", "overwritten", "terminated", "cancelled")
TOLD = (*NOT_DELIVERED, *ENDED, "ar_ko", "cr_ko", "received")
# Interop'Fibre access protocol, life cycle of an access order (6.2).
ACCESS_ORDER_WORKFLOW = Workflow(
    [
        # Receipt and study
        *receipt("AR_CMD", effect="_on_acknowledge"),
        Transition("reject", ("ar_ok",), "cr_ko", ("CR_CMD",), effect="_on_reject"),
        Transition("accept", ("ar_ok",), "cr_ok", ("CR_CMD",), effect="_on_accept"),
        Transition("reopen", ("cr_ko",), "ar_ok", effect="_on_reopen"),
        # Connection
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
            guard="_is_final_failure",
            effect="_on_last_failure",
        ),
        Transition(
            "connection_failed",
            ("connecting",),
            "connect_ko",
            ("NOTIF_RACCO_KO",),
            guard="_is_connected_by_oi",
            effect="_on_failure",
        ),
        Transition(
            "connection_failed", ("connecting",), "connect_ko", effect="_on_failure"
        ),
        Transition("resume", ("connect_ko",), "connecting"),
        Transition(
            "abandon",
            ("cr_ok", "connecting", "connect_ko"),
            "mad_ko",
            ("CR_MAD",),
            effect="_on_production_failed",
        ),
        # Another route: at once, or after the failure that told of the bad one
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
        Transition("activate", ("delivered",), "in_service", effect="_on_activate"),
        Transition(
            "overwrite",
            HELD,
            "overwritten",
            ("NOTIF_ECRASEMENT",),
            effect="_on_takeover",
        ),
        Transition(
            "restore",
            ("overwritten",),
            "in_service",
            ("NOTIF_REPROV",),
            guard="_was_in_service",
            effect="_on_restore",
        ),
        Transition(
            "restore",
            ("overwritten",),
            "delivered",
            ("NOTIF_REPROV",),
            effect="_on_restore",
        ),
        # What was rented is co-financed from now on
        Transition("switch_type", LIVE_STATES, None, effect="_on_switch_type"),
        # Ends
        Transition(
            "cancel", NOT_DELIVERED, "cancelled", ("CR_ANNUL",), effect="_on_end"
        ),
        Transition("refuse_cancel", TOLD, None, ("CR_ANNUL",)),
        # On a day to come: answered now, ended then.
        Transition("plan_end", HELD, None, ("CR_RES",), effect="_on_plan_end"),
        Transition(
            "terminate", HELD, "terminated", guard="_has_planned_end", effect="_on_end"
        ),
        Transition("terminate", HELD, "terminated", ("CR_RES",), effect="_on_end"),
        Transition("refuse_terminate", TOLD, None, ("CR_RES",)),
    ],
    initial="received",
    default_code="FIMP16",
    # All that a partner is told of. A study is not among them: it comes by itself
    # within minutes, a person hastens it only.
    irreversible=(
        "refuse_receipt acknowledge reject start deliver connected connection_failed "
        "abandon reprovision_hot reprovision_cold activate overwrite restore cancel "
        "switch_type refuse_cancel plan_end terminate refuse_terminate"
    ).split(),
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
            "reject": self.env._("Rejection"),
            "reopen": self.env._("Rejection taken back"),
            "start": self.env._("Start of the connection"),
            "deliver": self.env._("Making available"),
            "connected": self.env._("Connection done"),
            "connection_failed": self.env._("Connection failed"),
            "resume": self.env._("Connection resumed"),
            "abandon": self.env._("Production abandoned"),
            "reprovision_hot": self.env._("New route at once"),
            "reprovision_cold": self.env._("New route after a failure"),
            "activate": self.env._("Putting in service"),
            "overwrite": self.env._("Line taken over"),
            "restore": self.env._("Line given back"),
            "switch_type": self.env._("From rental to co-financing"),
            "plan_end": self.env._("Termination on a day to come"),
        }
        return [*super()._event_labels(), *labels.items()]

    def _states_to_show(self, passed):
        return steps_of(self.state, passed, bool(self._needs_no_work({})))

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
        self.write(
            {
                "report_date": False,
                "retained_type": False,
                "reason_id": False,
                "reason_comment": False,
            }
        )

    # ------------------------------------------------------------------
    # Effects: connection
    # ------------------------------------------------------------------

    def _continue_if_automatic(self, origin):
        """Deliver or start the accepted orders that need no user."""
        done = self._needs_no_work({}).filtered("network_id.deliver_at_once")
        done._fire("deliver", origin)
        (self - done)._fire("start", origin)

    def _on_start(self, values, origin):
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
        # Operators report on their own work; nobody else reports on ours.
        laid._is_connected_by_oi(values).write({"socket_installed": True})

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
    # Effects: service and ends
    # ------------------------------------------------------------------

    def _on_activate(self, values, origin):
        self.write({"in_service_date": values.get("date") or fields.Datetime.now()})

    def _on_switch_type(self, values, origin):
        self.write({"retained_type": "cofi"})

    def _on_takeover(self, values, origin):
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
        for held in self._locked_batches(due, PLANNED_END_BATCH):
            held._fire("terminate", JOB)
