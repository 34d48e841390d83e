from datetime import timedelta

from odoo import fields

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_orders.tests.common import OrderCase, make_network

from ..charts import PAGES, Chart

# A delay of each rate
KINDS = (
    *("receipt", "report_build", "availability", "appointment"),
    *("ticket_repair", "ticket_gtr"),
)
EVERY_KIND = ("access", "pm_order", "link", "infra", "ticket", "statistics")


class StatisticsCase(OrderCase):
    """A network with orders and tickets in several states, of two operators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statistics = cls.env["oiconnect.statistics"]
        cls.sandbox = cls.env["oiconnect.network"].create(
            {
                "name": "Bac à sable",
                "oi_code": "OISB",
                "code": "OISB",
                "pto_prefix": "ZS",
                "is_sandbox": True,
            }
        )
        cls.elsewhere = make_network(cls.env, "OIEL", "ZE")["network"]
        cls.stranger = cls.env["res.company"].create({"name": "Ailleurs"})
        cls.elsewhere.company_id = cls.stranger
        for network in (cls.network, cls.sandbox, cls.elsewhere):
            cls._fill(network)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _fill(cls, network):
        """Add orders, tickets and figures of delays, by their columns alone."""
        made = {"network_id": network.id, "company_id": network.company_id.id}
        now = fields.Datetime.now()
        reason = cls.env["oiconnect.reason"]._of("FADR03")
        code = cls.env["oiconnect.ticket.closure.code"]._of("RET01")
        states = ("received", "ar_ok", "ar_ko", "cr_ko", "cr_ok", "connect_ko")
        for rank in range(60):
            operator = cls.rival if rank % 3 == 0 else cls.operator
            common = made | {"operator_id": operator.id}
            moment = now - timedelta(days=17 * rank, hours=rank)
            state = states[rank % len(states)]
            failed = state == "connect_ko"
            cls._insert(
                "oiconnect_access_order",
                common
                | {
                    "state": state,
                    "oc_reference": f"{network.oi_code}-{rank}",
                    "connection_type": ("oc", "oi", "stoc", None)[rank % 4],
                    "reason_id": reason.id if state.endswith("_ko") else None,
                    "building_id": cls.building.id,
                    "failure_date": moment if failed else None,
                    "connection_date": moment if rank % 5 == 0 else None,
                    "create_date": moment,
                    "is_open": not state.endswith("r_ko"),
                },
            )
            cls._insert(
                "oiconnect_ticket",
                common
                | {
                    "reference": f"{network.oi_code}-SAV-{rank}",
                    "state": ("open", "in_progress", "closed")[rank % 3],
                    "is_open": rank % 3 < 2,
                    "opened_by": "oc",
                    "priority": "0",
                    "closure_code_id": code.id,
                    "opened_date": moment,
                    "create_date": moment,
                },
            )
            cls._insert(
                "oiconnect_delay_count",
                common
                | {
                    "day": moment.date(),
                    "kind": KINDS[rank % len(KINDS)],
                    "awaited": "us" if rank % 7 else "operator",
                    "ended": 5 + rank,
                    "late": rank % 4,
                },
            )

    @classmethod
    def _insert(cls, table, values):
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        cls.env.cr.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", [*values.values()]
        )

    @classmethod
    def _filter_sets(cls):
        """Return filters of all sorts, alone and together."""
        today = local_today()
        recent = {"date_from": (today - timedelta(days=200)).isoformat()}
        earlier = {
            "date_from": (today - timedelta(days=500)).isoformat(),
            "date_to": (today - timedelta(days=90)).isoformat(),
        }
        one = {"operator_ids": [cls.operator.id]}
        both = {"operator_ids": [cls.operator.id, cls.rival.id]}
        here = {"network_ids": [cls.network.id]}
        nothing = {"date_from": "2001-01-01", "date_to": "2001-01-02"}
        foreign = {"network_ids": [cls.elsewhere.id, cls.sandbox.id]}
        return [
            {},
            recent,
            earlier,
            one,
            both | here,
            earlier | one | here,
            nothing,
            foreign,
        ]

    def _read_all(self, user, filters, dimensions=None):
        """Yield ``(page, chart, answer)`` of all charts, in all their splits."""
        statistics = self.statistics.with_user(user)
        for page in PAGES.values():
            for chart in page.charts:
                if isinstance(chart, Chart):
                    splits = [None]
                else:
                    splits = dimensions or page.dimensions
                for split in splits:
                    if split is None or split in page.dimensions:
                        answer = statistics.read_chart(
                            page.key, chart.key, filters, split
                        )
                        yield page, chart, answer
