from odoo import api, models
from odoo.fields import Domain


class Picked(models.AbstractModel):
    """Record that people choose by whatever they know of its line.

    An address in any order of words, a customer, a telephone, a PTO, a service, the
    number of an order or ticket: as in the quick search, wherever the record is asked.
    """

    _name = "oiconnect.picked"
    _description = "Chosen by what is known of its line"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        if not name or operator != "ilike":
            return super().name_search(name, domain, operator, limit)
        domain = Domain(domain or Domain.TRUE)
        picked = self.env["oiconnect.quick.search"]._pick(self._name, name)
        allowed = self.search(domain & Domain("id", "in", picked.ids), limit=limit)
        found = self.browse(picked.ids) & allowed
        names = [(record.id, record.display_name) for record in found]
        if limit and len(names) >= limit:
            return names
        others = domain & Domain("id", "not in", found.ids)
        left = limit and limit - len(names)
        return names + super().name_search(name, others, operator, left)
