from odoo import fields, models
from odoo.fields import Command

from odoo.addons.oiconnect_base.exceptions import WorkflowError
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_base.workflow import Transition

from ...protocol_time import local_iso
from ..orders.order_mixin import order_workflow, receipt
from .pb_order import AWAITED_STATES, CLOSED_STATES

# Interop'Fibre PM protocol, 3.7
PB_ORDER_WORKFLOW = order_workflow(
    [
        *receipt("ARCMDPB"),
        # Once more when the day changes
        Transition("plan", AWAITED_STATES, "planned", ("CRCMDPB",)),
        # Once planned, it is a KO after an OK: the building is destroyed.
        Transition("reject", AWAITED_STATES, "cr_ko", ("CRCMDPB",)),
        Transition("lay", AWAITED_STATES, "laid", ("CRCMDPB",)),
        Transition("cancel", AWAITED_STATES, "cancelled", ("ARANNCMDPB",)),
        Transition(
            "refuse_cancel", (*AWAITED_STATES, *CLOSED_STATES), None, ("ARANNCMDPB",)
        ),
    ],
)


class PbOrder(models.Model):
    """The life of a PB order, and the messages to its operator.

    Values of events: ``date`` of a plan or a laying, ``pbo`` that was laid, ``note``.
    """

    _inherit = "oiconnect.pb.order"

    _workflow = PB_ORDER_WORKFLOW
    _subject = "pb_order"
    _decision_events = ("plan", "reject", "lay", "cancel")
    _reason_events = ("reject",)
    _ok_states = {
        "ARCMDPB": ("ar_ok",),
        "CRCMDPB": ("planned", "laid"),
        "ARANNCMDPB": ("cancelled",),
    }

    def _event_labels(self):
        labels = {
            "plan": self.env._("Laying planned"),
            "lay": self.env._("PB laid"),
        }
        return [*super()._event_labels(), *labels.items()]

    # ------------------------------------------------------------------
    # Effects
    # ------------------------------------------------------------------

    def _after_receipt(self, origin):
        """The addresses behind a PB that is ordered wait for it."""
        ordered = self.filtered(lambda order: order.state == "ar_ok")
        ordered.building_id._move_for_pb("on_demand_deploying", ordered)

    def _on_plan(self, values, origin):
        today = local_today()
        day = values.get("date") or today
        if day < today:
            self._refuse_day(self.env._("It is laid today or later."))
        self.write({"planned_date": day, "report_date": fields.Datetime.now()})

    def _on_reject(self, values, origin):
        self.write({"report_date": fields.Datetime.now()})
        self._on_cancel(values, origin)

    def _on_cancel(self, values, origin):
        """Back to on demand, where no other order waits for the PB."""
        self.write({"end_date": fields.Datetime.now()})
        for order in self:
            places = order.building_id._waiting_for_pb()
            if not places._awaited_pb_orders():
                places._move_for_pb("on_demand", order)

    def _on_lay(self, values, origin):
        """The addresses behind the PB are deployed; all operators present hear it."""
        today = local_today()
        day = values.get("date") or today
        if day > today:
            self._refuse_day(self.env._("It was laid today or before."))
        for order in self:
            pbo = order._pbo_to_lay(values)
            order.write({"pbo_id": pbo.id, "pm_id": pbo.pm_id.id, "laid_date": day})
            served = order.building_id._served_by(order.pbo_id)
            served._move_for_pb("deployed", order, cabling_date=day)
            order._add_batch(order.building_id | served)
        self.pm_id._tell_update(origin)
        self.write({"report_date": fields.Datetime.now()})

    def _add_batch(self, places):
        """Tell the addresses by a batch, where the PM has batches."""
        places = places.filtered(lambda place: place.pm_id == self.pm_id)
        if self.pm_id.batch_ids:
            self.env["oiconnect.pb.batch"].create(
                {
                    "reference": f"{self.network_id.oi_code}-PB-{self.id:010d}",
                    "network_id": self.network_id.id,
                    "pm_id": self.pm_id.id,
                    "delivery_date": self.laid_date,
                    "building_ids": [Command.set(places.ids)],
                    "told_date": self.env.cr.now(),
                }
            )

    def _refuse_day(self, advice):
        text = self.env._(
            "%(orders)s: this is not the day of the PB. %(advice)s",
            orders=self._refusal_names(),
            advice=advice,
        )
        raise WorkflowError(text, self._workflow.default_code)

    def _known_pbo(self):
        return self.pbo_id or self.building_id.pbo_ids

    def _present_pm(self):
        """Return the PMs behind which the addresses are by now: some may have moved."""
        return self.building_id.pm_id or self.pm_id

    def _pbo_here(self, chosen=None):
        """Return the PBO that is chosen, or the only one there, if it is of the PM."""
        pbo = chosen or self._known_pbo()
        here = len(pbo) == 1 and pbo.pm_id == self._present_pm()
        return pbo if here else pbo.browse()

    def _pbo_to_lay(self, values):
        """Return the PBO that is laid.

        :raises WorkflowError: the building has none, or several
        """
        if pbo := self._pbo_here(values.get("pbo")):
            return pbo
        raise WorkflowError(
            self.env._(
                "%(order)s: choose the PBO that was laid, behind PM %(pm)s.",
                order=self.display_name,
                pm=self._present_pm().reference,
            ),
            self._workflow.default_code,
        )

    # ------------------------------------------------------------------
    # Messages to the operator
    # ------------------------------------------------------------------

    def _payload_keys(self):
        return {
            "building_identifier": self.building_identifier
            or self.building_id.identifier
            or None,
            "pm_reference": self.pm_reference or None,
        }

    def _payload_arcmdpb(self, values, shared):
        return {
            **self._result("ARCMDPB", values),
            "date": local_iso(self.receipt_date),
        }

    def _payload_crcmdpb(self, values, shared):
        pbo, state = self._known_pbo(), self.state
        sent_pbo = pbo if len(pbo) == 1 and state != "cr_ko" else pbo.browse()
        planned = state == "planned" and self.planned_date
        laid = state == "laid" and self.laid_date
        return {
            **self._result("CRCMDPB", values),
            "date": local_iso(self.report_date),
            "pbo_reference": sent_pbo.reference or None,
            "pbo_type": sent_pbo.type_id.code or None,
            "planned_date": planned.isoformat() if planned else None,
            "delivered_date": laid.isoformat() if laid else None,
        }

    def _payload_aranncmdpb(self, values, shared):
        return {
            **self._result("ARANNCMDPB", values),
            "date": local_iso(self.env.cr.now()),
            "comment": values.get("note"),
        }
