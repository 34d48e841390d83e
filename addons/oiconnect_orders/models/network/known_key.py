from odoo import models


class KnownKey(models.AbstractModel):
    """Effects of a new reference on the access orders of the place."""

    _inherit = "oiconnect.known.key"

    def _with_known_key(self):
        """An operator that ordered there names the place by its reference."""
        orders = self.env["oiconnect.access.order"].sudo()
        field = self._access_order_field
        rows = orders._read_group([(field, "in", self.ids)], [field])
        ordered = self.browse([place.id for (place,) in rows])
        return super()._with_known_key() | ordered

    def _key_change_effects(self):
        effects = super()._key_change_effects()
        orders = self.env["oiconnect.access.order"].sudo()
        domain = [(self._access_order_field, "=", self.id), ("is_open", "=", True)]
        first = orders.search(domain, limit=4)
        if not first:
            return effects
        more = ", …" if len(first) > 3 else ""
        return [
            *effects,
            self.env._(
                "Orders in progress that name it: %(count)s (%(orders)s). What is sent "
                "from now on tells the new reference; files of operators that tell the "
                "former one are refused.",
                count=orders.search_count(domain),
                orders=", ".join(first[:3].mapped("display_name")) + more,
            ),
        ]
