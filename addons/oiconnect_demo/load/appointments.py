"""Teams of the demo, the visits that they made, and those requested of them."""

from datetime import timedelta

from odoo.fields import Datetime

from odoo.addons.oiconnect_base.time_zone import PARIS, local_day
from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_orders.planning import DAY, Slot, moment
from odoo.addons.oiconnect_orders.public_holidays import public_holidays

from .clock import go_to
from .network import QUIET

SOAP = Origin("soap")
REGION = "metropolitan"
# Name, communes served (none: all), colour, visits at a time, after-sales
TEAMS = (
    ("Équipe Plaine", ("01007", "01089"), 4, 2, False),
    ("Équipe Vallée", ("01345", "01149", "01008"), 2, 1, False),
    ("Équipe Dépannage", (), 10, 1, True),
)
HOURS = ((8, 12), (13, 17))
SLOT = timedelta(hours=2)
# What became of the visits, by the state of their order
ENDS = {
    "delivered": "visit",
    "in_service": "visit",
    "terminated": "visit",
    "connect_ko": "visit",
    "mad_ko": "visit",
    "cancelled": "cancel",
}
# Nobody goes where the order was refused.
REFUSED = ("ar_ko", "cr_ko")
# What operators ask for without an order yet: operator, commune, what became of it
REQUESTS = (
    ("OCAA", "01007", ()),
    ("OCAA", "01089", ()),
    ("OCBB", "01345", ()),
    ("OCCC", "01007", ()),
    ("OCBB", "01007", ("confirm",)),
    ("OCAA", "01345", ("propose",)),
    ("OCBB", "01089", ("confirm", "move")),
    ("OCCC", "01345", ("cancel",)),
    ("OCAA", "01007", ("expire",)),
    ("OCBB", "01007", ("confirm",), "repair"),
    ("OCCC", "01345", (), "repair"),
)
# When what was done to a visit was done: before or after it, in days
STEP_DAYS = {"create": -6, "confirm": -5, "cancel": -2, "visit": 0, "miss": 0}


class AppointmentLoader:
    """:param records: ``{planned order: record}``"""

    def __init__(self, env, network, records):
        self.env = env(context=dict(env.context, **QUIET))
        self.network = network
        self.records = records
        self.appointments = self.env["oiconnect.appointment"]
        self.now = Datetime.now()
        self.today = local_day(self.now)
        # Visits awaited are spread from today on
        self.ahead = 0

    def load(self):
        self._make_teams()
        # References go on after those that the orders name
        self.env.cr.execute(
            "SELECT setval('oiconnect_appointment_reference', %s)", [len(self.records)]
        )
        for planned, order in self.records.items():
            is_visited = order._needs_visit() and order.state not in REFUSED
            if is_visited and order.building_id:
                self._visit(planned, order)
        go_to(self.env, None)
        for request in REQUESTS:
            self._ask(*request)

    # ------------------------------------------------------------------
    # Teams
    # ------------------------------------------------------------------

    def _make_teams(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Équipes d'intervention, 8 h – 17 h",
                "tz": PARIS,
                "company_id": self.network.company_id.id,
                "attendance_ids": [(5, 0, 0)]
                + [
                    (0, 0, self._attendance(day, *hours))
                    for day in range(5)
                    for hours in HOURS
                ],
            }
        )
        self.teams = self.env["oiconnect.appointment.team"].create(
            [self._team(calendar, *team) for team in TEAMS]
        )
        self._close()

    def _attendance(self, day, start, stop):
        return {
            "name": f"{start} h – {stop} h",
            "dayofweek": str(day),
            "hour_from": start,
            "hour_to": stop,
            "day_period": "morning" if start < 12 else "afternoon",
        }

    def _team(self, calendar, name, codes, color, capacity, for_repair):
        communes = self.env["oiconnect.commune"]._by_insee(codes)
        return {
            "name": name,
            "network_id": self.network.id,
            "calendar_id": calendar.id,
            "commune_ids": [(6, 0, [one.id for one in communes.values()])],
            "color": color,
            "capacity": capacity,
            "for_production": not for_repair,
            "for_repair": for_repair,
        }

    def _close(self):
        """Public holidays of this year and the next, and a day of training."""
        company = self.network.company_id
        company._make_public_holidays()
        training = self._workday(self.today + 9 * DAY)
        self.env["resource.calendar.leaves"].with_company(company).create(
            company._holiday_vals(training, "Formation sécurité")
            | {"resource_id": self.teams[1].resource_id.id}
        )

    # ------------------------------------------------------------------
    # Visits of orders
    # ------------------------------------------------------------------

    def _visit(self, planned, order):
        """Book the visit of an order, and let it become what the order became."""
        ended = ENDS.get(order.state)
        day = planned.life.connected.date() if ended else self._day_ahead()
        self._go_to(moment(day, HOURS[0][0], PARIS), "create")
        visit = self._book(order, day)
        visit.reference = order.appointment_reference
        self._go_to(visit.start, "confirm")
        visit._fire("confirm")
        visit._attach_order(order)
        if order.reason_id.customer_absent:
            ended = "miss"
        if ended:
            self._go_to(visit.start, ended)
            visit._fire(ended)

    def _go_to(self, start, event):
        """Go to when ``event`` happened to the visit that begins at ``start``."""
        go_to(self.env, min(start + STEP_DAYS[event] * DAY, self.now))

    def _day_ahead(self):
        self.ahead += 1
        return self.today + (self.ahead // 3) * DAY

    def _book(self, order, day):
        team = next(
            team
            for team in self.teams
            if order.building_id.commune_id in team.commune_ids
        )
        visit = self.appointments.create(
            {
                "operator_id": order.operator_id.id,
                "network_id": self.network.id,
                "commune_id": order.building_id.commune_id.id,
                "team_id": team.id,
                "start": self.now,
                "stop": self.now + SLOT,
            }
        )
        slots = self._slots(self._workday(day))
        while not visit._reserve_slot(team, next(slots)):
            pass
        return visit

    def _slots(self, day):
        """Yield the slots of a day, then those of the days after."""
        while True:
            for start, _stop in HOURS:
                for hour in (start, start + 2):
                    begin = moment(day, hour, PARIS)
                    yield Slot(begin, begin + SLOT, 1)
            day = self._workday(day + DAY)

    def _workday(self, day):
        while day.weekday() > 4 or day in dict(public_holidays(REGION, day.year)):
            day += DAY
        return day

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    def _ask(self, operator, commune, events, kind="production"):
        """Book as the operator does, then do what we or it did after that."""
        operators = self.env["oiconnect.operator"]
        place = self.env["oiconnect.commune"]._by_insee([commune])[commune]
        visit, _refusals = self.appointments._book(
            operators.search([("interop_code", "=", operator)], limit=1),
            self.network,
            place,
            self._offers(place, kind)[0].reference,
            SOAP,
            building_id=self._house(place).id,
            kind=kind,
        )
        for event in events:
            if event in ("move", "propose"):
                change = visit._move if event == "move" else visit._propose
                change(self._offers(place, kind)[5].reference, origin=SOAP)
            else:
                visit._fire(event, SOAP)

    def _offers(self, commune, kind):
        return self.appointments._search_slots(
            self.network, commune, self.now, self.now + 14 * DAY, kind
        )

    def _house(self, commune):
        """Return a deployed building of the commune where no one has ordered."""
        buildings = self.env["oiconnect.building"]
        ordered = self.env["oiconnect.access.order"].search([]).building_id
        visited = self.appointments.search([("building_id", "!=", False)]).building_id
        return buildings.search(
            [
                ("commune_id", "=", commune.id),
                ("state", "=", "deployed"),
                ("id", "not in", (visited | ordered).ids),
            ],
            limit=1,
        )
