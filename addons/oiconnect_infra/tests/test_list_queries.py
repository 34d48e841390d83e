from lxml import etree

from odoo.tests import new_test_user, tagged

from .common import InfraCase

FEW, MANY = 3, 30
RIGHTS = "oiconnect_base.group_infra_read,oiconnect_base.group_link_read"


@tagged("post_install", "-at_install")
class TestListQueries(InfraCase):
    """A list asks as many questions of the database for 30 lines as for 3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "liste", RIGHTS)
        cls.make_tops()
        cls.make_plant()

    @classmethod
    def make_tops(cls):
        """PMs in as many lots, with an NRO, a PRDM and a link of their own."""
        for rank in range(MANY):
            make, name = cls.net.make, f"{rank:04}"
            nro = make("oiconnect.nro", reference=f"NRO-{name}")
            prdm = make("oiconnect.prdm", reference=f"PRDM-{name}", nro_id=nro.id)
            lot = make("oiconnect.lot", reference=f"LOT-{name}")
            pm = cls.net.pm(f"PM-{name}", prdm_id=prdm.id, lot_id=lot.id)
            make(
                "oiconnect.pm.link",
                reference=f"LIEN-{name}",
                pm_id=pm.id,
                prdm_id=prdm.id,
                capacity=12,
            )
            cls.env["oiconnect.technical.pm"].create(
                {"reference": f"PMT-{name}", "pm_id": pm.id}
            )

    @classmethod
    def make_plant(cls):
        """One box, one building with its syndic, one PTO and one route a PM."""
        domain = [
            ("reference", "=like", "PM-%"),
            ("network_id", "=", cls.pm.network_id.id),
        ]
        for rank, pm in enumerate(cls.env["oiconnect.pm"].search(domain)):
            pbo = cls.net.pbo(pm, f"PBO-{rank}")
            building = cls.net.building(
                f"IMB/99001/Y/{rank:04}", pm_id=pm.id, manager_name=f"SYNDIC {rank}"
            )
            pto = cls.net.pto(building, f"ZZ-LIST-{rank:04}", pbo_id=pbo.id)
            route = cls.net.routes(pbo, 1)
            route.write(
                {
                    "pto_id": pto.id,
                    "connector_number": 1,
                    "state": "used",
                    "operator_id": cls.ocaa.id,
                }
            )
            cls.net.make(
                "oiconnect.pb.batch",
                reference=f"LOTPB-{rank}",
                pm_id=pm.id,
                building_ids=[(6, 0, building.ids)],
            )

    def specification(self, model):
        """Return all columns of the list, as the web client asks for them."""
        arch = model.get_views([(False, "list")])["views"]["list"]["arch"]
        names = {node.get("name") for node in etree.fromstring(arch).iter("field")}
        many2one = {"fields": {"display_name": {}}}
        return {
            name: many2one if model._fields[name].type == "many2one" else {}
            for name in names
        }

    def queries(self, model, specification, limit, kind=None):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        domain = [("network_id", "=", self.net.network.id)]
        if kind:
            domain += [("res_model", "=", kind)]
        found = model.web_search_read(domain, specification, limit=limit)
        self.assertEqual(len(found["records"]), limit)
        return self.env.cr.sql_log_count - before

    def test_the_number_of_queries_does_not_follow_the_number_of_lines(self):
        for name in (
            "nro",
            "prdm",
            "pm",
            "technical.pm",
            "lot",
            "pm.link",
            "pbo",
            "building",
            "manager",
            "pb.batch",
            "pto",
            "pm.module",
            "pm.position",
            "pbo.cable",
            "pbo.fibre",
            "route",
        ):
            model = self.env[f"oiconnect.{name}"].with_user(self.user)
            columns = self.specification(model)
            self.queries(model, columns, FEW)  # what is read once only
            with self.subTest(name):
                self.assertEqual(
                    self.queries(model, columns, MANY),
                    self.queries(model, columns, FEW),
                )

    def test_the_history_asks_once_for_each_kind_of_object(self):
        model = self.env["oiconnect.change"].with_user(self.user)
        columns = self.specification(model)
        few, many = (
            self.queries(model, columns, limit, "oiconnect.pto")
            for limit in (FEW, MANY)
        )
        self.assertLessEqual(many, few)
