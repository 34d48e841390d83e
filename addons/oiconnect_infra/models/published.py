from odoo import fields, models


class Published(models.AbstractModel):
    """Object told to operators, with the date of its last change."""

    _name = "oiconnect.published"
    _inherit = "oiconnect.tracked"
    _description = "Published object of the network"
    _event_fields = ("last_change_date",)

    last_change_date = fields.Date(
        "Last change", default=fields.Date.context_today, copy=False
    )

    def _after_change(self, vals):
        result = super()._after_change(vals)
        if self and "last_change_date" not in vals:
            self.sudo().write({"last_change_date": fields.Date.context_today(self)})
        return result
