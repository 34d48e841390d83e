from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.reception import Reception
from odoo.addons.oiconnect_base.time_zone import local_today

from ...controls.acknowledgement import Refusal
from ...pm_order_states import HELD

_lt = LazyTranslate(__name__)

# A rental that is not over, or about to be
RUNNING = ("ar_ok", *HELD)


class PmOrder(models.Model):
    """Receipt of CMD: is it a PM that the operator may order, in this way?"""

    _inherit = "oiconnect.pm.order"

    _received_flows = {
        "CMD": Reception(
            "_receive_in_turn",
            by_lot=True,
            creates=True,
            repeated=("kind", "pm_reference"),
        ),
        "ARMAD": Reception("_receive_report_receipt", verbs={"acknowledge_report": {}}),
        "INTERP": Reception("_receive_works", verbs={"announce_works": {}}),
        "ADDU": Reception(
            "_receive_adduction",
            repeated=("pm_reference",),
            verbs={"report_adduction": {}},
        ),
        "AnnRes": Reception(
            "_receive_end",
            repeated=("operation", "pm_reference", "service_reference"),
            verbs={end: {"operation": end} for end in ("cancel", "terminate")},
        ),
    }
    _mandatory_fields = ("oc_reference", "kind", "pm_reference", "order_date")

    def _order_refusal(self, line, operator, network):
        refusal = super()._order_refusal(line, operator, network)
        refusal = refusal or self._sender_refusal(line, operator, network)
        if refusal:
            return refusal
        pm = self._ordered_pm(line, network)
        if pm.state == "abandoned" or pm.authorisation == "closed":
            text = _lt("This PM takes no orders any more.")
            return Refusal("FIMP09", "pm_reference", text)
        return self._kind_refusal(line, operator, pm) or self._choice_refusal(line, pm)

    def _sender_refusal(self, line, operator, network):
        """Refuse an order that is in the name of another, or for another network."""
        for name, codes in (
            ("operator_code", (operator.interop_code, operator.arcep_code)),
            ("oi_code", (network.oi_code,)),
        ):
            if (line.get(name) or codes[0]) not in codes:
                text = _lt("The order is not from this operator to this network.")
                return Refusal("FIMP16", name, text)
        return None

    def _kind_refusal(self, line, operator, pm):
        """A co-financed PM is queried by COFI, another is rented by UNIT."""
        cofinanced = pm._is_cofinanced_by(operator)
        if cofinanced == (line["kind"] == "cofi"):
            return None
        text = _lt("The operator does not co-finance this PM.")
        if cofinanced:
            text = _lt("The operator co-finances this PM: order COFI.")
        return Refusal("FIMP06", "kind", text)

    def _choice_refusal(self, line, pm):
        """Dedicated fibres are those of drawers of the PM reserved for one operator."""
        if line.get("technical_choice") != "D" or pm._offers_dedicated_fibres():
            return None
        text = _lt("No dedicated fibre is offered at this PM: choose P.")
        return Refusal("FIMP16", "technical_choice", text)

    def _network_vals(self, line, operator, network):
        vals = super()._network_vals(line, operator, network)
        if line.get("kind") == "unit":
            rented = self._is_rented(operator, vals["pm_id"])
            vals["purpose"] = "update" if rented else "rental"
        elif line.get("kind") == "cofi":
            vals["purpose"] = "update"
        return vals | {
            name: line.get(name)
            for name in ("kind", "technical_choice")
            if line.get(name) in dict(self._fields[name].selection)
        }

    @api.model
    def _unsent(self, pm, operator, origin, **terms):
        """Return an order made here, not sent: its object was given, or is due."""
        made = {
            "network_id": pm.network_id.id,
            "operator_id": operator.id,
            "pm_id": pm.id,
            "pm_reference": pm.reference,
        }
        return self._create_from(origin, [made | terms])

    @api.model
    def _waiting_for(self, pm, operator, is_to_have=True):
        """Return what ``operator`` has ordered on ``pm``, not answered yet.

        :param is_to_have: the order by which it is to have the PM, else its questions
        """
        return self.search(
            Domain("pm_id", "=", pm.id)
            & Domain("operator_id", "=", operator.id)
            & Domain("purpose", "!=" if is_to_have else "=", "update")
            & Domain("state", "=", "ar_ok")
        )

    @api.model
    def _is_rented(self, operator, pm_id):
        """Tell whether the operator has the PM, or has ordered it."""
        here = Domain("operator_id", "=", operator.id) & Domain("pm_id", "=", pm_id)
        ordered = Domain("purpose", "!=", "update") & Domain("state", "in", RUNNING)
        today = local_today()
        running = Domain("end_date", "=", False) | Domain("end_date", ">=", today)
        services = self.env["oiconnect.pm.service"].sudo()
        return bool(
            self.sudo().search_count(here & ordered, limit=1)
            or services.search_count(here & running, limit=1)
        )
