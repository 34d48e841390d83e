"""Plays the planned orders: the operators' files, our study, their reports."""

from collections import defaultdict

from ..plan.orders import GOALS
from .ageing import age, age_files
from .files import Files
from .network import QUIET

CONNECTED = ("in_service", "terminated", "delivered")
FAILED = ("connect_ko", "mad_ko")
STARTED = ("connecting", *FAILED, *CONNECTED)
OPTICAL_BUDGETS = ("-17.8 dBm", "-18.4 dBm", "-19.2 dBm", "-20.1 dBm", "-18.9 dBm")


class OrderLoader:
    def __init__(self, env, network):
        self.env = env(context=dict(env.context, **QUIET))
        self.orders = self.env["oiconnect.access.order"]
        self.files = Files(self.env, network)
        # Planned order → record
        self.records = {}

    def load(self, planned):
        """Play the orders wave after wave, month after month."""
        months = defaultdict(list)
        for order in planned:
            months[order.wave, order.month].append(order)
        for _month, orders in sorted(months.items(), key=lambda item: item[0]):
            self._play(orders)
            touched = orders + [order.follows for order in orders if order.follows]
            age(self.env, {order: self.records[order] for order in touched})
            self.files.answer()
        self.files.drop_wrong_files("OCBB")
        age_files(self.env, self.files.moments)

    def _play(self, planned):
        self._receive(planned)
        self._of(planned, *GOALS.keys() - {"ar_ok"}, "cr_ko")._study()
        self._fire(planned, "start", *STARTED)
        self._reprovision(planned, "hot")
        self._report(planned)
        self._connect(planned)
        self._reprovision(planned, "cold")
        self._restore(planned)
        self._activate(planned)
        self._end(planned)

    def _of(self, planned, *goals):
        """Return the records of the planned orders with one of ``goals``."""
        return self.orders.browse(
            [self.records[order].id for order in planned if order.goal in goals]
        )

    def _fire(self, planned, event, *goals):
        """Fire ``event`` where it is possible and should be."""
        self._of(planned, *goals)._can_fire(event)._fire(event)

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    def _receive(self, planned):
        self.files.drop(
            "CMD_ACCES",
            [(o.operator, o.life.dropped, self._line(o)) for o in planned],
        )
        new = self.orders.search([("id", "not in", self._of_all().ids)])
        by_reference = new.grouped("oc_reference")
        for order in planned:
            self.records[order] = by_reference[order.line["oc_reference"]]

    def _of_all(self):
        return self.orders.union(*self.records.values())

    def _line(self, order):
        line = dict(order.line, order_date=order.life.ordered.isoformat())
        line["install_date"] = order.life.connected.isoformat()
        if order.follows:
            line["pto_reference"] = self.records[order.follows].pto_id.reference
        return line

    # ------------------------------------------------------------------
    # Connection
    # ------------------------------------------------------------------

    def _report(self, planned):
        """Sub-contractors report in the evening of the visit."""
        self.files.drop(
            "CR_STOC",
            [
                (order.operator, order.life.reported, self._connection(order))
                for order in planned
                if order.goal in FAILED + CONNECTED and self._is_stoc(order)
            ],
        )

    def _is_stoc(self, order):
        record = self.records[order]
        return record.state == "connecting" and record.connection_type == "stoc"

    def _connection(self, order):
        record = self.records[order]
        line = self._names(record) | {
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

    def _names(self, record):
        return {
            "oc_reference": record.oc_reference,
            "service_reference": record.service_reference,
        }

    def _connect(self, planned):
        """Report other connections than STOC on the screen."""
        for order in planned:
            record = self.records[order]
            if record.state == "connecting" and order.goal in FAILED + CONNECTED:
                record._keep_connection(self._connection(order))
        self._fire(planned, "connected", *CONNECTED)
        self._of(planned, *FAILED).filtered(
            lambda record: record.state == "connecting"
        )._fire("connection_failed")

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    def _by_hand(self, record):
        person = self.env.ref("oiconnect_demo.user_orders", raise_if_not_found=False)
        return record.with_user(person or self.env.user).sudo()

    def _reprovision(self, planned, kind):
        reason = self.env.ref("oiconnect_orders.mutation_fibre_broken")
        for order in planned:
            if order.reprovision == kind:
                self._by_hand(self.records[order])._reprovision(kind, reason)

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
        self.files.drop(
            "CR_MES",
            [
                (
                    order.operator,
                    order.life.activated,
                    self._names(self.records[order])
                    | {
                        "pto_reference": self.records[order].pto_id.reference,
                        "in_service_date": order.life.in_service.isoformat(),
                    },
                )
                for order in planned
                if order.goal in ("in_service", "terminated")
            ],
        )

    def _end(self, planned):
        self._drop_ends(planned, "cancelled", "ANNUL_ACCES", "ANNUL")
        self._drop_ends(planned, "terminated", "RES_ACCES", "RESIL")

    def _drop_ends(self, planned, goal, flow, operation):
        self.files.drop(
            flow,
            [
                (
                    order.operator,
                    order.life.ended,
                    self._names(self.records[order])
                    | {
                        "operation": operation,
                        "date": order.life.ended.isoformat(),
                        "responsibility": "CLIENT",
                    },
                )
                for order in planned
                if order.goal == goal
            ],
        )
