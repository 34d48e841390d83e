"""Gives the played orders their delays: what was met, what was missed, what is due."""

from collections import Counter, defaultdict

from odoo.fields import Datetime

from odoo.addons.oiconnect_base.models.delays.clock_mixin import Clock
from odoo.addons.oiconnect_orders.delays.kinds import running

# Dates of an order between which a delay ran, and the state in which it did.
PAST = (
    ("receipt_date", "report_date", "ar_ok"),
    ("report_date", "delivered_date", "connecting"),
    ("delivered_date", "in_service_date", "delivered"),
)


class DelayLoader:
    def __init__(self, env, network):
        self.env = env
        self.orders = env["oiconnect.access.order"].search(
            [("network_id", "=", network.id)]
        )
        # Playing months in a minute ended their delays in that minute.
        for model in ("oiconnect.delay.count", "oiconnect.delay.miss"):
            env[model].search([("network_id", "=", network.id)]).unlink()

    def load(self):
        self._past()
        self._present()
        self._share()

    def _past(self):
        ended, late = Counter(), Counter()
        misses = self.env["oiconnect.delay.miss"]
        for order, kind, start, end in self._ended():
            rule = order._delay_rules()[kind]
            due, _warning = self.env["oiconnect.delay"]._limit(rule, start)
            key = (end.date(), order.network_id, order.operator_id, kind, rule.awaited)
            ended[key] += 1
            if end > due:
                late[key] += 1
                misses._add(order, kind, rule.awaited, due, end)
        self._count(ended, late)

    def _ended(self):
        """Yield ``(order, kind, start, end)`` of the delays that ended."""
        for order in self.orders:
            for first, last, state in PAST:
                kind = running(state, order.connection_type, order.existing_socket)
                if order[first] and order[last]:
                    yield order, kind, order[first], order[last]

    def _count(self, ended, late):
        self.env["oiconnect.delay.count"].create(
            [
                {
                    "day": day,
                    "network_id": network.id,
                    "operator_id": operator.id,
                    "kind": kind,
                    "awaited": awaited,
                    "ended": number,
                    "late": late[day, network, operator, kind, awaited],
                }
                for (day, network, operator, kind, awaited), number in ended.items()
            ]
        )

    def _present(self):
        """Let what is awaited be due by its dates."""
        self.env["oiconnect.todo"].search([]).unlink()
        self.orders.write({**Clock()._asdict(), "todo_kind": False})
        self.orders._restart_clock(from_dates=True)
        now = Datetime.now()
        self.orders.filtered(lambda o: o.due_date and o.due_date < now)._mark_late()
        self.orders._sync_todos()
        visits = self.env["oiconnect.appointment"].search([("awaits", "=", "us")])
        visits.write({"todo_kind": False})
        visits._sync_todos()

    def _share(self):
        """Some of what is to do is taken, as on any morning."""
        person = self.env.ref("oiconnect_demo.user_orders", raise_if_not_found=False)
        by_kind = defaultdict(list)
        todos = self.env["oiconnect.todo"].search([("state", "=", "open")])
        for todo in todos:
            by_kind[todo.kind].append(todo.id)
        first = [ids[0] for ids in by_kind.values()]
        todos.browse(first).user_id = person
