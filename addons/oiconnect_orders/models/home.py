from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.oiconnect_base.home import (
    DANGER,
    MOST,
    WARNING,
    Block,
    Number,
    Step,
    within,
)
from odoo.addons.oiconnect_base.time_zone import local_today

DAYS = 14
# Visits on the small map; those that are named under it
MAX_VISITS, NAMED_VISITS = 100, 4
ORDERS = ("oiconnect.access.order", "oiconnect_orders.access_order_action")
VISITS = ("oiconnect.appointment", "oiconnect_orders.appointment_action")
SATURDAY = 5


class Home(models.AbstractModel):
    """Orders: what waits, today's visits, the pulse of the last days."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        methods = (self._order_block, self._visit_block, self._pulse_block)
        return [*super()._blocks(), *self._declared(*methods)]

    # ------------------------------------------------------------------
    # What waits
    # ------------------------------------------------------------------

    @api.model
    def _order_block(self):
        open_orders = Domain("is_open", "=", True)
        late = open_orders & Domain("due_date", "<", fields.Datetime.now())
        model, action = ORDERS
        return Block(
            "orders",
            self.env._("Access orders"),
            20,
            (
                Number(
                    "late_us",
                    self.env._("Late, awaiting us"),
                    model,
                    late & Domain("awaited", "=", "us"),
                    action,
                    DANGER,
                ),
                Number(
                    "late_operator",
                    self.env._("Late, awaiting the operator"),
                    model,
                    late & Domain("awaited", "=", "operator"),
                    action,
                    WARNING,
                ),
                Number(
                    "to_resume",
                    self.env._("Failed connections to resume"),
                    model,
                    open_orders & Domain("state", "=", "connect_ko"),
                    action,
                    WARNING,
                ),
                Number(
                    "open", self.env._("Orders in progress"), model, open_orders, action
                ),
            ),
            self.env._("No order is in progress. Those that operators send come here."),
            link=(self.env._("Open the orders"), action),
        )

    # ------------------------------------------------------------------
    # Today's visits
    # ------------------------------------------------------------------

    @api.model
    def _visit_block(self):
        model, action = VISITS
        visits = self.env[model]
        of_today = visits._of_day(local_today())
        tomorrow = local_today() + timedelta(days=1)
        numbers = (
            Number("today", self.env._("Visits today"), model, of_today, action),
            Number(
                "unconfirmed",
                self.env._("Today's visits to confirm"),
                model,
                of_today & Domain("state", "in", ("created", "postponed")),
                action,
                WARNING,
            ),
            Number(
                "absent",
                self.env._("Customers absent today"),
                model,
                of_today & Domain("state", "=", "customer_absent"),
                action,
                WARNING,
            ),
            Number(
                "needless",
                self.env._("Visits that serve nothing any more"),
                model,
                Domain("needless_reason", "!=", False),
                action,
                WARNING,
            ),
            Number(
                "tomorrow",
                self.env._("Visits tomorrow"),
                model,
                visits._of_day(tomorrow),
                action,
            ),
        )
        return Block(
            "visits",
            self.env._("Today's visits"),
            30,
            numbers,
            self.env._(
                "No visit today or tomorrow. Operators book them, or you by telephone."
            ),
            "visits",
            lambda _counts: self._visit_map(of_today),
            (
                self.env._("Open the map of the day"),
                "oiconnect_orders.appointment_day_action",
            ),
        )

    @api.model
    def _visit_map(self, of_today):
        visits = self.env["oiconnect.appointment"]
        shown = self._on_screen(visits, of_today)
        found = visits.search(shown, order="start, team_id, id", limit=MAX_VISITS)
        lines = [visit._day_visit(rank) for rank, visit in enumerate(found, 1)]
        now = fields.Datetime.now()
        names = [
            line for line, visit in zip(lines, found, strict=True) if visit.stop > now
        ]
        return {
            "styles": visits._day_states(),
            "tiles": self.env["oiconnect.map.layer"]._tiles()[:1],
            "places": [
                line | {"label": f"{line['hours']} {line['address']}"}
                for line in lines
                if line["lat"]
            ],
            "next": names[:NAMED_VISITS],
        }

    # ------------------------------------------------------------------
    # The pulse
    # ------------------------------------------------------------------

    @api.model
    def _pulse_block(self):
        model, action = ORDERS
        since = local_today() - timedelta(days=DAYS - 1)
        days = [since + timedelta(days=rank) for rank in range(DAYS)]
        received = within("create_date", since, DAYS)
        served = within("in_service_date", since, DAYS)
        return Block(
            "pulse",
            self.env._("Orders a day"),
            60,
            (
                *(self._day_number(day) for day in days),
                Number(
                    "received",
                    self.env._("Orders received in 14 days"),
                    model,
                    received,
                    action,
                ),
                Number(
                    "in_service",
                    self.env._("Put in service in 14 days"),
                    model,
                    served,
                    action,
                ),
            ),
            self.env._("No order came in the last 14 days."),
            "bars",
        )

    @api.model
    def _day_number(self, day):
        """Served by the index (create_date, operator_id) of orders."""
        name = format_date(self.env, day, date_format="EEEE d MMMM")
        model, action = ORDERS
        return Number(
            f"day_{day}",
            self.env._("Orders received on %s", name),
            model,
            within("create_date", day),
            action,
            more={"bar": str(day.day), "is_weekend": day.weekday() >= SATURDAY},
        )

    @api.model
    def _about(self, model, domain, count):
        """Return how many records there are: exact up to ``MOST``, else estimated.

        The planner's estimate costs no look at the rows.

        :param count: those that were counted, up to ``MOST`` and one
        """
        if count <= MOST:
            return count
        records = self.env[model]
        query = records._search(self._on_screen(records, domain))
        [[plan]] = self.env.execute_query(
            SQL("EXPLAIN (FORMAT JSON) %s", query.select())
        )
        return max(count, plan[0]["Plan"]["Plan Rows"])

    # ------------------------------------------------------------------
    # First steps
    # ------------------------------------------------------------------

    @api.model
    def _steps(self):
        return [
            *super()._steps(),
            Step(
                "order",
                60,
                self.env._("First access order"),
                self.env._(
                    "An operator sends it by a file, or you write it by hand to try "
                    "everything out."
                ),
                self._has_order,
                self.env._("Write an order"),
                "oiconnect_orders.access_order_new_action",
            ),
        ]

    @api.model
    def _has_order(self):
        orders = self.env["oiconnect.access.order"].sudo()
        return bool(
            orders.search_count([("network_id.is_sandbox", "=", False)], limit=1)
        )
