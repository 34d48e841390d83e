from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from odoo.addons.oiconnect_base.home import (
    DANGER,
    WARNING,
    Block,
    Number,
)
from odoo.addons.oiconnect_base.time_zone import local_today, start_of_day

TICKETS = ("oiconnect.ticket", "oiconnect_sav.ticket_action")
LINES = "oiconnect.access.order"
WORKS_STATES = ("new", "updated", "replanned")
AVAILABILITY_DIGITS = 2


class Home(models.AbstractModel):
    """Tickets at risk, incidents and works; the availability of lines."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        methods = (self._ticket_block, self._availability_block)
        return [*super()._blocks(), *self._declared(*methods)]

    @api.model
    def _ticket_block(self):
        return Block(
            "tickets",
            self.env._("Tickets and incidents"),
            25,
            (*self._ticket_numbers(), *self._network_numbers()),
            self.env._("No ticket, incident or works now."),
            link=(self.env._("Open the tickets"), TICKETS[1]),
        )

    @api.model
    def _ticket_numbers(self):
        now, is_open = fields.Datetime.now(), Domain("is_open", "=", True)
        soon = Domain("warning_date", "<=", now) & Domain("due_date", ">=", now)
        model, action = TICKETS
        return (
            Number(
                "late",
                self.env._("Late tickets"),
                model,
                is_open & Domain("due_date", "<", now),
                action,
                DANGER,
            ),
            Number(
                "soon",
                self.env._("Tickets due soon"),
                model,
                is_open & soon,
                action,
                WARNING,
            ),
            Number(
                "unanswered",
                self.env._("Operators' messages to answer"),
                model,
                is_open & Domain("unanswered", "=", True),
                action,
                WARNING,
            ),
            Number(
                "escalated",
                self.env._("Escalated tickets"),
                model,
                is_open & Domain("is_escalated", "=", True),
                action,
                WARNING,
            ),
            Number("open", self.env._("Tickets in progress"), model, is_open, action),
        )

    @api.model
    def _network_numbers(self):
        tomorrow = start_of_day(local_today() + timedelta(days=1))
        works = (
            Domain("state", "in", WORKS_STATES)
            & Domain("start_date", "<", tomorrow)
            & Domain("end_date", ">=", start_of_day(local_today()))
        )
        return (
            Number(
                "incidents",
                self.env._("Incidents in progress"),
                "oiconnect.incident",
                Domain("state", "=", "open"),
                "oiconnect_sav.incident_action",
                DANGER,
            ),
            Number(
                "works",
                self.env._("Works today"),
                "oiconnect.works",
                works,
                "oiconnect_sav.works_action",
            ),
        )

    # ------------------------------------------------------------------
    # Availability
    # ------------------------------------------------------------------

    @api.model
    def _availability_block(self):
        # A line has one such ticket at the most: served by its unique index.
        faulty = Domain("holds_line", "=", True) & Domain("order_id", "!=", False)
        faulty &= Domain("is_open", "=", True)
        lines = Domain("state", "=", "in_service")
        return Block(
            "availability",
            self.env._("Availability"),
            65,
            (
                Number(
                    "faulty",
                    self.env._("Lines with a ticket in progress"),
                    TICKETS[0],
                    faulty,
                    TICKETS[1],
                    WARNING,
                ),
                Number(
                    "lines",
                    self.env._("Lines in service"),
                    LINES,
                    lines,
                    "oiconnect_orders.access_order_action",
                ),
            ),
            self.env._("No line is in service yet."),
            "availability",
            lambda counts: self._availability(lines, faulty, counts),
            needs=(TICKETS[0], LINES),
        )

    @api.model
    def _availability(self, lines, faulty, counts):
        """Return the share of the lines in service that no ticket is open on."""
        total = self._about(LINES, lines, counts["lines"])
        if not total:
            return {}
        broken = self._about(TICKETS[0], faulty, counts["faulty"])
        share = 100 * max(0, 1 - broken / total)
        text = formatLang(self.env, share, digits=AVAILABILITY_DIGITS)
        return {
            "text": f"{text}\N{NO-BREAK SPACE}%",
            "label": self.env._("of the lines in service have no ticket in progress"),
        }
