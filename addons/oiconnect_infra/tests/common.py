from odoo.tests import TransactionCase

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


def wire_new(routes, ptos):
    """Wire each route to the new PTO of the same rank; fill the PTOs."""
    routes.env.flush_all()
    routes._wire_at(
        [(route.id, pto.id, 1) for route, pto in zip(routes, ptos, strict=True)]
    )
    routes._fill_ptos(set(ptos.ids))


class Network:
    """A small fictitious network, made in any environment."""

    def __init__(self, env, code="T99"):
        self.env = env(context=dict(env.context, **QUIET))
        self.network = self.env["oiconnect.network"].create(
            {
                "name": f"Réseau {code}",
                "oi_code": "OICN",
                "code": code,
                "pto_prefix": "ZZ",
            }
        )

    def commune(self):
        communes = self.env["oiconnect.commune"]
        return communes.search([("insee_code", "=", "99001")]) or communes.create(
            {
                "name": "Ville Exemple",
                "insee_code": "99001",
                "postal_codes": "99100 99110",
            }
        )

    def make(self, model, **values):
        return self.env[model].create({"network_id": self.network.id, **values})

    def operator(self, code):
        operators = self.env["oiconnect.operator"]
        return operators.search([("interop_code", "=", code)]) or operators.create(
            {"name": f"Opérateur {code}", "interop_code": code, "arcep_code": code}
        )

    def pm(self, reference="OICN-99001-0001", **values):
        return self.make("oiconnect.pm", reference=reference, **values)

    def pbo(self, pm, reference, **values):
        return self.make("oiconnect.pbo", reference=reference, pm_id=pm.id, **values)

    def building(self, identifier, **values):
        return self.make("oiconnect.building", identifier=identifier, **values)

    def pto(self, building, reference, **values):
        return self.make(
            "oiconnect.pto", reference=reference, building_id=building.id, **values
        )

    def cable(self, pm, reference="CB-99001-0042-03"):
        return self.make("oiconnect.pbo.cable", reference=reference, pm_id=pm.id)

    def module(self, pm, name="TIROIR 04"):
        return self.env["oiconnect.pm.module"].create({"name": name, "pm_id": pm.id})

    def routes(self, pbo, number, cable=None, module=None):
        """Wire ``number`` new routes from the PM to ``pbo``."""
        cable = cable or self.cable(pbo.pm_id, f"CB-{pbo.reference}")
        module = module or self.module(pbo.pm_id, f"TIROIR {pbo.reference}")
        places = [(str(rank // 12 + 1), str(rank % 12 + 1)) for rank in range(number)]
        fibres = self.env["oiconnect.pbo.fibre"].create(
            [
                {"cable_id": cable.id, "tube": tube, "fibre": fibre, "pbo_id": pbo.id}
                for tube, fibre in places
            ]
        )
        positions = self.env["oiconnect.pm.position"].create(
            [
                {
                    "module_id": module.id,
                    "name": f"P{rank}",
                    "cable_id": cable.id,
                    "tube": tube,
                    "fibre": fibre,
                }
                for rank, (tube, fibre) in enumerate(places, 1)
            ]
        )
        return self.env["oiconnect.route"].create(
            [
                {"position_id": position.id, "fibre_id": fibre.id, "sequence": rank}
                for rank, (position, fibre) in enumerate(
                    zip(positions, fibres, strict=True)
                )
            ]
        )


class InfraCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **QUIET))
        cls.net = Network(cls.env)
        cls.commune = cls.net.commune()
        cls.pm = cls.net.pm()
        cls.pbo = cls.net.pbo(cls.pm, "PBO-99-001-001-0001")
        cls.building = cls.net.building("IMB/99001/X/0001", pm_id=cls.pm.id)
        cls.ocaa = cls.net.operator("OCAA")
        cls.ocbb = cls.net.operator("OCBB")

    def changes(self, record):
        """Return the history of ``record``, oldest first, as tuples."""
        lines = self.env["oiconnect.change"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )
        columns = ("kind", "field", "before", "after")
        return [tuple(line[name] or None for name in columns) for line in lines]
