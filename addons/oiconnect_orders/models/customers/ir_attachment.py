from odoo import api, models
from odoo.fields import Domain

from ...personal import CUSTOMER_GROUPS


class IrAttachment(models.Model):
    """Attachments of orders and visits need the right to read customers."""

    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        hidden = self._customer_models()
        for model, ids in model_and_ids.items():
            if model in hidden:
                yield from ((model, res_id) for res_id in ids)
        others = {m: ids for m, ids in model_and_ids.items() if m not in hidden}
        yield from super()._inaccessible_comodel_records(others, operation)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        hidden = () if bypass_access else self._customer_models()
        if hidden:
            domain = Domain(domain) & Domain("res_model", "not in", hidden)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _customer_models(self):
        """Return the models about customers, for a reader who may not see them."""
        if self.env.su or self.env.user.has_group(CUSTOMER_GROUPS):
            return ()
        return sorted(self.pool.descendants(["oiconnect.customer.mixin"], "_inherit"))
