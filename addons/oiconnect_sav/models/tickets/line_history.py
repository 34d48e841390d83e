from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.models.trace.trace import KINDS

DAYS, MAX_CHANGES, MAX_MEASURES = 30, 40, 10
# Model of each kind of part of a path
_PART_MODELS = {kind: model for model, kind in KINDS.items()}


class Ticket(models.Model):
    """Measures on the line, and recent changes on its route.

    Both are read when the ticket is, and bounded: ``MAX_MEASURES`` measures, and
    ``MAX_CHANGES`` changes of the last ``DAYS`` days.
    """

    _inherit = "oiconnect.ticket"

    connection_budget = fields.Char(
        "Optical budget at the connection",
        compute="_compute_connection_budget",
        compute_sudo=True,
        exportable=False,
        help="As the last connection report of the line has it",
    )
    connection_date = fields.Datetime(
        "Connected on",
        compute="_compute_connection_budget",
        compute_sudo=True,
        exportable=False,
    )
    measured_task_ids = fields.Many2many(
        "oiconnect.ticket.task",
        string="Measures of visits",
        compute="_compute_measured_task_ids",
        exportable=False,
    )
    route_change_ids = fields.Many2many(
        "oiconnect.change",
        string="Last changes of the route",
        compute="_compute_route_change_ids",
        exportable=False,
        help="Those of the last thirty days on the route, its fibres, splices and "
        "cables, its PBO and its PM",
    )

    # ------------------------------------------------------------------
    # Optical measures
    # ------------------------------------------------------------------

    @api.depends("order_id.optical_budget", "order_id.connection_date", "pto_id")
    def _compute_connection_budget(self):
        for ticket in self:
            order = ticket.order_id
            if not order.optical_budget:
                order = ticket._measured_order() or order
            ticket.connection_budget = order.optical_budget
            ticket.connection_date = order.connection_date

    def _measured_order(self):
        """Return the last order of the socket whose connection was measured.

        A line that was taken over was connected for the order before.
        """
        orders = self.env["oiconnect.access.order"]
        if not self.pto_id:
            return orders
        return orders.search(
            Domain("pto_id", "=", self.pto_id.id)
            & Domain("optical_budget", "!=", False),
            order="connection_date desc nulls last, id desc",
            limit=1,
        )

    @api.depends("pto_id", "task_ids.loss")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_measured_task_ids(self):
        """Set the tasks that measured the line, of all its tickets, the last first."""
        tasks = self.env["oiconnect.ticket.task"]
        for ticket in self:
            # One of the two: for "either", PostgreSQL reads all tasks.
            of_line = (
                Domain("ticket_id.pto_id", "=", ticket.pto_id.id)
                if ticket.pto_id
                else Domain("ticket_id", "=", ticket._origin.id)
            )
            ticket.measured_task_ids = tasks.search(
                of_line & Domain("loss", ">", 0),
                order="done_date desc nulls last, id desc",
                limit=MAX_MEASURES,
            )

    # ------------------------------------------------------------------
    # Changes of the network
    # ------------------------------------------------------------------

    @api.depends("route_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_route_change_ids(self):
        changes = self.env["oiconnect.change"]
        for ticket in self:
            route = ticket.sudo().route_id
            ids = ticket._route_change_ids(route) if route else []
            ticket.route_change_ids = changes.search([("id", "in", ids)])

    @api.model
    def _route_change_ids(self, route):
        """Return the ids of the last changes of what ``route`` goes through."""
        parts = self._route_parts(route)
        changes = self.env["oiconnect.change"].sudo()
        changes.flush_model()
        # Of each part the last ones, by its index: nothing else of the history, which
        # has millions of lines, is read.
        self.env.cr.execute(
            SQL(
                """
                SELECT change.id
                FROM unnest(%(models)s, %(ids)s) AS part(res_model, res_id)
                CROSS JOIN LATERAL (
                    SELECT id FROM oiconnect_change
                    WHERE res_model = part.res_model AND res_id = part.res_id
                        AND date >= %(since)s
                    ORDER BY id DESC LIMIT %(most)s
                ) change
                ORDER BY change.id DESC LIMIT %(most)s
                """,
                models=[model for model, _id in parts],
                ids=[part_id for _model, part_id in parts],
                since=fields.Datetime.now() - timedelta(days=DAYS),
                most=MAX_CHANGES,
            )
        )
        return [change_id for (change_id,) in self.env.cr.fetchall()]

    @api.model
    def _route_parts(self, route):
        """Return ``[(model, id)]`` of what the light goes through, each once."""
        paths = self.env["oiconnect.trace"]._trace([("route", route.id)])
        points = [point for path in paths for point in path.points]
        parts = [(_PART_MODELS[kind], part_id) for kind, part_id in points]
        fibres = self.env["oiconnect.pbo.fibre"].sudo()
        fibres = fibres.browse(i for kind, i in points if kind == "fibre")
        cables = fibres.cable_id | route.cable_id | route.module_cable_id
        around = (cables, route.pbo_id, route.module_id, route.pm_id)
        parts += [(one._name, one.id) for records in around for one in records]
        return list(dict.fromkeys(parts))
