from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.bulk import fetch_columns, fetch_known
from odoo.addons.oiconnect_base.models.workflow.workflow import CREATION
from odoo.addons.oiconnect_base.odoo_internals import cache_values

from ..codes.ticket_code import ACCESS_TYPE

# States of an access order whose line the operator holds
HELD_STATES = ("delivered", "in_service")
# What a ticket reads of what it names; a record has many more columns
READ_OF = {
    "oiconnect.access.order": (
        "building_id",
        "network_id",
        "operator_id",
        "pm_id",
        "pto_id",
        "service_reference",
        "state",
    ),
    "oiconnect.pto": ("building_id", "network_id", "pbo_id", "reference"),
    "oiconnect.pm": ("network_id", "reference"),
    "oiconnect.route": ("access_order_id", "name", "pbo_id", "pm_id"),
}


class Ticket(models.Model):
    """The line that a ticket is about: order, socket, route and PM.

    Found from the references that the operator gives, or left empty: a ticket whose
    line is unknown is for a person to look at.
    """

    _inherit = "oiconnect.ticket"

    # commercialId and technicalId of the protocol, and the PM of a link or PM ticket
    service_reference = fields.Char(
        size=50, index="trigram", help="Reference of the service (prestation prise)"
    )
    pto_reference = fields.Char("Reported PTO", size=50, index="trigram")
    pm_reference = fields.Char("Reported PM", size=50)
    prdm_reference = fields.Char("Reported PRDM", size=20, readonly=True)

    order_id = fields.Many2one(
        "oiconnect.access.order",
        "Access order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    route_id = fields.Many2one(
        "oiconnect.route",
        "Optical route",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    route_ids = fields.Many2many(
        "oiconnect.route", string="Optical routes", compute="_compute_route_ids"
    )
    pto_id = fields.Many2one(
        "oiconnect.pto",
        "PTO",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    pbo_id = fields.Many2one(
        "oiconnect.pbo",
        "PBO",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    pm_id = fields.Many2one(
        "oiconnect.pm",
        "PM",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    building_id = fields.Many2one(
        "oiconnect.building",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    holds_line = fields.Boolean(
        "Only one of its line", compute="_compute_holds_line", store=True
    )
    duplicate_of_id = fields.Many2one(
        "oiconnect.ticket",
        "Same line as",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The ticket of the same line that was in progress when this one came",
    )
    previous_count = fields.Integer(
        "Previous tickets of the line", compute="_compute_previous_counts"
    )
    building_ticket_count = fields.Integer(
        "Tickets of the building", compute="_compute_previous_counts"
    )

    # One ticket a line (Interop'Fibre SAV 3.0 §3.5), of those that operators open: two
    # calls at once do not see each other's.
    _line_uniq = models.UniqueIndex(
        "(order_id) WHERE holds_line AND order_id IS NOT NULL",
        "A ticket on this line is in progress.",
    )
    # Another ticket of the same line that is open: pto_id = x
    _open_pto_idx = models.Index("(pto_id) WHERE is_open IS TRUE")

    @api.depends("is_open", "opened_by", "type_id")
    def _compute_holds_line(self):
        """Our own may come twice on a line: the hotline sees it and decides."""
        for ticket in self:
            by_operator = ticket.is_open and ticket.opened_by == "oc"
            code, _name = ticket.type_id._words()
            ticket.holds_line = by_operator and code == ACCESS_TYPE

    @api.depends("order_id", "pto_id")
    def _compute_route_ids(self):
        for ticket in self:
            routes = ticket.sudo().order_id.route_ids or ticket.pto_id.route_ids
            ticket.route_ids = routes.sudo(False)

    @api.depends("pto_id", "building_id")
    def _compute_previous_counts(self):
        lines = self._counts_by("pto_id")
        buildings = self._counts_by("building_id")
        for ticket in self:
            itself = 1 if ticket._origin else 0
            ticket.previous_count = max(0, lines.get(ticket.pto_id, 0) - itself)
            ticket.building_ticket_count = max(
                0, buildings.get(ticket.building_id, 0) - itself
            )

    def _counts_by(self, name):
        domain = [(name, "in", self.mapped(name).ids)]
        return dict(self._read_group(domain, [name], ["__count"]))

    # ------------------------------------------------------------------
    # Found from the references
    # ------------------------------------------------------------------

    def _find_line_when_opened(self, transition, values, origin):
        if transition is CREATION:
            for ticket, values in self._found_lines():
                ticket.write(values)

    def _found_lines(self):
        """Yield each ticket and what it copies of its line, in a query a kind.

        Who checked an operator's ticket has found its order already.
        """
        for network, tickets in self.grouped("network_id").items():
            unknown = tickets.filtered(lambda ticket: not ticket.order_id)
            orders = unknown._named("oiconnect.access.order", "service_reference")
            ptos = tickets._named("oiconnect.pto", "reference", "pto_reference")
            pms = tickets._named("oiconnect.pm", "reference", "pm_reference")
            tickets._fetch_lines(orders.values(), ptos.values())
            for ticket in tickets:
                yield (
                    ticket,
                    ticket._line_values(
                        ticket.order_id
                        or orders.get((network, ticket.service_reference)),
                        ptos.get((network, ticket.pto_reference)),
                        pms.get((network, ticket.pm_reference)),
                    ),
                )

    def _named(self, model, key, given=None):
        """Return ``{(network, reference): record}`` of what the tickets name."""
        names = [name for name in self.mapped(given or key) if name]
        if not names:
            return {}
        found = fetch_columns(
            self.env[model],
            READ_OF[model],
            SQL(
                "%s = ANY(%s) AND network_id = ANY(%s)",
                SQL.identifier(key),
                names,
                self.network_id.ids,
            ),
        )
        return {(record.network_id, record[key]): record for record in found}

    def _fetch_lines(self, orders, ptos):
        """Read what tickets copy of the lines that they name, a query a kind."""
        orders = self.order_id.union(*orders)
        ptos = orders.pto_id.union(*ptos)
        fetch_known(ptos, READ_OF["oiconnect.pto"])
        routes = fetch_columns(
            self.env["oiconnect.route"],
            READ_OF["oiconnect.route"],
            SQL("access_order_id = ANY(%s) ORDER BY name, id", orders.ids),
        )
        of_order = routes.grouped("access_order_id")
        ids = [of_order.get(order, routes.browse())._ids for order in orders]
        cache_values(orders._fields["route_ids"], orders, ids)
        fetch_known(routes.pm_id, READ_OF["oiconnect.pm"])

    def _line_values(self, order, pto, pm):
        """Return what a ticket copies of its line.

        The line of another operator is left out: who asks learns nothing of it.
        """
        order = self._own_order(order, pto)
        pto = order.pto_id or pto or self.env["oiconnect.pto"]
        route = (order.route_ids or pto.route_ids)[:1]
        pm = route.pm_id or order.pm_id or pto.pbo_id.pm_id or pm
        return {
            "oc_siren": self.operator_id.siren,
            "order_id": order.id,
            "pto_id": pto.id,
            "route_id": route.id,
            "pbo_id": (route.pbo_id or pto.pbo_id).id,
            "pm_id": pm.id if pm else False,
            "building_id": (pto.building_id or order.building_id).id,
            "duplicate_of_id": self._open_ticket_of(pto).id,
        }

    def _own_order(self, order, pto):
        """Return the line of the operator that was named, by itself or by its PTO."""
        orders = self.env["oiconnect.access.order"]
        if order:
            is_own = order.operator_id == self.operator_id
            return order if is_own and order.state in HELD_STATES else orders
        if not pto:
            return orders
        return orders.search(
            Domain("pto_id", "=", pto.id)
            & Domain("operator_id", "=", self.operator_id.id)
            & Domain("state", "in", HELD_STATES),
            order="id desc",
            limit=1,
        )

    def _open_ticket_of(self, pto):
        """Return the first other ticket of the operator on ``pto`` that is open."""
        if not pto:
            return self.browse()
        return fetch_columns(
            self,
            ("pto_id", "operator_id", "is_open"),
            SQL(
                "pto_id = %s AND operator_id = %s AND is_open IS TRUE AND id <> %s"
                " ORDER BY id LIMIT 1",
                pto.id,
                self.operator_id.id,
                self._origin.id or 0,
            ),
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_previous(self):
        self.ensure_one()
        return self._open_others([("pto_id", "in", self.pto_id.ids)])

    def action_view_building_tickets(self):
        self.ensure_one()
        return self._open_others([("building_id", "in", self.building_id.ids)])

    def _open_others(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "oiconnect_sav.ticket_action"
        )
        others = [("id", "!=", self.id), *domain]
        return action | {"domain": others, "context": {}}
