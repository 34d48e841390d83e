from odoo import api, models
from odoo.fields import Domain


class Building(models.Model):
    _name = "oiconnect.building"
    _inherit = ["oiconnect.building", "oiconnect.ordered.place"]
    _access_order_field = "building_id"

    @api.depends_context("by_address")
    def _compute_display_name(self):
        done = super()._compute_display_name()
        if self.env.context.get("by_address"):
            for building in self.filtered("address"):
                names = (building.address, building.identifier)
                building.display_name = " · ".join(filter(None, names))
        return done

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Find buildings by address, in any order of words, as in an order by phone."""
        if not (name and self.env.context.get("by_address")):
            return super().name_search(name, domain, operator, limit)
        groups = self.env["oiconnect.quick.search"].find(name, [self._name])["groups"]
        ids = [row["id"] for group in groups for row in group["records"]]
        buildings = self.browse(ids).filtered_domain(domain or [])
        return [(building.id, building.display_name) for building in buildings]

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
