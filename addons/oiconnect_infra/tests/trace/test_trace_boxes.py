from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_trace import TraceCase


@tagged("post_install", "-at_install")
class TestTraceBoxes(TraceCase):
    """Splice boxes, kinds of splices, transport and drop cables on traces."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boxes = [
            cls.wiring.make(
                "oiconnect.splice.box", reference=f"BPE-99001-000{rank}", kind="bpe"
            )
            for rank in range(1, 4)
        ]

    def long_route(self):
        """Wire a fibre that passes two boxes uncut and is spliced in the third."""
        parts = [
            self.feeder,
            self.wiring.strand_cable("CB-M1", length_m=50),
            self.wiring.strand_cable("CB-M2", length_m=60),
            self.drop,
        ]
        position = self.wiring.position(
            "P0", self.feeder[0], link_fibre_id=self.feeds[0].id
        )
        for rank, box in enumerate(self.boxes):
            how = {"kind": "fusion", "tray": "3", "slot": 7}
            if rank < 2:
                how = {"kind": "uncut"}
            self.wiring.splice(
                parts[rank][0], parts[rank + 1][0], splice_box_id=box.id, **how
            )
        return self.wiring.route(
            position, self.drop[0], name="R0", pto_id=self.pto.id, connector_number=1
        )

    def test_uncut_in_two_boxes_then_spliced_in_the_third(self):
        route = self.long_route()
        for record in (route, self.pto, *self.boxes):
            with self.subTest(record.display_name):
                shown = self.trace.show(record._name, record.id)
                self.assertEqual((shown["total"], shown["flaws"]), (1, []))
                splices = [row for row in shown["rows"] if row["label"] == "Splice"]
                self.assertEqual(
                    [(row["title"], row["detail"]) for row in splices],
                    [
                        ("BPE-99001-0001", "Passes uncut"),
                        ("BPE-99001-0002", "Passes uncut"),
                        ("BPE-99001-0003", "Fusion splice · tray 3, no. 7"),
                    ],
                )
                for text in ("BPE-99001-0002", "Passes uncut", "Fusion splice"):
                    self.assertIn(text, shown["svg"])
                if record in self.boxes:
                    here = [row["title"] for row in shown["rows"] if row["here"]]
                    self.assertEqual(here, [record.reference])
        printed = self.trace._printed(route._name, route.id)
        details = [row["detail"] for row in printed["paths"][0]["rows"]]
        self.assertEqual(details.count("Passes uncut"), 2)

    def test_a_fibre_that_waits_in_a_box_says_so(self):
        self.feeder[3].splice_box_id = self.boxes[0]
        shown = self.trace.show("oiconnect.splice.box", self.boxes[0].id)
        [last] = [row for row in shown["rows"] if row["label"] == "Splice box"]
        self.assertEqual(
            (last["title"], last["detail"], last["here"]),
            ("BPE-99001-0001", "waiting", True),
        )

    def test_a_link_fibre_goes_on_through_its_transport_fibres(self):
        trunk = self.wiring.strand_cable("CT-1", kind="transport", length_m=900)
        branch = self.wiring.strand_cable("CT-2", kind="transport", length_m=100)
        self.wiring.splice(trunk[0], branch[0], splice_box_id=self.boxes[2].id)
        route = self.long_route()
        with self.assertRaises(ValidationError):
            self.feeds[0].transport_fibre_id = self.drop[0]
        self.feeds[0].transport_fibre_id = branch[0]
        for record in (route, self.pto, self.feeds[0]):
            shown = self.trace.show(record._name, record.id)
            rows = [(row["label"], row["title"]) for row in shown["rows"]]
            start = rows.index(("Transport fibre", "CT-1"))
            self.assertEqual(
                rows[start : start + 4],
                [
                    ("Transport fibre", "CT-1"),
                    ("Splice", "BPE-99001-0003"),
                    ("Transport fibre", "CT-2"),
                    ("Link fibre", self.feeds[0].link_id.reference),
                ],
            )
            lengths = [row["length"] for row in shown["rows"][start : start + 4]]
            self.assertEqual(lengths, [900, 0, 100, 0])
            self.assertEqual(shown["flaws"], [])
            self.assertIn("CT-1", shown["svg"])
        # The strand itself stays a path of its own.
        shown = self.trace.show("oiconnect.pbo.fibre", trunk[0].id)
        self.assertEqual(shown["rows"][0]["title"], "CT-1")

    def test_transport_fibres_lack_neither_module_nor_route(self):
        trunk = self.wiring.strand_cable("CT-1", kind="transport")
        trunk.cable_id.pm_id = False
        branch = self.wiring.strand_cable("CT-2", kind="transport")
        self.wiring.splice(trunk[0], branch[0], splice_box_id=self.boxes[0].id)
        shown = self.trace.show("oiconnect.pbo.cable", trunk.cable_id.id)
        self.assertEqual((shown["total"], shown["flaws"]), (12, []))
        self.assertEqual(
            [row["title"] for row in shown["rows"] if row["path"] == 1],
            ["CT-1", "BPE-99001-0001", "CT-2"],
        )
        self.assertEqual(shown["rows"][0]["route"], "Transport: CT-1 / ROUGE / 1")

    def test_the_drop_cable_is_shown_behind_the_pbo(self):
        route = self.whole_route()
        self.wiring.make(
            "oiconnect.pbo.cable",
            reference="BR-0091",
            kind="drop",
            pm_id=self.wiring.at.id,
            start_pbo_id=self.wiring.box.id,
            end_pto_id=self.pto.id,
            length_m=35,
        )
        shown = self.trace.show(route._name, route.id)
        [connector] = [row for row in shown["rows"] if row["label"] == "Connector"]
        self.assertEqual((connector["detail"], connector["length"]), ("BR-0091", 35))
        self.assertIn("BR-0091", shown["svg"])
