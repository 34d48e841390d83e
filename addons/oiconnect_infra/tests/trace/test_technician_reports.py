import io
from unittest.mock import patch

from lxml import etree
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...report import technician_report
from .test_trace import TraceCase


@tagged("post_install", "-at_install")
class TestTechnicianReports(TraceCase, HttpCase):
    """Box plans and route tables: on paper and as spreadsheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pm = cls.wiring.at
        cls.bpe = cls.wiring.make(
            "oiconnect.splice.box",
            reference="=BPE-99001-0001",
            kind="bpe",
            pm_id=cls.pm.id,
        )
        cls.route = cls._wired(0, tray="10", slot=7)
        cls.second = cls._wired(1, tray="2", slot=8)
        # The third fibre waits in the box; the fourth one goes on to no route.
        cls.feeder[2].splice_box_id = cls.bpe
        cls.reader = new_test_user(
            cls.env, "technicien", "base.group_user,oiconnect_base.group_infra_read"
        )
        cls.stranger = new_test_user(cls.env, "inconnu", "base.group_user")

    @classmethod
    def _wired(cls, rank, **place):
        """Splice a fibre of the feeder in the box, and make its route to the PTO."""
        position = cls.wiring.position(
            f"P{rank}", cls.feeder[rank], link_fibre_id=cls.feeds[0].id
        )
        cls.wiring.splice(
            cls.feeder[rank], cls.drop[rank], splice_box_id=cls.bpe.id, **place
        )
        return cls.wiring.route(
            position,
            cls.drop[rank],
            name=f"R{rank}",
            pto_id=cls.pto.id,
            connector_number=rank + 1,
        )

    def _plans(self, records):
        service = self.env["oiconnect.box.plan"].with_user(self.reader)
        plans = service._plans(service._boxes(records))
        return {plan["box"].reference: plan for plan in plans}

    def _html(self, report, records, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.reader)
        html, _kind = reports._render_qweb_html(
            f"oiconnect_infra.report_{report}", records.ids
        )
        return etree.HTML(html)

    def _sheets(self, report, records):
        target = io.BytesIO()
        service = self.env[f"oiconnect.{report}"].with_user(self.reader)
        service._write_xlsx(records.with_user(self.reader), target)
        return [
            list(sheet.iter_rows(values_only=True))
            for sheet in load_workbook(target, read_only=True).worksheets
        ]

    def test_a_plan_tells_each_splice_and_where_it_leads(self):
        plan = self._plans(self.bpe)[self.bpe.reference]
        lines = plan["lines"]
        self.assertEqual([line["tray"] for line in lines], ["2", "10", ""])
        second, first, waiting = lines
        self.assertEqual((first["slot"], second["slot"]), (7, 8))
        self.assertEqual(first["upper"][0], "CB-A")
        self.assertEqual(first["lower"][0], "CB-B")
        self.assertEqual(first["upper"][1], ("Red", "#d92525"))
        self.assertEqual(first["kind"], "Fusion splice")
        self.assertEqual(first["state"], "Free")
        module = self.wiring.drawer
        self.assertEqual(first["position"], f"{self.pm.reference} / {module.name} / P0")
        self.assertEqual(first["end"], f"{self.pto.reference} / 1")
        self.assertEqual((waiting["kind"], waiting["lower"][0]), ("Waits", ""))
        self.assertEqual(plan["trays"], [("2", 1), ("10", 1)])
        self.assertEqual(
            [(cable["reference"], cable["side"]) for cable in plan["cables"]],
            [("CB-A", "Comes in"), ("CB-B", "Goes out")],
        )

    def test_the_plans_of_a_pm_are_those_of_its_boxes(self):
        plans = self._plans(self.pm)
        self.assertIn(self.bpe.reference, plans)
        pbo = plans[self.wiring.box.reference]
        ends = [(line["upper"][2], line["end"]) for line in pbo["lines"]]
        self.assertIn((self._colour("1"), f"{self.pto.reference} / 1"), ends)
        kinds = {line["kind"] for line in pbo["lines"]}
        self.assertEqual(kinds, {"To the socket", "Waits"})

    def _colour(self, text):
        colour = self.env["oiconnect.trace"]._colours()[text]
        return colour.label, colour.hex

    def test_a_table_has_a_row_for_each_route(self):
        service = self.env["oiconnect.route.table"].with_user(self.reader)
        for records in (self.pm, self.bpe, self.wiring.box):
            ids = service._route_ids(records)
            self.assertEqual(ids, [self.route.id, self.second.id], records._name)
        first, _second = service._rows(ids)
        self.assertEqual(
            [(hop[0], hop[3]) for hop in first["hops"]],
            [("CB-A", self.bpe.reference), ("CB-B", "")],
        )
        self.assertEqual((first["pto"], first["connector"]), (self.pto.reference, 1))
        self.assertEqual((first["state"], first["notes"]), ("Free", ""))
        self.bpe.splice_ids[:1].unlink()
        first, _second = service._rows(ids)
        self.assertEqual(first["notes"], "Splice missing")
        self.assertEqual([hop[0] for hop in first["hops"]], ["CB-A", "CB-B"])

    def test_paper_has_each_line_and_each_cell(self):
        for report in ("box_plan_splice_box", "route_table_splice_box"):
            page = self._html(report, self.bpe)
            for table in page.findall(".//table"):
                heads = len(table.findall(".//th"))
                for row in table.findall("./tbody/tr"):
                    self.assertEqual(len(row.findall("./td")), heads)
            text = " ".join(page.itertext())
            self.assertIn(self.pto.reference, text)
            self.assertIn("P1", text)
        both = self._html("box_plan_pm", self.pm)
        self.assertEqual(len(both.findall(".//h3")), 2)

    def test_spreadsheets_hold_the_same_and_no_formula(self):
        lines, cables = self._sheets("box.plan", self.bpe)
        self.assertEqual(len(lines), 4)
        self.assertEqual(lines[1][0], "=BPE-99001-0001")
        self.assertEqual(lines[1][-1], f"{self.pto.reference} / 2")
        self.assertEqual([row[2] for row in cables[1:]], ["CB-A", "CB-B"])
        [routes] = self._sheets("route.table", self.pm)
        self.assertEqual({len(row) for row in routes}, {3 + 2 * 4 + 5})
        self.assertEqual(routes[1][3], "CB-A")

    def test_too_much_is_refused_before_it_is_read(self):
        plan = self.env["report.oiconnect_infra.report_box_plan_pm"]
        table = self.env["report.oiconnect_infra.report_route_table_pm"]
        with patch.object(technician_report, "MAX_LINES", 1):
            for report in (plan, table):
                with self.assertRaisesRegex(UserError, "Too many lines"):
                    report._get_report_values(self.pm.ids)
        with (
            patch.object(technician_report, "MAX_RECORDS", 0),
            self.assertRaisesRegex(UserError, "Too much is chosen"),
        ):
            self.pm.action_export_route_table()
        gone = self.bpe.copy({"reference": "BPE-99001-0002"})
        gone.unlink()
        with self.assertRaisesRegex(UserError, "no more"):
            gone.action_export_box_plan()

    def test_who_may_not_read_the_network_gets_neither(self):
        for report in ("box_plan_pm", "route_table_pm"):
            with self.assertRaises(AccessError):
                self._html(report, self.pm, self.stranger)
        for name in ("box_plan", "route_table"):
            with self.assertRaises(AccessError):
                getattr(self.pm.with_user(self.stranger), f"action_export_{name}")()

    def test_download_needs_the_right_to_export(self):
        url = self.pm.with_user(self.reader).action_export_route_table()["url"]
        self.authenticate("technicien", "technicien")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("spreadsheetml", answer.headers["Content-Type"])
        self.assertIn("tableau-des-routes", answer.headers["Content-Disposition"])
        other = url.replace("oiconnect.pm", "res.users")
        self.assertEqual(self.url_open(other).status_code, 404)
        export = self.env.ref("base.group_allow_export")
        self.env.ref("oiconnect_base.group_user").implied_ids -= export
        self.reader.group_ids -= export
        self.assertEqual(self.url_open(url).status_code, 403)
