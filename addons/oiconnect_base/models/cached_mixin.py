from odoo import api, models


class CachedMixin(models.AbstractModel):
    """Model read through the registry cache, which any change clears."""

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
