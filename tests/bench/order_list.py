"""First page of the lists of orders, visits and things to do, by each of their filters.

As the web client asks for it, for a user of access orders: the columns of the list, a
page of eighty, a count up to ten thousand, the order of the list; each filter alone,
each with each other, and grouped; what is in progress sorted by each column, and as
each other view shows it.
"""

from itertools import combinations

from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from . import order_lists_fill
from .common import environment, figure, percentile, timed

COUNTS = {"small": 100_000, "full": 1_000_000}
PAGE, ROUNDS, SLOWEST = 80, 2, 12
GROUP = "oiconnect_base.group_access_user"
# What is typed or chosen in the fields of a search view, and dates.
TYPED = {
    "oiconnect.access.order": {
        "oc_reference": "BENCH-0004321",
        "customer": "NOM0042",
        "operator_id": "L012",
        "state": "connect_ko",
        "network_id": "OIBL",
        "connection_type": "oi",
        "pto_id": "ZB-0000-4321",
        "pm_id": "OIBL-PM-1",
        "building_id": "OIBL/B/1",
        "city": "EXEMPLE 12",
        "reason_id": "FADR01",
    },
    "oiconnect.appointment": {
        "reference": "BENCH-00004321",
        "oc_reference": "BENCH-0004320",
        "customer": "06 00 00 43 20",
        "operator_id": "L012",
        "commune_id": "e",
        "state": "confirmed",
        "network_id": "OIBL",
        "team_id": "Bench",
        "building_id": "OIBL/B/1",
    },
    "oiconnect.todo": {
        "name": "BENCH-0004320",
        "customer": "06 00 00 43 20",
        "operator_id": "L012",
        "kind": "report",
        "network_id": "OIBL",
        "user_id": "bench",
    },
}
MONTH = ("today -1m", "today")
# The filters of the users' guide, and the three modes; the others are counted apart.
MODES = {"[open]", "[closed]", "[all]"}
GUIDE = {
    "oiconnect.access.order": MODES
    | {"oc_reference", "operator_id", "state", "network_id", "connection_type"}
    | {"pto_id", "[in_service]", "[by_oc]", "[by_oi]", "[by_stoc]"},
    "oiconnect.appointment": MODES
    | {"reference", "oc_reference", "operator_id", "commune_id", "state"}
    | {"network_id"},
    "oiconnect.todo": {"[open]", "[done]", "[mine]", "[late]", "kind", "operator_id"},
}


def run(size):
    count = COUNTS[size]
    with environment() as env:
        order_lists_fill.make(env, count)
        env = env(user=_user(env))
        for model, typed in TYPED.items():
            screen = Screen(env, model, typed)
            name = model.removeprefix("oiconnect.").replace("access.", "")
            pages = screen.pages()
            guide = {n for n in pages if set(n.split(" + ")) <= GUIDE[model]}
            tell(f"{name}_list_page_p95", {n: pages.pop(n) for n in guide}, count)
            tell(f"{name}_list_other_page_p95", pages, count)
            tell(f"{name}_list_group_p95", screen.groups(), count)
            tell(f"{name}_list_sort_p95", screen.sorts(), count)
            if views := screen.views():
                tell(f"{name}_other_views_p95", views, count)
        env.cr.rollback()


def tell(name, times, count):
    every = [seconds for values in times.values() for seconds in values]
    worst = sorted(times, key=lambda key: -max(times[key]))[:SLOWEST]
    figure(
        name,
        percentile(every, 0.95) * 1000,
        "ms",
        orders=count,
        filters=len(times),
        median=round(percentile(every, 0.5) * 1000, 1),
        slowest={key: round(max(times[key]) * 1000, 1) for key in worst},
    )


def _user(env):
    users = env["res.users"].with_context(no_reset_password=True)
    group = env.ref(GROUP)
    return users.create(
        {"name": "Bench", "login": "bench_orders", "group_ids": [(6, 0, group.ids)]}
    )


class Screen:
    """The list and the search view of a model, as its user sees them."""

    def __init__(self, env, model, typed):
        self.env, self.model, self.typed = env, env[model], typed
        self.search = etree.fromstring(self.model.get_view(view_type="search")["arch"])
        listed = self.model.get_view(view_type="list")
        arch = etree.fromstring(listed["arch"])
        self.order = arch.get("default_order")
        self.columns = self._columns(arch)

    def _columns(self, arch):
        names = {node.get("name") for node in arch.iter("field")}
        fields = self.model._fields
        return {
            name: {"fields": {"display_name": {}}} if fields[name].relational else {}
            for name in names
        }

    def filters(self):
        """Return ``{name: domain}``: typed ones, ready ones, months."""
        found = {}
        for node in self.search.iter("field", "filter"):
            name = node.get("name")
            if node.tag == "field" and name in self.typed:
                found[name] = self._typed(node)
            elif node.get("date"):
                date = node.get("date")
                found[f"[{name}]"] = [(date, ">=", MONTH[0]), (date, "<", MONTH[1])]
            elif node.get("domain"):
                found[f"[{name}]"] = safe_eval(
                    node.get("domain"), {"uid": self.env.uid}
                )
        return found

    def _typed(self, node):
        name, text = node.get("name"), self.typed[node.get("name")]
        if node.get("filter_domain"):
            return safe_eval(node.get("filter_domain"), {"self": text})
        chosen = self.model._fields[name].type == "selection"
        return [(name, node.get("operator") or ("=" if chosen else "ilike"), text)]

    def pages(self):
        """Return ``{filter or pair: seconds of each round}``."""
        filters = self.filters()
        domains = {name: Domain(domain) for name, domain in filters.items()}
        for one, other in combinations(filters, 2):
            domains[f"{one} + {other}"] = Domain(filters[one]) & Domain(filters[other])
        return {
            name: self._times(lambda domain=domain: self._page(domain))
            for name, domain in domains.items()
        }

    def alone(self, rounds):
        """Return ``{filter: seconds of each round}``, no filter with another one."""
        return {
            name: self._times(lambda domain=domain: self._page(Domain(domain)), rounds)
            for name, domain in self.filters().items()
        }

    def _page(self, domain, order=None):
        self.model.web_search_read(
            list(domain),
            self.columns,
            limit=PAGE,
            order=order or self.order,
            count_limit=10001,
        )

    def groups(self):
        """Return ``{grouping in a mode: seconds of each round}``."""
        modes = {
            name: domain
            for name, domain in self.filters().items()
            if name in ("[open]", "[closed]", "[all]", "[done]")
        }
        found = {}
        for node in self.search.iter("filter"):
            by = safe_eval(node.get("context") or "{}").get("group_by")
            for mode, domain in modes.items() if by else ():
                found[f"{by} {mode}"] = self._times(
                    lambda by=by, domain=domain: self.model.web_read_group(
                        domain, [by], ["__count"], limit=PAGE
                    )
                )
        return found

    def sorts(self):
        """Return ``{column and way: seconds of each round}`` of what is in progress."""
        domain = self.filters()["[open]"]
        fields = self.model._fields
        return {
            order: self._times(lambda order=order: self._page(domain, order))
            for name in sorted(self.columns)
            for order in (f"{name} asc", f"{name} desc")
            if fields[name].store
        }

    def views(self):
        """Return ``{view: seconds of each round}`` of what is in progress."""
        domain = self.filters()["[open]"]
        asks = {"kanban": self._kanban, "pivot": self._pivot, "graph": self._graph}
        found = {}
        for kind, ask in asks.items():
            if self._has(kind):
                arch = etree.fromstring(self.model.get_view(view_type=kind)["arch"])
                found[kind] = self._times(lambda ask=ask, arch=arch: ask(arch, domain))
        return found

    def _has(self, kind):
        return (
            self.env["ir.ui.view"]
            .sudo()
            .search_count(
                [("model", "=", self.model._name), ("type", "=", kind)], limit=1
            )
        )

    def _kanban(self, arch, domain):
        by = arch.get("default_group_by")
        cards = self._columns(arch.find("templates"))
        self.model.with_context(read_group_expand=True).web_read_group(
            domain,
            [by],
            order=arch.get("default_order"),
            auto_unfold=True,
            unfold_read_specification=cards,
        )

    def _pivot(self, arch, domain):
        rows, columns = (self._groupings(arch, kind) for kind in ("row", "col"))
        sets = [[], rows[:1], columns[:1], rows[:1] + columns[:1]]
        self.model.formatted_read_grouping_sets(domain, sets, ["__count"])

    def _graph(self, arch, domain):
        by = self._groupings(arch, None)
        self.model.formatted_read_group(domain, by, ["__count"])

    @staticmethod
    def _groupings(arch, kind):
        return [
            ":".join(filter(None, (node.get("name"), node.get("interval"))))
            for node in arch.iterfind("field")
            if node.get("type") == kind
        ]

    def _times(self, ask, rounds=ROUNDS):
        times = []
        for _round in range(rounds):
            self.env.invalidate_all()
            with timed() as clock:
                ask()
            times.append(clock.seconds)
        return times
