from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.models.timeline_mixin import NEUTRAL

from ...personal import contact_link

# Points of a route, from the cabinet to the socket
POINTS = ("pm_id", "pbo_id", "pto_id")
CONTACTS = ("customer_contact1", "customer_contact2")
DUE_STYLES = {"late": "danger", "soon": "warning"}


class LineMixin(models.AbstractModel):
    """Record about the line of a customer, or a place of the network: its header.

    One header wherever a line is met: its customer with a telephone, its address, PTO
    and operator, the state, what comes next and by when, its way from the PM on, and
    what can be begun from here. What the reader may not read is left out.
    """

    _name = "oiconnect.line.mixin"
    _description = "About a line"

    line_header = fields.Json(
        "Header of the line", compute="_compute_line_header", exportable=False
    )

    discussion_count = fields.Integer(
        "Messages of people", compute="_compute_discussion_count"
    )

    def _compute_discussion_count(self):
        """Count what people wrote; what was tracked is told by the timeline."""
        domain = [
            ("model", "=", self._name),
            ("res_id", "in", self._origin.ids),
            ("message_type", "in", ("comment", "email", "email_outgoing")),
        ]
        messages = self.env["mail.message"].sudo()
        counts = dict(messages._read_group(domain, ["res_id"], ["__count"]))
        for record in self:
            record.discussion_count = counts.get(record._origin.id, 0)

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_line_header(self):
        for record in self:
            record.line_header = record._line_header()

    def _line_header(self):
        """Return the header as a dict of texts, dates (UTC) and links to records."""
        self.ensure_one()
        return {
            "customer": self._line_customer(),
            "contacts": self._line_contacts(),
            "address": self._line_address(),
            "operator": self._line_link("operator_id"),
            "service": self._line_service(),
            "state": self._line_state(),
            "next": self._line_next(),
            "due": self._line_due(),
            "points": self._line_points(),
            "related": self._line_related(),
            "actions": [
                {"name": name, "icon": icon, "text": text}
                for name, icon, text in self._line_actions()
            ],
        }

    # ------------------------------------------------------------------
    # What each kind of record knows of its line
    # ------------------------------------------------------------------

    def _line_order(self):
        """Return the order of the line; for others to tell."""
        return self.env["oiconnect.access.order"]

    def _line_customer(self):
        return self._line_text("customer") or self._line_order_text("customer")

    def _line_contacts(self):
        """Return the telephones and addresses of the customer, ready to be tapped."""
        texts = [
            self._line_text(name) or self._line_order_text(name) for name in CONTACTS
        ]
        return [
            {"text": text, "href": contact_link(text)}
            for text in dict.fromkeys(filter(None, texts))
        ]

    def _line_address(self):
        return self._line_link("building_id", "address") or self._line_link("pm_id")

    def _line_service(self):
        text = self._line_text("service_reference")
        return text or self._line_order_text("service_reference")

    def _line_state(self):
        """Return the state of the line: that of its order, else of the record."""
        record = self._line_order().sudo() or self
        words = dict(record._fields["state"]._description_selection(self.env))
        style = getattr(record, "_timeline_styles", {}).get(record.state, NEUTRAL)
        return {"text": words.get(record.state, ""), "style": style}

    def _line_next(self):
        """Return what is expected at a date: a visit above all; None without one."""
        return self._line_visit(self._line_order().sudo().appointment_id)

    def _line_visit(self, visit):
        """Return a visit that is still to come as what is next."""
        if not visit or visit.state not in ("created", "postponed", "confirmed"):
            return None
        return self._line_date(self.env._("Appointment"), visit.start)

    def _line_due(self):
        """Return the delay that runs, with its colour; None where none does."""
        if "due_date" not in self._fields or not self.due_date:
            return None
        kinds = dict(self._fields["due_kind"]._description_selection(self.env))
        style = DUE_STYLES.get(self.due_state, "")
        return self._line_date(kinds.get(self.due_kind, ""), self.due_date, style)

    def _line_points(self):
        """Return where the line passes, from the PM on."""
        links = [self._line_link(name) for name in POINTS]
        kinds = (self.env._("PM"), self.env._("PBO"), self.env._("PTO"))
        return [
            link | {"kind": kind}
            for kind, link in zip(kinds, links, strict=True)
            if link
        ]

    def _line_related(self):
        """Return links to other records of the line; for others to extend."""
        order = self._line_order()
        if not order or order == self:
            return []
        return [
            self._line_record(order, "oc_reference") | {"kind": self.env._("Order")}
        ]

    def _line_actions(self):
        """Return ``[(method, icon, label)]`` of what can be begun now; to extend."""
        actions = []
        if self._line_route_point():
            label = self.env._("See the route")
            actions.append(("action_trace_line", "fa-random", label))
        return actions

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    def _line_text(self, name):
        """Return the text of a field, "" where there is none for the reader."""
        field = self._fields.get(name)
        readable = field and self._has_field_access(field, "read")
        return (readable and self[name]) or ""

    def _line_order_text(self, name):
        order = self._line_order()
        readable = order and order != self and order.has_access("read")
        return order._line_text(name) if readable else ""

    def _line_link(self, name, label="display_name"):
        """Return what a field names, its own or that of its order, as a link."""
        for source in (self, self._line_order()):
            if source and name in source._fields and (found := source.sudo()[name]):
                return self._line_record(found.with_env(self.env), label)
        return None

    def _line_record(self, record, label="display_name"):
        """Return a link to a record; its text alone where it may not be opened."""
        named = record.sudo()
        text = named[label] or named.display_name
        return {
            "text": text,
            "model": record._name,
            "id": record.has_access("read") and record.id,
        }

    def _line_date(self, text, date, style=""):
        return {"text": text, "date": fields.Datetime.to_string(date), "style": style}

    def _line_route_point(self):
        """Return the object from which the fibres of the line are followed."""
        for source in (self, self._line_order()):
            for name in ("route_ids", "pto_id"):
                if source and name in source._fields:
                    found = source.sudo()[name][:1].with_env(self.env)
                    if found and found.has_access("read"):
                        return found
        return None

    def _may_order_here(self):
        """Tell whether the user takes orders by hand, and the place is known."""
        may_order = self.env["oiconnect.access.order.new"].has_access("create")
        return may_order and bool(self._line_building())

    def _line_building(self):
        own = self.building_id if "building_id" in self._fields else None
        return own or self._line_order().sudo().building_id

    def _order_here_defaults(self):
        """Return what an order taken from here begins with."""
        building = self._line_building()
        return {"network_id": building.network_id.id, "building_id": building.id}

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_trace_line(self):
        """Open the optical path of the line."""
        self.ensure_one()
        self.check_access("read")
        if not (point := self._line_route_point()):
            raise UserError(
                self.env._("No route and no socket of this line is known yet.")
            )
        return point.action_trace()

    def action_order_here(self):
        """Take an order by hand at this place."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_orders.access_order_new_action"
        )
        defaults = self._order_here_defaults()
        context = {f"default_{name}": value for name, value in defaults.items()}
        return action | {"context": context}
