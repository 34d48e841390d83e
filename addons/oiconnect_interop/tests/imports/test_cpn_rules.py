import csv
import io

from odoo.tests import tagged

from ...bulk.messages import MESSAGES
from .cpn_common import (
    CPN_NAME,
    PMS,
    SAMPLE,
    WITHOUT_LINK,
    CpnCase,
    cpn_header,
    cpn_line,
)


@tagged("post_install", "-at_install")
class TestCpnRules(CpnCase):
    """Errors and warnings of a CPN file."""

    def _errors_of(self, *lines, **values):
        record = self._import_cpn(list(lines), **values)
        return [(error.line, error.column, error.code) for error in record.error_ids]

    def _check_each(self, cells, code):
        """Check that a line of each of ``cells``, (column, text), has ``code``."""
        lines = [
            cpn_line({"ReferenceLienPMPRDM": f"OICN-LNP-{rank:04d}", column: text})
            for rank, (column, text) in enumerate(cells, 1)
        ]
        errors = self._errors_of(*lines)
        for line, (column, _text) in enumerate(cells, 2):
            with self.subTest(column):
                self.assertIn((line, column, code), errors)

    def _message(self, code):
        errors = self.env["oiconnect.import.error"].search([("code", "=", code)])
        return errors[:1].message

    def test_a_good_line_has_no_error(self):
        self.assertEqual(self._errors_of(cpn_line()), [])

    def test_c1_a_pm_is_known_by_the_ipe(self):
        errors = self._errors_of(
            cpn_line(),
            cpn_line(ReferencePM="OICN-99001-9999", ReferenceLienPMPRDM="LNP-2"),
        )
        self.assertEqual(errors, [(3, "ReferencePM", "C1")])
        self.assertIn("import the IPE", self._message("C1"))

    def test_a_line_in_error_makes_nothing(self):
        self._errors_of(
            cpn_line(ReferencePM="OICN-99001-9999", ReferencePRDM="OICN-PRDM-9")
        )
        self.assertFalse(self._nro() | self._nro("OICN-PRDM-9"))
        self.assertFalse(self._prdm("OICN-PRDM-9"))
        self.assertFalse(self._link())

    def test_a_pm_of_another_network_is_unknown(self):
        other = self._make_network("OITJ")
        self.env["oiconnect.pm"].create(
            {"reference": "OITJ-99001-0001", "network_id": other.id}
        )
        self.assertEqual(
            self._errors_of(cpn_line(ReferencePM="OITJ-99001-0001")),
            [(2, "ReferencePM", "C1")],
        )

    def test_k3_lines_are_of_this_network(self):
        self.assertEqual(
            self._errors_of(cpn_line(CodeOI="OITJ")), [(2, "CodeOI", "K3")]
        )
        self.assertIn("OICN", self._message("K3"))

    def test_c2_columns_of_no_link_are_ignored(self):
        errors = self._errors_of(cpn_line(ReferenceLienPMPRDM=""))
        self.assertEqual(
            {column for _line, column, code in errors if code == "C2"},
            set(WITHOUT_LINK) - {"ReferenceLienPMPRDM"},
        )
        self.assertFalse(self._link())
        self.assertEqual(self.pms[0].prdm_id, self._prdm())

    def test_c3_a_link_has_a_state_and_a_length(self):
        errors = self._errors_of(cpn_line(EtatLienPMPRDM="", LongueurLienPMPRDM=""))
        self.assertEqual(
            errors,
            [(2, "EtatLienPMPRDM", "C3"), (2, "LongueurLienPMPRDM", "C3")],
        )
        self.assertEqual(self._link().state, "planned")
        self._link().state = "deploying"
        self._errors_of(cpn_line(EtatLienPMPRDM=""))
        self.assertEqual(self._link().state, "deploying", "unchanged")

    def test_mandatory_columns(self):
        columns = (
            "CodeOI",
            "ReferencePM",
            "ReferenceNRO",
            "EtatNRO",
            "DateDerniereModification",
        )
        self._check_each([(column, "") for column in columns], "FIMP15")

    def test_values_are_those_of_the_lists(self):
        cells = (
            ("TypeNRO", "NRO-XXX"),
            ("EtatNRO", "OUVERT"),
            ("EtatLienPMPRDM", "POSE"),
            ("DateInstallationLienPMPRDM", "20251301"),
            ("LongueurLienPMPRDM", "deux"),
            ("CapaciteLienPMPRDM", "36 FO"),
            ("TypeProjectionGeographique", "LAMBERT"),
            ("CodeInseeNRO", "AIN"),
        )
        self._check_each(cells, "FIMP16")

    def test_references_have_the_lengths_of_the_network(self):
        cells = (
            ("ReferencePM", "X" * 21),
            ("ReferenceNRO", "X" * 16),
            ("ReferencePRDM", "X" * 21),
            ("ReferenceLienPMPRDM", "X" * 51),
        )
        self._check_each(cells, "FIMP16")

    # -- fibres -----------------------------------------------------------------------

    def _fibres(self, **cells):
        self._errors_of(cpn_line(**cells))
        link = self._link()
        return link.capacity, link.used_fibre_count, link.free_fibre_count

    def test_fibres_in_use_are_those_that_are_not_free(self):
        self.assertEqual(
            self._fibres(CapaciteLienPMPRDM="48", NbFODisponibles="0"), (48, 48, 0)
        )
        self.assertEqual(
            self._fibres(CapaciteLienPMPRDM="48", NbFODisponibles="48"), (48, 0, 48)
        )

    def test_free_fibres_alone_say_nothing(self):
        self.assertEqual(
            self._fibres(CapaciteLienPMPRDM="", NbFODisponibles=""), (0, 0, 0)
        )
        self.assertEqual(
            self._fibres(CapaciteLienPMPRDM="12", NbFODisponibles=""), (12, 0, 12)
        )

    def test_c4_more_free_than_there_are(self):
        errors = self._errors_of(
            cpn_line(CapaciteLienPMPRDM="12", NbFODisponibles="13")
        )
        self.assertEqual(errors, [(2, "NbFODisponibles", "C4")])
        self.assertEqual(self._link().used_fibre_count, 0)
        errors = self._errors_of(
            cpn_line(
                ReferencePM=PMS[1],
                ReferenceLienPMPRDM="OICN-LNP-0002",
                CapaciteLienPMPRDM="",
                NbFODisponibles="3",
            )
        )
        self.assertEqual(errors, [(2, "NbFODisponibles", "C4")])

    def test_inconsistent_numbers_leave_those_in_use(self):
        self._errors_of(cpn_line())
        self._errors_of(cpn_line(NbFODisponibles="99"))
        self.assertEqual(self._link().used_fibre_count, 12)

    def test_c10_there_are_as_many_as_in_use(self):
        self._errors_of(cpn_line())
        errors = self._errors_of(cpn_line(CapaciteLienPMPRDM="11", NbFODisponibles=""))
        self.assertEqual(errors, [(2, "CapaciteLienPMPRDM", "C10")])
        self.assertIn("in use: 12", self._message("C10"))
        self.assertEqual(self._link().capacity, 36)
        self.assertEqual(
            self._errors_of(cpn_line(CapaciteLienPMPRDM="", NbFODisponibles="")),
            [(2, "CapaciteLienPMPRDM", "C10")],
        )
        self.assertEqual(
            self._fibres(CapaciteLienPMPRDM="6", NbFODisponibles="6"), (6, 0, 6)
        )

    def test_c11_fibres_listed_one_by_one_are_counted(self):
        self._errors_of(cpn_line())
        link = self._link()
        link.write({"used_fibre_count": 0, "capacity": 2})
        self.env["oiconnect.pm.link.fibre"].create(
            [{"link_id": link.id, "number": rank} for rank in (1, 2)]
        )
        errors = self._errors_of(
            cpn_line(CapaciteLienPMPRDM="36", NbFODisponibles="24")
        )
        self.assertEqual(errors, [(2, "CapaciteLienPMPRDM", "C11")])
        self.assertEqual(
            (link.capacity, link.used_fibre_count, link.free_fibre_count), (2, 0, 2)
        )

    def test_n1_numbers_are_not_negative(self):
        columns = (
            "LongueurLienPMPRDM",
            "LongueurMaxLignes",
            "CapaciteLienPMPRDM",
            "NbFODisponibles",
        )
        self._check_each([(column, "-1") for column in columns], "N1")

    # -- places -----------------------------------------------------------------------

    def test_g1_g2_coordinates(self):
        self.assertEqual(
            self._errors_of(cpn_line(TypeProjectionGeographique="")),
            [(2, "TypeProjectionGeographique", "G1")],
        )
        self.assertEqual(
            self._errors_of(cpn_line(CoordonneeNROX="")),
            [(2, "CoordonneeNROX", "G2")],
        )

    # -- lines that contradict each other ---------------------------------------------

    def test_c5_an_nro_is_described_once(self):
        errors = self._errors_of(
            cpn_line(),
            cpn_line(
                ReferencePM=PMS[1],
                ReferenceLienPMPRDM="OICN-LNP-0002",
                EtatNRO="PLANIFIE",
                CommuneNRO="AILLEURS",
            ),
        )
        self.assertEqual(errors, [(3, "EtatNRO", "C5"), (3, "CommuneNRO", "C5")])
        self.assertEqual(self._nro().state, "deployed", "the first line is used")
        self.assertIn("line 2", self._message("C5"))

    def test_c6_a_prdm_has_one_nro(self):
        errors = self._errors_of(
            cpn_line(),
            cpn_line(
                ReferencePM=PMS[1],
                ReferenceLienPMPRDM="OICN-LNP-0002",
                ReferenceNRO="99001NRO2",
            ),
        )
        self.assertEqual(errors, [(3, "ReferenceNRO", "C6")])
        self.assertEqual(self._prdm().nro_id, self._nro())
        self.assertEqual(self._link("OICN-LNP-0002").nro_id, self._nro())

    def test_c7_a_pm_has_one_longest_line(self):
        errors = self._errors_of(
            cpn_line(),
            cpn_line(ReferenceLienPMPRDM="OICN-LNP-0002", LongueurMaxLignes="9"),
        )
        self.assertEqual(errors, [(3, "LongueurMaxLignes", "C7")])
        self.assertEqual(self.pms[0].max_line_length_km, 4.8)

    def test_c8_a_link_has_one_line(self):
        errors = self._errors_of(cpn_line(), cpn_line(ReferencePMTechnique="PMT2"))
        self.assertEqual(
            errors,
            [(2, "ReferenceLienPMPRDM", "C8"), (3, "ReferenceLienPMPRDM", "C8")],
        )
        self.assertFalse(self._link())

    def test_c9_a_link_does_not_change_pm(self):
        self._errors_of(cpn_line())
        errors = self._errors_of(cpn_line(ReferencePM=PMS[1]))
        self.assertEqual(errors, [(2, "ReferenceLienPMPRDM", "C9")])
        self.assertIn(PMS[0], self._message("C9"))
        self.assertEqual(self._link().pm_id, self.pms[0])

    # -- around -----------------------------------------------------------------------

    def test_each_reported_error_has_a_sentence(self):
        self._errors_of(*SAMPLE, cpn_line(ReferencePM="X", NbFODisponibles="99"))
        for error in self.env["oiconnect.import.error"].search([]):
            self.assertIn(error.message_key, MESSAGES)
            self.assertNotIn("%(", error.message)

    def test_all_or_nothing(self):
        record = self._import_cpn(
            [cpn_line(), cpn_line(ReferencePM="X", ReferenceLienPMPRDM="Y")],
            on_error="nothing",
        )
        self.assertEqual(record.state, "refused")
        self.assertEqual(self._errors(record), [(3, "ReferencePM", "C1")])
        self.assertFalse(self._link())

    def test_lines_in_error_are_exported_to_be_fixed(self):
        record = self._import_cpn(
            [cpn_line(), cpn_line(ReferencePM="X", ReferenceLienPMPRDM="OICN-LNP-0002")]
        )
        target = io.BytesIO()
        record._write_errors(target)
        text = target.getvalue().decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(text), delimiter=";")
        self.assertEqual((row["Line"], row["ReferencePM"]), ("3", "X"))
        self.assertIn("import the IPE", row["Errors"])
        fixed = target.getvalue().replace(b";X;", f";{PMS[1]};".encode())
        again = self._import_cpn(fixed)
        self.assertEqual((again.state, again.kind), ("done", "cpn"))
        self.assertTrue(self._link("OICN-LNP-0002"))

    def test_kind_is_found_by_the_header(self):
        record = self._upload_cpn([cpn_line()], name="liens.csv")
        self.assertEqual(record.kind, "cpn")
        self.assertFalse(record.problem)

    def test_a_file_without_its_main_columns_is_refused(self):
        header = [name for name in cpn_header() if name != "ReferencePM"]
        record = self._upload_cpn([cpn_line()], name=CPN_NAME, header=header)
        with self.assertRaisesRegex(Exception, "ReferencePM"):
            record._apply()
