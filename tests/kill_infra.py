"""Orders of the network: a report on a PM, a file of link orders, a co-financing."""

import io
import zipfile

from kill_place import REPORTER, UPLOADER, Work, drain, process, receipts
from kill_points import BOX, COMMIT, after, before
from odoo_process import environment

ORDERS = 2
ACCESSES = 150
# Accesses at a PM that are being connected, as its rental has them
RENTED = """
    UPDATE oiconnect_access_order
       SET state = 'connecting', retained_type = 'loca', pm_id = %s
     WHERE origin = %s"""


class InfraWork(Work):
    """Work on places of its own, for an operator of the place."""

    operator = REPORTER

    def __init__(self, found, place):
        super().__init__(found, place)
        self.number = next(place.numbers)
        self.endpoint_id = place.endpoint_ids[self.operator]
        with environment(found) as env:
            self.prepare(env, env["oiconnect.endpoint"].browse(self.endpoint_id))

    def prepare(self, env, endpoint):
        """Make what the work is about."""
        raise NotImplementedError

    def make_pm(self, env, rank=0):
        return env["oiconnect.pm"].create(
            {
                "network_id": self.place.network_id,
                "reference": f"OITK-KILL-{self.number}-{rank}",
                "state": "deployed",
            }
        )

    def receive(self, env, endpoint, flow, rows):
        """Store a file of the PM protocol; return its exchange."""
        from odoo.addons.oiconnect_interop.tests.common import make_file

        form = env["oiconnect.flow"]._by_code(flow)._format_for(
            endpoint.operator_id, "V3.1"
        )  # fmt: skip
        about = f"OITK_{self.operator}_PM_X_{flow}_V31"
        name = f"{flow}_X_{about}_20260314_{self.number:02d}.csv"
        lines = [
            {column: row.get(column, "") for column in form.header} for row in rows
        ]
        content = make_file(form.header, lines)
        return env["oiconnect.exchange"]._receive_file(endpoint, name, content)


class PmReport(InfraWork):
    """A PM is made available: its report is an archive that leaves once."""

    operator = UPLOADER
    MOMENTS = {
        "the operator has its service": after("oiconnect.pm", "_provide"),
        "the addresses are read": after("oiconnect.pm.report", "_content_of"),
        "the plan is drawn": after("oiconnect.pm", "_plan_pdf"),
        "the report is made": after("oiconnect.pm.report", "_make"),
        "the operator is notified": after("oiconnect.pm.order", "_emit"),
        "it is about to be committed": before(COMMIT, "commit", 2),
        "it is committed": after(COMMIT, "commit", 2),
        "its archive is made": after("oiconnect.outbound", "_archive"),
        "its file is stored": after("oiconnect.outbound", "_write_file"),
        "its file is committed": before("oiconnect.endpoint", "_send"),
        "its file is being written": after(BOX, "_upload"),
        "its file has arrived": after(BOX, "write"),
    }

    def prepare(self, env, endpoint):
        from odoo.addons.oiconnect_base.workflow import Origin

        pm = self.make_pm(env)
        self.pm_id = pm.id
        pm.network_id.pm_report_at_once = True
        env["oiconnect.building"].create(
            {
                "network_id": pm.network_id.id,
                "pm_id": pm.id,
                "identifier": f"OITK/KILL/{self.number}",
                "insee_code": "99001",
                "rivoli_code": "0123",
                "street_number": str(self.number),
                "state": "deployed",
                "dwelling_count": 4,
            }
        )
        line = {
            "oc_reference": f"OCK1-PM-{self.number}",
            "kind": "unit",
            "pm_reference": pm.reference,
            "technical_choice": "P",
            "order_date": "2026-03-14",
        }
        [(order, refusals)] = env["oiconnect.pm.order"]._receive_in_turn(
            [line], endpoint.operator_id, pm.network_id, Origin("file", version="V3.1")
        )
        assert not refusals, refusals
        self.order_id = order.id

    def run(self, found):
        with environment(found) as env:
            env["oiconnect.pm.order"]._cron_deliver()
        drain(found, self.endpoint_id)
        for _file in range(3):
            with environment(found) as env:
                env["oiconnect.endpoint"].browse(self.endpoint_id)._send()

    def assert_done(self):
        with environment(self.found) as env:
            order = env["oiconnect.pm.order"].browse(self.order_id)
            pm = order.pm_id
            reference = pm.reference
            assert order.state == "delivered"
            assert pm.service_ids == order.service_id
            assert env["oiconnect.pm.report"].search_count([("pm_id", "=", pm.id)]) == 1
            [event] = order.event_ids.filtered(lambda event: event.flow == "CRMAD")
            assert (event.state, event.exchange_id.state) == ("done", "out_sent")
            name, content = event.exchange_id.name, event.exchange_id._content()
        out = self.place.home() / "out"
        assert [path.name for path in out.glob(f"CRMAD*{reference}*")] == [name]
        assert (out / name).read_bytes() == content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            assert f"OITK/KILL/{self.number}" in archive.read(
                name.replace(".zip", ".csv")
            ).decode()  # fmt: skip


class LinkFile(InfraWork):
    """A file orders fibres of two links: each is reserved once, and answered once."""

    MOMENTS = {
        "the file is opened": after("oiconnect.exchange", "_open_file"),
        "a link is locked": after("oiconnect.link.order", "_lock_links"),
        "an order is acknowledged": after("oiconnect.link.order", "_emit"),
        "its fibres are about to be reserved": before(
            "oiconnect.link.order", "_reserve_fibres"
        ),
        "its fibres are reserved": after("oiconnect.link.order", "_reserve_fibres"),
        "both have their fibres": after("oiconnect.link.order", "_reserve_fibres", 2),
        "its lines are applied": after("oiconnect.inbound", "_handle"),
        "the file is over": after("oiconnect.exchange", "_finish"),
        "its end is committed": before("oiconnect.outbound", "_drain"),
        "its receipt is made": after("oiconnect.outbound", "_write_file"),
    }

    def prepare(self, env, endpoint):
        from odoo.addons.oiconnect_orders.tests.link_orders.common import make_link

        key = f"OCK2-LNP-{self.number}"
        self.references = [f"{key}-{rank}" for rank in range(ORDERS)]
        links = env["oiconnect.pm.link"]
        for rank in range(ORDERS):
            code = f"K{self.number}{rank}"
            links |= make_link(env, endpoint.network_id, self.make_pm(env, rank), code)
        self.link_ids = links.ids
        rows = [
            {
                "ReferenceCommandeLienInterneOC": reference,
                "TypeCommandeLien": "INIT",
                "ReferencePM": link.pm_id.reference,
                "ReferenceLienPMPRDM": link.reference,
                "NbFODemandees": "3",
                "DateCommandeLien": "20260314",
            }
            for link, reference in zip(links, self.references, strict=True)
        ]
        exchange = self.receive(env, endpoint, "CMDLIEN", rows)
        self.exchange_id, self.name = exchange.id, exchange.name

    def run(self, found):
        process(found, self.exchange_id)
        drain(found, self.endpoint_id)

    def assert_done(self):
        with environment(self.found) as env:
            exchange = env["oiconnect.exchange"].browse(self.exchange_id)
            assert (exchange.state, exchange.done_count) == ("in_done", ORDERS)
            links = env["oiconnect.pm.link"].browse(self.link_ids)
            orders = links.link_order_ids
            assert sorted(orders.mapped("oc_reference")) == self.references
            assert orders.mapped("held_count") == [3] * ORDERS
            lines = env["oiconnect.link.order.fibre"].search(
                [("fibre_id", "in", links.fibre_ids.ids)]
            )
            assert len(lines) == 3 * ORDERS
            states = links.fibre_ids.mapped("state")
            assert (states.count("reserved"), states.count("free")) == (6, 2)
        answered = [
            (row["ReferenceCommandeLienInterneOC"], row["EtatArCommandeLien"])
            for row in receipts(self.found, self.name, "ARCMDLIEN")
        ]
        assert sorted(answered) == [(reference, "OK") for reference in self.references]


class Cofinanced(InfraWork):
    """A zone is co-financed from today on: the accesses there change type once."""

    MOMENTS = {
        "it is about to be applied": before("oiconnect.cofinancing", "_apply"),
        "accesses have changed type": after("oiconnect.access.order", "_fire"),
        "they are counted": after("oiconnect.cofinancing", "_switch_accesses"),
        "a PM is co-financed": after("oiconnect.cofinancing", "_engage"),
        "the operator is notified": after("oiconnect.pm.order", "_emit"),
        "another PM is provided": after("oiconnect.cofinancing", "_engage", 2),
        "it is applied": after("oiconnect.cofinancing", "_apply"),
        "it is about to be committed": before(COMMIT, "commit", 2),
        "it is committed": after(COMMIT, "commit", 2),
    }

    def prepare(self, env, endpoint):
        from odoo.addons.oiconnect_orders.protocol_time import local_now

        today = local_now().date()
        self.origin = f"KILL-COFI-{self.number}"
        rented, other = self.make_pm(env), self.make_pm(env, 1)
        self.service_id = env["oiconnect.pm.service"].create(
            {
                "network_id": self.place.network_id,
                "pm_id": rented.id,
                "operator_id": endpoint.operator_id.id,
                "reference": f"XPM-{self.origin}",
                "start_date": today,
            }
        ).id  # fmt: skip
        self._make_accesses(env, endpoint, rented)
        self.engagement_id = env["oiconnect.cofinancing"].create(
            {
                "network_id": self.place.network_id,
                "operator_id": endpoint.operator_id.id,
                "reference": self.origin,
                "zone": "Exempleville",
                "pm_ids": [(6, 0, (rented | other).ids)],
                "start_date": today,
            }
        ).id  # fmt: skip

    def _make_accesses(self, env, endpoint, pm):
        from odoo.addons.oiconnect_base.workflow import Origin

        line = {
            "connection_type": "STOC",
            "requested_type": "AUTO",
            "existing_socket": False,
            "order_date": "2026-03-14T10:05:00",
            "building_identifier": self.place.building,
            "pm_reference": self.place.pm,
            "customer_name": "EXEMPLE",
            "customer_contact1": "0600000001",
        }
        env["oiconnect.access.order"]._receive(
            [line | {"oc_reference": f"{self.origin}-{n}"} for n in range(ACCESSES)],
            endpoint.operator_id,
            endpoint.network_id,
            Origin("file", self.origin, version="V1.3"),
        )
        env.flush_all()
        # Other works read what is sent to the same operator.
        env["oiconnect.outbound"]._drain(endpoint.operator_id)
        env.cr.execute(RENTED, [pm.id, self.origin])
        env.invalidate_all()

    def run(self, found):
        with environment(found) as env:
            env["oiconnect.cofinancing"]._cron_switch()

    def assert_done(self):
        with environment(self.found) as env:
            engagement = env["oiconnect.cofinancing"].browse(self.engagement_id)
            assert engagement.switched_date
            assert engagement.access_count == ACCESSES
            accesses = env["oiconnect.access.order"].search(
                [("origin", "=", self.origin)]
            )
            assert set(accesses.mapped("retained_type")) == {"cofi"}
            here = [("res_model", "=", accesses._name), ("res_id", "in", accesses.ids)]
            steps = env["oiconnect.workflow.step"].search_count(
                [*here, ("event", "=", "switch_type")]
            )
            assert steps == ACCESSES
            service = env["oiconnect.pm.service"].browse(self.service_id)
            assert service.kind == "cofi"
            [order] = service.pm_order_ids
            assert order.event_ids.mapped("flow") == ["CRMAD"]
            orders = engagement.pm_ids.pm_order_ids
            assert len(orders) == 2
            assert set(orders.mapped("purpose")) == {"engagement"}
