from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import InfraCase

EDITORS = (
    "oiconnect_base.group_infra_manager",
    "oiconnect_base.group_link_manager",
)
READERS = ("oiconnect_base.group_infra_read", "oiconnect_base.group_link_read")


@tagged("post_install", "-at_install")
class TestTourInventory(InfraCase, HttpCase):
    """Each screen of the network, used as the user guide tells, in French."""

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

    def tour(self, name, groups=EDITORS):
        user = new_test_user(self.env, f"tour_{name}", ",".join(groups), lang="fr_FR")
        self.start_tour(
            "/odoo/action-oiconnect_infra.change_action",
            f"oiconnect_inventory_{name}",
            login=user.login,
            timeout=180,
        )
        self.env.invalidate_all()
        return user

    def last_change(self, record):
        return self.env["oiconnect.change"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=1
        )

    @needs_browser
    def test_cabinets(self):
        user = self.tour("cabinets")
        self.assertEqual(self.prdm.min_dwellings, 320)
        self.assertEqual(self.last_change(self.prdm).user_id, user)
        self.assertFalse(self.other_prdm.exists())
        self.assertEqual(self.pm.riser_count, 4)
        self.assertEqual(self.pm.link_ids.length_km, 3)
        self.assertFalse(self.other_pm.link_ids)
        self.assertEqual(self.pbo.material_type, "Boîtier 6 FO")

    @needs_browser
    def test_homes(self):
        self.tour("homes")
        self.assertEqual(self.building.dwelling_count, 20)
        self.assertFalse(self.other.exists())
        self.assertEqual(self.pto.door, "12B")

    @needs_browser
    def test_fibres(self):
        self.tour("fibres")
        self.assertEqual(self.route.module_id.name, "TIROIR ESSAI BIS")
        self.assertEqual(self.route.cable_id.tube_count, 12)
        self.assertEqual(self.route.sequence, 25)

    @needs_browser
    def test_groups(self):
        self.tour("groups")
        self.assertEqual(self.nro.street_name, "DE LA GARE")
        self.assertEqual(self.pm.technical_pm_ids.room_code, "B1204")
        self.assertEqual(self.pm.lot_id.name, "Appel du plateau")
        self.assertEqual(self.pm.batch_ids.dwelling_count, 17)
        self.assertEqual(self.building.manager_name, "SYNDIC ESSAI ET FILS")
        for unused in self.unused.values():
            self.assertFalse(unused.exists())

    @needs_browser
    def test_a_reader_changes_nothing(self):
        before = self.env["oiconnect.change"].search_count([])
        self.tour("reader", READERS)
        self.assertEqual(self.env["oiconnect.change"].search_count([]), before)
