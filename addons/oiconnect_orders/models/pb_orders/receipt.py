from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.reception import Reception

from ...controls.acknowledgement import Refusal
from ..orders.infra_order import InfraOrderMixin

_lt = LazyTranslate(__name__)

KEYS = ("building_identifier", "pm_reference")
# Dwellings behind one PB: far more than any has
MAX_DWELLINGS = 100_000


class PbOrder(models.Model):
    """Receipt of CMDPB, checked against the network, and of its cancellation."""

    _inherit = "oiconnect.pb.order"

    _copied_fields = (
        *InfraOrderMixin._copied_fields,
        "building_identifier",
        "address_code",
    )
    _received_flows = {
        "CMDPB": Reception(
            "_receive_in_turn", by_lot=True, creates=True, repeated=KEYS
        ),
        "ANNCMDPB": Reception(
            "_receive_cancellation", repeated=KEYS, verbs={"cancel": {}}
        ),
    }

    @api.model
    @api.private
    def _receive_cancellation(self, line, operator, network, origin):
        """ANNCMDPB: answered by ARANNCMDPB, OK until the PB is laid."""
        answer_values = {name: line.get(name) for name in KEYS}
        return self._receive_ending(
            line, operator, network, origin, "cancel", "ARANNCMDPB", **answer_values
        )

    def _ending_refusal(self, line, answer_values):
        return self._other_refusal(line)

    # ------------------------------------------------------------------
    # Controls
    # ------------------------------------------------------------------

    def _order_refusal(self, line, operator, network):
        if not 0 <= (line.get("dwelling_count") or 0) <= MAX_DWELLINGS:
            text = _lt("So many dwellings are behind no PB: correct this number.")
            return Refusal("FIMP16", "dwelling_count", text)
        return super()._order_refusal(line, operator, network) or self._place_refusal(
            self._ordered_building(line, network),
            self._ordered_pm(line, network),
            line,
        )

    @api.model
    def _ordered_building(self, line, network):
        return self.env["oiconnect.building"]._found_at(network, line)

    @api.model
    def _place_refusal(self, building, pm, line):
        """Return why no PB is laid there, or None."""
        if len(building) != 1:
            return self._address_refusal(building, line)
        code = line.get("address_code")
        if code and building.address_code and code != building.address_code:
            text = _lt("The building of this identifier has another address code.")
            return Refusal("FIMP16", "address_code", text)
        if building.pm_id != pm:
            text = _lt("This PM does not serve this address.")
            return Refusal("FIMP08", "pm_reference", text)
        if pm.state != "deployed":
            text = _lt("The PM is not deployed: no PB is laid behind it.")
            return Refusal("FIMP09", "pm_reference", text)
        named = bool(line.get("building_identifier"))
        key = "building_identifier" if named else "address_code"
        if building.state not in ("on_demand", "on_demand_deploying"):
            text = _lt("This address is not connectable on demand.")
            return Refusal("FIMP10", key, text)
        # An import may tell again that it is on demand: its order waits all the same.
        if building.state == "on_demand_deploying" or building._awaited_pb_orders():
            text = _lt("The PB is ordered already: it is being laid.")
            return Refusal("FIMP11", key, text)
        return None

    @api.model
    def _address_refusal(self, found, line):
        if found:
            text = _lt("Several buildings are there: give the identifier of one.")
            return Refusal("FADR02", "building_identifier", text)
        if line.get("building_identifier"):
            text = _lt("No building has this identifier.")
            return Refusal("FADR02", "building_identifier", text)
        if line.get("address_code"):
            text = _lt("This address is not in our network.")
            return Refusal("FADR01", "address_code", text)
        text = _lt("No address: give the building's identifier or the address code.")
        return Refusal("FIMP15", "building_identifier", text)

    def _network_vals(self, line, operator, network):
        building = self._ordered_building(line, network)
        return {
            **super()._network_vals(line, operator, network),
            "building_id": building.id if len(building) == 1 else False,
            "dwelling_count": min(line.get("dwelling_count") or 0, MAX_DWELLINGS),
        }

    def _release_unique_values(self):
        taken = self.filtered(lambda order: order.state not in ("received", "ar_ko"))
        taken.building_id._move_for_pb("on_demand", taken)
        return super()._release_unique_values()
