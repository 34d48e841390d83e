from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD

_lt = LazyTranslate(__name__)


class PmService(models.Model):
    """A PM made available to an operator (ReferencePrestationPM).

    Given when the operator's order of the PM is fulfilled; access orders on
    the PM rest on it.
    """

    _name = "oiconnect.pm.service"
    _description = "PM service of an operator"
    _created_text = _lt("PM service created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.ordered.place",
        "oiconnect.chatter",
    ]
    _order = "pm_id, operator_id"
    _rec_name = "reference"
    _access_order_field = "pm_service_id"
    _free_fields = EVERY_FIELD

    reference = fields.Char("Service reference", size=30, required=True)
    pm_id = fields.Many2one(
        "oiconnect.pm", "PM", required=True, index=True, ondelete="restrict"
    )
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("loca", "Rental"), ("cofi", "Co-financing")], required=True, default="loca"
    )
    technical_choice = fields.Selection(
        [("D", "Dedicated fibre"), ("P", "Shareable fibre")], default="P", required=True
    )
    start_date = fields.Date("Available since", required=True)
    end_date = fields.Date()
    active = fields.Boolean(default=True)
    position_ids = fields.One2many(
        "oiconnect.operator.position", "service_id", "Operator's positions"
    )

    # Also the search of a pasted reference: reference = x
    _reference_uniq = models.UniqueIndex(
        "(reference, network_id)", "This service reference is already used."
    )
    # The service on which an order of an operator on a PM rests.
    _pm_operator_uniq = models.UniqueIndex(
        "(pm_id, operator_id) WHERE active",
        "This operator already has a service at this PM.",
    )
    _dates_order = models.Constraint(
        "CHECK (end_date IS NULL OR end_date >= start_date)",
        "The service ends before it starts: check its dates.",
    )

    @api.depends("reference", "operator_id")
    def _compute_display_name(self):
        for service in self:
            code = service.operator_id.interop_code
            names = (service.reference, code and f"({code})")
            service.display_name = " ".join(filter(None, names))

    @api.model
    @api.private
    def _running(self, operator, network, more=Domain.TRUE):
        """Return the services that the operator has today; the last day counts.

        :param more: domain of those that are wanted
        """
        today = fields.Date.today()
        return self.sudo().search(
            Domain("operator_id", "=", operator.id)
            & Domain("network_id", "=", network.id)
            & Domain("start_date", "<=", today)
            & (Domain("end_date", "=", False) | Domain("end_date", ">=", today))
            & Domain(more)
        )
