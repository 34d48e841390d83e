from odoo import api, fields, models

from odoo.addons.oiconnect_base.exceptions import RefusedError
from odoo.addons.oiconnect_infra.models.inventory import pm_link_fibre

from ...link_states import HELD


class PmLinkFibre(models.Model):
    """A fibre that an order holds cannot be given to another by hand."""

    _inherit = "oiconnect.pm.link.fibre"
    _used_by_fields = (*pm_link_fibre.PmLinkFibre._used_by_fields, "order_line_ids")

    order_line_ids = fields.One2many(
        "oiconnect.link.order.fibre", "fibre_id", "Link orders"
    )

    def write(self, vals):
        frees = vals.get("state") == "free"
        if not self.env.su and (frees or {"operator_id", "link_id"} & vals.keys()):
            self._refuse_if_held()
        return super().write(vals)

    def _user_names(self, relation, count):
        """Name the orders of the lines: a line is called as its fibre is."""
        if relation != "order_line_ids":
            return super()._user_names(relation, count)
        orders = self.sudo().order_line_ids.order_id
        label = self._fields[relation]._description_string(self.env)
        names = ", ".join(orders[:3].mapped("display_name"))
        return f"{len(orders)} {label} ({names}{', …' if len(orders) > 3 else ''})"

    def _held_lines(self):
        return self.sudo().order_line_ids.filtered(lambda line: not line.end_date)

    @api.private
    def _follow_patches(self):
        """A fibre that was made available is in use, whatever is patched to it."""
        lines = self._held_lines()
        served = lines.filtered(lambda line: line.order_id.state in HELD).fibre_id
        return super(PmLinkFibre, self - served)._follow_patches()

    def _refuse_if_held(self):
        held = self._held_lines()
        if held:
            raise RefusedError(
                self.env._(
                    "%(fibres)s: held by link order %(orders)s. Terminate or cancel it "
                    "to give the fibre back.",
                    fibres=", ".join(held[:5].mapped("display_name")),
                    orders=", ".join(held.order_id[:5].mapped("display_name")),
                )
            )
