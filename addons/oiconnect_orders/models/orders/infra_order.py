from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_base.workflow import SCREEN

from ...controls.acknowledgement import CLOCK_TOLERANCE, Refusal
from ...controls.story import BY_NAME

_lt = LazyTranslate(__name__)


class InfraOrderMixin(models.AbstractModel):
    """Order of the network itself: of a PM, a distribution point or a link.

    What it asks for is checked at its receipt, against the network too: the receipt
    (AR) is its only study.
    """

    _name = "oiconnect.infra.order.mixin"
    _description = "Order of the network"
    _inherit = "oiconnect.order.mixin"

    _controls = {"form": BY_NAME["form"]}
    _missing_codes = ("FIMP15",)
    _copied_fields = (
        "oc_reference",
        "pm_reference",
        "contract_reference",
        "contact",
        "comment",
    )
    _mandatory_fields = ("oc_reference", "pm_reference", "order_date")
    # Events that a person decides by the dialog; those that have a reason
    _decision_events = ()
    _reason_events = ()

    # Also found by a part of it, as the guide's filter wants
    service_reference = fields.Char(index="trigram")
    pm_reference = fields.Char("Ordered PM", size=20)
    pm_id = fields.Many2one("oiconnect.pm", "PM", index=True, ondelete="restrict")
    order_date = fields.Date("Ordered on")
    contract_reference = fields.Char("Contract", size=50)
    contact = fields.Char("Operator's contact", size=100)
    comment = fields.Text("Operator's comment")

    # A pasted reference, whole: an index of its parts reads all that begin alike.
    _service_reference_idx = models.Index(
        "(service_reference) WHERE service_reference IS NOT NULL"
    )

    @api.model
    @api.private
    def _receive_in_turn(self, lines, operator, network, origin=SCREEN):
        """Take in the lines of a file one by one: each sees what came of the others."""
        return [self._receive([line], operator, network, origin)[0] for line in lines]

    def _form_refusals(self, line, operator, network):
        """Refuse what is missing; then what the network refuses, of a whole line."""
        missing = [
            Refusal("FIMP15", name, _lt("This value is mandatory."))
            for name in self._mandatory_fields
            if not line.get(name)
        ]
        if missing or line.get("errors"):
            return missing
        text = self.env._("The order is dated in the future.")
        refusal = self._future_refusal(line, "order_date", text)
        refusal = refusal or self._order_refusal(line, operator, network)
        return [refusal] if refusal else []

    @api.model
    def _future_refusal(self, line, name, text):
        """Return why the day ``name`` of ``line`` is refused: it is yet to come."""
        last = local_today() + CLOCK_TOLERANCE
        if (line.get(name) or "") <= last.isoformat():
            return None
        return Refusal("FIMP16", name, text)

    def _order_refusal(self, line, operator, network):
        """Hook: return why the network refuses the order of ``line``, or None.

        The PM first: who extends it asks the others of a PM that exists.
        """
        if self._ordered_pm(line, network):
            return None
        return Refusal("FIMP07", "pm_reference", _lt("No PM has this reference."))

    @api.model
    def _ordered_pm(self, line, network):
        return self.env["oiconnect.pm"].search(
            Domain("network_id", "=", network.id)
            & Domain("reference", "=", line.get("pm_reference") or False),
            limit=1,
        )

    def _network_vals(self, line, operator, network):
        return {
            "order_date": line.get("order_date"),
            "pm_id": self._ordered_pm(line, network).id,
        }

    def _payload_keys(self):
        """Return what the order is about, as each message of it tells."""
        return {"pm_reference": self.pm_id.reference or self.pm_reference or None}

    def _event_payload(self, flow, values, shared):
        payload = super()._event_payload(flow, values, shared)
        return {**self._payload_keys(), **payload}

    def _other_refusal(self, line):
        """Return why ``line`` is about something else than the order, or None."""
        for name, value in self._payload_keys().items():
            if line.get(name) and line[name] != value:
                text = self.env._("This is not what the order was about.")
                return Refusal("FIMP16", name, text)
        return None

    def _receive_verdict(self, line, operator, network, origin, accept, refuse):
        """Fire what the operator says of a report: it is right, or why it is not."""
        order, refusal = self._order_of_line(line, operator, network, origin)
        if refusal:
            return order, [refusal]
        note = line.get("comment")
        if line.get("result") == "OK":
            return order._fire_or_refuse(accept, origin, note=note)
        # What has ended, or is not there yet, keeps the reason that it has.
        reason = self._reason(line.get("reason_code"))
        order._can_fire(refuse).write({"reason_id": reason.id, "reason_comment": note})
        return order._fire_or_refuse(refuse, origin, note=note)

    def _release_unique_values(self):
        """Free the place too: a replayed order asks for it as it was then."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET state = 'cancelled' WHERE id = ANY(%s) "
                "AND state NOT IN ('received', 'ar_ko')",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        self.env.invalidate_all()
        return super()._release_unique_values()

    @api.model
    def _story_words(self):
        return {
            **super()._story_words(),
            "form": self.env._("Form of the order"),
            "column": self.env._("column"),
            "problem": self.env._("problem"),
        }

    def _decision_dialog(self, event):
        return {
            "res_model": "oiconnect.infra.order.decision",
            "context": {
                "default_res_model": self._name,
                "default_res_ids": self.ids,
                "default_event": event,
            },
        }
