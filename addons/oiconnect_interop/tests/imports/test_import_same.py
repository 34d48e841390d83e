from odoo.tests import tagged

from .cpn_common import CpnCase, cpn_line
from .import_common import WITHOUT_PM, ImportCase, ipe_line
from .network_digest import network_digest


@tagged("post_install", "-at_install")
class TestImportSame(ImportCase):
    """A file that says of an object all that a file can say of it changes nothing."""

    def setUp(self):
        super().setUp()
        self._import([ipe_line(1), ipe_line(2)])

    def _unchanged(self, *lines):
        """Check that ``lines``, of the same day as the network, change nothing."""
        for known in (self._building(1), self._building(2), self._pm()):
            known.last_change_date = "2025-04-16"
        before = network_digest(self.env)
        record = self._import(list(lines))
        self.assertEqual(network_digest(self.env), before)
        self.assertEqual(self._counts(record)["building"], (0, 0, len(lines)))
        self.assertEqual(self._counts(record)["pm"][:2], (0, 0))

    # -- numbers ----------------------------------------------------------------------

    def test_an_optional_number_that_is_zero_is_an_empty_cell(self):
        self._building().line_length_km = 0
        self._pm().write(
            {"max_capacity": 0, "technical_pm_count": 0, "dwelling_count": 0}
        )
        cells = dict.fromkeys(
            ("CapaciteMaxPM", "NombrePMTechniques", "NombreLogementsPM"), ""
        )
        self._unchanged(
            ipe_line(1, cells, LongueurLigneImmeuble=""), ipe_line(2, cells)
        )

    def test_a_zero_in_the_file_is_no_change_of_what_was_never_given(self):
        self._import([ipe_line(1, CapaciteMaxPM="", LongueurLigneImmeuble="")])
        self._unchanged(ipe_line(1, CapaciteMaxPM="0", LongueurLigneImmeuble="0,00"))

    def test_a_number_that_is_taken_away_is_a_change(self):
        record = self._import([ipe_line(1, CapaciteMaxPM=""), ipe_line(2)])
        self.assertEqual(self._counts(record)["pm"], (0, 1, 0))
        self.assertFalse(self._pm().max_capacity)

    def test_dwellings_are_always_given(self):
        record = self._import([ipe_line(1, NombreLogementsAdresseIPE="0")])
        self.assertEqual(self._counts(record)["building"], (0, 1, 0))
        self.assertEqual(self._building().dwelling_count, 0)

    # -- texts ------------------------------------------------------------------------

    def test_texts_are_written_without_what_a_reader_trips_over(self):
        self._building().write(
            {"street_name": 'RUE DITE "LA BELLE"', "building_name": "A;B"}
        )
        self._pm().comment = '; Derrière\r\nla mairie; clé "A"\n'
        self._unchanged(
            ipe_line(
                1,
                NomVoieImmeuble="RUE DITE 'LA BELLE'",
                BatimentImmeuble="A,B",
                CommentairePM=", Derrière  la mairie, clé 'A'",
            )
        )

    def test_such_a_text_stays_when_something_else_changes(self):
        self._building().street_name = "RUE; HAUTE"
        record = self._import(
            [ipe_line(1, NomVoieImmeuble="RUE, HAUTE", NumeroVoieImmeuble="7")]
        )
        self.assertEqual(self._building().street_name, "RUE; HAUTE")
        self.assertEqual(self._changes(record).mapped("field"), ["street_number"])

    def test_another_text_is_a_change(self):
        self._building().street_name = "RUE; HAUTE"
        record = self._import([ipe_line(1, NomVoieImmeuble="RUE BASSE")])
        self.assertEqual(self._counts(record)["building"], (0, 1, 0))
        self.assertEqual(self._building().street_name, "RUE BASSE")

    def test_a_text_of_blanks_alone_is_an_empty_cell(self):
        self._pm().comment = " \n"
        self._unchanged(ipe_line(1, CommentairePM=""))

    # -- places -----------------------------------------------------------------------

    def test_a_line_without_place_has_the_projection_of_its_pm(self):
        self._building().write({"projection": False, "x": 0, "y": 0})
        nowhere = {"CoordonneeImmeubleX": "", "CoordonneeImmeubleY": ""}
        self._unchanged(ipe_line(1, nowhere))
        self.assertFalse(self._building().projection)

    def test_a_pm_in_another_projection_keeps_its_place(self):
        pm = self._pm()
        pm.write({"projection": "WGS84", "x": 5.36, "y": 45.98})
        place = pm.latitude, pm.longitude
        elsewhere = {"CoordonneePMX": "", "CoordonneePMY": ""}
        self._unchanged(ipe_line(1, elsewhere), ipe_line(2, elsewhere))
        record = self._import(
            [
                ipe_line(rank, elsewhere, CommentairePM="PLACE DU MARCHE")
                for rank in (1, 2)
            ]
        )
        self.assertEqual(self._counts(record)["pm"], (0, 1, 0))
        self.assertEqual((pm.projection, pm.x, pm.y), ("WGS84", 5.36, 45.98))
        self.assertEqual((pm.latitude, pm.longitude), place)

    def test_a_place_that_is_taken_away_is_a_change(self):
        nowhere = {"CoordonneePMX": "", "CoordonneePMY": ""}
        self._import([ipe_line(1, nowhere), ipe_line(2, nowhere)])
        self.assertFalse(self._pm().x)
        self.assertFalse(self._pm().latitude)
        self.assertTrue(self._building().latitude)

    def test_a_place_is_changed(self):
        self._import([ipe_line(1, CoordonneeImmeubleX="871400,00")])
        self.assertEqual(self._building().x, 871400)

    # -- dates ------------------------------------------------------------------------

    def test_a_line_is_dated_for_its_pm_too(self):
        self._pm().last_change_date = "2025-06-01"
        before = network_digest(self.env)
        later = {"DateDerniereModification": "20250601"}
        record = self._import([ipe_line(1, later), ipe_line(2, later)])
        self.assertEqual(self._counts(record)["building"], (0, 0, 2))
        self.assertEqual(network_digest(self.env), before)
        self._import([ipe_line(1, DateDerniereModification="20250701")])
        self.assertEqual(str(self._building().last_change_date), "2025-07-01")

    # -- an address without PM --------------------------------------------------------

    def test_a_dedicated_fibre_is_read_for_an_address_with_a_pm(self):
        self._building().write({"pm_id": False, "dedicated_fibre_free": True})
        self._building().state = "target"
        self._unchanged(ipe_line(1, WITHOUT_PM))
        self.assertTrue(self._building().dedicated_fibre_free)


@tagged("post_install", "-at_install")
class TestCpnSame(CpnCase):
    """The rules of the IPE hold for the CPN."""

    def _unchanged(self, *lines):
        before = network_digest(self.env)
        self.assertEqual(self._made(self._import_cpn(list(lines))), {})
        self.assertEqual(network_digest(self.env), before)

    def test_numbers_that_are_zero(self):
        none = dict.fromkeys(
            ("CapaciteLienPMPRDM", "NbFODisponibles", "LongueurMaxLignes"), ""
        )
        self._import_cpn([cpn_line(none)])
        self._link().write({"capacity": 0, "used_fibre_count": 0})
        self.pms[0].max_line_length_km = 0
        self._unchanged(cpn_line(none))

    def test_fibres_all_in_use_are_none_available(self):
        self._import_cpn([cpn_line()])
        self._link().used_fibre_count = 36
        self._unchanged(cpn_line(NbFODisponibles=""))
        self._unchanged(cpn_line(NbFODisponibles="0"))

    def test_texts_without_what_a_reader_trips_over(self):
        self._import_cpn([cpn_line()])
        self._nro().city = 'VILLE; "EXEMPLE"'
        self._unchanged(cpn_line(CommuneNRO="VILLE, 'EXEMPLE'"))

    def test_a_link_whose_pm_reaches_something_else(self):
        """Staff may link a PM elsewhere: a line tells the end of its link."""
        self._import_cpn([cpn_line()])
        prdm = self.env["oiconnect.prdm"].create(
            {"reference": "OICN-PRDM-0009", "network_id": self.network.id}
        )
        self.pms[0].prdm_id = prdm
        self._unchanged(cpn_line())
        self.pms[0].write({"prdm_id": False, "nro_id": False})
        self._unchanged(cpn_line())

    def test_a_link_whose_nro_is_that_of_its_pm(self):
        """Its PRDM has none: the line tells the NRO of the PM."""
        self._import_cpn([cpn_line()])
        nro = self._nro()
        self._prdm().nro_id = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oiconnect_pm_link SET nro_id = NULL WHERE id = %s",
            [self._link().id],
        )
        self.env.invalidate_all()
        self.pms[0].write({"prdm_id": False, "nro_id": nro.id})
        self._unchanged(cpn_line())
