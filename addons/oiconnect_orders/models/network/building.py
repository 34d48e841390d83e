from odoo import api, models


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
        """Who takes an order by telephone hears an address, in any order of words."""
        if not (name and self.env.context.get("by_address")):
            return super().name_search(name, domain, operator, limit)
        groups = self.env["oiconnect.quick.search"].find(name, [self._name])["groups"]
        ids = [row["id"] for group in groups for row in group["records"]]
        buildings = self.browse(ids).filtered_domain(domain or [])
        return [(building.id, building.display_name) for building in buildings]
