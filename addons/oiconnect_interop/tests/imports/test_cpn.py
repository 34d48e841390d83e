from datetime import date

from odoo.tests import tagged

from odoo.addons.oiconnect_base.time_zone import local_today

from .cpn_common import PMS, SAMPLE, WITHOUT_LINK, CpnCase, cpn_header, cpn_line
from .network_digest import network_digest


@tagged("post_install", "-at_install")
class TestCpn(CpnCase):
    """The CPN: NROs and PRDMs, what PMs reach, and their links."""

    # -- the example of the protocol --------------------------------------------------

    def test_the_example_of_the_protocol(self):
        record = self._import_cpn(SAMPLE)
        self.assertEqual((record.kind, record.flow_version), ("cpn", "V3.0"))
        self.assertEqual(record.state, "done")
        self.assertEqual(
            self._counts(record),
            {
                "nro": (1, 0, 0),
                "prdm": (1, 0, 0),
                "technical.pm": (0, 0, 0),
                "pm": (0, 3, 0),
                "pm.link": (2, 0, 0),
            },
        )
        self.assertEqual(
            self._errors(record),
            [
                (4, "EtatLienPMPRDM", "C2"),
                (4, "DateInstallationLienPMPRDM", "C2"),
            ],
        )

    def test_an_nro_is_as_the_file_says(self):
        self._import_cpn(SAMPLE)
        nro = self._nro()
        self.assertEqual((nro.nro_type, nro.state), ("pon_ptp", "deployed"))
        self.assertEqual((nro.insee_code, nro.city), ("99001", "VILLE EXEMPLE"))
        self.assertEqual((nro.projection, nro.x, nro.y), ("RGF93", 870000, 6547000))
        self.assertAlmostEqual(nro.latitude, 46.0, delta=1)
        self.assertEqual(nro.address, "VILLE EXEMPLE")
        self.assertEqual(nro.company_id, self.network.company_id)

    def test_a_link_is_as_the_file_says(self):
        self._import_cpn(SAMPLE)
        link = self._link()
        self.assertEqual(link.pm_id.reference, PMS[0])
        self.assertEqual((link.prdm_id, link.nro_id), (self._prdm(), self._nro()))
        self.assertEqual((link.state, link.length_km), ("deployed", 2.15))
        self.assertEqual(link.installation_date, date(2025, 3, 1))
        self.assertEqual(link.last_change_date, date(2025, 3, 2))
        self.assertEqual(
            (link.capacity, link.used_fibre_count, link.free_fibre_count), (36, 12, 24)
        )
        self.assertEqual(self._link("OICN-LNP-0002").state, "deploying")

    def test_pms_reach_what_their_lines_say(self):
        self._import_cpn(SAMPLE)
        first, second, third = self.pms
        self.assertEqual((first.prdm_id, first.nro_id), (self._prdm(), self._nro()))
        self.assertEqual(first.max_line_length_km, 4.8)
        self.assertEqual(second.prdm_id, self._prdm())
        self.assertEqual((third.prdm_id.id, third.nro_id), (False, self._nro()))
        self.assertEqual(self._prdm().nro_id, self._nro())
        self.assertEqual(self._prdm().state, "planned")

    def test_the_history_tells_it(self):
        record = self._import_cpn(SAMPLE)
        changes = {
            (change.res_model, change.kind, change.field)
            for change in self._changes(record)
        }
        self.assertIn(("oiconnect.nro", "create", False), changes)
        self.assertIn(("oiconnect.pm.link", "create", False), changes)
        self.assertIn(("oiconnect.pm", "write", "prdm_id"), changes)
        [moved] = self._changes(record).filtered(
            lambda change: change.field == "prdm_id" and change.res_id == self.pms[0].id
        )
        self.assertEqual((moved.before, moved.after), (False, "OICN-PRDM-0001"))

    def test_the_same_file_again_changes_nothing(self):
        self._import_cpn(SAMPLE)
        before = network_digest(self.env)
        record = self._import_cpn(SAMPLE)
        self.assertEqual(self._made(record), {})
        self.assertEqual(self._counts(record)["pm.link"], (0, 0, 2))
        self.assertEqual(network_digest(self.env), before)

    def test_a_check_tells_it_and_keeps_nothing(self):
        before = network_digest(self.env)
        record = self._upload_cpn(SAMPLE)
        record.dry_run = True
        record._apply()
        self.assertEqual(network_digest(self.env), before)
        self.assertEqual(record.state, "checked")
        self.assertEqual(self._counts(record)["pm.link"], (2, 0, 0))
        self.assertEqual(self._apply_checked(record), "done")
        self.assertTrue(self._link())

    def test_before_v3_the_state_of_a_link_has_another_name(self):
        for version in ("V2.0", "V2.1", "V2.2", "V3.0", "V3.1"):
            name = (
                f"OICONNECT_01_OICN_PM_CPN_{version.replace('.', '')}_20260901_00.csv"
            )
            header = cpn_header(version)
            line = cpn_line(
                EtatLienNROPM="PLANIFIE" if version < "V3" else "",
                EtatLienPMPRDM="" if version < "V3" else "PLANIFIE",
                ReferenceLienPMPRDM=f"LNP-{version}",
            )
            with self.subTest(version):
                record = self._import_cpn([line], name=name, header=header)
                self.assertEqual(record.flow_version, version)
                self.assertEqual(self._link(f"LNP-{version}").state, "planned")

    # -- changes ----------------------------------------------------------------------

    def test_what_differs_is_changed_with_history(self):
        self._import_cpn(SAMPLE)
        record = self._import_cpn(
            [
                cpn_line(LongueurLienPMPRDM="3,05", NbFODisponibles="20"),
                *SAMPLE[1:],
            ]
        )
        self.assertEqual(self._made(record), {"pm.link": (0, 1)})
        link = self._link()
        self.assertEqual(
            (link.length_km, link.used_fibre_count, link.free_fibre_count),
            (3.05, 16, 20),
        )
        self.assertEqual(
            {
                (change.field, change.before, change.after)
                for change in self._changes(record)
            },
            {("length_km", "2.15", "3.05"), ("used_fibre_count", "12", "16")},
        )

    def test_a_link_that_moves_takes_its_pm_along(self):
        self._import_cpn([cpn_line()])
        self._import_cpn([cpn_line(ReferencePRDM="OICN-PRDM-0002")])
        self.assertEqual(self._link().prdm_id, self._prdm("OICN-PRDM-0002"))
        self.assertEqual(self.pms[0].prdm_id, self._prdm("OICN-PRDM-0002"))

    def test_a_pm_stays_where_one_of_its_links_leads(self):
        other = {"ReferencePRDM": "OICN-PRDM-0002"}
        self._import_cpn([cpn_line()])
        self._import_cpn(
            [cpn_line(other, ReferenceLienPMPRDM="OICN-LNP-0009"), cpn_line()]
        )
        self.assertEqual(self.pms[0].prdm_id, self._prdm())
        self.assertEqual(
            self._link("OICN-LNP-0009").prdm_id, self._prdm("OICN-PRDM-0002")
        )

    def test_a_link_straight_to_the_nro(self):
        self._import_cpn([cpn_line(ReferencePRDM="")])
        self.assertEqual(
            (self._link().prdm_id.id, self._link().nro_id), (False, self._nro())
        )
        self.assertFalse(self._prdm())

    def test_pms_and_links_follow_a_prdm_that_changes_nro(self):
        self._import_cpn([cpn_line()])
        unlisted = self.env["oiconnect.pm.link"].create(
            {
                "reference": "OICN-LNP-0077",
                "pm_id": self.pms[1].id,
                "prdm_id": self._prdm().id,
                "network_id": self.network.id,
            }
        )
        self.pms[2].prdm_id = self._prdm()
        record = self._import_cpn([cpn_line(ReferenceNRO="99001NRO2")])
        moved = self._nro("99001NRO2")
        self.assertEqual(self._prdm().nro_id, moved)
        self.env.invalidate_all()
        for follower in (self._link(), unlisted, self.pms[0], self.pms[2]):
            self.assertEqual(follower.nro_id, moved, follower.display_name)
        [change] = self._changes(record).filtered(
            lambda change: change.reference == "OICN-LNP-0077"
        )
        self.assertEqual(
            (change.field, change.before, change.after),
            ("nro_id", "99001NRO1", "99001NRO2"),
        )

    def test_technical_pms_are_made_and_found(self):
        lines = [
            cpn_line(ReferencePMTechnique="PMT1"),
            cpn_line(ReferencePMTechnique="PMT2", ReferenceLienPMPRDM="OICN-LNP-0003"),
        ]
        record = self._import_cpn(lines)
        self.assertEqual(self._made(record)["technical.pm"], (2, 0))
        self.assertEqual(self._link().technical_pm_id.reference, "PMT1")
        self.assertEqual(self._link().technical_pm_id.pm_id, self.pms[0])
        self.assertEqual(
            self.pms[0].technical_pm_ids.mapped("reference"), ["PMT1", "PMT2"]
        )
        self.assertEqual(self._made(self._import_cpn(lines)), {})

    def test_the_same_technical_reference_at_two_pms(self):
        self._import_cpn(
            [
                cpn_line(ReferencePMTechnique="PMT1"),
                cpn_line(
                    ReferencePM=PMS[1],
                    ReferencePMTechnique="PMT1",
                    ReferenceLienPMPRDM="OICN-LNP-0003",
                ),
            ]
        )
        self.assertEqual(self._link("OICN-LNP-0003").technical_pm_id.pm_id, self.pms[1])
        self.assertEqual(self._link().technical_pm_id.pm_id, self.pms[0])

    def test_a_file_without_some_columns_leaves_them(self):
        self._import_cpn([cpn_line()])
        header = [
            name
            for name in cpn_header()
            if name not in ("CapaciteLienPMPRDM", "NbFODisponibles", "ReferencePRDM")
        ]
        record = self._import_cpn([cpn_line(LongueurLienPMPRDM="9")], header=header)
        link = self._link()
        self.assertEqual((link.capacity, link.prdm_id), (36, self._prdm()))
        self.assertEqual(link.length_km, 9)
        self.assertEqual(self._made(record), {"pm.link": (0, 1)})
        self.assertEqual(self.pms[0].prdm_id, self._prdm())

    # -- modes ------------------------------------------------------------------------

    def test_links_that_left_the_file_are_abandoned(self):
        self.env["ir.config_parameter"].set_param(
            "oiconnect_import.max_abandoned_percent", "60"
        )
        self._import_cpn(SAMPLE)
        record = self._import_cpn(SAMPLE[1:], mode="removal")
        counts = {count.model: count.abandoned for count in record.count_ids}
        self.assertEqual(counts.pop("oiconnect.pm.link"), 1)
        self.assertEqual(set(counts.values()), {0})
        self.assertEqual(self._link().state, "abandoned")
        self.assertEqual(self._link().last_change_date, local_today())
        self.assertEqual(self._changes(record).mapped("after"), ["abandoned"])
        self.assertEqual(self.pms[0].state, "planned")
        self.assertEqual(self._nro().state, "deployed")

    def test_initialise_wants_neither_nro_nor_link(self):
        record = self._import_cpn(SAMPLE, mode="initialise")
        self.assertEqual(record.state, "done")
        again = self._upload_cpn(SAMPLE, mode="initialise")
        with self.assertRaisesRegex(Exception, "not empty"):
            again.action_check()

    def test_the_lines_of_another_pm_are_untouched(self):
        self._import_cpn(SAMPLE)
        record = self._import_cpn([cpn_line(WITHOUT_LINK, ReferencePRDM="")])
        self.assertEqual(self._made(record), {"pm": (0, 1)})
        self.assertFalse(self.pms[0].prdm_id)
        self.assertEqual(self._link().prdm_id, self._prdm())
