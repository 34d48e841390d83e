from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.time_zone import local_today

from ...controls.acknowledgement import Refusal
from ...controls.referential import Referential
from ...controls.study import study
from ...protocol_time import local_iso

# Columns of a line that are those of the building
OF_BUILDING = (
    "city postal_code insee_code rivoli_code street_number street_number_suffix "
    "street_type street_name address_code building_name"
).split()
# Columns of a line that are those of this form
OF_FORM = (
    "appointment_reference customer_name customer_firstname customer_contact1 "
    "customer_contact2 comment"
).split()
# Values of a line that come with the building: they are never typed
OF_PLACE = ("address_code", "pm_reference")
CHECKED = (
    "connection_type",
    "requested_type",
    "existing_socket",
    "building_id",
    "level_id",
    "pto_id",
    *OF_FORM,
)


class AccessOrderNew(models.TransientModel):
    """An order taken by hand for an operator, checked as those that come by file."""

    _name = "oiconnect.access.order.new"
    _description = "Order taken by hand"
    _inherit = "oiconnect.order.new.mixin"
    _order_model = "oiconnect.access.order"
    _checked_fields = CHECKED

    connection_type = fields.Selection(
        [("stoc", "STOC"), ("oi", "By us"), ("oc", "By the operator")], default="stoc"
    )
    requested_type = fields.Selection(
        [("auto", "Our choice"), ("loca", "Rental"), ("cofi", "Co-financing")],
        default="auto",
    )
    existing_socket = fields.Boolean("Socket exists")
    building_id = fields.Many2one("oiconnect.building")
    level_id = fields.Many2one("oiconnect.building.level", "Staircase and floor")
    has_levels = fields.Boolean(compute="_compute_place")
    pm_id = fields.Many2one(related="building_id.pm_id", string="PM")
    pm_service_id = fields.Many2one(
        "oiconnect.pm.service", "PM service", compute="_compute_place"
    )
    pto_id = fields.Many2one("oiconnect.pto", "PTO")
    install_date = fields.Datetime("Installation date")
    appointment_id = fields.Many2one(
        "oiconnect.appointment", help="Booked for the operator before its order"
    )
    appointment_reference = fields.Char(size=50)
    customer_name = fields.Char("Last name", size=30)
    customer_firstname = fields.Char("First name", size=30)
    customer_contact1 = fields.Char("Contact 1", size=25)
    customer_contact2 = fields.Char("Contact 2", size=80)
    takeover_of_id = fields.Many2one(
        "oiconnect.access.order", "Takes over", compute="_compute_takeover"
    )
    takeover_text = fields.Text("Takeover", compute="_compute_takeover")

    @api.depends("building_id", "operator_id")
    def _compute_place(self):
        for new in self:
            new.has_levels = bool(new.building_id.level_ids)
            new.pm_service_id = new.env["oiconnect.pm.service"].search(
                Domain("operator_id", "=", new.operator_id.id)
                & Domain("pm_id", "=", new.building_id.pm_id.id),
                limit=1,
            )

    @api.onchange("building_id")
    def _onchange_building_id(self):
        """Clear the choices of the previous building."""
        here = [("building_id", "=", self.building_id.id)]
        self.level_id = self.level_id.filtered_domain(here)
        self.pto_id = self.pto_id.filtered_domain(here)

    @api.onchange("existing_socket")
    def _onchange_existing_pto(self):
        if not self.existing_socket:
            self.pto_id = False

    @api.onchange("pto_id")
    def _onchange_pto_id(self):
        """A socket that is chosen first tells its building."""
        self.building_id = self.building_id or self.pto_id.building_id

    @api.onchange("appointment_id")
    def _onchange_appointment_id(self):
        """The visit that was booked tells its reference, when and where."""
        if visit := self.appointment_id:
            self.appointment_reference = visit.reference
            self.install_date = visit.start
            self.building_id = self.building_id or visit.building_id

    def _refusals(self):
        """Run the controls of both levels; those of the network need a line."""
        refusals = super()._refusals()
        if not self.operator_id or not self.network_id:
            return refusals
        if self.building_id:
            at_fault = {refusal.field for refusal in refusals}
            return refusals + [
                refusal
                for refusal in self._study_refusals(self._line())
                if not refusal.field or refusal.field not in at_fault
            ]
        message = self.env._("Choose the building: its PM comes with it.")
        place = Refusal("FIMP15", "building_id", message)
        return [place, *(r for r in refusals if r.field not in OF_PLACE)]

    def _study_refusals(self, line):
        """Return what the study would refuse, without an order nor a reservation."""
        orders = self.env["oiconnect.access.order"].sudo()
        order = orders.new(
            orders._vals_of(line, [])
            | {"operator_id": self.operator_id.id, "network_id": self.network_id.id}
        )
        place, refusal = study(order, Referential(order), local_today())
        refusal = refusal or self._saturation(place)
        return [refusal.translated(self.env)] if refusal else []

    def _saturation(self, place):
        """Return why no fibre would be given; None when there is one."""
        orders = self.env["oiconnect.access.order"]
        if not self.existing_socket:
            return None if self._has_free_route(place) else orders._saturation({})
        if self.takeover_of_id or not self._is_full(self.pto_id.sudo()):
            return None
        return orders._saturation({"reason": "no_connector"})

    def _is_full(self, pto):
        routes = pto.route_ids
        return len(routes) >= pto.connector_count and "free" not in routes.mapped(
            "state"
        )

    def _has_free_route(self, place):
        routes = self.env["oiconnect.route"].sudo()
        return routes.search_count(
            Domain("pbo_id", "in", place.pbos.ids)
            & Domain("state", "=", "free")
            & Domain("pto_id", "=", False),
            limit=1,
        )

    def _line(self):
        """Return the line of CMD_ACCES that the operator would have sent."""
        building, level = self.building_id, self.level_id
        return {
            **super()._line(),
            "connection_type": (self.connection_type or "").upper(),
            "requested_type": (self.requested_type or "").upper(),
            "existing_socket": self.existing_socket,
            "order_date": local_iso(fields.Datetime.now()),
            "install_date": local_iso(self.install_date),
            "building_identifier": building.identifier,
            "pm_reference": building.pm_id.reference,
            "pto_reference": self.pto_id.reference,
            "staircase": level.staircase,
            "floor": level.floor,
            **{name: building[name] for name in OF_BUILDING},
            **{name: self[name] for name in OF_FORM},
        }

    @api.depends(
        "network_id", "operator_id", "connection_type", "existing_socket", "pto_id"
    )
    @api.depends_context("lang")
    def _compute_takeover(self):
        for new in self:
            holder = new._line_holder()
            at_once = new.connection_type == "oc" and new.network_id.deliver_at_once
            new.takeover_of_id = holder
            new.takeover_text = bool(holder) and holder._sentence_before_loss(at_once)

    def _line_holder(self):
        """Return the order whose line this one would take over, if any."""
        orders = self.env["oiconnect.access.order"].sudo()
        if not (self.operator_id and self.pto_id):
            return orders
        order = orders.new(
            {
                "network_id": self.network_id.id,
                "operator_id": self.operator_id.id,
                "existing_socket": self.existing_socket,
                "pto_id": self.pto_id.id,
            }
        )
        return order._lines_to_take_over().get(order, orders)

    def action_book_visit(self):
        """Choose a slot, then come back to the order with its visit."""
        self.ensure_one()
        self.env["oiconnect.appointment"].check_access("write")
        if not self.operator_id:
            raise UserError(self.env._("Choose the operator that orders first."))
        if not self.building_id:
            raise UserError(
                self.env._("Choose the building first: it tells which teams go there.")
            )
        return self.env["oiconnect.appointment.choice"]._open_for_new(self)

    def _attach_appointment(self, appointment):
        """The order rests on ``appointment``: who takes it and the operator agree."""
        appointment.sudo()._fire("confirm")
        self.appointment_id = appointment
        self._onchange_appointment_id()

    def _reopen(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_new_action"
        )
        return action | {"res_id": self.id}

    def action_order(self):
        """Take the order as if it had come from the operator, and study it."""
        self.ensure_one()
        self._refuse_if_wrong()
        # A line is taken over only once the person has read the warning.
        agreed = self.env.context.get("agreed_takeover")
        if self.takeover_of_id and self.takeover_of_id.id != agreed:
            raise UserError(
                self.env._(
                    "%s\nRead this warning in the form, then take the line over.",
                    self.takeover_text,
                )
            )
        order = self._take_order()
        order.sudo()._study()
        return open_form(order)
