from odoo.tests.common import new_test_user, tagged

from odoo.addons.oiconnect_orders.protocol_time import local_now
from odoo.addons.oiconnect_orders.tests.link_orders.common import make_link

from ..common import ExchangeCase, make_file

KEY = "ReferenceCommandeLienInterneOC"
SERVICE = "ReferencePrestationLien"
# As the example files of the protocol have them
ORDER = (
    f"{KEY} TypeCommandeLien ReferencePM ReferencePMTechnique ReferencePRDM "
    "ReferenceNRO ReferenceLienPMPRDM NbFODemandees NbFOExistantes DateCommandeLien "
    "ReferenceContrat ContactOC CommentaireCommandeLien"
).split()
AVAILABILITY = (
    f"{KEY};{SERVICE};ReferencePM;ReferencePMTechnique;ReferencePRDM;ReferenceNRO;"
    "ReferenceLienPMPRDM;LongueurLienPMPRDM;DateCrMadLien;EtatCrMadLien;"
    "MotifKoCrMadLien;DateMADLien;NumeroFO;TeteNRO;PositionNRO;TetePM;PositionPM;"
    "CableLien;TubeLien;FibreLien;AffaiblissementdB"
)


@tagged("post_install", "-at_install")
class TestLinkFiles(ExchangeCase):
    """Files about links: what is read, and what is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.link = make_link(cls.env, cls.network, cls.pm, "OITO")

    def _link_wire(self, **values):
        self.__class__.rank += 1
        return {
            KEY: f"OCT-LNP-{self.rank:04d}",
            "TypeCommandeLien": "INIT",
            "ReferencePM": self.pm.reference,
            "ReferenceLienPMPRDM": self.link.reference,
            "NbFODemandees": "2",
            "DateCommandeLien": "20260903",
            **values,
        }

    def _ordered(self, *lines):
        return self._take(make_file(ORDER, lines), self._name("CMDLIEN"))

    def _link_order(self, file):
        return self.env["oiconnect.link.order"].search([("origin", "=", file.name)])

    def _answers(self):
        """Return ``{flow: its file}`` of what leaves now."""
        return {file.flow_id.code: file for file in self._drain()}

    def test_a_report_has_a_line_for_each_fibre(self):
        order = self._link_order(self._ordered(self._link_wire()))
        receipt = self._answers()["ARCMDLIEN"]
        day = f"{local_now():%Y%m%d}"
        pm = self.pm.reference
        self.assertEqual(
            receipt.name,
            f"ARCMDLIEN_{pm}_OITO_OCT1_PM_{pm}_ARCMDLIEN_V31_{day}_01.csv",
        )
        order._fire("make_available")
        report = self._answers()["CRMADLIEN"]
        text = report._content().decode(report.encoding)
        self.assertEqual(text.splitlines()[0], AVAILABILITY)
        rows = self._rows(report)
        self.assertEqual([row["NumeroFO"] for row in rows], ["1", "2"])
        self.assertEqual([row["PositionNRO"] for row in rows], ["A1", "A2"])
        self.assertEqual({row["AffaiblissementdB"] for row in rows}, {"0,9"})
        self.assertEqual({row["LongueurLienPMPRDM"] for row in rows}, {"2,15"})
        self.assertEqual({row[SERVICE] for row in rows}, {order.service_reference})

    def test_the_screen_of_a_message_tells_each_fibre(self):
        user = new_test_user(self.env, "liens", "oiconnect_base.group_link_user")
        order = self._link_order(self._ordered(self._link_wire()))
        order._fire("make_available")
        event = order.event_ids.filtered(lambda event: event.flow == "CRMADLIEN")
        content = event.with_user(user).content
        for text in ("A1", "A2", "RTO-01", order.oc_reference):
            self.assertIn(text, content)
        self.assertEqual(content.count("RTO-01"), 1)

    def test_a_file_is_tried_again_aside(self):
        file = self._ordered(self._link_wire(), self._link_wire())
        before = self.link.fibre_ids.mapped("state")
        action = file.action_replay_in_sandbox()
        found = self.env[action["res_model"]].browse(action["res_id"])
        states = found.line_ids.sorted("line").mapped("code")
        self.assertEqual([code or "" for code in states], ["", "FIMP09"])
        self.assertEqual(self.link.fibre_ids.mapped("state"), before)
