from ..common import InfraCase

EDITORS = (
    "oiconnect_base.group_infra_manager",
    "oiconnect_base.group_link_manager",
)


class InventoryCase(InfraCase):
    """Two objects of each kind, which people tell apart on their screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.building.unlink()
        cls.pbo.unlink()
        cls.pm.unlink()
        cls.make_links()
        cls.make_plant()
        cls.make_routes()
        cls.make_unused()

    @classmethod
    def make_links(cls):
        make = cls.net.make
        cls.nro = make("oiconnect.nro", reference="NRO-ESSAI", state="deployed")
        lot = make("oiconnect.lot", reference="LOT-ESSAI")
        cls.prdm, cls.other_prdm = (
            make("oiconnect.prdm", reference=f"PRDM-ESSAI-0{rank}", **values)
            for rank, values in (
                (1, {"state": "deployed", "min_dwellings": 300, "nro_id": cls.nro.id}),
                (2, {"min_dwellings": 500}),
            )
        )
        cls.pm = cls.net.pm(
            "PM-ESSAI-01", state="deployed", prdm_id=cls.prdm.id, lot_id=lot.id
        )
        cls.other_pm = cls.net.pm("PM-ESSAI-02", authorisation="closed")
        cls.env["oiconnect.technical.pm"].create(
            {"reference": "PMT-ESSAI", "pm_id": cls.pm.id}
        )
        for rank, pm, end, values in (
            (1, cls.pm, {"prdm_id": cls.prdm.id}, {"state": "deployed"}),
            (2, cls.other_pm, {"nro_id": cls.nro.id}, {}),
        ):
            fibres = {"capacity": 12, "used_fibre_count": 12 if rank == 1 else 0}
            make(
                "oiconnect.pm.link",
                reference=f"LIEN-ESSAI-0{rank}",
                pm_id=pm.id,
                **end,
                **values,
                **fibres,
            )

    @classmethod
    def make_plant(cls):
        code = {
            "FACADE": "oiconnect.pbo.type",
            "AERIEN": "oiconnect.pbo.connection.type",
        }
        front, air = (
            cls.env[model].search([("code", "=", name)]) for name, model in code.items()
        )
        cls.pbo = cls.net.pbo(cls.pm, "PBO-ESSAI-01", type_id=front.id)
        cls.other_pbo = cls.net.pbo(
            cls.other_pm, "PBO-ESSAI-02", connection_type_id=air.id
        )
        cls.building = cls.net.building(
            "IMB/99001/X/0001",
            state="deployed",
            building_type="building",
            dwelling_count=18,
            pm_id=cls.pm.id,
            street_number="12",
            street_type="RUE",
            street_name="DES TILLEULS",
            manager_name="SYNDIC ESSAI",
        )
        cls.other = cls.net.building("IMB/99001/X/0002", building_type="house")
        third = cls.net.building(
            "IMB/99001/X/0003",
            state="deploying",
            building_type="building",
            dwelling_count=2,
            pm_id=cls.other_pm.id,
        )
        cls.pto = cls.net.pto(
            cls.building, "ZZ-ESSA-0001", pbo_id=cls.pbo.id, state="existing"
        )
        cls.net.pto(third, "ZZ-ESSA-0002", pbo_id=cls.other_pbo.id)
        cls.net.make(
            "oiconnect.pb.batch",
            reference="LOTPB-ESSAI",
            pm_id=cls.pm.id,
            building_ids=[(6, 0, cls.building.ids)],
        )

    @classmethod
    def make_routes(cls):
        """One route at each PM, the first one used by a customer."""
        names = (
            (cls.pbo, "TIROIR ESSAI", "CB-ESSAI-01", "P1", "1", "BLEU"),
            (cls.other_pbo, "AUTRE ESSAI", "CB-ESSAI-02", "P2", "2", "ROSE"),
        )
        for pbo, module_name, cable_name, position, tube, fibre in names:
            module = cls.net.module(pbo.pm_id, module_name)
            cable = cls.net.cable(pbo.pm_id, cable_name)
            place = {"cable_id": cable.id, "tube": tube, "fibre": fibre}
            end = cls.env["oiconnect.pbo.fibre"].create(place | {"pbo_id": pbo.id})
            start = cls.env["oiconnect.pm.position"].create(
                place | {"module_id": module.id, "name": position}
            )
            cls.env["oiconnect.route"].create(
                {"position_id": start.id, "fibre_id": end.id}
            )
        cls.net.module(cls.pm, "TIROIR OCAA").operator_id = cls.ocaa
        cls.route = cls.pbo.route_ids
        cls.route.write(
            {
                "pto_id": cls.pto.id,
                "connector_number": 1,
                "state": "used",
                "operator_id": cls.ocaa.id,
            }
        )

    @classmethod
    def make_unused(cls):
        """A second group of each kind, which nothing needs."""
        make = cls.net.make
        cls.pm.technical_pm_ids.module_ids = cls.route.module_id
        cls.pm.batch_ids.write(
            {"operator_id": cls.ocaa.id, "delivery_date": "2026-03-02"}
        )
        cls.unused = {
            "nro": make("oiconnect.nro", reference="NRO-VIDE", nro_type="ptp"),
            "lot": make("oiconnect.lot", reference="LOT-VIDE", name="Plaine"),
            "technical_pm": cls.env["oiconnect.technical.pm"].create(
                {
                    "reference": "PMT-VIDE",
                    "pm_id": cls.other_pm.id,
                    "accessible": "no",
                    "equipment_type": "Baie 42U",
                }
            ),
            "pb_batch": make(
                "oiconnect.pb.batch", reference="LOTPB-PREVU", pm_id=cls.other_pm.id
            ),
            "manager": make(
                "oiconnect.manager", name="RÉGIE VIDE", siret="73282932000074"
            ),
        }
