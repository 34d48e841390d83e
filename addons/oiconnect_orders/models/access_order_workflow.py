from odoo import models

from odoo.addons.oiconnect_base.workflow import Transition, Workflow

from ..states import steps_of

# States that an operator may be told about: all but the one nobody has answered.
NOT_DELIVERED = ("ar_ok", "cr_ok", "connecting", "connect_ko")
HELD = ("delivered", "in_service")
ENDED = (*HELD, "mad_ko", "overwritten", "terminated", "cancelled")
TOLD = (*NOT_DELIVERED, *ENDED, "ar_ko", "cr_ko", "received")

# Interop'Fibre access protocol, life cycle of an access order (6.2).
ACCESS_ORDER_WORKFLOW = Workflow(
    [
        # Receipt and study
        Transition(
            "refuse_receipt", ("received",), "ar_ko", ("AR_CMD",), effect="_on_receipt"
        ),
        Transition(
            "acknowledge", ("received",), "ar_ok", ("AR_CMD",), effect="_on_acknowledge"
        ),
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
            guard="_is_hopeless",
            effect="_on_last_failure",
        ),
        Transition(
            "connection_failed",
            ("connecting",),
            "connect_ko",
            ("NOTIF_RACCO_KO",),
            guard="_is_by_us",
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
            effect="_on_overwrite",
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
        # Ends
        Transition(
            "cancel", NOT_DELIVERED, "cancelled", ("CR_ANNUL",), effect="_on_end"
        ),
        Transition("refuse_cancel", TOLD, None, ("CR_ANNUL",)),
        # On a day to come: answered now, ended then.
        Transition("plan_end", HELD, None, ("CR_RES",), effect="_on_plan_end"),
        Transition(
            "terminate",
            HELD,
            "terminated",
            guard="_has_planned_end",
            effect="_on_end",
        ),
        Transition("terminate", HELD, "terminated", ("CR_RES",), effect="_on_end"),
        Transition("refuse_terminate", TOLD, None, ("CR_RES",)),
    ],
    initial="received",
    default_code="FIMP16",
    # All that a partner is told of. A study is not among them: it comes by itself
    # within minutes, a person hastens it only.
    irreversible=(
        "refuse_receipt",
        "acknowledge",
        "reject",
        "start",
        "deliver",
        "connected",
        "connection_failed",
        "abandon",
        "reprovision_hot",
        "reprovision_cold",
        "activate",
        "overwrite",
        "restore",
        "cancel",
        "refuse_cancel",
        "plan_end",
        "terminate",
        "refuse_terminate",
    ),
)


class AccessOrder(models.Model):
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

    def _event_labels(self):
        labels = {
            "acknowledge": self.env._("Acknowledgement"),
            "refuse_receipt": self.env._("Rejection at receipt"),
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
            "cancel": self.env._("Cancellation"),
            "refuse_cancel": self.env._("Cancellation refused"),
            "plan_end": self.env._("Termination on a day to come"),
            "terminate": self.env._("Termination"),
            "refuse_terminate": self.env._("Termination refused"),
        }
        return list(labels.items())

    def _states_to_show(self, passed):
        return steps_of(self.state, passed, bool(self._needs_no_work({})))

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _is_stoc(self, values):
        return self.filtered(lambda order: order.connection_type == "stoc")

    def _is_by_us(self, values):
        return self.filtered(lambda order: order.connection_type == "oi")

    def _needs_no_work(self, values):
        """A socket that exists, patched by the operator itself."""
        return self.filtered(
            lambda order: order.connection_type == "oc" and order.existing_socket
        )

    def _is_hopeless(self, values):
        """Nobody will try again: the reason is final, or the visits are used up."""
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
