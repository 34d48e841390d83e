from unittest.mock import patch

from odoo.addons.oiconnect_base.workflow import Origin

from ..common import OrderCase


def make_link(env, network, pm, code, fibres=4, **values):
    """Return a deployed link of ``pm`` to a PRDM of its own, its fibres listed."""
    base = {"network_id": network.id}
    nro = env["oiconnect.nro"].create(base | {"reference": f"{code}NRO"})
    prdm = env["oiconnect.prdm"].create(
        base | {"reference": f"{code}-PRDM", "nro_id": nro.id, "state": "deployed"}
    )
    link = env["oiconnect.pm.link"].create(
        base
        | {
            "reference": f"{code}-LNP-1",
            "pm_id": pm.id,
            "prdm_id": prdm.id,
            "state": "deployed",
            "length_km": 2.15,
            **values,
        }
    )
    list_fibres(env, link, fibres)
    return link


def list_fibres(env, link, count):
    """List fibres of ``link``, numbered from 1."""
    return env["oiconnect.pm.link.fibre"].create(
        [
            {
                "link_id": link.id,
                "number": number,
                "cable_reference": "CT-0001",
                "tube": "1",
                "fibre": str(number),
                "nro_head": "RTO-01",
                "nro_position": f"A{number}",
                "pm_head": "TIR-T-01",
                "pm_position": f"B{number}",
                "attenuation_db": 0.9,
            }
            for number in range(1, count + 1)
        ]
    )


class LinkCase(OrderCase):
    """A link of four fibres, and two operators that may order some."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.link = make_link(cls.env, cls.network, cls.pm, "OITO")
        cls.links = cls.env["oiconnect.link.order"]
        cls.origin = Origin("file", version="V3.1")

    @classmethod
    def _line(cls, **values):
        """Return a correct line of CMDLIEN, but for ``values``."""
        cls.rank += 1
        return {
            "oc_reference": f"OCT-LNP-{cls.rank:04d}",
            "order_type": "INIT",
            "pm_reference": cls.pm.reference,
            "link_reference": cls.link.reference,
            "fibre_count": 2,
            "order_date": "2026-09-03",
            **values,
        }

    def _receive(self, *lines, operator=None):
        results = self.links._receive_in_turn(
            list(lines), operator or self.operator, self.network, self.origin
        )
        return self.links.browse([order.id for order, _refusals in results])

    def _order(self, operator=None, **values):
        return self._receive(self._line(**values), operator=operator)

    def _available(self, operator=None, **values):
        order = self._order(operator, **values)
        order._fire("make_available")
        return order

    def _delivered(self, operator=None, **values):
        order = self._available(operator, **values)
        order._fire("deliver")
        return order

    def _say(self, method, order, operator=None, **values):
        """Take in a line about ``order``; return its refusals."""
        line = {
            "oc_reference": order.oc_reference,
            "service_reference": order.service_reference or None,
            **values,
        }
        take = getattr(self.links, method)
        _record, refusals = take(
            line, operator or self.operator, self.network, self.origin
        )
        return refusals

    def _look_at_the_silent(self):
        """Run the scheduled action, all in the transaction of the test."""
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", lambda *_args, **_kw: 60.0):
            self.links._cron_deem_accepted()

    def _fibre_states(self):
        self.env.invalidate_all()
        return self.link.fibre_ids.sorted("number").mapped("state")

    def _numbers(self, order):
        return order.held_fibre_ids.mapped("number")

    def assertRefused(self, code, **values):
        operator = values.pop("operator", None)
        order = self._order(operator, **values)
        self.assertEqual((order.state, order.reason_id.code), ("ar_ko", code))
        return order
