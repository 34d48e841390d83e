from odoo import fields, models

from odoo.addons.oiconnect_base.exceptions import RefusedError


class PmLinkFibre(models.Model):
    """A fibre that an order holds is given to nobody else by hand."""

    _inherit = "oiconnect.pm.link.fibre"

    order_line_ids = fields.One2many(
        "oiconnect.link.order.fibre", "fibre_id", "Link orders"
    )

    def write(self, vals):
        frees = vals.get("state") == "free"
        if not self.env.su and (frees or {"operator_id", "link_id"} & vals.keys()):
            self._refuse_if_held()
        return super().write(vals)

    def _refuse_if_held(self):
        held = self.sudo().order_line_ids.filtered(lambda line: not line.end_date)
        if held:
            raise RefusedError(
                self.env._(
                    "%(fibres)s: held by link order %(orders)s. Terminate or cancel it "
                    "to give the fibre back.",
                    fibres=", ".join(held[:5].mapped("display_name")),
                    orders=", ".join(held.order_id[:5].mapped("display_name")),
                )
            )
