from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.tools.translate import LazyTranslate

from ...soap import SERVICES
from .soap_call import SERVICE_KEYS

_lt = LazyTranslate(__name__)

HOURS = 24
# A service whose calls fail more often than this is to be looked at
BAD_SHARE = 0.1


class SoapService(models.Model):
    """A web service of Interop'Fibre that we expose or call, and how it does."""

    _name = "oiconnect.soap.service"
    _description = "Web service"
    _created_text = _lt("Web service created")
    _inherit = ["oiconnect.cached.mixin", "oiconnect.chatter"]
    _order = "direction, id"
    _free_fields = ("is_active",)
    _event_fields = ("name", "service", "direction")

    name = fields.Char(required=True, readonly=True, translate=True)
    service = fields.Selection(SERVICE_KEYS, "Type", required=True, readonly=True)
    direction = fields.Selection(
        [("exposed", "Exposed: operators call us"), ("called", "Called: we call them")],
        "Access",
        required=True,
        readonly=True,
    )
    path = fields.Char("Address", compute="_compute_path")
    is_active = fields.Boolean(
        "In service",
        default=True,
        help="Out of service, callers of a service that we expose hear that it is "
        "disabled (code 19), and a service that we call waits",
    )
    call_count = fields.Integer("Calls of the last day", compute="_compute_calls")
    failed_count = fields.Integer("Failures of the last day", compute="_compute_calls")
    last_call_date = fields.Datetime("Last call", compute="_compute_calls")
    health = fields.Selection(
        [("good", "Good"), ("warning", "To look at"), ("never", "Never called")],
        compute="_compute_calls",
    )
    call_ids = fields.Many2many(
        "oiconnect.soap.call", compute="_compute_call_ids", string="Last calls"
    )

    _service_uniq = models.UniqueIndex(
        "(service, direction)", "This service is already in the list."
    )

    @api.depends("service", "direction")
    def _compute_path(self):
        """An operator has a server of its own: its address is in its connection."""
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        for service in self:
            exposed = service.direction == "exposed" and SERVICES.get(service.service)
            service.path = exposed and f"{base.rstrip('/')}{exposed.path}"

    @api.depends("service", "direction")
    def _compute_calls(self):
        calls = self.env["oiconnect.soap.call"]
        since = fields.Datetime.now() - timedelta(hours=HOURS)
        for service in self:
            domain = service._call_domain()
            recent = [*domain, ("date", ">=", since)]
            service.call_count = calls.search_count(recent)
            service.failed_count = calls.search_count(
                [*recent, ("is_failed", "=", True)]
            )
            last = calls.search(domain, order="date desc", limit=1)
            service.last_call_date = last.date
            service.health = service._health(last)

    def _health(self, last):
        if not last:
            return "never"
        is_bad = self.failed_count > BAD_SHARE * self.call_count or last.is_failed
        return "warning" if is_bad else "good"

    def _compute_call_ids(self):
        for service in self:
            service.call_ids = self.env["oiconnect.soap.call"].search(
                service._call_domain(), order="date desc", limit=20
            )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_active"):
            # What waited for the service that we call leaves at once.
            self.env["oiconnect.event"]._wake_notifications()
        return result

    def _call_domain(self):
        direction = "in" if self.direction == "exposed" else "out"
        return [("service", "=", self.service), ("direction", "=", direction)]

    @api.model
    @api.private
    @tools.ormcache("service", "direction")
    def _is_in_service(self, service, direction="exposed"):
        """Tell whether the service of this key may be called now."""
        off = [("service", "=", service), ("direction", "=", direction)]
        return not self.sudo().search_count([*off, ("is_active", "=", False)], limit=1)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_calls(self):
        """Open the calls of the service, those of the last day first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_soap.soap_call_action"
        )
        shown = {"search_default_last_day": 1}
        return action | {"domain": self._call_domain(), "context": shown}
