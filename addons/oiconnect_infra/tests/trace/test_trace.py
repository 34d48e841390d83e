import base64

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...controllers.trace import _safe
from ..common import InfraCase
from ..wiring import Wiring


class TraceCase(InfraCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trace = cls.env["oiconnect.trace"]
        cls.wiring = Wiring(cls.env, "T91")
        cls.feeder = cls.wiring.strand_cable("CB-A", length_m=400)
        cls.drop = cls.wiring.strand_cable("CB-B", pbo=cls.wiring.box, length_m=150)
        cls.feeds = cls.wiring.link_fibres(2)
        cls.home = cls.wiring.building("IMB/99001/X/0009", address="8 RUE DES ESSAIS")
        cls.pto = cls.wiring.pto(cls.home, "ZZ-0000-0091")

    def whole_route(self, rank=0, number=1, **values):
        """Wire a route from the link to the PTO, over two cables."""
        position = self.wiring.position(
            f"P{rank}", self.feeder[rank], link_fibre_id=self.feeds[0].id
        )
        self.wiring.splice(self.feeder[rank], self.drop[rank])
        return self.wiring.route(
            position,
            self.drop[rank],
            name=f"R{rank}",
            pto_id=self.pto.id,
            connector_number=number,
            **values,
        )

    def codes(self, record):
        [path] = self.trace._trace([self.trace._point(record, None)])
        return [gap.code for gap in path.gaps]


@tagged("post_install", "-at_install")
class TestTrace(TraceCase):
    """The whole path, whatever one has started from; gaps in words."""

    def test_a_route_over_two_cables_is_followed_end_to_end(self):
        route = self.whole_route()
        splice = self.feeder[0].lower_splice_ids
        for record in (
            route,
            self.pto,
            self.feeder[0],
            self.drop[0],
            splice,
            route.position_id,
            self.feeds[0],
        ):
            with self.subTest(record._name):
                shown = self.trace.show(record._name, record.id)
                self.assertEqual(shown["total"], 1)
                self.assertFalse(shown["flaws"])
                self.assertEqual(
                    [row["title"] for row in shown["rows"]],
                    [
                        "PRDM-99001-0001",
                        "LIEN-99001-0001",
                        "TIROIR 09 / P0",
                        "CB-A",
                        "PBO-99-001-001-0009",
                        "CB-B",
                        "PBO-99-001-001-0009",
                        "connector 1",
                        "ZZ-0000-0091",
                    ],
                )
                here = {row["model"] for row in shown["rows"] if row["here"]}
                self.assertIn(record._name, here)
                self.assertEqual(sum(row["length"] for row in shown["rows"]), 3050)

    def test_a_pto_with_several_connectors_shows_them_all(self):
        self.whole_route(0, 1)
        self.whole_route(1, 2)
        shown = self.trace.show("oiconnect.pto", self.pto.id)
        self.assertEqual(shown["total"], 2)
        colours = [r["fibre"] for r in shown["rows"] if r["label"] == "Connector"]
        self.assertEqual(colours, ["1 · Red", "2 · Blue"])

    def test_a_splitter_shows_each_position_that_it_feeds(self):
        self.whole_route(0, 1)
        self.whole_route(1, 2)
        shown = self.trace.show("oiconnect.pm.link.fibre", self.feeds[0].id)
        self.assertEqual(shown["total"], 2)
        self.assertIn("splitter, 2 positions", shown["svg"])
        self.assertEqual(self.codes(self.feeds[1]), ["unused_link_fibre"])

    def test_a_cable_is_followed_tube_by_tube(self):
        self.env["oiconnect.pbo.fibre"].create(
            {
                "cable_id": self.feeder.cable_id.id,
                "sequence": 99,
                "tube": "BLEU",
                "fibre": "1",
            }
        )
        shown = self.trace.show("oiconnect.pbo.cable", self.feeder.cable_id.id)
        self.assertEqual(shown["tubes"], [("ROUGE", 12), ("BLEU", 1)])
        self.assertEqual((shown["tube"], shown["total"]), ("ROUGE", 12))
        other = self.trace.show("oiconnect.pbo.cable", self.feeder.cable_id.id, "BLEU")
        self.assertEqual((other["tube"], other["total"]), ("BLEU", 1))

    def test_pages_follow_each_other(self):
        pages = [
            self.trace.show("oiconnect.pbo", self.wiring.box.id, None, offset, 5)
            for offset in (0, 5, 10)
        ]
        self.assertEqual({page["total"] for page in pages}, {12})
        numbers = [row["path"] for page in pages for row in page["rows"]]
        self.assertEqual(sorted(set(numbers)), list(range(1, 13)))

    def test_a_prdm_is_shown_by_links(self):
        self.whole_route(0, 1)
        shown = self.trace.show("oiconnect.prdm", self.feeds.prdm_id.id)
        [group] = shown["groups"]
        self.assertEqual(group["name"], "LIEN-99001-0001")
        self.assertEqual(
            (group["fibres"], group["positions"], group["routes"]), (2, 1, 1)
        )
        paths = self.trace._trace([("prdm", self.feeds.prdm_id.id)])
        self.assertEqual(len(paths), 2)

    # ------------------------------------------------------------------

    def test_a_missing_splice_is_reported_and_can_be_fixed(self):
        position = self.wiring.position("P0", self.feeder[0])
        route = self.wiring.route(position, self.drop[0], name="R0")
        shown = self.trace.show("oiconnect.route", route.id)
        flaw = next(f for f in shown["flaws"] if f["code"] == "missing_splice")
        self.assertEqual(
            flaw["text"],
            "Fibre CB-A / ROUGE / 1 is not spliced on to fibre CB-B / ROUGE / 1: make "
            "the splice.",
        )
        wizard = (
            self.env["oiconnect.splice.range"]
            .with_context(**flaw["fix"]["context"])
            .create({"box": "CH-1"})
        )
        wizard.action_splice()
        self.assertNotIn("missing_splice", self.codes(route))

    def test_each_gap_has_its_name(self):
        lonely = self.wiring.position("P1")
        strange = self.wiring.position("P2", self.feeder[1])
        strange.fibre = "88"
        cases = {
            "no_first_fibre": self.wiring.route(lonely, self.drop[1], name="R1"),
            "unknown_first_fibre": self.wiring.route(strange, self.drop[2], name="R2"),
            "no_position": self.wiring.route(None, self.drop[3], name="R3"),
            "no_last_fibre": self.wiring.route(
                self.wiring.position("P4", self.feeder[4]), name="R4"
            ),
            "no_pbo": self.wiring.route(None, self.feeder[5], name="R5"),
            "no_pto": self.wiring.route(None, self.drop[6], name="R6"),
            "not_patched": self.wiring.position("P7", self.feeder[7]),
            "no_route": self.drop[8],
        }
        for code, record in cases.items():
            with self.subTest(code):
                self.assertIn(code, self.codes(record))
                shown = self.trace.show(record._name, record.id)
                flaw = next(f for f in shown["flaws"] if f["code"] == code)
                fixed = self.env[flaw["model"]].browse(flaw["id"])
                self.assertTrue(fixed.exists())
                self.assertNotIn("%(", flaw["text"])

    def test_contradictions_are_reported(self):
        """Made by SQL: our screens refuse it."""
        crossed = self.wiring.route(
            self.wiring.position("P0", self.feeder[0]), self.drop[1], name="R0"
        )
        other = self.wiring.route(
            self.wiring.position("P1", self.feeder[1]), self.drop[0], name="R1"
        )
        self.env.cr.execute(
            "INSERT INTO oiconnect_splice (upstream_id, downstream_id, network_id)"
            " VALUES (%s, %s, %s)",
            [self.feeder[0].id, self.drop[0].id, self.wiring.network.id],
        )
        self.assertIn("crossed", self.codes(crossed))
        [path] = self.trace._trace([("fibre", self.feeder[0].id)])
        self.assertEqual(path.key, ("route", other.id))

    def test_a_bare_pto_says_so(self):
        self.assertEqual(self.codes(self.pto), ["bare"])

    # ------------------------------------------------------------------

    def test_the_drawing_is_sound_and_names_each_colour(self):
        self.whole_route()
        hostile = "<b>&'\" " + "REFERENCE-LONGUE-" * 5
        self.feeder.cable_id.reference = hostile[:100]
        svg = self.trace.show("oiconnect.pto", self.pto.id)["svg"]
        root = etree.fromstring(svg)
        texts = [text.strip() for text in root.itertext() if text.strip()]
        self.assertIn("tube ROUGE", texts)
        self.assertIn("fibre 1 · Red", texts)
        self.assertTrue(any("You are here" in text for text in texts))
        self.assertFalse(root.findall(".//{*}b"))
        ns = {"s": "http://www.w3.org/2000/svg"}
        shown = [
            "".join(text.itertext())
            for text in root.iterfind(".//s:text", namespaces=ns)
        ]
        self.assertFalse([text for text in shown if len(text) > 70])

    def test_one_is_also_where_ones_module_link_or_pbo_is(self):
        """A box of the drawing stands for what it is a part of."""
        route = self.whole_route()
        splice_box = self.wiring.box
        for record, expected in (
            (route.position_id.module_id, {"PM position"}),
            (self.feeds.link_id, {"Link fibre"}),
            (splice_box, {"Splice", "PBO"}),
            (self.feeder.cable_id, {"Fibre"}),
            (route, {"Connector"}),
        ):
            with self.subTest(record._name):
                rows = self.trace.show(record._name, record.id)["rows"]
                here = {row["label"] for row in rows if row["here"]}
                self.assertEqual(here, expected)

    def test_a_route_at_no_pto_is_where_its_fibres_are(self):
        position = self.wiring.position("P3", self.feeder[3])
        route = self.wiring.route(position, self.feeder[3], name="R3")
        rows = self.trace.show("oiconnect.route", route.id)["rows"]
        here = [row["label"] for row in rows if row["here"]]
        self.assertEqual(here, ["PM position", "Fibre"])

    def test_a_spare_fibre_of_a_link_is_nothing_to_mend(self):
        shown = self.trace.show("oiconnect.pm.link", self.feeds.link_id.id)
        self.assertEqual(
            [(flaw["code"], flaw["mild"]) for flaw in shown["flaws"]],
            [("unused_link_fibre", True)] * 2,
        )

    def test_the_length_and_the_holder_of_a_link_fibre_are_written_out(self):
        self.whole_route(0, 1)
        self.whole_route(1, 2)
        self.ocaa.name = "Alpha Essai"
        self.feeds[0].operator_id = self.ocaa
        for record in (self.feeds[0], self.pto.route_ids[0]):
            svg = self.trace.show(record._name, record.id)["svg"]
            texts = [text.strip() for text in etree.fromstring(svg).itertext()]
            self.assertIn("splitter, 2 positions", texts)
            self.assertIn("2\u202f500 m · Alpha Essai", texts)
            self.assertIn("LIEN-99001-0001", texts)
            self.assertTrue({"PBO-99-001-", "001-0009"} <= set(texts), "the splice")

    def test_the_state_of_a_route_is_shown_beside_a_box_that_crosses_it(self):
        """Text without room beside the name goes below it; nothing is left out."""
        self.whole_route(0, 1, state="used", operator_id=self.ocaa.id)
        second = self.whole_route(1, 2, state="used", operator_id=self.ocaa.id)
        second.name = "OICN-99001-0001 / TIROIR 09 / P1"
        svg = self.trace.show("oiconnect.pbo", self.wiring.box.id)["svg"]
        texts = [text.strip() for text in etree.fromstring(svg).itertext()]
        self.assertIn(second.name, texts)
        states = [text for text in texts if f"{self.ocaa.name} · Used" in text]
        self.assertEqual(len(states), 4, "in the title and its hint, of both routes")

    def test_a_page_requested_too_large_is_not_the_whole_network(self):
        shown = self.trace.show("oiconnect.pbo", self.wiring.box.id, None, 0, 10**9)
        self.assertEqual(shown["limit"], 300)

    def test_the_printed_page_has_the_drawing_and_the_table(self):
        route = self.whole_route()
        report = "oiconnect_infra.report_trace"
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report,
            None,
            data={"trace_model": "oiconnect.pto", "trace_id": self.pto.id},
        )
        self.assertIn(b"data:image/svg+xml;base64", html)
        self.assertIn(b"CB-B", html)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(report, route.ids)
        self.assertIn(b"R0", html)

    def printed(self, record):
        report = self.env["report.oiconnect_infra.report_trace"]
        values = report._get_report_values(
            [], {"trace_model": record._name, "trace_id": record.id}
        )
        return values["docs"][0]

    def test_no_drawing_is_higher_than_a_page(self):
        """A drawing that is cut in two by the end of the page cannot be read."""
        for rank in range(12):
            self.wiring.route(
                self.wiring.position(f"P{rank}", self.feeder[rank]),
                self.drop[rank],
                name=f"R{rank}",
            )
        doc = self.printed(self.wiring.box)
        self.assertEqual(len(doc["paths"]), 12)
        self.assertGreater(len(doc["images"]), 2)
        for image in doc["images"]:
            content = base64.b64decode(image["address"].partition(",")[2])
            svg = etree.fromstring(content)
            scale = float(image["width"].rstrip("%")) / 100 / float(svg.get("width"))
            self.assertLessEqual(float(svg.get("height")) * scale, 0.58 + 0.001)

    def test_paper_tells_each_gap_in_a_whole_sentence(self):
        position = self.wiring.position("P0", self.feeder[0])
        route = self.wiring.route(position, self.drop[0], name="R0")
        [flaw] = self.printed(route)["flaws"]
        self.assertEqual(flaw["code"], "missing_splice")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "oiconnect_infra.report_trace", route.ids
        )
        self.assertIn(flaw["text"], html.decode())

    def test_every_row_on_paper_has_all_its_cells(self):
        """The colour of a connector has no tube before it, and stays in its column."""
        route = self.whole_route()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "oiconnect_infra.report_trace", route.ids
        )
        table = etree.HTML(html).find(".//table")
        heads = [head.text for head in table.iterfind(".//th")]
        rows = [row.findall("td") for row in table.iterfind("tbody/tr")]
        title, *rows = rows
        self.assertEqual([cell.get("colspan") for cell in title], [str(len(heads))])
        self.assertEqual({len(row) for row in rows}, {len(heads)})
        [connector] = [row for row in rows if row[0].text == "Connector"]
        self.assertEqual(connector[heads.index("Fibre")].text, "1 · Red")

    def test_a_record_deleted_meanwhile_is_reported_in_a_sentence(self):
        gone = self.wiring.pto(self.home, "ZZ-0000-0099")
        gone.unlink()
        with self.assertRaisesRegex(UserError, "This object is no more"):
            self.trace.show("oiconnect.pto", gone.id)

    def test_who_reads_no_link_follows_the_rest(self):
        self.whole_route()
        user = new_test_user(self.env, "suivi_cmd", "oiconnect_base.group_access_read")
        shown = self.trace.with_user(user).show("oiconnect.pto", self.pto.id)
        labels = {row["label"] for row in shown["rows"]}
        self.assertFalse(labels & {"PRDM", "Link fibre"})
        self.assertIn("PBO", labels)
        with self.assertRaises(AccessError):
            self.trace.with_user(user).show("oiconnect.prdm", self.feeds.prdm_id.id)
        outsider = new_test_user(self.env, "suivi_rien", "base.group_user")
        with self.assertRaises(AccessError):
            self.trace.with_user(outsider).show("oiconnect.pto", self.pto.id)
        with self.assertRaises(UserError):
            self.trace.show("res.users", self.env.uid)

    def test_many_points_cost_as_many_queries_as_one(self):
        routes = self.env["oiconnect.route"].concat(
            *(self.whole_route(rank, rank + 1) for rank in range(4))
        )
        self.env.flush_all()
        with self.assertQueryCount(12):
            self.trace._trace([("route", route.id) for route in routes])


@tagged("post_install", "-at_install")
class TestTraceFiles(TraceCase, HttpCase):
    """The drawing and the table as files."""

    def test_files(self):
        self.whole_route()
        self.authenticate("admin", "admin")
        where = f"model=oiconnect.pto&id={self.pto.id}"
        drawing = self.url_open(f"/oiconnect/trace/svg?{where}")
        self.assertEqual(
            drawing.headers["Content-Type"], "image/svg+xml; charset=utf-8"
        )
        etree.fromstring(drawing.content)
        table = self.url_open(f"/oiconnect/trace/csv?{where}").content.decode(
            "utf-8-sig"
        )
        self.assertIn("ZZ-0000-0091", table)
        self.assertEqual(len(table.splitlines()), 10)

    def test_no_cell_is_a_formula(self):
        """An operator's reference is as it typed it."""
        self.assertEqual(
            [_safe(text) for text in ("=1+1", "@SUM(1)", "\t=1", "\r=1", "-24,5", 3)],
            ["'=1+1", "'@SUM(1)", "'\t=1", "'\r=1", "-24,5", 3],
        )

    def test_a_file_of_another_form_is_not_found(self):
        self.authenticate("admin", "admin")
        self.assertEqual(
            self.url_open("/oiconnect/trace/exe?model=oiconnect.pto&id=1").status_code,
            404,
        )
