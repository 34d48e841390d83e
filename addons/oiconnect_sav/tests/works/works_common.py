from datetime import timedelta

from odoo.addons.oiconnect_orders.tests.appointment_common import NOW

from ..common import TicketCase

OI_SIREN = "999000011"
DAY = timedelta(days=1)


class WorksCase(TicketCase):
    """Works at the PM of the small network, where two operators are present."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network.siren = OI_SIREN
        cls.works = cls.env["oiconnect.works"].with_context(tracking_disable=True)

    def _nature(self, code="EXTE"):
        return self.env["oiconnect.ticket.code"]._of("work_nature", code)

    def _plan(self, **values):
        """Return works on the PM in a week, but for ``values``."""
        return self.works.create(
            {
                "network_id": self.network.id,
                "pm_id": self.pm.id,
                "nature_id": self._nature().id,
                "start_date": NOW + 7 * DAY,
                "end_date": NOW + 8 * DAY,
                **values,
            }
        )

    def _incident(self, point="pm", **values):
        values = values or {"pm_id": self.pm.id}
        return self.env["oiconnect.incident"].create(
            {"name": "Coupure", "point": point, "network_id": self.network.id, **values}
        )

    def _find(self, operator=None, limit=100, **criteria):
        """Return ``(payloads, codes)`` of what the operator asks for."""
        payloads, refusals = self.env["oiconnect.works.search"]._find(
            operator or self.operator, self.network, criteria, limit
        )
        return payloads, [refusal.code for refusal in refusals]

    def _references(self, operator=None, **criteria):
        payloads, _codes = self._find(operator, **criteria)
        return {payload["reference"] for payload in payloads}
