from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_infra.models.mixins.neighbours import neighbour_count

from ...pm_order_states import CHOICES, SERVICE_KINDS
from ...references import pm_service_reference

_lt = LazyTranslate(__name__)


class PmService(models.Model):
    """A PM made available to an operator (ReferencePrestationPM).

    What a PM order makes; access orders on the PM rest on it. An administrator corrects
    one by hand with a reason (``oiconnect.pm.service.change``).
    """

    _name = "oiconnect.pm.service"
    _description = "PM service of an operator"
    _created_text = _lt("PM service created")
    _inherit = [
        "oiconnect.service.mixin",
        "oiconnect.ordered.place",
        "oiconnect.neighbours",
    ]
    _order = "pm_id, operator_id"
    _access_order_field = "pm_service_id"
    _used_by_fields = ("pm_order_ids",)
    _event_fields = EVERY_FIELD
    _free_fields = ("position_ids",)
    _sequence = "oiconnect_pm_service_reference"
    _reference_of = staticmethod(pm_service_reference)

    reference = fields.Char("Service reference")
    start_date = fields.Date("Available since")
    pm_id = fields.Many2one(
        "oiconnect.pm", "PM", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(SERVICE_KINDS, required=True, default="loca")
    technical_choice = fields.Selection(CHOICES, default="P", required=True)
    adduction_date = fields.Date(
        "Adducted on", help="The operator's cable is at the PM since then"
    )
    pm_order_ids = fields.One2many("oiconnect.pm.order", "service_id", "PM orders")
    pm_order_count = neighbour_count("Number of PM orders")
    position_ids = fields.One2many(
        "oiconnect.operator.position", "service_id", "Operator's positions"
    )

    # The service on which an order of an operator on a PM rests.
    _pm_operator_uniq = models.UniqueIndex(
        "(pm_id, operator_id) WHERE active",
        "This operator already has a service at this PM.",
    )

    def _end(self):
        """The operator leaves the PM: nothing rests on the service from now on."""
        today = local_today()
        for service in self:
            last = service.end_date or max(today, service.start_date)
            service.write({"active": False, "end_date": last})
        # The next service of the operator here may be created at once.
        self.flush_recordset(["active"])

    def _ensure_orders(self, origin):
        """Return the order by which the operator has, or had, each service.

        One that runs without an order is adopted.
        """
        found = self.env["oiconnect.pm.order"].sudo()
        for service in self:
            own = service.pm_order_ids.filtered(lambda order: order.purpose != "update")
            if service.filtered_domain(self._today_domain()):
                own = own._can_fire("update") or service._take_up(origin)
            found |= own[:1]
        return found

    def _take_up(self, origin):
        """Make the order of a service given by hand, or take that which waits."""
        orders = self.env["oiconnect.pm.order"].sudo()
        order = orders._waiting_for(self.pm_id, self.operator_id)
        order.write({"service_id": self.id})
        order = order or orders._unsent(
            self.pm_id,
            self.operator_id,
            origin,
            service_id=self.id,
            **self._order_terms(),
        )
        return order._fire("adopt", origin)

    def _order_terms(self):
        """Return what the order says by which the operator has the service."""
        rented = self.kind == "loca"
        return {
            "kind": "unit" if rented else "cofi",
            "purpose": "rental" if rented else "engagement",
            "technical_choice": self.technical_choice,
        }

    def action_change(self):
        """Open the dialog by which an administrator corrects the service."""
        self.ensure_one()
        self.check_access("write")
        return self.env["oiconnect.pm.service.change"]._open_for(self)
