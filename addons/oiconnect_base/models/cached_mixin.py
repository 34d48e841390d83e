from odoo import api, models


class CachedMixin(models.AbstractModel):
    """Records read through a cache that each of their changes empties."""

    _name = "oiconnect.cached.mixin"
    _description = "Read through a cache"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
