"""Plays the planned orders: the operators' files, our study, their reports."""

from collections import defaultdict

from odoo.fields import Datetime

from odoo.addons.oiconnect_base.time_zone import to_utc

from ..plan.orders import GOALS
from .clock import go_to
from .files import Files
from .network import QUIET

CONNECTED = ("in_service", "terminated", "delivered")
FAILED = ("connect_ko", "mad_ko")
STARTED = ("connecting", *FAILED, *CONNECTED)
STUDIED = ("cr_ko", *GOALS.keys() - {"ar_ok"})
# Step, the time of its life at which an order takes it, and goals of those that do
STEPS = (
    ("receive", "receipt", (*GOALS, "ar_ko", "cr_ko")),
    ("study", "report", STUDIED),
    ("reprovision", "changed", GOALS),
    ("report", "delivered", FAILED + CONNECTED),
    ("connect", "delivered", FAILED + CONNECTED),
    ("restore", "ended", ("delivered",)),
    ("activate", "activated", ("in_service", "terminated")),
    ("cancel", "ended", ("cancelled",)),
    ("terminate", "ended", ("terminated",)),
)
OPTICAL_BUDGETS = ("-17.8 dBm", "-18.4 dBm", "-19.2 dBm", "-20.1 dBm", "-18.9 dBm")


class OrderLoader:
    def __init__(self, env, network):
        self.env = env(context=dict(env.context, **QUIET))
        self.network = network
        self.orders = self.env["oiconnect.access.order"]
        self.files = Files(self.env, network)
        # Planned order → record
        self.records = {}

    def load(self, planned):
        """Take all steps in the order of their times; those of one time at once."""
        steps = defaultdict(list)
        for order in planned:
            for rank, (_step, time, goals) in enumerate(STEPS):
                if order.goal in goals and getattr(order.life, time):
                    steps[getattr(order.life, time), rank].append(order)
        for (moment, rank), orders in sorted(steps.items(), key=lambda item: item[0]):
            go_to(self.env, to_utc(moment))
            getattr(self, f"_{STEPS[rank][0]}")(orders)
        self.files.drop_wrong_files("OCBB")
        go_to(self.env, None)
        self.files.answer()
        self._follow_up()

    def _of(self, planned, *goals):
        """Return the records of the planned orders with one of ``goals``."""
        return self.orders.browse(
            [self.records[order].id for order in planned if order.goal in goals]
        )

    def _fire(self, planned, event, *goals):
        """Fire ``event`` where it is possible and should be."""
        self._of(planned, *goals)._can_fire(event)._fire(event)

    def _drop(self, flow, planned, time, line):
        """Drop the operators' files that say of each order what ``line`` returns."""
        self.files.drop(
            flow,
            [(one.operator, getattr(one.life, time), line(one)) for one in planned],
        )

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    def _receive(self, planned):
        self._drop("CMD_ACCES", planned, "dropped", self._line)
        references = [order.line["oc_reference"] for order in planned]
        # The newest: one reference is used again.
        found = self.orders.search([("oc_reference", "in", references)], order="id")
        newest = {record.oc_reference: record for record in found}
        for order in planned:
            self.records[order] = newest[order.line["oc_reference"]]

    def _line(self, order):
        line = dict(order.line, order_date=order.life.ordered.isoformat())
        line["install_date"] = order.life.connected.isoformat()
        if order.follows:
            line["pto_reference"] = self.records[order.follows].pto_id.reference
        return line

    def _study(self, planned):
        self._of(planned, *STUDIED)._study()
        self._fire(planned, "start", *STARTED)

    # ------------------------------------------------------------------
    # Connection
    # ------------------------------------------------------------------

    def _report(self, planned):
        """Sub-contractors report in the evening of the visit."""
        stoc = filter(self._is_stoc, planned)
        self._drop("CR_STOC", stoc, "reported", self._connection)

    def _is_stoc(self, order):
        record = self.records[order]
        return record.state == "connecting" and record.connection_type == "stoc"

    def _connection(self, order):
        record = self.records[order]
        line = self._names(order) | {
            "subcontract_reference": record.subcontract_reference,
            "connection_date": order.life.connected.isoformat(),
            "result": "KO" if order.reason else "OK",
        }
        if order.reason:
            return line | {"reason_code": order.reason}
        budget = OPTICAL_BUDGETS[record.id % len(OPTICAL_BUDGETS)]
        return line | {
            "pto_reference": record.pto_id.reference,
            "socket_installed": not record.existing_socket,
            "optical_budget": budget,
        }

    def _names(self, order):
        record = self.records[order]
        return {
            "oc_reference": record.oc_reference,
            "service_reference": record.service_reference,
        }

    def _connect(self, planned):
        """Report other connections than STOC on the screen."""
        left = [one for one in planned if self.records[one].state == "connecting"]
        for order in left:
            self.records[order]._keep_connection(self._connection(order))
        self._fire(left, "connected", *CONNECTED)
        self._fire(left, "connection_failed", *FAILED)

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    def _by_hand(self, record):
        person = self.env.ref("oiconnect_demo.user_orders")
        return record.with_user(person).sudo()

    def _reprovision(self, planned):
        reason = self.env.ref("oiconnect_orders.mutation_fibre_broken")
        for order in planned:
            if order.reprovision:
                record = self._by_hand(self.records[order])
                record._reprovision(order.reprovision, reason)

    def _restore(self, planned):
        for order in planned:
            if order.mistaken:
                self._by_hand(self.records[order.follows])._restore_line(
                    "Votre ligne vous est rendue : prise du logement voisin",
                    "Prise attribuée par erreur",
                )

    # ------------------------------------------------------------------
    # Service and ends
    # ------------------------------------------------------------------

    def _activate(self, planned):
        self._drop("CR_MES", planned, "activated", self._activation)

    def _activation(self, order):
        return self._names(order) | {
            "pto_reference": self.records[order].pto_id.reference,
            "in_service_date": order.life.in_service.isoformat(),
        }

    def _cancel(self, planned):
        self._drop("ANNUL_ACCES", planned, "ended", self._ending("ANNUL"))

    def _terminate(self, planned):
        self._drop("RES_ACCES", planned, "ended", self._ending("RESIL"))

    def _ending(self, operation):
        return lambda order: (
            self._names(order)
            | {
                "operation": operation,
                "date": order.life.ended.isoformat(),
                "responsibility": "CLIENT",
            }
        )

    # ------------------------------------------------------------------
    # What is to do now
    # ------------------------------------------------------------------

    def _follow_up(self):
        """Mark what is late; some of what is to do is taken, as on any morning."""
        orders = self.orders.search([("network_id", "=", self.network.id)])
        orders.filtered_domain([("due_date", "<", Datetime.now())])._mark_late()
        person = self.env.ref("oiconnect_demo.user_orders")
        for todos in orders.todo_ids.grouped("kind").values():
            todos[:1].user_id = person
