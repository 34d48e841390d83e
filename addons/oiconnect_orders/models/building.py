from odoo import api, models


class Building(models.Model):
    _name = "oiconnect.building"
    _inherit = ["oiconnect.building", "oiconnect.ordered.place"]
    _access_order_field = "building_id"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Who takes an order by telephone hears an address, in any order of words."""
        if not (name and self.env.context.get("by_address")):
            return super().name_search(name, domain, operator, limit)
        groups = self.env["oiconnect.quick.search"].find(name, [self._name])["groups"]
        ids = [row["id"] for group in groups for row in group["records"]]
        buildings = self.browse(ids).filtered_domain(domain or [])
        return [(building.id, building._spoken_name()) for building in buildings]

    def _spoken_name(self):
        return " · ".join(filter(None, (self.address, self.identifier)))
