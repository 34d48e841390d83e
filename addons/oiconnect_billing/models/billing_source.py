from odoo import api, models, tools


class BillingSource(models.AbstractModel):
    """The sources that models declare, by their key."""

    _name = "oiconnect.billing.source"
    _description = "Source of billing"

    @api.model
    @tools.ormcache()
    def _declared(self):
        """Return ``{key: (model, source)}``, in the order in which people choose."""
        found = [
            (source.rank, source.key, name, source)
            for name, model in self.env.registry.items()
            for source in getattr(model, "_billing_sources", ())
        ]
        return {key: (name, source) for _rank, key, name, source in sorted(found)}

    @api.model
    def _source(self, key):
        return self._declared()[key][1]

    @api.model
    def _model_of(self, key):
        return self._declared()[key][0]

    @api.model
    def _selection(self):
        return [
            (key, self.env._(source.label))
            for key, (_model, source) in self._declared().items()
        ]
