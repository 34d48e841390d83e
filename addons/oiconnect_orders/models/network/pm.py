from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_base.workflow import SCREEN
from odoo.addons.oiconnect_infra.models.inventory import pm as inventory_pm
from odoo.addons.oiconnect_infra.models.mixins.neighbours import neighbour_count


class Pm(models.Model):
    """A PM that operators order: services, and what operators are notified of."""

    _name = "oiconnect.pm"
    _inherit = ["oiconnect.pm", "oiconnect.ordered.place"]
    _access_order_field = "pm_id"
    _tracked_fields = (*inventory_pm.Pm._tracked_fields, "offer_reference")
    _used_by_fields = (
        *inventory_pm.Pm._used_by_fields,
        *("service_ids", "pm_order_ids", "pb_order_ids", "link_order_ids"),
    )

    service_ids = fields.One2many("oiconnect.pm.service", "pm_id", "PM services")
    pm_order_ids = fields.One2many("oiconnect.pm.order", "pm_id", "PM orders")
    pm_order_count = neighbour_count("Number of PM orders")
    pb_order_ids = fields.One2many("oiconnect.pb.order", "pm_id", "PB orders")
    pb_order_count = neighbour_count("Number of PB orders")
    link_order_ids = fields.One2many("oiconnect.link.order", "pm_id", "Link orders")
    offer_reference = fields.Char(
        "Commercial offer", size=50, help="Told to operators in reports on the PM"
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "deployed":
            self.env["oiconnect.pm.order"]._wake_delivery()
        return result

    # ------------------------------------------------------------------
    # Services of operators
    # ------------------------------------------------------------------

    def _provide(self, operator, kind, choice):
        """Return the running service of ``operator`` here, made if there is none."""
        self.ensure_one()
        services = self.env["oiconnect.pm.service"].sudo()
        here = Domain("pm_id", "=", self.id)
        if running := self._service_of(operator):
            return running
        services.search(here & Domain("operator_id", "=", operator.id))._end()
        today = local_today()
        if not self.first_delivery_date:
            opening = self.commercial_date or today + inventory_pm.NOTICE
            self.sudo().write(
                {"first_delivery_date": today, "commercial_date": opening}
            )
        terms = {"pm_id": self.id, "kind": kind, "technical_choice": choice}
        return services._begin(operator, self.network_id, **terms)

    def _service_of(self, operator):
        """Return the service that ``operator`` has here today."""
        here = Domain("pm_id", "=", self.id)
        services = self.env["oiconnect.pm.service"]
        return services._running(operator, self.network_id, here)[:1]

    def _is_cofinanced_by(self, operator):
        """Tell whether an engagement of ``operator`` on this PM runs today."""
        here = Domain("pm_ids", "in", self.ids)
        engagements = self.env["oiconnect.cofinancing"]
        return bool(engagements._running(operator, self.network_id, here))

    def _offers_dedicated_fibres(self):
        """Tell whether some fibres of the PM are of an operator alone."""
        dedicated = Domain("dedicated_operator_id", "!=", False)
        here = Domain("pm_id", "=", self.id) & dedicated
        return any(
            self.env[model].sudo().search_count(here, limit=1)
            for model in ("oiconnect.pm.module", "oiconnect.pm.position")
        )

    def _running_services(self):
        return self.service_ids.filtered_domain(self.service_ids._today_domain())

    def _operator_counts(self):
        """Return what a report counts: co-financing operators, dwellings."""
        cofinancing = self._running_services().filtered(lambda one: one.kind == "cofi")
        deployed = self.building_ids.filtered(lambda one: one.state == "deployed")
        choices = cofinancing.mapped("technical_choice")
        return {
            "dedicated_count": choices.count("D"),
            "shared_count": choices.count("P"),
            "available_dwellings": sum(deployed.mapped("dwelling_count")),
            "offer": self.offer_reference or None,
        }

    # ------------------------------------------------------------------
    # Notifications
    # ------------------------------------------------------------------

    def _make_report(self):
        return self.env["oiconnect.pm.report"]._make(self)

    def _tell_update(self, origin=SCREEN):
        """Send a report to every operator that has the PM: something changed here."""
        for pm in self.sudo():
            orders = pm._running_services()._ensure_orders(origin)
            orders._can_fire("update")._fire("update", origin)
