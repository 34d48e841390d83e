from datetime import timedelta
from unittest.mock import patch

from odoo.addons.oiconnect_base.workflow import Origin

from ..models.pm_orders import pm_report
from ..protocol_time import local_now
from .common import OrderCase

PLAN = b"%PDF-1.4 plan"


class PmOrderCase(OrderCase):
    """Two operators at one PM; no operator at the other one, where they order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pm_orders = cls.env["oiconnect.pm.order"]
        cls.services = cls.env["oiconnect.pm.service"]
        cls.today = local_now().date()
        cls.pm_origin = Origin("file", "CMD.csv", version="V3.1")
        cls.drawn = []
        drawing = patch.object(pm_report, "plan_pdf", cls._drawn_plan())
        drawing.start()
        cls.addClassCleanup(drawing.stop)
        crons = type(cls.env["ir.cron"])
        progress = patch.object(crons, "_commit_progress", lambda *_a, **_kw: 60.0)
        progress.start()
        cls.addClassCleanup(progress.stop)

    @classmethod
    def _drawn_plan(cls):
        def draw(env, pm):
            cls.drawn.append(pm.reference)
            return PLAN

        return draw

    @classmethod
    def _pm_line(cls, **values):
        """Return a correct line of CMD, but for ``values``."""
        cls.rank += 1
        return {
            "oc_reference": f"OCT-PM-{cls.rank:04d}",
            "kind": "unit",
            "pm_reference": cls.other_pm.reference,
            "technical_choice": "P",
            "order_date": cls.today.isoformat(),
            **values,
        }

    def _order_pm(self, operator=None, **values):
        """Return an order of the PM without operators, as received."""
        [(order, _refusals)] = self.pm_orders._receive_in_turn(
            [self._pm_line(**values)],
            operator or self.operator,
            self.network,
            self.pm_origin,
        )
        return self.pm_orders.browse(order.id)

    def _rented(self, operator=None, **values):
        order = self._order_pm(operator, **values)
        order._fire("deliver")
        return order

    def _engage(self, operator=None, pms=None, **values):
        """Return a co-financing that is applied."""
        engagement = self.env["oiconnect.cofinancing"].create(
            {
                "network_id": self.network.id,
                "reference": f"COFI-{(operator or self.operator).interop_code}",
                "operator_id": (operator or self.operator).id,
                "zone": "Exempleville",
                "pm_ids": [(6, 0, (pms or self.other_pm).ids)],
                "start_date": self.today - timedelta(days=1),
                **values,
            }
        )
        engagement._apply(self.pm_origin)
        return engagement

    def _batch(self, *buildings, **values):
        self.__class__.rank += 1
        buildings = self.env["oiconnect.building"].union(*buildings)
        return self.env["oiconnect.pb.batch"].create(
            {
                "network_id": self.network.id,
                "reference": f"OITO-PB-{self.rank:04d}",
                "pm_id": buildings.pm_id.id,
                "building_ids": [(6, 0, buildings.ids)],
                "delivery_date": self.today,
                **values,
            }
        )

    def _sent_payloads(self, order, flow="CRMAD"):
        order.invalidate_recordset(["event_ids"])
        return [
            event.payload
            for event in order.event_ids.sorted("id")
            if event.flow == flow
        ]

    def _lines(self, payload):
        return self.pm_orders._message_lines("CRMAD", payload)
