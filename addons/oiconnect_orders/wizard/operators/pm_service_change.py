from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_base.workflow import SCREEN

from ...pm_order_states import CHOICES, HELD, SERVICE_KINDS

# Whose service it is does not change: access orders rest on it.
GIVEN = ("operator_id", "pm_id")
WRITTEN = (
    "reference",
    "kind",
    "technical_choice",
    "start_date",
    "end_date",
    "adduction_date",
    "active",
)


class PmServiceChange(models.TransientModel):
    """A PM service given or corrected by hand, and why: for administrators.

    Services follow from PM orders; what came before orders were stored, and what went
    wrong, is written here.
    """

    _name = "oiconnect.pm.service.change"
    _description = "PM service by hand"
    _inherit = "oiconnect.network.choice.mixin"
    _place_field = "pm_id"

    service_id = fields.Many2one("oiconnect.pm.service", "PM service")
    operator_id = fields.Many2one("oiconnect.operator", required=True)
    pm_id = fields.Many2one("oiconnect.pm", "PM", required=True)
    reference = fields.Char("Service reference", size=30, required=True)
    kind = fields.Selection(SERVICE_KINDS, required=True, default="loca")
    technical_choice = fields.Selection(CHOICES, default="P", required=True)
    start_date = fields.Date(
        "Available since", required=True, default=lambda self: local_today()
    )
    end_date = fields.Date()
    adduction_date = fields.Date("Adducted on")
    active = fields.Boolean("In use", default=True)
    reason = fields.Text("Why by hand", required=True)

    @api.model
    def _open_for(self, service):
        values = service.sudo()._convert_to_write(
            {name: service[name] for name in ("network_id", *GIVEN, *WRITTEN)}
        )
        context = {f"default_{name}": value for name, value in values.items()}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("PM service by hand"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_service_id": service.id, **context},
        }

    def action_confirm(self):
        """Write the service, and the reason in its discussion."""
        self.ensure_one()
        services = self.env["oiconnect.pm.service"]
        service = self.service_id
        if not self.env.user.has_group("oiconnect_base.group_pm_order_manager"):
            raise UserError(
                self.env._("Only an administrator of PM orders writes a PM service.")
            )
        service.check_access("write")
        names = WRITTEN if service else (*GIVEN, *WRITTEN)
        values = self._convert_to_write({name: self[name] for name in names})
        service = service.sudo()
        if service:
            service.write(values)
            # What operators name, and reports tell
            orders = service.pm_order_ids
            orders.write({"service_reference": self.reference})
            held = orders.filtered(
                lambda order: order.purpose != "update" and order.state in HELD
            )
            held.write(service._order_terms())
            ended = orders.filtered_domain(orders._outlived_domain())
            ended._withdraw(SCREEN, self.reason)
        else:
            network = self.pm_id.network_id
            service = services.sudo().create(values | {"network_id": network.id})
        service.message_post(body=self.reason, author_id=self.env.user.partner_id.id)
        return open_form(service.sudo(False))
