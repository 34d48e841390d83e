from odoo import api, models
from odoo.fields import Domain


class Building(models.Model):
    _name = "oiconnect.building"
    _inherit = ["oiconnect.building", "oiconnect.ordered.place"]
    _access_order_field = "building_id"

    @api.depends_context("by_address", "formatted_display_name")
    def _compute_display_name(self):
        """People choose a building by its address, not by its code."""
        done = super()._compute_display_name()
        context = self.env.context
        if context.get("by_address") or context.get("formatted_display_name"):
            for building in self.filtered("address"):
                names = (building.address, building.identifier)
                building.display_name = " · ".join(filter(None, names))
        return done

    def _refusals_of_order(self, operator, connection_type, pto):
        """Return what would refuse an order here, as if one were taken by hand.

        :param pto: the PTO that it names; empty for one that is to be built
        """
        form = self.env["oiconnect.access.order.new"].new(
            {
                "network_id": self.network_id.id,
                "operator_id": operator.id,
                "building_id": self.id,
                "level_id": (pto.level_id or self.level_ids[:1]).id,
                "connection_type": connection_type,
                "existing_socket": pto.state == "existing",
                "pto_id": pto.id,
                # A customer whom one could call
                "customer_name": "-",
                "customer_contact1": "0100000000",
            }
        )
        return form._study_refusals(form._line())

    # ------------------------------------------------------------------
    # By an address, as web services give it
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _found_at(self, network, address):
        """Return the buildings at ``address``, by the surest key that it has.

        :param address: ``building_identifier``, ``address_code``, ``rivoli`` (dict:
            ``insee_code``, ``rivoli_code``, ``street_number``,
            ``street_number_suffix``) or ``street`` (``street_code`` and the number);
            coordinates alone tell no address
        """
        for key in ("building_identifier", "address_code", "rivoli", "street"):
            if address.get(key):
                domain = _ADDRESS_DOMAINS[key](address[key])
                own = Domain("network_id", "=", network.id)
                return self.sudo().search(own & domain, order="id")
        return self.browse()


def _numbered(given, *names):
    """Return the domain of a number in a street."""
    suffix = given.get("street_number_suffix") or ""
    suffixes = (suffix.upper(), suffix.lower()) if suffix else (False,)
    return (
        Domain.AND(Domain(name, "=", given[name]) for name in names)
        & Domain("street_number", "=", str(given["street_number"]))
        & Domain("street_number_suffix", "in", suffixes)
    )


_ADDRESS_DOMAINS = {
    "building_identifier": lambda text: Domain("identifier", "=", text),
    "address_code": lambda text: Domain("address_code", "=", text),
    "rivoli": lambda given: _numbered(given, "insee_code", "rivoli_code"),
    "street": lambda given: _numbered(given, "street_code"),
}
