from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.oiconnect_base.tests.browser import needs_browser

from ..common import QUIET, Network
from ..map_common import placed

LATITUDE, LONGITUDE = 46.01, 5.2
# Degrees between two buildings: one at a time at the deepest zoom, all of them at 16
STEP = 0.0015
USER = "base.group_user,oiconnect_base.group_infra_user,oiconnect_base.group_link_read"


def address(text):
    return [{"label": "1 Rue Exemple 99100 Ville Exemple", "lat": 46.02, "lon": 5.21}]


class MapTourCase(HttpCase):
    """A street of twelve buildings, two PMs, a PBO and a PRDM; no tile server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **QUIET))
        cls.net = Network(cls.env)
        cls.env["oiconnect.map.layer"].search([]).active = False
        cls.prdm = cls.net.make(
            "oiconnect.prdm",
            reference="PRDM-99001-0001",
            **placed(LATITUDE + 0.0005, LONGITUDE + 2 * STEP),
        )
        cls.pm = cls.net.pm(
            prdm_id=cls.prdm.id, **placed(LATITUDE - 0.0005, LONGITUDE + 4 * STEP)
        )
        cls.other_pm = cls.net.pm(
            "OICN-99001-0002", **placed(LATITUDE - 0.0005, LONGITUDE + 9 * STEP)
        )
        cls.link = cls.net.make(
            "oiconnect.pm.link",
            reference="LIEN-99001-0001",
            pm_id=cls.pm.id,
            prdm_id=cls.prdm.id,
        )
        cls.pbo = cls.net.pbo(
            cls.pm,
            "PBO-99-001-001-0001",
            **placed(LATITUDE + 0.0005, LONGITUDE + 6 * STEP),
        )
        cls.buildings = cls._buildings()
        cls.pto = cls.net.pto(cls.buildings[0], "ZZ-0000-0001")
        cls.env["oiconnect.commune"]._locate()
        cls.user = cls._user("essai_carte", USER)

    @classmethod
    def _buildings(cls):
        """Four are deployed, two of them in the commune, one behind the other PM."""
        commune = cls.net.commune()
        known = {
            0: {
                "state": "deployed",
                "commune_id": commune.id,
                "street_type": "RUE",
                "street_name": "EXEMPLE",
                "dwelling_count": 3,
            },
            1: {"state": "deployed", "commune_id": commune.id},
            2: {"state": "deployed"},
            3: {"state": "deployed", "pm_id": cls.other_pm.id},
        }
        # The last two stand on each other.
        ranks = [*range(11), 10]
        return cls.env["oiconnect.building"].create(
            [
                {
                    "identifier": f"IMB/99001/M/{rank:04}",
                    "network_id": cls.net.network.id,
                    "pm_id": cls.pm.id,
                    **placed(LATITUDE, LONGITUDE + place * STEP),
                    **known.get(rank, {}),
                }
                for rank, place in enumerate(ranks)
            ]
        )

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(cls.env, login, groups, lang="fr_FR")

    def _tour(self, name, url="/odoo/network-map", user=None, timeout=60):
        name = f"oiconnect_map_{name}"
        self.browser_js(
            url,
            f"odoo.startTour('{name}')",
            ready=f"odoo.isTourReady('{name}')",
            login=(user or self.user).login,
            success_signal="tour succeeded",
            timeout=timeout,
        )

    def _url(self, zoom, rank=4, **query):
        """Return the address of the map around a building."""
        place = f"{zoom}/{LATITUDE}/{LONGITUDE + rank * STEP}"
        keys = "".join(f"&{key}={value}" for key, value in query.items())
        return f"/odoo/network-map?map={place}{keys}"


@tagged("post_install", "-at_install")
class TestTourMap(MapTourCase):
    """The map as its users use it, in French."""

    @needs_browser
    def test_opened_by_the_menu_it_is_looked_at_from_all_sides(self):
        """Without tiles, in groups, moved, filtered; objects and addresses found."""
        self.env["ir.config_parameter"].set_param("oiconnect.map_address_search", "1")
        model = type(self.env["oiconnect.map"])

        def found(service, text):
            return (address(text), None) if text == "exemple" else ([], None)

        with patch.object(model, "_addresses", found):
            self._tour(
                "look", "/odoo/action-oiconnect_infra.building_action", timeout=180
            )

    @needs_browser
    def test_a_click_opens_a_card_then_the_record_or_offers_all_that_is_there(self):
        self._tour("card", self._url(20, rank=0), timeout=180)

    @needs_browser
    def test_the_view_is_shared_by_its_link_and_survives_a_reload(self):
        url = self._url(
            15,
            states="deployed",
            kinds="prdm,pm,splice_box,building,cable,link,zone",
            card=f"pm-{self.pm.id}",
        )
        self._tour("link", url)

    @needs_browser
    def test_a_failure_is_shown_and_tried_again(self):
        """The map does not open, then its objects fail, its tiles do not answer."""
        self.env["oiconnect.map.layer"].create(
            {
                "name": "Fond d'essai",
                "url": "http://127.0.0.1:1/{z}/{x}/{y}.png",
                "attribution": "© Essai",
            }
        )
        self._fail_once("_settings")
        self._fail_once("_view")
        self._tour("failures", self._url(15))

    def _fail_once(self, method):
        model = type(self.env["oiconnect.map"])
        answer = getattr(model, method)
        errors = [UserError("La base se repose")]

        def fail(service, *args):
            if errors:
                raise errors.pop()
            return answer(service, *args)

        self.enterContext(patch.object(model, method, fail))

    @needs_browser
    def test_a_zone_is_drawn_by_hand(self):
        self._tour("zone", self._url(17, rank=4, card=f"pm-{self.pm.id}"))
        zone = self.env["oiconnect.zone"].search([("pm_id", "=", self.pm.id)])
        self.assertEqual(zone.source, "drawn")
        [ring] = zone.geometry["coordinates"]
        self.assertEqual(len(ring), 4)
        self.assertEqual(ring[0], ring[-1])
        self.assertTrue(zone.south < LATITUDE < zone.north)

    @needs_browser
    def test_who_may_read_less_is_shown_what_it_may_read(self):
        """A reader of links opens a shared view, then the card of a PM."""
        reader = self._user(
            "essai_liens", "base.group_user,oiconnect_base.group_link_read"
        )
        card = f"building-{self.buildings[0].id}"
        url = self._url(15, states="deployed", saturation="full", card=card)
        self._tour("reader", url, reader)

    @needs_browser
    def test_without_rights_the_map_says_whom_to_ask(self):
        reader = self._user(
            "essai_factures", "base.group_user,oiconnect_base.group_billing_read"
        )
        self._tour("forbidden", user=reader)
