import json
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ...geo.line import as_text
from ...models.map import map_cable
from ..common import Network
from ..map_common import MapCase, placed

KINDS = ("transport", "distribution", "drop")


@tagged("post_install", "-at_install")
class TestMapCable(MapCase):
    """Lines of cables and splice boxes on the map."""

    def cable(self, reference, kind="distribution", line=None, net=None, pm=None):
        # Fifteen vertices: a street with bends of half a metre
        net = net or self.net
        line = line or [(5.2 + rank / 1e5, 46 + rank % 2 / 2e5) for rank in range(15)]
        return net.make(
            "oiconnect.pbo.cable",
            reference=reference,
            kind=kind,
            pm_id=(pm or self.pm).id,
            line=as_text(line),
        )

    def lines(self, zoom, **options):
        return self.view(zoom=zoom, kinds=["cable"], **options)

    def test_each_kind_appears_from_its_zoom_on(self):
        for kind in KINDS:
            self.cable(kind, kind)
        for zoom, seen in ((9, 1), (12, 1), (13, 2), (15, 2), (16, 3), (20, 3)):
            answer = self.lines(zoom)
            self.assertEqual(
                [line[2] for line in answer["cables"]], list(KINDS[:seen]), zoom
            )
            self.assertEqual(answer["totals"], {"cable": seen})
            self.assertFalse(answer["truncated"])

    def test_a_line_has_the_details_that_the_zoom_shows(self):
        cable = self.cable("CB-1")
        [[found, far, _kind, label]] = self.lines(13)["cables"]
        self.assertEqual((found, label, len(far)), (cable.id, "CB-1", 2))
        self.assertEqual((far[0], far[-1]), ([46.0, 5.2], [46.0, 5.20014]))
        [[_id, near, *_rest]] = self.lines(20)["cables"]
        self.assertEqual(len(near), 15)

    def test_what_crosses_the_view_is_in_it_and_nothing_else(self):
        self.cable("THROUGH", line=[(5.0, 46.01), (5.5, 46.01)])
        self.cable("BESIDE", line=[(5.5, 46.01), (5.6, 46.01)])
        bare = self.cable("BARE")
        bare.line = False
        labels = [line[3] for line in self.lines(13)["cables"]]
        self.assertEqual(labels, ["THROUGH"])

    def test_too_many_of_a_kind_are_reported_and_the_others_drawn(self):
        self.cable("CT-1", "transport")
        for rank in range(4):
            self.cable(f"CB-{rank}")
        with patch.object(map_cable, "MAX_CABLES", 3):
            answer = self.lines(13)
        self.assertEqual([line[3] for line in answer["cables"]], ["CT-1"])
        self.assertEqual(answer["truncated"], ["cable"])
        self.assertNotIn("cable", answer["totals"])
        with patch.object(map_cable, "MAX_VERTICES", 9):
            answer = self.lines(13)
        self.assertEqual(len(answer["cables"]), 1)
        self.assertEqual(answer["truncated"], ["cable"])

    def test_another_company_sees_none(self):
        self.cable("CB-1")
        company = self.env["res.company"].create({"name": "Autre société"})
        user = new_test_user(
            self.env,
            "autre",
            "oiconnect_base.group_infra_read",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        env = self.env(user=user)
        self.assertFalse(self.lines(16, env=env)["cables"])

    def test_a_user_who_may_not_read_cables_gets_none(self):
        self.cable("CB-1")
        user = new_test_user(self.env, "liens", "oiconnect_base.group_link_read")
        answer = self.lines(16, env=self.env(user=user))
        self.assertEqual((answer["cables"], answer["totals"]), ([], {}))

    def test_filters_of_pm_and_network_keep_their_cables(self):
        other = Network(self.env, "T97")
        pm = other.pm("OICN-99001-0097")
        self.cable("OWN")
        self.cable("OTHER", net=other, pm=pm)
        for filters, seen in (
            ({"pm_ids": [self.pm.id], "network_ids": []}, ["OWN"]),
            ({"pm_ids": [pm.id], "network_ids": []}, ["OTHER"]),
            ({"network_ids": [other.network.id]}, ["OTHER"]),
        ):
            answer = self.lines(16, **filters)
            self.assertEqual([line[3] for line in answer["cables"]], seen)

    def test_a_line_is_json_that_the_map_reads(self):
        cable = self.cable("CB-1", line=[(5.2, 46.0), (5.3, 46.1)])
        self.assertEqual(
            json.loads(cable.line),
            {"type": "LineString", "coordinates": [[5.2, 46.0], [5.3, 46.1]]},
        )

    def test_boxes_are_points_with_a_card(self):
        box = self.net.make(
            "oiconnect.splice.box",
            reference="BPE-1",
            place="chamber",
            pm_id=self.pm.id,
            **placed(46.0, 5.2),
        )
        answer = self.view(zoom=15, kinds=["splice_box"])
        self.assertEqual(
            answer["points"]["splice_box"], [[box.id, 46.0, 5.2, "planned", "BPE-1"]]
        )
        card = self.map._card(box._name, box.id)
        self.assertEqual((card["title"], card["state"]), ("BPE-1", "planned"))
        self.assertIn(["Placed in", "Chamber"], card["lines"])

    def test_the_card_of_a_cable_tells_its_ends(self):
        cable = self.cable("CB-1")
        cable.write({"start_kind": "pm", "end_pbo_id": self.pbo.id})
        card = self.map._card(cable._name, cable.id)
        self.assertEqual(card["state"], "distribution")
        self.assertIn(["From", self.pm.display_name], card["lines"])
        self.assertIn(["To", self.pbo.reference], card["lines"])
