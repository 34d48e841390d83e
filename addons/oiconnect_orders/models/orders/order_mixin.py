from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.deleted_records import display_name_of_deleted
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.models.timeline_mixin import BAD, ENDED, GOOD
from odoo.addons.oiconnect_base.workflow import Transition, Workflow

ANSWERED = "_on_acknowledgement_sent"
# Rejected states: a reason says why
REJECTED = ("ar_ko", "cr_ko", "mad_ko", "withdrawn")
# How the steps of an order of any kind look, by the state that they lead to
STYLES = {
    **dict.fromkeys(("delivered", "available", "answered", "adducted"), GOOD),
    **dict.fromkeys(("in_service", "validated", "laid"), GOOD),
    **dict.fromkeys((*REJECTED, "connect_ko", "rejected"), BAD),
    **dict.fromkeys(("cancelled", "overwritten", "terminated"), ENDED),
}


def once(shared, make, *key):
    """Return what ``make`` gives, called once for the orders with the same ``key``."""
    key = (make.__name__, *key)
    if key not in shared:
        shared[key] = make()
    return shared[key]


def payload_values(record, names):
    """Return the values of a record as a payload has them."""
    values = {name: record[name] for name in names}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value or None
        for name, value in values.items()
    }


def receipt(flow, guard=None, effect=ANSWERED):
    """Return the lines of a workflow by which ``flow`` answers an order that came."""
    came = ("received",)
    return (
        Transition("refuse_receipt", came, "ar_ko", (flow,), effect=ANSWERED),
        Transition("acknowledge", came, "ar_ok", (flow,), guard, effect),
    )


def order_workflow(lines, irreversible=(), reversible=(), codes=None):
    """Return the workflow of a kind of orders; notified events cannot be undone.

    :param irreversible: events besides that nothing takes back
    :param reversible: events that come by themselves anyway, though they are notified
    """
    notified = {line.event for line in lines if line.flows}
    final = notified.union(irreversible).difference(reversible)
    return Workflow(lines, "received", codes, "FIMP16", irreversible=final)


class OrderMixin(models.AbstractModel):
    """Order of an operator: its references, its receipt and report, its reason.

    It begins in state ``received`` and is acknowledged (``ar_ok``) or refused
    (``ar_ko``) at once: see ``reception.py``. An order is never deleted.
    """

    _name = "oiconnect.order.mixin"
    _description = "Order of an operator"
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.clock.mixin",
        "oiconnect.decision.mixin",
        "oiconnect.operator.message.mixin",
        "oiconnect.line.mixin",
        "oiconnect.picked",
    ]
    _order = "id desc"
    _rec_name = "oc_reference"
    _rec_names_search = ["oc_reference", "service_reference"]
    _event_fields = EVERY_FIELD
    _payload_fields = ("oc_reference", "service_reference")
    _timeline_styles = STYLES
    # States in which nothing is awaited any more: the guide's "Archivé"
    _closed_states = ()
    # Steps of an order that goes well
    _nominal_states = ()
    # {flow of an answer: states to which its event leads when all is well}
    _ok_states = {}

    # Each kind of orders lists its states.
    state = fields.Selection(
        lambda self: [], default="received", required=True, readonly=True, tracking=True
    )
    is_open = fields.Boolean("In progress", compute="_compute_is_open", store=True)
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    oc_reference = fields.Char("Operator's reference", size=30, index="trigram")
    service_reference = fields.Char(size=30, readonly=True, copy=False)
    # The list filtered by reason, alone and with others; most orders have none.
    reason_id = fields.Many2one(
        "oiconnect.reason", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    reason_comment = fields.Char(readonly=True)

    receipt_date = fields.Datetime("Receipt sent on", readonly=True)
    report_date = fields.Datetime("Report sent on", readonly=True)
    end_date = fields.Datetime("Ended on", readonly=True)

    flow_version = fields.Char("Protocol version", readonly=True)
    origin = fields.Char(readonly=True, help="The file or message it came from")

    # A reference serves once per operator, from its acknowledgement on; an
    # acknowledgement KO gives it back.
    _oc_reference_uniq = models.UniqueIndex(
        "(operator_id, oc_reference) WHERE state NOT IN ('received', 'ar_ko')",
        "This operator already has an order with this reference.",
    )
    # Orders that lines of files name, references that are taken, received ones too:
    # operator_id = x and oc_reference in y and state != 'ar_ko'.
    _oc_reference_idx = models.Index("(operator_id, oc_reference)")
    _rejected_has_reason = models.Constraint(
        f"CHECK (state NOT IN {REJECTED} OR reason_id IS NOT NULL)",
        "A rejected order needs its reason.",
    )
    # The list "In progress", its first screen and its count.
    _open_idx = models.Index("(network_id, id DESC) WHERE is_open")
    # List filtered or grouped by state
    _state_idx = models.Index("(state, id DESC)")

    @api.depends("state")
    def _compute_is_open(self):
        for order in self:
            order.is_open = order.state not in self._closed_states

    @api.model
    def _search_display_name(self, operator, value):
        """Find a part of the operator's reference, or the whole of ours.

        Both have an index; a part of ours would be looked for in every order.
        """
        if operator != "ilike" or not value:
            return super()._search_display_name(operator, value)
        given = Domain("oc_reference", operator, value)
        return given | Domain("service_reference", "=", value)

    @api.depends("oc_reference")
    @display_name_of_deleted
    def _compute_display_name(self):
        for order in self:
            order.display_name = order.oc_reference or self.env._(
                "Order %s", order.id or ""
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(
            self.env._("An order is kept for ever: cancel or terminate it instead.")
        )

    def _refusal_of_many(self, label, names):
        return self.env._(
            "“%(event)s” is not possible for %(count)s orders, so nothing is "
            "changed. Leave them out:\n%(orders)s",
            event=label,
            count=len(self),
            orders=names,
        )

    @api.model
    def _event_labels(self):
        """Call by one name what happens to orders of all kinds."""
        labels = {
            "acknowledge": self.env._("Acknowledgement"),
            "refuse_receipt": self.env._("Rejection at receipt"),
            "reject": self.env._("Rejection"),
            "deliver": self.env._("Making available"),
            "abandon": self.env._("Production abandoned"),
            "cancel": self.env._("Cancellation"),
            "refuse_cancel": self.env._("Cancellation refused"),
            "terminate": self.env._("Termination"),
            "refuse_terminate": self.env._("Termination refused"),
        }
        events = self._workflow.events
        return [(event, label) for event, label in labels.items() if event in events]

    def _states_to_show(self, passed):
        way = self._way_of(passed)
        if self.state in way:
            return way
        return [step for step in way if step in passed] + [self.state]

    def _way_of(self, passed):
        """Hook: return the states of the order, as far as it goes well."""
        return list(self._nominal_states)

    @api.model
    def _reason_label(self, code):
        return code and (self.env["oiconnect.reason"]._of(code).display_name or code)

    @api.model
    def _reason(self, code):
        """Return the reason ``code``; "other" where the list lacks it."""
        reasons = self.env["oiconnect.reason"].sudo()
        return reasons._of(code) or reasons._of("FAUT01")

    def _forget_reason(self):
        """Clear the reason: a fixed problem is not reported any more."""
        self.filtered("reason_id").write({"reason_id": False, "reason_comment": False})

    def _on_acknowledgement_sent(self, values, origin):
        self.write({"receipt_date": fields.Datetime.now()})

    def _on_accept(self, values, origin):
        self.write({"report_date": fields.Datetime.now()})

    # ------------------------------------------------------------------
    # Messages to the operator
    # ------------------------------------------------------------------

    def _event_version(self, flow, origin):
        return self.flow_version or super()._event_version(flow, origin)

    def _result(self, flow, values):
        """Return result and reason: OK when the event led where it should."""
        if values.get("code") or self._went_well(flow):
            return self._request_result(values)
        return {"result": "KO", "reason_code": self.reason_id.code}

    @api.model
    def _request_result(self, values):
        """Return result and reason of a request: OK, unless it was refused."""
        code = values.get("code")
        return {"result": "KO" if code else "OK", "reason_code": code}

    def _went_well(self, flow):
        return self.state in self._ok_states[flow]

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def _open_related(self, records, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
            # A service that ended is archived.
            "context": {"active_test": False},
        }

    def action_decide(self):
        """Open the dialog of an event: it tells what follows, and asks for a reason.

        Whatever cannot be undone passes here, for one order as for many.
        """
        self.check_access("write")
        event = self.env.context.get("decision")
        self._refuse_unless_ready(event)
        return {
            "type": "ir.actions.act_window",
            "name": self._event_label(event),
            "view_mode": "form",
            "target": "new",
            **self._decision_dialog(event),
        }

    def _decision_dialog(self, event):
        """Hook: return the model of the dialog and its context."""
        raise NotImplementedError
