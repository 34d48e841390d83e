from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.reception import Reception
from odoo.addons.oiconnect_base.workflow import SCREEN

from ...controls.acknowledgement import Refusal
from ...link_states import HELD, ORDERED_LINKS

_lt = LazyTranslate(__name__)

TYPES = ("INIT", "EXTE")
# What an end is called on the wire, and its event
OPERATIONS = {"ANNULATION": "cancel", "RESILIATION": "terminate"}


class LinkOrder(models.Model):
    """Receipt: lines of CMDLIEN become orders; those that follow are about one.

    CRVALLIEN accepts or refuses a delivery; ANNRESLIEN cancels an order, or gives one
    fibre or the whole service back.
    """

    _inherit = "oiconnect.link.order"

    _received_flows = {
        "CMDLIEN": Reception("_receive_in_turn", by_lot=True, creates=True),
        "CRVALLIEN": Reception("_receive_validation", verbs={"validate": {}}),
        "ANNRESLIEN": Reception(
            "_receive_link_ending",
            repeated=("operation", "fibre_number"),
            verbs={end: {"operation": wire} for wire, end in OPERATIONS.items()},
        ),
    }
    _copied_fields = tuple(
        "oc_reference pm_reference technical_pm_reference prdm_reference nro_reference "
        "link_reference contract_reference contact comment".split()
    )
    _mandatory_fields = tuple(
        "oc_reference order_type pm_reference fibre_count order_date".split()
    )

    @api.model
    @api.private
    def _receive(self, lines, operator, network, origin=SCREEN):
        links = self.env["oiconnect.pm.link"].sudo().browse()
        for line in lines:
            links |= self._ordered_links(line, network)
        self._lock_links(links)
        return super()._receive(lines, operator, network, origin)

    def _after_receipt(self, origin):
        # Rows that were copied in are not in what was read before.
        self.service_id.invalidate_recordset(["order_ids"], flush=False)
        for order in self.filtered(lambda order: order.state == "ar_ok"):
            order._reserve_fibres()

    # ------------------------------------------------------------------
    # The link that a line names, and what refuses it
    # ------------------------------------------------------------------

    @api.model
    def _ordered_links(self, line, network):
        """Return the links that ``line`` may mean: one, if it is right."""
        names = {
            "reference": line.get("link_reference"),
            "pm_id.reference": line.get("pm_reference"),
            "prdm_id.reference": line.get("prdm_reference"),
            "nro_id.reference": line.get("nro_reference"),
            "technical_pm_id.reference": line.get("technical_pm_reference"),
        }
        links = self.env["oiconnect.pm.link"].sudo()
        conditions = [
            Domain(name, "=", value) for name, value in names.items() if value
        ]
        own = Domain("network_id", "=", network.id)
        return (
            links.search(own & Domain.AND(conditions), limit=2) if conditions else links
        )

    def _order_refusal(self, line, operator, network):
        refusal = super()._order_refusal(line, operator, network)
        if refusal:
            return refusal
        if line["order_type"] not in TYPES:
            return Refusal(
                "FIMP12", "order_type", _lt("A link order is INIT or EXTE, no other.")
            )
        if line["fibre_count"] < 1:
            return Refusal(
                "FIMP16", "fibre_count", _lt("Order at least one fibre of the link.")
            )
        link = self._ordered_links(line, network)
        if len(link) != 1:
            return self._link_refusal(link)
        return self._rule_refusal(line, operator, network, link)

    @api.model
    def _link_refusal(self, links):
        if links:
            text = _lt("Several links are so: give the reference of the one you mean.")
            return Refusal("FIMP15", "link_reference", text)
        text = _lt("No link is between these ends, or has this reference.")
        return Refusal("FIMP16", "link_reference", text)

    @api.model
    def _rule_refusal(self, line, operator, network, link):
        """Apply the rules of link orders, in the order in which they are reported."""
        if link.state not in ORDERED_LINKS:
            text = _lt("This link is abandoned: it cannot be ordered.")
            return Refusal("FIMP09", "link_reference", text)
        scope = self._progress_scope(operator, network)
        if self._in_progress(link, scope):
            text = _lt(
                "An order is in progress on this link: wait for its report of "
                "availability."
            )
            return Refusal("FIMP09", "link_reference", text)
        has_service = bool(self.env["oiconnect.link.service"]._of(link, operator))
        if line["order_type"] == "INIT" and has_service:
            text = _lt("You have fibres on this link already: order an extension.")
            return Refusal("FIMP06", "order_type", text)
        if line["order_type"] == "EXTE" and not has_service:
            text = _lt(
                "No order of yours on this link was made available yet: the first one "
                "is INIT."
            )
            return Refusal("FIMP06", "order_type", text)
        free = self._free_fibre_count(link)
        if free is not None and line["fibre_count"] > free:
            text = self.env._("Free fibres of the link: %s.", free)
            return Refusal("FINT01", "fibre_count", text)
        return None

    @api.model
    def _progress_scope(self, operator, network):
        return operator.id if network.link_order_scope == "operator" else 0

    @api.model
    def _in_progress(self, link, scope):
        """Return the orders in progress that bar another one on ``link``."""
        waiting = Domain("link_id", "=", link.id) & Domain("state", "=", "ar_ok")
        barred = Domain("operator_id", "=", scope) if scope else Domain.TRUE
        return self.sudo().search_count(waiting & barred, limit=1)

    def _network_vals(self, line, operator, network):
        """Add what the line means in the network."""
        order_type = line.get("order_type")
        link = self._ordered_links(line, network)
        link = link if len(link) == 1 else link.browse()
        service = self.env["oiconnect.link.service"]._of(link, operator)
        return super()._network_vals(line, operator, network) | {
            "order_type": order_type in TYPES and order_type.lower(),
            "fibre_count": line.get("fibre_count"),
            "existing_fibre_count": line.get("existing_fibre_count"),
            "link_id": link.id,
            "prdm_id": link.prdm_id.id,
            "service_id": order_type == "EXTE" and service.id,
            "service_reference": order_type == "EXTE" and service.reference,
            "progress_scope": self._progress_scope(operator, network),
        }

    # ------------------------------------------------------------------
    # Validation of a delivery
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _receive_validation(self, line, operator, network, origin):
        """CRVALLIEN: the operator accepts what was delivered, or says what is wrong."""
        return self._receive_verdict(
            line, operator, network, origin, "validate", "reject"
        )

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _receive_link_ending(self, line, operator, network, origin):
        """ANNRESLIEN: answered at once (AR), then reported as done (CR)."""
        answer_values = {name: line.get(name) for name in ("operation", "fibre_number")}
        order, refusal = self._order_to_end(
            line, operator, network, origin, "ARANNRESLIEN", answer_values
        )
        if not order:
            return order, [refusal]
        fibres = order._named_fibres(line.get("fibre_number"))
        event = order._end_of(line.get("operation"), fibres)
        refusal = refusal or order._end_refusal(line, fibres, event)
        if refusal:
            return order._refuse_ending("end", origin, refusal, **answer_values)
        order._fire("ask_end", origin, note=line.get("comment"), **answer_values)
        order._fire(event, origin, fibres=fibres, note=line.get("comment"))
        return order, []

    def _given_fibres(self):
        """Return the fibres of the service; what is only reserved is not of it yet."""
        return self.service_id.fibre_ids.filtered(
            lambda line: line.order_id.state in HELD
        )

    def _named_fibres(self, number):
        """Return the fibre of the service that has ``number``; none means all."""
        return self._given_fibres().filtered(lambda line: line.number == number)

    def _end_of(self, operation, fibres):
        """Return the event of an end: all of the service, or some of its fibres."""
        event = OPERATIONS.get(operation)
        if event == "terminate" and fibres and self.held_fibre_ids - fibres:
            return "give_fibres_back"
        return event

    def _end_refusal(self, line, fibres, event):
        """Return why the end that ``line`` asks for is refused, or None."""
        # Zero names a fibre that no link has: it does not stand for all of them.
        named = line.get("fibre_number") is not None
        name = "fibre_number" if event else "operation"
        if not event:
            text = self.env._("Ask for a cancellation or a termination.")
        elif named and event == "cancel":
            text = self.env._("A cancellation is of the whole order: name no fibre.")
        elif named and not fibres:
            text = self.env._("The service of this order has no fibre of this number.")
        elif not self._ready_for(event):
            name, text = None, str(self._refusal(event))
        else:
            return None
        return Refusal("FIMP16", name, text)

    def _terminate(self, fibres, note=None):
        """Give back ``fibres`` of the service, or all of it, as a person decides."""
        event = self._end_of("RESILIATION", fibres)
        self._fire(event, fibres=fibres, note=note)
