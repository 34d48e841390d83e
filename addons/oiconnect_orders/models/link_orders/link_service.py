from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

from ...protocol_time import local_now

_lt = LazyTranslate(__name__)


class LinkService(models.Model):
    """Fibres of a link made available to an operator (ReferencePrestationLien).

    Its first order makes it, extensions add to it, and it ends with its last fibre.
    """

    _name = "oiconnect.link.service"
    _description = "Link service of an operator"
    _created_text = _lt("Link service created")
    _inherit = ["oiconnect.network.mixin", "oiconnect.chatter"]
    _order = "id desc"
    _rec_name = "reference"
    _event_fields = EVERY_FIELD

    reference = fields.Char("Service reference", size=30, required=True)
    link_id = fields.Many2one(
        "oiconnect.pm.link", required=True, index=True, ondelete="restrict"
    )
    pm_id = fields.Many2one(related="link_id.pm_id")
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    start_date = fields.Date("Available since", required=True)
    end_date = fields.Date("Ended on")
    active = fields.Boolean(default=True)
    order_ids = fields.One2many("oiconnect.link.order", "service_id", "Orders")
    fibre_ids = fields.One2many(
        "oiconnect.link.order.fibre",
        "service_id",
        "Fibres held",
        domain=[("end_date", "=", False)],
    )
    fibre_count = fields.Integer("Number of fibres", compute="_compute_fibre_count")

    # Also the search of a pasted reference: reference = x
    _reference_uniq = models.UniqueIndex(
        "(reference, network_id)", "This service reference is already used."
    )
    # What tells an initial order from an extension
    _holder_uniq = models.UniqueIndex(
        "(link_id, operator_id) WHERE active",
        "This operator already has a service on this link.",
    )
    _dates_order = models.Constraint(
        "CHECK (end_date IS NULL OR end_date >= start_date)",
        "The service ends before it starts: check its dates.",
    )

    def init(self):
        self.env.cr.execute(
            SQL("CREATE SEQUENCE IF NOT EXISTS oiconnect_link_service_reference")
        )

    @api.depends("fibre_ids")
    def _compute_fibre_count(self):
        for service in self:
            service.fibre_count = len(service.fibre_ids)

    @api.depends("reference", "operator_id")
    def _compute_display_name(self):
        for service in self:
            code = service.operator_id.interop_code
            names = (service.reference, code and f"({code})")
            service.display_name = " ".join(filter(None, names))

    @api.model
    @api.private
    def _of(self, link, operator):
        """Return the service that the operator has on the link, maybe none."""
        if not link:
            return self.sudo().browse()
        return self.sudo().search(
            [("link_id", "=", link.id), ("operator_id", "=", operator.id)], limit=1
        )

    def _end_if_empty(self):
        """End the services that have no fibre left."""
        self.invalidate_recordset(["fibre_ids"])
        empty = self.filtered(lambda service: not service.fibre_ids)
        empty.write({"end_date": local_now().date(), "active": False})
