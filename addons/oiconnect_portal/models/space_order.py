from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.exceptions import RefusedError
from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_orders.protocol_time import local_iso

# Buildings that a search proposes
MAX_PLACES = 8
#: values of the form that the order by hand has too
TEXTS = (
    "customer_name",
    "customer_firstname",
    "customer_contact1",
    "customer_contact2",
    "appointment_reference",
    "comment",
)
# What is asked of an order, and the road of the file that asks the same
ASKS = {
    "annuler": "_receive_cancellation",
    "resilier": "_receive_termination",
    "activer": "_receive_activation",
}
FORM = ("key", "reference", "who", "socket", "pto", "level", "agreed", *TEXTS)


class Space(models.AbstractModel):
    """Orders of accesses by form: taken as those that staff take by hand."""

    _inherit = "oiconnect.portal.space"

    @api.model
    def _places(self, text):
        """Return the buildings that are called so: by address in any order of words."""
        text = (text or "").strip()
        buildings = self.env["oiconnect.building"].sudo()
        if not text:
            return buildings
        domain = [("network_id", "in", self._networks().ids)]
        found = buildings.name_search(text, domain, limit=MAX_PLACES)
        return buildings.browse([record_id for record_id, _name in found])

    @api.model
    def _place(self, building_id):
        """Return a building of the networks where the operator orders.

        :raises MissingError: there is none
        """
        known = Domain("id", "=", min(building_id, 2**31 - 1))
        domain = known & Domain("network_id", "in", self._networks().ids)
        found = self.env["oiconnect.building"].sudo().search(domain)
        if not found:
            raise MissingError(self.env._("There is nothing at this address."))
        return found

    @api.model
    def _order_access(self, building, given):
        """Order an access in a building; sent again, return the same order.

        :param given: texts of `FORM`; ``key`` is that of this very form, and the
            reference where the operator gives none
        :raises RefusedError: all that would refuse it, one a line
        """
        given = {name: (given.get(name) or "").strip() for name in FORM}
        operator = self._operator()
        self._wait_for_others(operator)
        reference = given["reference"] or given["key"]
        if known := self._ordered_already(reference, building, given["customer_name"]):
            return known
        values = self._order_values(building, given)
        new = (
            self.env["oiconnect.access.order.new"]
            .sudo()
            .create(values | {"operator_id": operator.id, "oc_reference": reference})
        )
        if refusals := new._refusal_sentences():
            raise RefusedError("\n".join(refusals))
        if new.takeover_of_id and not given["agreed"]:
            raise RefusedError(
                self.env._(
                    "This socket is in service: tick that you take the line over, as "
                    "your customer asked you to."
                )
            )
        order = new._take_order().sudo()
        order._study()
        return order.sudo(False)

    def _ordered_already(self, reference, building, customer):
        """Return the order of this reference for this customer in this building."""
        orders = self.env["oiconnect.access.order"].sudo()
        known = orders.search(
            Domain("oc_reference", "=", reference)
            & Domain("operator_id", "=", self._operator().id)
            & Domain("building_identifier", "=", building.identifier)
            & Domain("customer_name", "=", customer),
            limit=1,
        )
        return known.sudo(False)

    def _order_values(self, building, given):
        values = {name: given[name] for name in TEXTS}
        values |= {
            "network_id": building.network_id.id,
            "building_id": building.id,
            "connection_type": given["who"] if given["who"] in ("oc", "oi") else "stoc",
            "existing_socket": bool(given["socket"]),
        }
        if given["level"].isdecimal():
            level = building.level_ids.filtered(
                lambda one: str(one.id) == given["level"]
            )
            values["level_id"] = level.id
        if given["socket"]:
            values["pto_id"] = self._socket(building, given["pto"]).id
        return values

    def _socket(self, building, reference):
        sockets = self.env["oiconnect.pto"].sudo()
        known = Domain("reference", "=", reference)
        found = sockets.search(known & Domain("building_id", "=", building.id), limit=1)
        if not found:
            raise RefusedError(
                self.env._(
                    "There is no socket %s in this building: copy its reference from "
                    "its label.",
                    reference or "–",
                )
            )
        return found

    @api.model
    def _ask_of_order(self, order, ask):
        """Ask of an order that the user found what a file of its operator would.

        :param ask: key of `ASKS`
        :raises RefusedError: the order awaits something else
        """
        self._wait_for_others(self._operator())
        order = order.sudo()
        line = {
            "oc_reference": order.oc_reference,
            "service_reference": order.service_reference,
            "in_service_date": local_iso(fields.Datetime.now()),
        }
        receive = getattr(order.browse(), ASKS[ask])
        _order, refusals = receive(line, order.operator_id, order.network_id, Origin())
        if refusals:
            raise RefusedError("\n".join(refusal.message for refusal in refusals))
