from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.bulk import next_numbers
from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.resource import Resource, own

from ...appointment_states import LIVE_STATES, PRODUCT, STATES
from ...personal import CUSTOMER_GROUPS
from ...references import appointment_reference
from ..customers.customer_mixin import OF_RECORD
from .appointment_team import KINDS

_lt = LazyTranslate(__name__)

NEXT_FIRST = "start, id"
BATCH = 1000
FORGOTTEN = ("comment", "address")


class Appointment(models.Model):
    """Visit of a team to a customer, booked by the operator before it orders."""

    _name = "oiconnect.appointment"
    _description = "Appointment"
    _resource = Resource(
        "appointments",
        operator_fields=(
            "network_id",
            "reference",
            "oc_reference",
            "state",
            "awaits",
            "start",
            "stop",
            "kind",
            "product",
            "segment",
            "commune_id",
            "building_id",
            "order_id",
            "expiry_date",
        ),
        operator_domain=own,
        methods=(
            ("confirm", "action_confirm"),
            ("visit", "action_visit"),
            ("miss", "action_miss"),
            ("cancel", "action_cancel"),
        ),
    )
    _created_text = _lt("Appointment created")
    _inherit = [
        "oiconnect.network.mixin",
        "oiconnect.todo.mixin",
        "oiconnect.operator.message.mixin",
        "oiconnect.customer.mixin",
        "oiconnect.line.mixin",
    ]
    _order = "start desc, id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "oc_reference"]
    # What people may correct, until there is an order; the slot changes by the actions,
    # which keep it safe.
    _event_fields = EVERY_FIELD
    _free_fields = ("oc_reference", "segment", "building_id", "address", "comment")
    _closing_fields = dict.fromkeys(
        ("oc_reference", "segment", "building_id"), "order_id"
    )

    reference = fields.Char(size=50, readonly=True, copy=False, index="trigram")
    state = fields.Selection(
        STATES, default="created", required=True, readonly=True, tracking=True
    )
    awaits = fields.Selection(
        [("us", "Our answer"), ("operator", "The operator's answer")],
        "Waiting for",
        readonly=True,
        help="Who has to say yes to the slot",
    )
    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, index=True, ondelete="restrict"
    )
    oc_reference = fields.Char(
        "Operator's reference", size=30, index="trigram", tracking=True
    )
    order_id = fields.Many2one(
        "oiconnect.access.order",
        "Access order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    order_state = fields.Selection(
        related="order_id.state", string="State of the order"
    )

    # When and by whom
    team_id = fields.Many2one(
        "oiconnect.appointment.team", required=True, readonly=True, ondelete="restrict"
    )
    color = fields.Integer(related="team_id.color")
    start = fields.Datetime("Begins", required=True, readonly=True, tracking=True)
    stop = fields.Datetime("Ends", required=True, readonly=True)
    seat = fields.Integer(
        readonly=True,
        copy=False,
        help="Which of the visits that the team makes at once",
    )
    move_count = fields.Integer("Moves", readonly=True, copy=False)
    expiry_date = fields.Datetime(
        "Expires on",
        readonly=True,
        copy=False,
        help="Without an order by then, the slot is given back",
    )

    # Where and what for
    commune_id = fields.Many2one(
        "oiconnect.commune", required=True, index=True, ondelete="restrict"
    )
    building_id = fields.Many2one(
        "oiconnect.building", index="btree_not_null", ondelete="restrict", tracking=True
    )
    address = fields.Char(groups=CUSTOMER_GROUPS)
    kind = fields.Selection(KINDS, "Work", required=True, default="production")
    product = fields.Char(required=True, default=PRODUCT, size=30)
    segment = fields.Selection(
        [
            ("GP", "Consumers"),
            ("ENTREPRISE", "Companies"),
            ("OPERATEUR", "Operators"),
        ],
        "Market",
        required=True,
        default="GP",
        tracking=True,
    )
    # It may tell of the end customer, whom readers do not see
    comment = fields.Text(groups=CUSTOMER_GROUPS)

    customer = fields.Char(
        compute="_compute_customer",
        search="_search_customer",
        groups=CUSTOMER_GROUPS,
        help="Of the order: found by the name, or by the telephone",
    )
    telephone = fields.Char(
        related="order_id.customer_contact1", groups=CUSTOMER_GROUPS, exportable=False
    )
    place = fields.Char(
        "Place of the visit",
        compute="_compute_place",
        help="The address that was given, else that of the building",
    )

    _reference_uniq = models.UniqueIndex(
        "(reference)", "This reference of an appointment is already used."
    )
    # No seat of a team twice at one time, whatever slots are cut. Also what is booked
    # of a team between two moments.
    _seat_excl = models.Constraint(
        "EXCLUDE USING gist (int4range(team_id, team_id, '[]') WITH &&,"
        " int4range(seat, seat, '[]') WITH &&, tsrange(start, stop) WITH &&)"
        " WHERE (seat > 0 AND state IN ('created', 'postponed', 'confirmed'))",
        "This slot was just taken: choose another one.",
    )
    _ends_after = models.Constraint(
        "CHECK (stop > start)", "An appointment ends after it begins."
    )
    # Calendar and map of a day; what is booked: start < x and stop > y
    _start_idx = models.Index("(network_id, start)")
    _team_idx = models.Index("(team_id, start)")
    # List filtered or grouped by state; requests to validate
    _state_idx = models.Index("(state, start)")
    # Expiry of slots without an order: expiry_date <= x
    _expiry_idx = models.Index("(expiry_date) WHERE expiry_date IS NOT NULL")

    # The list "In progress", from the next visit on.
    _next_idx = models.Index(
        "(start, id) WHERE state IN ('created', 'postponed', 'confirmed')"
    )

    @api.depends("reference", "commune_id", "operator_id")
    @api.depends_context("named_by_place")
    def _compute_display_name(self):
        """In a calendar one looks for where, not for a number."""
        by_place = self.env.context.get("named_by_place")
        for visit in self:
            place = (visit.commune_id.name, visit.operator_id.interop_code)
            visit.display_name = (
                f"{' – '.join(filter(None, place))} ({visit.reference})"
                if by_place
                else visit.reference
            )

    @api.depends("order_id.customer")
    def _compute_customer(self):
        for visit in self:
            visit.customer = visit.order_id.customer

    @api.model
    def _search_customer(self, operator, value):
        return Domain("order_id.customer", operator, value)

    @api.depends(
        "address", "building_id.address", "building_id.identifier", "commune_id.name"
    )
    @api.depends_context("uid")
    def _compute_place(self):
        for visit in self:
            visit.place = visit._spoken_address()

    @api.model_create_multi
    def create(self, vals_list):
        numbers = next_numbers(
            self.env, "oiconnect_appointment_reference", len(vals_list)
        )
        return super().create(
            [
                vals | {"reference": self._reference_of(vals, number)}
                for vals, number in zip(vals_list, numbers, strict=True)
            ]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(
            self.env._("An appointment is kept for ever: cancel it instead.")
        )

    def init(self):
        self.env.cr.execute(
            "CREATE SEQUENCE IF NOT EXISTS oiconnect_appointment_reference"
        )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        """Read what is to come from the next visit on, what is past from the last."""
        if order == self._order and self.env.context.get("shown") == "open":
            order = NEXT_FIRST
        return super()._search(domain, offset, limit, order, **options)

    @api.model
    def _reference_of(self, vals, number):
        networks = self.env["oiconnect.network"]
        network = networks.browse(vals.get("network_id")) or networks._default_network()
        return appointment_reference(network.oi_code, number)

    @api.model
    def _guarded_advice(self):
        return self.env._("Move the appointment, or propose another slot.")

    @api.model
    def _taken(self):
        """Return the domain of the appointments that take a slot."""
        return Domain("state", "in", LIVE_STATES) & Domain("seat", ">", 0)

    def _erase_customers(self, patterns):
        """Empty what was written about customers; hide them in texts of others.

        :param patterns: ``{order id: expression that finds its customer}``
        """
        own = {
            visit.id: patterns[visit.order_id.id]
            for visit in self
            if visit.order_id.id in patterns
        }
        for place in OF_RECORD:
            self._mask_texts(own, *place)
        self._delete_operator_mails()
        self._forget()

    def _forget(self):
        quiet = self.with_context(tracking_disable=True)
        quiet.write(dict.fromkeys(FORGOTTEN, False))

    @api.model
    def _with_old_customers(self, network):
        """Return visits that no order rests on and that are long past."""
        limit = fields.Datetime.now() - timedelta(days=network.customer_days)
        written = Domain.OR(Domain(name, "!=", False) for name in FORGOTTEN)
        return self.search(
            Domain("network_id", "=", network.id)
            & Domain("start", "<", limit)
            & Domain("order_id", "=", False)
            & written,
            limit=BATCH,
        )

    def _open_choice(self, purpose):
        """Open the dialog of free slots, if the state allows another one."""
        self.ensure_one()
        self.check_access("write")
        event = "move" if purpose == "move" else "propose"
        if not self._can_fire(event):
            raise self._refusal(event)
        return self.env["oiconnect.appointment.choice"]._open_for(self, purpose)

    def action_confirm(self):
        self._act("confirm")

    def action_visit(self):
        self._act("visit")

    def action_miss(self):
        self._act("miss")

    def action_cancel(self):
        self._act("cancel")

    def action_book(self):
        """Book for an operator that calls."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book an appointment"),
            "res_model": "oiconnect.appointment.choice",
            "view_mode": "form",
            "target": "new",
        }

    def action_move(self):
        return self._open_choice("move")

    def action_propose(self):
        return self._open_choice("propose")

    def action_view_order(self):
        self.ensure_one()
        return open_form(self.order_id)

    def action_show_on_map(self):
        """Open the map where the visit takes place."""
        self.ensure_one()
        return self.building_id.action_show_on_map()
