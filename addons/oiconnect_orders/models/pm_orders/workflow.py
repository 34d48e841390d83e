from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.isolated_work import apply_isolated
from odoo.addons.oiconnect_base.scheduled import wake
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_base.workflow import JOB, Transition

from ...pm_order_states import HELD, NOTIFIABLE, SETTLED
from ...protocol_time import from_local
from ..orders.order_mixin import order_workflow, receipt

#: an operator that has not been heard of works announces and adducts all the same
BEFORE_ADDUCTION = ("delivered", "mad_ok", "announced", "informed")
INFORMED = tuple(state for state in HELD if state != "mad_ko")
# PM protocol, orders of PMs (interop-infra.md §3, "Typical order of events").
PM_ORDER_WORKFLOW = order_workflow(
    [
        *receipt("ARCMD", guard="_is_ordered"),
        # Without an order: a co-financed PM, a service older than stored orders
        Transition("acknowledge", ("received",), "ar_ok"),
        Transition("adopt", ("received", "ar_ok"), "delivered", guard="_is_served"),
        # Making available, and information
        Transition("deliver", ("ar_ok",), "delivered", ("CRMAD",), "_is_rental_ready"),
        Transition(
            "deliver",
            ("ar_ok",),
            "answered",
            ("CRMAD",),
            guard="_is_update_ready",
            effect="_on_inform_anew",
        ),
        # What corrects the report is an up-to-date one, too.
        Transition("update", ("mad_ko",), "delivered", ("CRMAD",)),
        Transition("update", INFORMED, None, ("CRMAD",)),
        Transition("update", ("answered",), None, ("CRMAD",), guard="_is_refused"),
        Transition("switch_to_cofinancing", HELD, None, ("CRMAD",)),
        # The operator has read the report
        Transition("receive_report", ("delivered",), "mad_ok"),
        Transition("receive_report", ("mad_ok", *SETTLED), None),
        Transition("refuse_report", ("delivered", "mad_ok"), "mad_ko"),
        Transition("refuse_report", SETTLED, None),
        # Works at the PM
        Transition("announce", BEFORE_ADDUCTION, "announced"),
        Transition("inform_manager", ("announced",), "informed", ("INFOSY",)),
        Transition("refuse_works", ("announced",), None, ("INFOSY",)),
        Transition("adduct", BEFORE_ADDUCTION, "adducted", ("CrADDU",)),
        Transition("fail_adduction", BEFORE_ADDUCTION, None, ("CrADDU",)),
        Transition("refuse_adduct", NOTIFIABLE, None, ("CrADDU",)),
        # Ends
        Transition(
            "withdraw", ("ar_ok", *HELD), "withdrawn", ("CRMAD",), effect="_on_end"
        ),
        Transition(
            "cancel", ("ar_ok",), "cancelled", ("CrAnnRes",), "_is_unit", "_on_end"
        ),
        Transition("refuse_cancel", NOTIFIABLE, None, ("CrAnnRes",)),
        Transition(
            "terminate", HELD, "terminated", ("CrAnnRes",), "_is_unit", "_on_end"
        ),
        Transition("refuse_terminate", NOTIFIABLE, None, ("CrAnnRes",)),
    ],
    irreversible=("adopt",),
    codes={"adduct": "FIMP09", "fail_adduction": "FIMP09"},
)
BATCH = 100


class PmOrder(models.Model):
    """The life of a PM order: transitions, their guards, and what each does besides."""

    _inherit = "oiconnect.pm.order"

    _workflow = PM_ORDER_WORKFLOW
    _subject = "pm_order"
    _nominal_states = (
        "received",
        "ar_ok",
        "delivered",
        "mad_ok",
        "announced",
        "adducted",
    )
    _guard_fields = ("kind", "purpose", "pm_id", "service_id", "reason_id")
    # What a person decides by the dialog, and for which the operator has a reason
    _decision_events = (
        "deliver update inform_manager refuse_works withdraw cancel terminate"
    ).split()
    _reason_events = ("refuse_works", "withdraw")

    # The scheduled action that makes available what is ready
    _to_deliver_idx = models.Index("(pm_id) WHERE state = 'ar_ok'")

    def _event_labels(self):
        labels = {
            "update": self.env._("Up-to-date report"),
            "adopt": self.env._("Taken up from its service"),
            "switch_to_cofinancing": self.env._("From rental to co-financing"),
            "receive_report": self.env._("Report received"),
            "refuse_report": self.env._("Report refused by the operator"),
            "announce": self.env._("Works announced"),
            "inform_manager": self.env._("Manager informed"),
            "refuse_works": self.env._("Works refused"),
            "adduct": self.env._("Adduction"),
            "fail_adduction": self.env._("Adduction failed"),
            "refuse_adduct": self.env._("Adduction refused"),
            "withdraw": self.env._("PM withdrawn"),
        }
        return [*super()._event_labels(), *labels.items()]

    def _way_of(self, passed):
        if self.purpose == "update":
            return ["received", "ar_ok", "answered"]
        informed = ("informed",) if "informed" in (self.state, *passed) else ()
        return [*self._nominal_states[:-1], *informed, self._nominal_states[-1]]

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _is_ordered(self, values):
        return self.filtered("oc_reference")

    def _is_rental_ready(self, values):
        return self.filtered(
            lambda order: order.purpose != "update" and order.pm_id.state == "deployed"
        )

    def _is_update_ready(self, values):
        return self.filtered(
            lambda order: (
                order.purpose == "update" and order.pm_id._service_of(order.operator_id)
            )
        )

    def _is_served(self, values):
        return self.filtered(lambda one: one.service_id and one.purpose != "update")

    def _is_refused(self, values):
        return self.filtered("reason_id")

    def _is_unit(self, values):
        return self.filtered(lambda order: order.kind == "unit")

    # ------------------------------------------------------------------
    # Effects
    # ------------------------------------------------------------------

    def _choice(self):
        return self.technical_choice or "P"

    def _on_deliver(self, values, origin):
        """Give the operator its service at the PM."""
        values["nature"] = "initial"
        for order in self:
            kind = "cofi" if order.kind == "cofi" else "loca"
            order.service_id = order.pm_id._provide(
                order.operator_id, kind, order._choice()
            )
        self._keep_service()
        self.write({"delivered_date": fields.Datetime.now()})

    def _on_adopt(self, values, origin):
        self._keep_service()
        for order in self:
            order.delivered_date = from_local(order.service_id.start_date.isoformat())

    def _on_switch_to_cofinancing(self, values, origin):
        """Turn a rental into co-financing: it has no end of its own any more."""
        choice = values.get("technical_choice")
        terms = {"kind": "cofi"} | ({"technical_choice": choice} if choice else {})
        self.service_id.write(terms)
        self.write(
            terms | {"purpose": "engagement", "report_date": fields.Datetime.now()}
        )

    def _on_inform_anew(self, values, origin):
        values["nature"] = "update"
        for order in self:
            order.service_id = order.pm_id._service_of(order.operator_id)
        self._keep_service()

    def _keep_service(self):
        for order in self:
            order.service_reference = order.service_id.reference
        self.write({"report_date": fields.Datetime.now()})

    def _on_update(self, values, origin):
        self.write({"report_date": fields.Datetime.now()})
        self._forget_reason()

    def _on_receive_report(self, values, origin):
        self.write({"mad_receipt_date": fields.Datetime.now()})

    def _on_announce(self, values, origin):
        self.write(
            {
                "visit_notice_date": values.get("date") or local_today(),
                "planned_adduction_date": values.get("planned_date"),
            }
        )

    def _on_inform_manager(self, values, origin):
        self.write({"manager_date": local_today()})
        self._forget_reason()

    def _on_adduct(self, values, origin):
        day = values.get("adduction_date") or local_today()
        self.write({"adduction_date": day})
        self.service_id.write({"adduction_date": day})
        self._forget_reason()

    def _on_end(self, values, origin):
        self.write({"end_date": fields.Datetime.now()})
        ended = self.filtered(lambda order: order.purpose != "update")
        ended.service_id._end()
        # Pending requests of the operator at a PM that it leaves are answered KO.
        for order in ended:
            order._waiting_for(order.pm_id, order.operator_id, False)._withdraw(origin)

    def _withdraw(self, origin, note=None):
        """Take back the PM: its operator is notified that it is gone."""
        self.write({"reason_id": self._reason("FIMP09").id})
        self._fire("withdraw", origin, note=note)

    @api.model
    def _outlived_domain(self):
        """Return the domain of orders whose service has ended: by hand, as it seems.

        They must not hold the PM: its operator may rent it anew.
        """
        ended = Domain("service_id.active", "=", False) | Domain(
            "service_id.end_date", "<", local_today()
        )
        return ended & Domain("purpose", "!=", "update") & Domain("state", "in", HELD)

    # ------------------------------------------------------------------
    # What is ready leaves by itself, where the network says so
    # ------------------------------------------------------------------

    def _after_receipt(self, origin):
        if any(order.state == "ar_ok" for order in self):
            self._wake_delivery()

    @api.model
    def _wake_delivery(self):
        wake(self.env, "oiconnect_orders.cron_pm_delivery")

    @api.model
    def _cron_deliver(self):
        """Send the reports that are ready, or have a person look at them.

        A PM that an administrator gave a last day is taken back after it.
        """
        accepted = Domain("state", "=", "ar_ok")
        self._apply_by_batches(
            "deliver", accepted, BATCH, lambda some: some._deliver_ready()
        )
        self._apply_by_batches(
            "withdraw", self._outlived_domain(), BATCH, lambda some: some._withdraw(JOB)
        )

    def _deliver_ready(self):
        """Send the reports that are ready; what fails is for a person."""
        ready = self._ready_for("deliver")
        at_once = ready.filtered("network_id.pm_report_at_once")
        for orders in at_once.grouped("pm_id").values():
            apply_isolated(orders, lambda some: some._fire("deliver", JOB))
        left = ready._can_fire("deliver")
        left._restart_clock()
        left._sync_todos()

    def _run_next_steps(self):
        self._can_fire("deliver")._deliver_ready()
