from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Points that lines share, from the nearest to the customer: the column or columns of a
# route that name each.
POINTS = {
    "pbo": ("pbo_id",),
    "tube": ("cable_id", "tube"),
    "cable": ("cable_id",),
    "module": ("module_id",),
    "pm": ("pm_id",),
}


class Ticket(models.Model):
    """Other open tickets of the same points of the network: one cause, probably."""

    _inherit = "oiconnect.ticket"

    incident_id = fields.Many2one(
        "oiconnect.incident",
        "Collective incident",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    same_cause = fields.Json(compute="_compute_same_cause", exportable=False)
    same_cause_text = fields.Char(
        "Probably the same cause", compute="_compute_same_cause", exportable=False
    )

    has_wider_cause = fields.Boolean(
        "Wider cause",
        compute="_compute_same_cause",
        exportable=False,
        help="A farther point of the route has more open tickets than the nearest one",
    )
    same_cause_incident_id = fields.Many2one(
        "oiconnect.incident",
        "Incident of the same cause",
        compute="_compute_same_cause",
        exportable=False,
        help="Incident of the other tickets of the nearest point, when all have one",
    )

    @api.depends("route_id", "is_open")
    def _compute_same_cause(self):
        for ticket in self:
            found = ticket._same_cause_tickets()
            counts = {point: len(others) for point, others in found.items()}
            ticket.same_cause = counts
            ticket.same_cause_text = ticket._same_cause_sentence(counts)
            ticket.has_wider_cause = len(counts) > 1
            nearest = next(iter(found.values()), ticket.browse())
            ticket.same_cause_incident_id = nearest._common_incident()

    def _same_cause_tickets(self):
        """Return ``{point: other open tickets on it}``, the nearest point first.

        Points without any are left out, and those that add no ticket to a nearer one.
        """
        route = self.sudo().route_id
        if not route or not self.is_open:
            return {}
        found, last = {}, 0
        for point, ids in self._same_cause_ids(route).items():
            if len(ids) > last:
                last = len(ids)
                found[point] = self.browse(ids)
        return found

    def _common_incident(self):
        """Return the open incident that all of these tickets are under.

        That of the most of them when there are several, none when a ticket is free.
        """
        counts = Counter(ticket.incident_id for ticket in self.sudo())
        if any(incident.state != "open" for incident in counts):
            return self.env["oiconnect.incident"]
        ranked = sorted(counts, key=lambda one: (-counts[one], one.id))
        return self.env["oiconnect.incident"].browse([one.id for one in ranked[:1]])

    def _same_cause_ids(self, route):
        """Return ``{point: ids of the other open tickets on it}``, in one query."""
        self.flush_model(["route_id", "is_open"])
        self.env["oiconnect.route"].flush_model()
        shared = [self._shares(point) for point in POINTS]
        # Tickets are open by thousands, routes are there by millions: the search
        # begins with the tickets, and each finds its route by its id.
        self.env.cr.execute(
            SQL(
                """
                SELECT ticket.id, %s
                FROM oiconnect_ticket ticket
                JOIN oiconnect_route other ON other.id = ticket.route_id
                JOIN oiconnect_route own ON own.id = %s
                WHERE ticket.is_open IS TRUE AND ticket.id <> %s
                    AND ticket.network_id = %s AND other.pm_id = own.pm_id
                ORDER BY ticket.id
                """,
                SQL(", ").join(shared),
                route.id,
                self._origin.id or 0,
                self.network_id.id,
            )
        )
        found = {point: [] for point in POINTS}
        for ticket_id, *same in self.env.cr.fetchall():
            for point, is_same in zip(POINTS, same, strict=True):
                if is_same:
                    found[point].append(ticket_id)
        return found

    @api.model
    def _shares(self, point):
        """Return the condition that two routes go through the same ``point``."""
        return SQL(" AND ").join(
            SQL("other.%s = own.%s", SQL.identifier(name), SQL.identifier(name))
            for name in POINTS[point]
        )

    def _same_cause_sentence(self, counts):
        labels = {
            "pbo": self.env._("PBO"),
            "tube": self.env._("tube"),
            "cable": self.env._("cable"),
            "module": self.env._("module"),
            "pm": self.env._("PM"),
        }
        parts = (
            self.env._("%(point)s: %(count)s", point=labels[point], count=count)
            for point, count in counts.items()
        )
        return ", ".join(parts) or False

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_make_incident(self):
        """Join this ticket and those of the nearest shared point under an incident.

        When all of those are under one already, this ticket joins it: a second one
        would be that of this ticket alone.

        :raises UserError: no other open ticket shares a point of its route
        """
        return self._make_incident(0)

    def action_make_wider_incident(self):
        """Do the same with the nearest point that all of the other tickets share.

        A cable that is cut has tickets at each of its PBOs, and an incident for each
        PBO would hide that.
        """
        return self._make_incident(-1)

    def _make_incident(self, rank):
        """Make or join the incident of a shared point.

        :param rank: among the points with tickets, the nearest first
        """
        self.ensure_one()
        self.check_access("write")
        found = list(self._same_cause_tickets().items())
        if not found:
            raise UserError(
                self.env._("No other open ticket is on the same part of the network.")
            )
        point, others = found[rank]
        joined = others | self
        joined.check_access("write")
        incident = others._common_incident() or self.env["oiconnect.incident"]._declare(
            point, self.sudo().route_id
        )
        incident._join(joined)
        return incident._open_form()

    def action_leave_incident(self):
        """Take the tickets out of their incident: it is not their cause after all."""
        self.check_access("write")
        self.sudo().filtered("is_open").write({"incident_id": False})

    def action_view_same_cause(self):
        """Open the other open tickets of these points, those that the user may read.

        Ids alone would tell an operator where the lines of others are out of order.
        """
        self.ensure_one()
        self.check_access("read")
        route = self.sudo().route_id
        found = self._same_cause_ids(route) if route else {}
        ids = {ticket_id for ids in found.values() for ticket_id in ids}
        readable = self.browse(sorted(ids))._filtered_access("read")
        return self._open_others([("id", "in", readable.ids)])
