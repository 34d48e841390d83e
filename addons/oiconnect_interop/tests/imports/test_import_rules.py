from .import_common import (
    SIGNED,
    WITHOUT_PM,
    ImportCase,
    ipe_file,
    ipe_header,
    ipe_line,
)

NEW_BUILDING = {
    "EtatImmeuble": "DEPLOYE",
    "DateSignatureConvention": "20241102",
} | {key: value for key, value in SIGNED.items() if key not in ("EtatImmeuble",)}
PLANNED_PM = {
    "EtatPM": "PLANIFIE",
    "EtatImmeuble": "CIBLE",
    "DateMiseEnServiceCommercialePM": "",
    "DatePremiereMADPM": "",
}
DEPLOYING_PM = PLANNED_PM | {"EtatPM": "EN COURS DE DEPLOIEMENT"}
# Values of the columns of a PM that an ordinary line leaves empty
_ANY = {
    "CommentairePM": "ICI",
    "CodeVoieRivoliPM": "0123",
    "CodeAdressePM": "010042AB99",
    "ComplementNumeroVoiePM": "B",
    "BatimentPM": "A",
    "NombreColonnesMontantesPM": "1",
    "ReferenceConsultationNative": "C1",
}


class TestImportRules(ImportCase):
    """Each rule of the IPE: what breaks it, what does not, and what becomes of it."""

    rank = 0

    def _errors_of(self, *lines, name=None, header=None):
        """Return the (line, column, code) that a file gets."""
        content = ipe_file(list(lines), header)
        record = self._upload(content, **({"name": name} if name else {}))
        record._apply()
        return self._errors(record)

    def _check(self, changes, expected, severity="error"):
        """Check the errors of one line of its own PM, and whether it is applied."""
        self._check_each([(changes, expected)], severity)

    def _check_each(self, cases, severity="error"):
        """Check a file of lines, of a PM each: (changes, errors) of each."""
        first = self.rank + 1
        self.rank += len(cases)
        record = self._upload(
            [
                ipe_line(rank, {"ReferencePM": f"OITI-01004-{rank:04d}"} | changes)
                for rank, (changes, _expected) in enumerate(cases, first)
            ]
        )
        record._apply()
        by_line = record.error_ids.grouped("line")
        left_out = 0
        for rank, (changes, expected) in enumerate(cases):
            with self.subTest(changes=changes):
                found = by_line.pop(rank + 2, record.error_ids.browse())
                self.assertEqual([(item.column, item.code) for item in found], expected)
                if expected:
                    self.assertEqual(set(found.mapped("severity")), {severity})
                    self.assertTrue(all(found.mapped("message")))
                applied = severity == "warning" or not expected
                self.assertEqual(bool(self._building(first + rank)), applied)
                left_out += not applied
        self.assertFalse(by_line)
        self.assertEqual(record.count_ids[1].created, len(cases) - left_out)
        self.assertEqual(record.state, "done_errors" if left_out else "done")

    def test_good_lines_have_no_error(self):
        good = (
            {},
            SIGNED,
            WITHOUT_PM,
            NEW_BUILDING,
            PLANNED_PM,
            DEPLOYING_PM,
            {"EtatImmeuble": "ABANDONNE", "DateDerniereModification": "20260601"},
            {"EtatImmeuble": "RACCORDABLE DEMANDE"},
            {"EtatImmeuble": "RAD EN COURS DE DEPLOIEMENT"},
            {
                "EtatPM": "ABANDONNE",
                "EtatImmeuble": "ABANDONNE",
                "DateDerniereModification": "20260820",
            },
        )
        self._check_each([(changes, []) for changes in good])

    # -- keys -------------------------------------------------------------------------

    def test_k1_a_building_has_a_key(self):
        self._check(
            {"IdentifiantImmeuble": "", "CodeAdresseImmeuble": ""},
            [("IdentifiantImmeuble", "K1")],
        )

    def test_k1_holds_in_a_file_without_identifiers(self):
        header = [name for name in ipe_header() if name != "IdentifiantImmeuble"]
        errors = self._errors_of(
            ipe_line(1), ipe_line(2, CodeAdresseImmeuble=""), header=header
        )
        self.assertEqual(errors, [(3, "CodeAdresseImmeuble", "K1")])

    def test_k2_an_address_with_several_identifiers_is_ambiguous(self):
        same = {"CodeAdresseImmeuble": "010042AB01", "NumeroVoieImmeuble": "1"}
        self._errors_of(ipe_line(1), ipe_line(2, same))
        errors = self._errors_of(ipe_line(1, IdentifiantImmeuble=""))
        self.assertEqual(errors, [(2, "CodeAdresseImmeuble", "K2")])

    def test_k3_lines_are_of_this_network(self):
        self._check({"CodeOI": "OITJ"}, [("CodeOI", "K3")])

    def test_r1_an_identifier_is_on_one_line(self):
        same = {"IdentifiantImmeuble": "IMB/01004/X/0001"}
        record = self._upload([ipe_line(1), ipe_line(2, same), ipe_line(3)])
        record._apply()
        self.assertEqual(
            self._errors(record),
            [(2, "IdentifiantImmeuble", "R1"), (3, "IdentifiantImmeuble", "R1")],
        )
        self.assertIn("first on line 2", record.error_ids[1].message)
        self.assertFalse(self._building(1))
        self.assertTrue(self._building(3))

    def test_r2_an_address_without_identifier_is_on_one_line(self):
        same = {"IdentifiantImmeuble": "", "CodeAdresseImmeuble": "010042AB01"}
        errors = self._errors_of(ipe_line(1, same), ipe_line(1, same), ipe_line(3))
        self.assertEqual(
            errors, [(2, "CodeAdresseImmeuble", "R2"), (3, "CodeAdresseImmeuble", "R2")]
        )
        errors = self._errors_of(
            ipe_line(1, same, BatimentImmeuble="A"),
            ipe_line(1, same, BatimentImmeuble="B"),
        )
        self.assertEqual(errors, [])

    def test_r2b_an_address_code_is_one_address(self):
        same = {"CodeAdresseImmeuble": "010042AB01", "NumeroVoieImmeuble": "1"}
        errors = self._errors_of(
            ipe_line(1),
            ipe_line(2, same, BatimentImmeuble="BAT B"),
            ipe_line(3, same, NomVoieImmeuble="DES LILAS"),
        )
        self.assertEqual(errors, [(4, "NomVoieImmeuble", "R2b")])
        self.assertTrue(self._building(3), "a warning: the line is applied")

    # -- PM ---------------------------------------------------------------------------

    def test_r3_a_named_pm_is_described(self):
        columns = (
            "EtatPM",
            "DateInstallationPM",
            "CodeInseePM",
            "CodePostalPM",
            "CommunePM",
            "NomVoiePM",
            "NumeroVoiePM",
            "TypeIngenierie",
        )
        self._check_each(
            [
                ({"EtatImmeuble": "CIBLE", column: ""}, [(column, "R3")])
                for column in columns
            ]
        )

    def test_r3b_where_and_how_big_a_pm_is_should_be_known(self):
        columns = ("TypeEmplacementPM", "NombreLogementsPM")
        self._check_each(
            [({column: ""}, [(column, "R3b")]) for column in columns], "warning"
        )

    def test_r3c_columns_of_no_pm_are_useless(self):
        self._check(
            WITHOUT_PM | {"EtatPM": "DEPLOYE", "CommentairePM": "ICI"},
            [("EtatPM", "R3c"), ("CommentairePM", "R3c")],
            "warning",
        )

    def test_r3c_a_free_fibre_needs_a_pm(self):
        self._check(
            WITHOUT_PM | {"FibreDedieeLibre": "O"},
            [("FibreDedieeLibre", "R3c")],
            "warning",
        )

    def test_r3c_all_columns_of_a_pm_are_reported_by_their_names(self):
        names = [
            *ipe_header("V2.0")[26:48],
            *ipe_header("V2.0")[50:52],
            *ipe_header("V2.0")[54:58],
        ]
        line = ipe_line(1, ReferencePM="", EtatImmeuble="CIBLE")
        line |= _ANY
        errors = self._errors_of(line)
        self.assertEqual(
            {name for _line, name, code in errors if code == "R3c"}, {*names}
        )

    def test_r4_old_versions_do_not_show_planned_pms(self):
        header = ipe_header("V2.0")
        name = "TEST_01_OITI_PM_IPEZMD_V20_20260901_00.csv"
        errors = self._errors_of(ipe_line(1, PLANNED_PM), name=name, header=header)
        self.assertEqual(errors, [(2, "ReferencePM", "R4")])
        errors = self._errors_of(ipe_line(1, DEPLOYING_PM), name=name, header=header)
        self.assertEqual(errors, [])

    def test_r5_a_deployed_pm_has_its_two_dates(self):
        columns = ("DateMiseEnServiceCommercialePM", "DatePremiereMADPM")
        self._check_each([({column: ""}, [(column, "R5")]) for column in columns])

    def test_r5b_a_pm_is_sold_three_months_after_it_was_made_available(self):
        errors = [("DateMiseEnServiceCommercialePM", "R5b")]
        self._check_each(
            [
                (
                    {
                        "DatePremiereMADPM": first,
                        "DateMiseEnServiceCommercialePM": commercial,
                    },
                    expected,
                )
                for first, commercial, expected in (
                    ("20250320", "20250620", []),
                    ("20241130", "20250228", []),
                    ("20250320", "20250621", errors),
                    ("20250320", "20250320", errors),
                )
            ],
            "warning",
        )

    # -- building ---------------------------------------------------------------------

    def test_r7_a_building_with_a_manager_is_signed_first(self):
        unsigned = SIGNED | {"DateSignatureConvention": ""}
        errors = [("DateSignatureConvention", "R7")]
        self._check_each(
            [
                (unsigned | {"EtatImmeuble": state}, expected)
                for state, expected in (
                    ("SIGNE", errors),
                    ("EN COURS DE DEPLOIEMENT", errors),
                    ("DEPLOYE", errors),
                    ("CIBLE", []),
                )
            ]
        )

    def test_r7b_a_signature_has_a_manager(self):
        columns = (
            "GestionnaireImmeuble",
            "CodePostalGestionnaire",
            "CommuneGestionnaire",
            "NomVoieGestionnaire",
        )
        cases = [(SIGNED | {column: ""}, [(column, "R7b")]) for column in columns]
        self._check_each([*cases, ({"DateSignatureConvention": "20250102"}, [])])

    def test_r8_signed_needs_an_agreement(self):
        self._check({"EtatImmeuble": "SIGNE"}, [("EtatImmeuble", "R8")])

    def test_r9_a_building_is_deployed_after_its_pm(self):
        self._check(
            DEPLOYING_PM | {"EtatImmeuble": "DEPLOYE"},
            [("EtatImmeuble", "R9")],
            "warning",
        )

    def test_r9b_a_deployed_building_is_cabled(self):
        self._check_each(
            [
                ({"DateCablageAdresse": "20260901"}, []),
                (
                    {"DateCablageAdresse": "20260902"},
                    [("DateCablageAdresse", "R9b")],
                ),
            ],
            "warning",
        )

    def test_r15_orders_are_accepted_before_they_are_answered(self):
        column = "DateDebutFournitureCRCmdAcces"
        self._check_each(
            [({column: "20250515"}, []), ({column: "20250514"}, [(column, "R15")])]
        )

    def test_r16_an_address_can_be_located(self):
        nowhere = {
            "CodeAdresseImmeuble": "",
            "CoordonneeImmeubleX": "",
            "CoordonneeImmeubleY": "",
        }
        point = {
            "CoordonneeImmeubleX": "871301,55",
            "CoordonneeImmeubleY": "6548801,02",
        }
        street = {"CodeHexacleVoie": "010042AB00"}
        errors = [("CodeAdresseImmeuble", "R16")]
        self._check_each(
            [
                (nowhere | {"CodeVoieRivoliImmeuble": "0123"}, []),
                (nowhere | street, []),
                (nowhere | point, []),
                (nowhere, errors),
                (nowhere | street | {"NumeroVoieImmeuble": ""}, errors),
            ],
            "warning",
        )

    # -- coordinates, numbers, lists --------------------------------------------------

    def test_g1_coordinates_have_a_projection(self):
        self._check(
            {"TypeProjectionGeographique": ""}, [("TypeProjectionGeographique", "G1")]
        )

    def test_g2_a_point_has_two_coordinates(self):
        columns = (
            "CoordonneePMX",
            "CoordonneePMY",
            "CoordonneeImmeubleX",
            "CoordonneeImmeubleY",
        )
        self._check_each(
            [({column: ""}, [(column, "G2")]) for column in columns], "warning"
        )

    def test_n1_counts_are_not_negative(self):
        columns = (
            "NombreLogementsAdresseIPE",
            "LongueurLigneImmeuble",
            "CapaciteMaxPM",
            "NombreLogementsPM",
            "NombrePMTechniques",
        )
        self._check_each([({column: "-1"}, [(column, "N1")]) for column in columns])

    def test_l1_l2_codes_are_in_the_lists_of_the_network(self):
        self._check_each(
            [
                ({"TypePBO": "POTEAU EN BOIS"}, [("TypePBO", "L1")]),
                ({"TypeRaccoPBPTO": "TUNNEL"}, [("TypeRaccoPBPTO", "L2")]),
            ]
        )
        self.env["oiconnect.pbo.type"].create(
            {"code": "POTEAU EN BOIS", "name": "Poteau en bois"}
        )
        self._check({"TypePBO": "POTEAU EN BOIS"}, [])

    # -- together ---------------------------------------------------------------------

    def test_all_errors_of_a_line_are_reported_at_once(self):
        errors = self._errors_of(
            ipe_line(1),
            ipe_line(
                2,
                CodeInseeImmeuble="AMBERIEU",
                NombreLogementsAdresseIPE="UN",
                EtatImmeuble="SIGNE",
                DateCablageAdresse="20250231",
                CommunePM="",
                TypeZone="",
            ),
        )
        self.assertEqual(
            sorted(errors),
            [
                (3, "CodeInseeImmeuble", "FIMP16"),
                (3, "CommunePM", "R3"),
                (3, "DateCablageAdresse", "FIMP16"),
                (3, "EtatImmeuble", "R8"),
                (3, "NombreLogementsAdresseIPE", "FIMP16"),
                (3, "TypeZone", "FIMP15"),
            ],
        )
        self.assertTrue(self._building(1))
        self.assertFalse(self._building(2))

    def test_values_are_reported_as_they_were_written(self):
        changes = {"EtatImmeuble": "SIGNE", "DateCablageAdresse": "20260902"}
        record = self._upload([ipe_line(1, changes, TypeZone="9", CodeOI="OITJ")])
        record._apply()
        values = {item.column: item.value for item in record.error_ids}
        self.assertEqual(
            values, {"TypeZone": "9", "CodeOI": "OITJ", "EtatImmeuble": "SIGNE"}
        )

    def test_a_rule_is_silent_on_a_column_already_refused(self):
        """A wrong date is reported once, not as a missing date."""
        errors = self._errors_of(ipe_line(1, DatePremiereMADPM="20 mars 2025"))
        self.assertEqual(errors, [(2, "DatePremiereMADPM", "FIMP16")])
        errors = self._errors_of(ipe_line(1, EtatPM="POSE"))
        self.assertEqual(errors, [(2, "EtatPM", "FIMP16")])
