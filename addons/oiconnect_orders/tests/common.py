from datetime import timedelta

from odoo.tests.common import TransactionCase

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_base.workflow import Origin


def make_network(env, code="OITO", prefix="ZO", **values):
    """Return a network with one PM, two PBOs of two fibres and two buildings.

    Returns a dict of records by name, so that a test with its own cursor can
    make the same one.
    """
    env = env(context=dict(env.context, tracking_disable=True))
    network = env["oiconnect.network"].create(
        {"name": "Réseau d'essai", "oi_code": code, "code": code, "pto_prefix": prefix}
        | values
    )
    base = {"network_id": network.id}
    today = local_today()
    pm = env["oiconnect.pm"].create(
        base
        | {
            "reference": f"{code}-PM-1",
            "state": "deployed",
            "installation_date": today - timedelta(days=400),
            "first_delivery_date": today - timedelta(days=390),
            "commercial_date": today - timedelta(days=300),
            "technical_pm_ids": [(0, 0, {"reference": f"{code}-PMT-1"})],
            "accessible": "yes",
        }
    )
    other_pm = env["oiconnect.pm"].create(
        base | {"reference": f"{code}-PM-2", "state": "deployed"}
    )
    pbos = env["oiconnect.pbo"].create(
        [base | {"reference": f"{code}-PBO-{n}", "pm_id": pm.id} for n in (1, 2)]
    )
    buildings = env["oiconnect.building"].create(
        [
            base
            | {
                "identifier": f"{code}/B/{n}",
                "address_code": f"99001{code}{n}",
                "insee_code": "99001",
                "rivoli_code": "0123",
                "street_number": str(n),
                "state": "deployed",
                "pm_id": pm.id,
                "pbo_ids": [(6, 0, pbos[n - 1].ids)],
                "dwelling_count": 4,
            }
            for n in (1, 2)
        ]
    )
    made = {
        "network": network,
        "pm": pm,
        "other_pm": other_pm,
        "pbo": pbos[0],
        "other_pbo": pbos[1],
        "building": buildings[0],
        "other_building": buildings[1],
    }
    made["routes"] = make_routes(env, made)
    return made


def make_neighbours(env, operator, company=None):
    """Add what an infrastructure operator has beside the network of a test.

    A network without anything yet, first in every list, and a sandbox that is full of
    orders of the same operator.
    """
    shared = {"company_id": (company or env.company).id}
    env["oiconnect.network"].create(
        shared
        | {"name": "À venir", "oi_code": "OIAV", "code": "OIAV", "pto_prefix": "ZV"}
    )
    sandbox = make_network(
        env, "OIBS", "ZY", is_sandbox=True, name="Bac à sable", **shared
    )
    env["oiconnect.access.order"].create(
        [
            {
                "network_id": sandbox["network"].id,
                "operator_id": operator.id,
                "oc_reference": f"OCT-SABLE-{rank}",
                "building_id": sandbox["building"].id,
                "pm_id": sandbox["pm"].id,
                "customer_name": "EXEMPLE",
                "customer_contact1": "0611223344",
            }
            for rank in range(20)
        ]
    )


def make_routes(env, made, drawer=4, fibres=2):
    """Wire some fibres from a drawer of the PM to each PBO."""
    pm, code = made["pm"], made["network"].oi_code
    base = {"network_id": made["network"].id}
    module = env["oiconnect.pm.module"].create(
        base | {"name": f"TIROIR {drawer:02}", "pm_id": pm.id}
    )
    cable = env["oiconnect.pbo.cable"].create(
        base | {"reference": f"{code}-CB-{drawer - 3}", "pm_id": pm.id}
    )
    homes = [made[pbo].id for pbo in ("pbo", "other_pbo") for _n in range(fibres)]
    ranks = range(1, len(homes) + 1)
    positions = env["oiconnect.pm.position"].create(
        [
            base
            | {
                "module_id": module.id,
                "name": f"D{rank}",
                "sequence": rank,
                "cable_id": cable.id,
                "tube": "1",
                "fibre": str(rank),
            }
            for rank in ranks
        ]
    )
    ends = env["oiconnect.pbo.fibre"].create(
        [
            base
            | {
                "cable_id": cable.id,
                "tube": "VERT",
                "fibre": str(rank),
                "pbo_id": home,
            }
            for rank, home in zip(ranks, homes, strict=True)
        ]
    )
    return env["oiconnect.route"].create(
        [
            {"position_id": position.id, "fibre_id": end.id, "sequence": rank}
            for rank, position, end in zip(ranks, positions, ends, strict=True)
        ]
    )


def make_operator(env, code):
    return make_operators(env, code)


def make_operators(env, *codes):
    """Return the operators of these codes, in this order; their chatter is empty."""
    quiet = env(context=dict(env.context, tracking_disable=True))
    operators = quiet["oiconnect.operator"].create(
        [
            {"name": f"Opérateur {code}", "interop_code": code, "arcep_code": code}
            for code in codes
        ]
    )
    return operators.with_env(env)


def open_pm(env, made, operator, kind="loca"):
    """Give ``operator`` its service at the PM."""
    return env["oiconnect.pm.service"].create(
        {
            "network_id": made["network"].id,
            "pm_id": made["pm"].id,
            "operator_id": operator.id,
            "reference": f"XPM-{operator.interop_code}",
            "kind": kind,
            "start_date": "2025-01-01",
        }
    )


class OrderCase(TransactionCase):
    """A small network, two operators present at its PM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = make_network(cls.env)
        for name, record in made.items():
            setattr(cls, name, record)
        cls.made = made
        cls.operator, cls.rival = make_operators(cls.env, "OCT1", "OCT2")
        cls.service = open_pm(cls.env, made, cls.operator)
        open_pm(cls.env, made, cls.rival, kind="cofi")
        cls.orders = cls.env["oiconnect.access.order"]
        cls.origin = Origin("file", version="V1.3")
        cls.rank = 0

    @classmethod
    def _line(cls, **values):
        """Return a correct line of CMD_ACCES, but for ``values``."""
        cls.rank += 1
        return {
            "oc_reference": f"OCT-{cls.rank:06d}",
            "connection_type": "STOC",
            "requested_type": "AUTO",
            "existing_socket": False,
            "order_date": "2026-03-14T10:05:00",
            "building_identifier": cls.building.identifier,
            "pm_reference": cls.pm.reference,
            "customer_name": "EXEMPLE",
            "customer_contact1": "0600000001",
            **values,
        }

    def _receive(self, *lines, operator=None):
        results = self.orders._receive(
            list(lines), operator or self.operator, self.network, self.origin
        )
        ids = [order.id for order, _refusals in results]
        return self.env["oiconnect.access.order"].browse(ids)

    def _order(self, operator=None, **values):
        """Return an order received and studied."""
        order = self._receive(self._line(**values), operator=operator)
        order._study()
        return order

    def _delivered(self, operator=None, **values):
        order = self._order(operator, **values)
        order._fire("connected")
        return order

    def _last_step(self, order):
        order.invalidate_recordset(["step_ids"])
        return order.step_ids[0]

    def _payloads(self, order, flow):
        events = self.env["oiconnect.event"].search(
            [
                ("res_model", "=", order._name),
                ("res_id", "=", order.id),
                ("flow", "=", flow),
            ],
            order="id",
        )
        return events.mapped("payload")

    def _payload(self, order, flow):
        [payload] = self._payloads(order, flow)
        return payload

    def _laid_pto(self, building=None, **values):
        """Return a laid PTO wired to the first free route of the building."""
        building = building or self.building
        self.__class__.rank += 1
        pto = self.env["oiconnect.pto"].create(
            {
                "reference": f"ZO-TEST-{self.rank:04d}",
                "network_id": self.network.id,
                "building_id": building.id,
                "pbo_id": building.pbo_ids[:1].id,
                "state": "existing",
                **values,
            }
        )
        route = self.routes.filtered(
            lambda r: r.state == "free" and not r.pto_id and r.pbo_id == pto.pbo_id
        )[:1]
        route.write({"pto_id": pto.id, "connector_number": 1})
        return pto
