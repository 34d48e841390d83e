from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.resource import Dialog, Resource, own

from ...personal import CUSTOMER_GROUPS
from ...resource import ORDER_FIELDS
from ...states import CLOSED_STATES, STATES

_lt = LazyTranslate(__name__)

PLACE = ("street_number", "street_number_suffix", "street_type", "street_name")
TOWN = ("postal_code", "city")


class AccessOrder(models.Model):
    """Order of one FTTH access by a commercial operator."""

    _name = "oiconnect.access.order"
    _description = "Access order"
    _resource = Resource(
        "access-orders",
        "oc_reference",
        sorts=("in_service_date",),
        operator_fields=(
            *ORDER_FIELDS,
            "connection_type",
            "requested_type",
            "retained_type",
            "existing_socket",
            "offer",
            "building_id",
            "pm_id",
            "pto_id",
            "pto_reference",
            "subcontract_reference",
            "discharge_number",
            "connection_date",
            "failure_date",
            "delivered_date",
            "in_service_date",
            "planned_end_date",
        ),
        operator_domain=own,
        dialogs=(
            Dialog(
                "oiconnect.access.order.decision",
                lambda records: {"order_ids": [Command.set(records.ids)]},
                ("reason_id", "comment", "taker_comment", "give_up"),
            ),
        ),
        methods=(
            ("study", "action_study"),
            ("confirm_rejection", "action_confirm_rejection"),
            ("resume", "action_resume"),
        ),
        line="route_ids",
    )
    _created_text = _lt("Access order created")
    _inherit = ["oiconnect.order.mixin", "oiconnect.customer.mixin"]
    _closed_states = CLOSED_STATES

    # Who and what
    # The board has a column for each, in this order.
    state = fields.Selection(STATES, group_expand=True)
    subcontract_reference = fields.Char(size=30, readonly=True, copy=False)
    connection_type = fields.Selection(
        [("oc", "By the operator"), ("oi", "By us"), ("stoc", "STOC")],
        string="Connection type",
    )
    requested_type = fields.Selection(
        [("auto", "Our choice"), ("loca", "Rental"), ("cofi", "Co-financing")]
    )
    retained_type = fields.Selection(
        [("na", "None"), ("loca", "Rental"), ("cofi", "Co-financing")], readonly=True
    )
    existing_socket = fields.Boolean("Socket exists")
    offer = fields.Char("Ordered offer")

    # What the operator wrote
    city = fields.Char(index="trigram")
    postal_code = fields.Char(size=5)
    insee_code = fields.Char("INSEE code", size=5)
    rivoli_code = fields.Char(size=4)
    street_number = fields.Char(size=10)
    street_number_suffix = fields.Char("Suffix", size=1)
    street_type = fields.Char()
    street_name = fields.Char()
    address_code = fields.Char("Address code (hexaclé)", size=10)
    building_identifier = fields.Char(size=30)
    building_name = fields.Char("Ordered building", size=60)
    staircase = fields.Char(size=25)
    floor = fields.Char(size=25)
    pm_reference = fields.Char("Ordered PM", size=20)
    pm_service_reference = fields.Char("PM service reference", size=30)
    pto_reference = fields.Char("Ordered PTO", size=30)
    order_date = fields.Datetime("Ordered on")
    install_date = fields.Datetime("Installation date")
    appointment_reference = fields.Char(size=50)
    # Readers of orders read nothing of the end customer, by any path.
    # Search of a customer by a part of each word: name ilike '%word%'
    customer_name = fields.Char(
        "Last name", size=30, index="trigram", groups=CUSTOMER_GROUPS
    )
    customer_firstname = fields.Char(
        "First name", size=30, index="trigram", groups=CUSTOMER_GROUPS
    )
    customer_contact1 = fields.Char("Contact 1", groups=CUSTOMER_GROUPS)
    customer_contact2 = fields.Char("Contact 2", groups=CUSTOMER_GROUPS)
    comment = fields.Text("Operator's comment", groups=CUSTOMER_GROUPS)
    info = fields.Json("Bilateral information", groups=CUSTOMER_GROUPS)

    # What the network answers
    building_id = fields.Many2one("oiconnect.building", index=True, ondelete="restrict")
    pm_id = fields.Many2one("oiconnect.pm", "PM", index=True, ondelete="restrict")
    pm_service_id = fields.Many2one(
        "oiconnect.pm.service", "PM service", index=True, ondelete="restrict"
    )
    pto_id = fields.Many2one("oiconnect.pto", "PTO", index=True, ondelete="restrict")
    route_ids = fields.One2many("oiconnect.route", "access_order_id", "Optical routes")
    route_count = fields.Integer("Number of routes", compute="_compute_route_count")
    pbo_id = fields.Many2one("oiconnect.pbo", "PBO", index=True, ondelete="restrict")
    # As all that was written by hand or by an operator: it may name the customer.
    reason_comment = fields.Char(groups=CUSTOMER_GROUPS)
    socket_installed = fields.Boolean(readonly=True)
    optical_budget = fields.Char(size=4096, readonly=True)
    discharge_number = fields.Char(size=50, readonly=True)

    # When
    connection_date = fields.Datetime("Connected on", readonly=True)
    failure_date = fields.Datetime("Last failure on", readonly=True, copy=False)
    delivered_date = fields.Datetime("Made available on", readonly=True)
    in_service_date = fields.Datetime("In service on", readonly=True)

    # Later flows name the service: CR_STOC, CR_MES, RES_ACCES.
    _service_reference_uniq = models.UniqueIndex(
        "(service_reference)", "This service reference is already used."
    )
    # Figures of the day, by operator: create_date >= midnight. Statistics read nothing
    # but this index: select state, count(*) where create_date >= x and network_id in y
    # and operator_id in z and company_id in c group by state (or connection_type,
    # operator_id); the same where failure_date is not null.
    _created_idx = models.Index(
        "(create_date, operator_id) INCLUDE (state, connection_type, network_id,"
        " company_id, connection_date, failure_date)"
    )
    # Rates of the statistics, what failed of the above: select operator_id (or
    # connection_type), count(*) where create_date >= x and network_id in y and
    # state = 'cr_ko' and reason_id in (…) and building_id in (…) group by operator_id.
    _refused_idx = models.Index(
        "(reason_id, create_date) INCLUDE (state, operator_id, connection_type,"
        " network_id, company_id, building_id) WHERE state IN ('ar_ko', 'cr_ko')"
    )
    # The same of connections: failure_date is not null.
    _failed_idx = models.Index(
        "(create_date, operator_id) INCLUDE (connection_type, network_id, company_id,"
        " connection_date, failure_date) WHERE failure_date IS NOT NULL"
    )
    # Filter on the date of service; the monthly invoice run.
    _in_service_idx = models.Index(
        "(in_service_date) WHERE in_service_date IS NOT NULL"
    )
    _delivered_has_socket = models.Constraint(
        "CHECK (state NOT IN ('delivered', 'in_service') OR pto_id IS NOT NULL)",
        "An order made available needs its socket.",
    )

    @api.depends_context("by_line", "formatted_display_name")
    def _compute_display_name(self):
        """People choose a line by who lives where, not by the number of its order."""
        done = super()._compute_display_name()
        context = self.env.context
        if context.get("by_line") or context.get("formatted_display_name"):
            for order in self:
                order.display_name = order._line_name()
        return done

    @api.depends("route_ids")
    def _compute_route_count(self):
        for order in self:
            order.route_count = len(order.route_ids)

    def _web_read_group_format(self, groupby, aggregates, groups):
        """Fold the columns of the board without orders, and of finished ones."""
        formatted = super()._web_read_group_format(groupby, aggregates, groups)
        if self.env.context.get("read_group_expand") and tuple(groupby) == ("state",):
            for group in formatted:
                if group["state"] in CLOSED_STATES or not group["__count"]:
                    group["__fold"] = True
        return formatted

    # ------------------------------------------------------------------
    # The line of an order is its own
    # ------------------------------------------------------------------

    def _line_name(self):
        """Return customer, address, PTO, operator and number, as far as known."""
        names = (self._line_customer(), (self._line_address() or {}).get("text"))
        codes = (self.sudo().pto_id.reference, self.operator_id.interop_code)
        return " · ".join(filter(None, (*names, *codes, self.oc_reference)))

    def _line_order(self):
        return self

    def _line_address(self):
        """Return the building; before it is known, what the operator ordered."""
        if found := super()._line_address():
            return found
        parts = (self._words_of(PLACE), self._words_of(TOWN))
        text = ", ".join(filter(None, parts))
        return {"text": text, "model": "", "id": False} if text else None

    def _words_of(self, names):
        return " ".join(filter(None, map(self.__getitem__, names)))

    def _line_related(self):
        related = super()._line_related()
        if self.appointment_id:
            kind = self.env._("Appointment")
            related.append(self._line_record(self.appointment_id) | {"kind": kind})
        return related

    def _line_actions(self):
        actions = super()._line_actions()
        if self._may_book_visit() and self.has_access("write"):
            label = self.env._("Book an appointment")
            actions.append(("action_book_appointment", "fa-calendar-plus-o", label))
        if self.state in CLOSED_STATES and self._may_order_here():
            label = self.env._("Order here")
            actions.append(("action_order_here", "fa-file-text-o", label))
        return actions

    def _may_book_visit(self):
        """Tell whether a visit of ours is what this order lacks."""
        if self.visit_step:
            return self.visit_step == "book"
        awaits = self.state in ("cr_ok", "connecting", "connect_ko")
        by_us = self.connection_type == "oi" and not self.existing_socket
        return awaits and by_us and not self.appointment_count

    def _order_here_defaults(self):
        """Another operator takes the line over by its socket, where there is one."""
        socket = {"existing_socket": bool(self.pto_id), "pto_id": self.pto_id.id}
        return super()._order_here_defaults() | socket

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def _decision_dialog(self, event):
        return {
            "res_model": "oiconnect.access.order.decision",
            "context": {"default_order_ids": self.ids, "default_event": event},
        }

    def action_change_route(self):
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_route_action"
        )
        return action | {"context": {"default_order_id": self.id}}

    def action_view_routes(self):
        self.ensure_one()
        return self._open_related(self.route_ids, self.env._("Optical routes"))
