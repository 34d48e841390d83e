"""The sandbox network: a street where operators try their systems, and one try."""

from datetime import timedelta

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_orders.protocol_time import local_now

from .files import Files
from .network import QUIET

OPERATORS = {"OCAA": "loca", "OCBB": "loca", "OCCC": "loca"}
HOUSES = 24
HOUSES_PER_BOX = 4
FIBRES_PER_BOX = 6
TUBES = ("ROUGE", "BLEU", "VERT", "JAUNE", "VIOLET", "BLANC")
# Where the street begins, in Lambert 93
EAST, NORTH = 879_500, 6_541_000
PLACE = {
    "insee_code": "99001",
    "postal_code": "99001",
    "city": "EXEMPLEVILLE",
    "rivoli_code": "0123",
    "street_type": "RUE",
    "street_name": "DES ESSAIS",
}
# What OCAA has sent so far: the code of the step, and what is not as it should be
SENT = (
    ("F01", {}),
    ("F02", {"building_identifier": "OICS/B/999"}),
    ("F03", {"connection_type": "FIBRE"}),
)
CALLED = (
    ("GET", "/networks", 200, ""),
    ("GET", "/eligibility", 200, "identifier"),
    ("GET", "/buildings/0", 403, ""),
)


def load(env, network):
    """Make the street, and a run of conformance of OCAA that is half done."""
    loader = SandboxLoader(env, network)
    loader.make_street()
    loader.begin_run()


class SandboxLoader:
    def __init__(self, env, network):
        self.env = env(context=dict(env.context, **QUIET, oiconnect_reason="Démo"))
        self.network = network
        self.operators = {
            operator.interop_code: operator
            for operator in self.env["oiconnect.operator"].search([])
        }

    # ------------------------------------------------------------------
    # The street
    # ------------------------------------------------------------------

    def make_street(self):
        pm = self._make_pm()
        self._open_services(pm)
        boxes = self._make_boxes(pm)
        self._make_houses(pm, boxes)
        self._make_routes(pm, boxes)

    def _create(self, model, vals_list):
        if not self.env[model]._fields["network_id"].related:
            vals_list = [{"network_id": self.network.id} | v for v in vals_list]
        return self.env[model].create(vals_list)

    def _make_pm(self):
        today = local_today()
        pm = {
            **PLACE,
            **_spot(0),
            "reference": "OICS-99001-0001",
            "state": "deployed",
            "street_number": "1",
            "accessible": "yes",
            "installation_date": today - timedelta(days=400),
            "first_delivery_date": today - timedelta(days=390),
            "commercial_date": today - timedelta(days=300),
            "technical_pm_ids": [(0, 0, {"reference": "OICS-99001-0001-T1"})],
        }
        return self._create("oiconnect.pm", [pm])

    def _open_services(self, pm):
        services = [
            {
                "reference": f"XPM-{code}-OICS-0001",
                "operator_id": self.operators[code].id,
                "pm_id": pm.id,
                "kind": kind,
                "start_date": pm.first_delivery_date,
            }
            for code, kind in OPERATORS.items()
        ]
        self._create("oiconnect.pm.service", services)

    def _make_boxes(self, pm):
        return self._create(
            "oiconnect.pbo",
            [
                {
                    "reference": f"PB-OICS-{rank + 1:03d}",
                    "pm_id": pm.id,
                    **_spot(rank * HOUSES_PER_BOX),
                }
                for rank in range(HOUSES // HOUSES_PER_BOX)
            ],
        )

    def _make_houses(self, pm, boxes):
        self._create(
            "oiconnect.building",
            [
                {
                    **PLACE,
                    **_spot(rank),
                    "identifier": f"OICS/B/{rank + 1:03d}",
                    "address_code": f"99001OI{rank + 1:03d}",
                    "street_number": str(rank + 1),
                    "state": "deployed",
                    "dwelling_count": 1,
                    "pm_id": pm.id,
                    "pbo_ids": [(6, 0, boxes[rank // HOUSES_PER_BOX].ids)],
                }
                for rank in range(HOUSES)
            ],
        )

    def _make_routes(self, pm, boxes):
        drawer = {"name": "TIROIR 01", "pm_id": pm.id}
        module = self._create("oiconnect.pm.module", [drawer])
        trunk = {
            "reference": "CB-OICS-01",
            "pm_id": pm.id,
            "tube_count": len(TUBES),
            "fibres_per_tube": FIBRES_PER_BOX,
        }
        cable = self._create("oiconnect.pbo.cable", [trunk])
        strands = [
            (box, tube, fibre + 1)
            for box, tube in zip(boxes, TUBES, strict=True)
            for fibre in range(FIBRES_PER_BOX)
        ]
        positions = self._create(
            "oiconnect.pm.position",
            [
                {
                    "module_id": module.id,
                    "name": f"{rank}",
                    "sequence": rank,
                    "cable_id": cable.id,
                    "tube": tube,
                    "fibre": str(fibre),
                }
                for rank, (_box, tube, fibre) in enumerate(strands, 1)
            ],
        )
        fibres = self._create(
            "oiconnect.pbo.fibre",
            [
                {
                    "cable_id": cable.id,
                    "tube": tube,
                    "fibre": str(fibre),
                    "pbo_id": box.id,
                }
                for box, tube, fibre in strands
            ],
        )
        self._create(
            "oiconnect.route",
            [
                {"position_id": position.id, "fibre_id": fibre.id, "sequence": rank}
                for rank, (position, fibre) in enumerate(
                    zip(positions, fibres, strict=True), 1
                )
            ],
        )

    # ------------------------------------------------------------------
    # The run
    # ------------------------------------------------------------------

    def begin_run(self):
        """Play what OCAA sent: some as expected, some not, the rest is awaited."""
        run = self.env["oiconnect.conformance.run"].create(
            {"operator_id": self.operators["OCAA"].id, "network_id": self.network.id}
        )
        self._send_orders(run)
        calls = self.env["oiconnect.conformance.call"]
        for method, path, status, parameters in CALLED:
            calls._note(
                run.id,
                method=method,
                path=path,
                status=status,
                parameters=parameters,
            )
        run._check()

    def _send_orders(self, run):
        references = {step.code: step.reference for step in run.step_ids}
        now = local_now().replace(microsecond=0)
        files = Files(self.env, self.network)
        lines = [_order(references[code], now) | wrong for code, wrong in SENT]
        files.drop("CMD_ACCES", [("OCAA", now, line) for line in lines])
        orders = self.env["oiconnect.access.order"].search(
            [("network_id", "=", self.network.id), ("state", "=", "ar_ok")]
        )
        orders._study()
        orders._can_fire("start")._fire("start")
        files.answer()


def _order(reference, now):
    return {
        "oc_reference": reference,
        "connection_type": "STOC",
        "requested_type": "AUTO",
        "existing_socket": False,
        "order_date": (now - timedelta(minutes=5)).isoformat(),
        "building_identifier": "OICS/B/001",
        "pm_reference": "OICS-99001-0001",
        "customer_name": "EXEMPLE",
        "customer_firstname": "CAMILLE",
        "customer_contact1": "0600000001",
    }


def _spot(rank):
    return {"projection": "RGF93", "x": EAST + 15 * rank, "y": NORTH}
