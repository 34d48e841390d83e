from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.time_zone import local_today

from ...references import link_service_reference

_lt = LazyTranslate(__name__)


class LinkService(models.Model):
    """Fibres of a link made available to an operator (ReferencePrestationLien).

    Its first order makes it, extensions add to it, and it ends with its last fibre.
    """

    _name = "oiconnect.link.service"
    _description = "Link service of an operator"
    _created_text = _lt("Link service created")
    _inherit = "oiconnect.service.mixin"
    _order = "id desc"
    _event_fields = EVERY_FIELD
    _sequence = "oiconnect_link_service_reference"
    _reference_of = staticmethod(link_service_reference)

    link_id = fields.Many2one(
        "oiconnect.pm.link", required=True, index=True, ondelete="restrict"
    )
    pm_id = fields.Many2one(related="link_id.pm_id")
    reference = fields.Char("Service reference")
    start_date = fields.Date("Available since")
    end_date = fields.Date("Ended on")
    order_ids = fields.One2many("oiconnect.link.order", "service_id", "Orders")
    fibre_ids = fields.One2many(
        "oiconnect.link.order.fibre",
        "service_id",
        "Fibres held",
        domain=[("end_date", "=", False)],
    )
    fibre_count = fields.Integer("Number of fibres", compute="_compute_fibre_count")

    # What tells an initial order from an extension
    _holder_uniq = models.UniqueIndex(
        "(link_id, operator_id) WHERE active",
        "This operator already has a service on this link.",
    )

    @api.depends("fibre_ids")
    def _compute_fibre_count(self):
        for service in self:
            service.fibre_count = len(service.fibre_ids)

    @api.model
    @api.private
    def _of(self, link, operator):
        """Return the service that the operator has on the link, maybe none."""
        return self.sudo().search(
            [("link_id", "=", link.id), ("operator_id", "=", operator.id)], limit=1
        )

    def _end_if_empty(self):
        """End the services that have no fibre left."""
        self.invalidate_recordset(["fibre_ids"])
        empty = self.filtered(lambda service: not service.fibre_ids)
        empty.write({"end_date": local_today(), "active": False})
