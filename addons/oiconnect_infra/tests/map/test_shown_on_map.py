from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import InfraCase
from ..map_common import placed

# Forms of objects that are somewhere
FORMS = (
    "building",
    "lot",
    "nro",
    "pb.batch",
    "pbo",
    "pbo.cable",
    "pm",
    "pm.link",
    "pm.module",
    "prdm",
    "pto",
    "route",
    "technical.pm",
)
# Those without a small map: what they gather may be all over the network
GATHERED = ("lot", "pb.batch")


@tagged("post_install", "-at_install")
class TestShownOnMap(InfraCase):
    """Where the map goes when a form asks it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prdm = cls.net.make(
            "oiconnect.prdm", reference="PRDM-99001-0001", **placed(46.02, 5.23)
        )
        cls.pm.write(placed(46.01, 5.2))
        cls.pbo.write(placed(46.012, 5.21))
        cls.building.write(placed(46.013, 5.205))

    def focus(self, record):
        action = record.action_show_on_map()
        self.assertEqual(action["tag"], "oiconnect_infra.map")
        self.assertEqual(action["path"], "network-map")
        return action["params"]["focus"]

    def assertShown(self, record, **place):
        known = {"model": record._name, "id": record.id}
        self.assertEqual(self.focus(record), known | place)

    def test_an_object_with_a_place_is_shown_there(self):
        for record, latitude, longitude in (
            (self.prdm, 46.02, 5.23),
            (self.pm, 46.01, 5.2),
            (self.pbo, 46.012, 5.21),
            (self.building, 46.013, 5.205),
        ):
            with self.subTest(record._name):
                self.assertShown(record, lat=latitude, lon=longitude)

    def test_a_pto_is_shown_at_its_building(self):
        pto = self.net.pto(self.building, "ZZ-0000-0001", pbo_id=self.pbo.id)
        self.assertShown(pto, lat=46.013, lon=5.205)
        self.assertEqual((pto.map_latitude, pto.map_longitude), (46.013, 5.205))

    def test_a_link_is_shown_from_end_to_end(self):
        link = self.net.make(
            "oiconnect.pm.link",
            reference="LIEN-99001-0001",
            pm_id=self.pm.id,
            prdm_id=self.prdm.id,
        )
        self.assertShown(link, bounds=[46.01, 5.2, 46.02, 5.23])
        self.assertAlmostEqual(link.map_latitude, 46.015, 7)
        self.assertEqual(link.map_bounds, [46.01, 5.2, 46.02, 5.23])
        self.assertFalse(self.pm.map_bounds)

    def test_what_is_of_a_pm_is_shown_there(self):
        nro = self.net.make("oiconnect.nro", reference="NRO-1", **placed(46.05, 5.3))
        self.assertShown(nro, lat=46.05, lon=5.3)
        part = self.net.make(
            "oiconnect.technical.pm", reference="PMT-1", pm_id=self.pm.id
        )
        self.assertShown(part, lat=46.01, lon=5.2)

    def test_a_lot_is_shown_from_its_first_pm_to_its_last(self):
        lot = self.net.make("oiconnect.lot", reference="LOT-1")
        with self.assertRaisesRegex(UserError, "LOT-1 has no place"):
            lot.action_show_on_map()
        other = self.net.pm("OICN-99001-0002", **placed(46.03, 5.25))
        (self.pm | other).lot_id = lot
        lot.invalidate_recordset()
        self.assertShown(lot, bounds=[46.01, 5.2, 46.03, 5.25])

    def test_a_cable_is_shown_from_its_pm_to_its_pbos(self):
        cable = self.net.cable(self.pm)
        self.assertShown(cable, lat=46.01, lon=5.2)
        self.net.routes(self.pbo, 2, cable=cable)
        self.assertShown(cable, bounds=[46.01, 5.2, 46.012, 5.21])
        fibre = cable.fibre_ids[0]
        self.assertShown(fibre, bounds=[46.01, 5.2, 46.012, 5.21])

    def test_a_module_and_its_positions_are_shown_at_their_pm(self):
        [route] = self.net.routes(self.pbo, 1)
        self.assertShown(route.position_id.module_id, lat=46.01, lon=5.2)
        self.assertShown(route.position_id, lat=46.01, lon=5.2)
        self.assertShown(route, bounds=[46.01, 5.2, 46.012, 5.21])

    def test_an_end_without_place_is_left_out(self):
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-99001-0002")
        link = self.net.make(
            "oiconnect.pm.link",
            reference="LIEN-99001-0002",
            pm_id=self.pm.id,
            prdm_id=prdm.id,
        )
        self.assertShown(link, lat=46.01, lon=5.2)

    def test_what_is_nowhere_says_what_to_do(self):
        prdm = self.net.make("oiconnect.prdm", reference="PRDM-99001-0003")
        self.assertEqual((prdm.map_latitude, prdm.map_longitude), (0, 0))
        with self.assertRaisesRegex(UserError, "PRDM-99001-0003 has no place"):
            prdm.action_show_on_map()

    def test_the_place_follows_the_coordinates(self):
        self.assertEqual(self.pm.map_latitude, 46.01)
        self.pm.write(placed(46.5, 5.5))
        self.assertEqual((self.pm.map_latitude, self.pm.map_longitude), (46.5, 5.5))

    def test_every_form_of_the_network_leads_to_the_map(self):
        for name in FORMS:
            with self.subTest(name):
                views = self.env[f"oiconnect.{name}"].get_view(view_type="form")
                form = etree.fromstring(views["arch"])
                [button] = form.xpath("//button[@name='action_show_on_map']")
                self.assertEqual(button.get("invisible"), "not map_latitude")
                maps = form.xpath("//widget[@name='oiconnect_mini_map']")
                self.assertEqual(len(maps), name not in GATHERED)
