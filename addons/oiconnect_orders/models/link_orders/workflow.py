from odoo import fields, models

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.time_zone import local_day
from odoo.addons.oiconnect_base.workflow import Transition

from ...link_states import HELD, STATES
from ..orders.order_mixin import order_workflow, receipt

# States that an operator may be notified of: all but the one without an answer
NOTIFIABLE = tuple(state for state, _label in STATES if state != "received")
# Interop'Fibre, links between PM and PRDM: order, availability, delivery, validation.
LINK_ORDER_WORKFLOW = order_workflow(
    [
        *receipt("ARCMDLIEN", effect="_on_acknowledge"),
        # Production
        Transition(
            "make_available", ("ar_ok",), "available", ("CRMADLIEN",), "_is_deployed"
        ),
        Transition("abandon", ("ar_ok",), "mad_ko", ("CRMADLIEN",)),
        Transition("deliver", ("available", "rejected"), "delivered", ("CRLIVLIEN",)),
        # What the operator says of it, or its silence
        Transition("validate", ("available", "delivered", "rejected"), "validated"),
        Transition("deem", ("delivered",), "validated"),
        Transition("reject", ("available", "delivered"), "rejected"),
        # Ends: requested, answered, done
        Transition("ask_end", ("ar_ok", *HELD), None, ("ARANNRESLIEN",)),
        Transition("refuse_end", NOTIFIABLE, None, ("ARANNRESLIEN",)),
        Transition("cancel", ("ar_ok",), "cancelled", ("CRANNRESLIEN",)),
        Transition("give_fibres_back", HELD, None, ("CRANNRESLIEN",)),
        Transition(
            "terminate",
            HELD,
            "terminated",
            ("CRANNRESLIEN",),
            guard="_is_not_extended",
            effect="_on_give_fibres_back",
        ),
        # With the last of its fibres, by another order of the service
        Transition("end", HELD, "terminated"),
    ],
    irreversible=("validate", "deem", "end"),
)


class LinkOrder(models.Model):
    """The life of an order: transitions, their guards, and what each does besides."""

    _inherit = "oiconnect.link.order"

    _workflow = LINK_ORDER_WORKFLOW
    _subject = "link_order"
    _nominal_states = ("received", "ar_ok", "available", "delivered", "validated")
    _guard_fields = ("link_id.state", "service_id.order_ids.state")
    _decision_events = (
        "make_available abandon deliver validate reject cancel terminate"
    ).split()
    _reason_events = ("abandon", "reject")

    def _event_labels(self):
        labels = {
            "make_available": self.env._("Making available"),
            "deliver": self.env._("Delivery"),
            "validate": self.env._("Validation"),
            "deem": self.env._("Deemed acceptance"),
            "reject": self.env._("Delivery refused"),
            "ask_end": self.env._("End asked for"),
            "refuse_end": self.env._("End refused"),
            "give_fibres_back": self.env._("Fibres given back"),
            "end": self.env._("Ended with its fibres"),
        }
        return [*super()._event_labels(), *labels.items()]

    def _way_of(self, passed):
        rejected = ("rejected",) if self.state == "rejected" else ()
        return [*self._nominal_states[:-1], *rejected, self._nominal_states[-1]]

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _is_deployed(self, values):
        return self.filtered(lambda order: order.link_id.state == "deployed")

    def _is_not_extended(self, values):
        """Return the orders whose service no order in progress is about to extend."""
        return self.filtered(
            lambda order: "ar_ok" not in order.service_id.order_ids.mapped("state")
        )

    def _refuse_unless_ready(self, event):
        """Some fibres may be given back, where an extension bars the end of all.

        The dialog asks which ones; without any the guard refuses, as it does of files.
        """
        is_one = event == "terminate" and len(self) == 1
        if is_one and self._can_fire("give_fibres_back"):
            return None
        return super()._refuse_unless_ready(event)

    def _refusal(self, event):
        """Tell what a guard waits for, where it is the guard that refuses."""
        blocked = self.filtered(
            lambda order: event in self._workflow.allowed(order.state)
        )
        if not blocked or event not in ("make_available", "terminate"):
            return super()._refusal(event)
        if event == "terminate":
            text = self.env._(
                "%s: an extension is in progress on this link. Cancel it first.",
                blocked._refusal_names(),
            )
        else:
            text = self.env._(
                "%(orders)s: link %(links)s is not deployed yet. Deploy it first.",
                orders=blocked._refusal_names(),
                links=", ".join(blocked.link_id.mapped("reference")),
            )
        return WorkflowError(text, self._workflow.code(event))

    # ------------------------------------------------------------------
    # Effects: receipt and production
    # ------------------------------------------------------------------

    def _on_acknowledge(self, values, origin):
        self._on_acknowledgement_sent(values, origin)
        for order in self:
            order.expected_date = order._expected_availability()

    def _expected_availability(self):
        """Return the day of availability: by the delay, or once the link is there."""
        start, link = self.receipt_date, self.link_id
        rule = self._delay_rules().get("link_mad")
        due = self.env["oiconnect.delay"]._limit(rule, start)[0] if rule else start
        forecast = link.state != "deployed" and link.installation_date
        return max(local_day(due), forecast or local_day(due))

    def _on_make_available(self, values, origin):
        self._reserve_missing_fibres()
        self._open_service()
        self._use_fibres()
        now = fields.Datetime.now()
        self.write({"report_date": now, "available_date": now})

    def _use_fibres(self):
        """The fibres carry a service; what is broken stays so."""
        self.held_fibre_ids._measure()
        reserved = self.held_fibre_ids.fibre_id.filtered(
            lambda fibre: fibre.state == "reserved"
        )
        reserved.write({"state": "used"})

    def _on_abandon(self, values, origin):
        self.write({"report_date": fields.Datetime.now()})
        self._on_cancel(values, origin)

    def _on_deliver(self, values, origin):
        """The measures are those of today: the reason of a refusal is no more."""
        self.held_fibre_ids._measure()
        self.write({"delivered_date": fields.Datetime.now(), "rejected_date": False})
        self._forget_reason()
        self._wake_deemed_acceptance()

    # ------------------------------------------------------------------
    # Effects: validation
    # ------------------------------------------------------------------

    def _on_validate(self, values, origin):
        self.write({"validated_date": fields.Datetime.now(), "rejected_date": False})
        self._forget_reason()

    def _on_deem(self, values, origin):
        self._on_validate(values, origin)
        self.write({"is_deemed": True})

    def _on_reject(self, values, origin):
        self.write({"rejected_date": fields.Datetime.now()})

    # ------------------------------------------------------------------
    # Effects: ends
    # ------------------------------------------------------------------

    def _on_cancel(self, values, origin):
        now = fields.Datetime.now()
        self.write({"end_date": now})
        self.held_fibre_ids._give_back(now)

    def _on_give_fibres_back(self, values, origin):
        """Give back the chosen fibres of the service, or all of them.

        :param values: ``fibres``: those to give back, of any order of the service
        """
        now = fields.Datetime.now()
        self.filtered(lambda order: order.state == "terminated").write(
            {"end_date": now}
        )
        services = self.service_id
        (values.get("fibres") or services.fibre_ids)._give_back(now)
        others = (services.order_ids - self).filtered(
            lambda order: order.state in HELD and not order.held_fibre_ids
        )
        others._fire("end", origin)
        services._end_if_empty()

    def _on_end(self, values, origin):
        self.write({"end_date": fields.Datetime.now()})
