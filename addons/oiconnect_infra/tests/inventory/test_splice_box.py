from contextlib import contextmanager

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...geo import line as geo
from ..common import InfraCase, Network
from ..map_common import placed


class BoxCase(InfraCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nro = cls.net.make("oiconnect.nro", reference="NRO-99001-01")
        cls.box = cls.net.make(
            "oiconnect.splice.box", reference="BPE-99001-0001", **placed(46.01, 5.21)
        )
        cls.pbo.write(placed(46.02, 5.22))
        cls.pm.write(placed(46.0, 5.2))

    @contextmanager
    def refused(self):
        """Expect that the database refuses what is written."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            yield
            self.env.flush_all()
        self.env.invalidate_all(flush=False)

    def cable(self, reference="CB-1", **values):
        values = {"pm_id": self.pm.id, **values}
        return self.net.make("oiconnect.pbo.cable", reference=reference, **values)


@tagged("post_install", "-at_install")
class TestSpliceBox(BoxCase):
    def test_it_is_where_a_survey_says(self):
        self.box.write({"projection": "CC46", "x": 1842346.0596, "y": 5174961.791})
        self.assertAlmostEqual(self.box.latitude, 45.76, delta=1e-7)
        self.assertAlmostEqual(self.box.longitude, 4.83, delta=1e-7)
        # What is moved on the map stays in the projection of the survey.
        self.box.latitude = 45.77
        self.assertEqual(self.box.projection, "CC46")
        self.assertAlmostEqual(self.box.y, 5174961.791 + 1112, delta=5)

    def test_published_objects_have_the_projections_of_the_protocol_only(self):
        for model in ("pbo", "pm", "building", "nro", "prdm"):
            field = self.env[f"oiconnect.{model}"]._fields["projection"]
            self.assertNotIn("CC46", field.get_values(self.env), model)

    def test_it_stays_while_something_is_in_it(self):
        cable = self.cable()
        fibres = self.env["oiconnect.pbo.fibre"].create(
            [
                {"cable_id": cable.id, "tube": "1", "fibre": str(rank)}
                for rank in range(3)
            ]
        )
        splice = self.env["oiconnect.splice"].create(
            {
                "upstream_id": fibres[0].id,
                "downstream_id": fibres[1].id,
                "splice_box_id": self.box.id,
            }
        )
        self.assertEqual((splice.kind, splice.place), ("fusion", "BPE-99001-0001"))
        for record, name in (
            (splice, "splice_box_id"),
            (fibres[2], "splice_box_id"),
            (cable, "start_box_id"),
            (cable, "end_box_id"),
        ):
            record[name] = self.box
            with self.assertRaises(UserError, msg=name):
                self.box.unlink()
            record[name] = False
        self.box.unlink()

    def test_a_splice_or_a_fibre_is_at_one_place(self):
        cable = self.cable()
        fibres = self.env["oiconnect.pbo.fibre"].create(
            [
                {"cable_id": cable.id, "tube": "1", "fibre": fibre}
                for fibre in ("1", "2")
            ]
        )
        places = {"pbo_id": self.pbo.id, "splice_box_id": self.box.id}
        with self.refused():
            fibres[0].write(places)
        with self.refused():
            self.env["oiconnect.splice"].create(
                {"upstream_id": fibres[0].id, "downstream_id": fibres[1].id, **places}
            )

    def test_history_tells_what_changed(self):
        self.box.write({"state": "deployed", "place": "pole"})
        self.assertEqual(
            self.changes(self.box)[1:],
            [
                ("write", "state", "planned", "deployed"),
                ("write", "place", None, "pole"),
            ],
        )


@tagged("post_install", "-at_install")
class TestCableEnds(BoxCase):
    def test_the_kind_of_an_end_follows_the_place(self):
        cable = self.cable(start_box_id=self.box.id, end_pbo_id=self.pbo.id)
        self.assertEqual((cable.start_kind, cable.end_kind), ("box", "pbo"))
        self.assertEqual(cable.start_name, "BPE-99001-0001")
        self.assertEqual(cable.end_name, self.pbo.reference)
        cable = self.cable("CB-2", start_kind="pm")
        self.assertEqual(cable.start_name, self.pm.display_name)
        self.assertFalse(cable.end_name)

    def test_an_end_is_at_one_place(self):
        for values in (
            {"start_nro_id": self.nro.id, "start_box_id": self.box.id},
            {"end_pbo_id": self.pbo.id, "end_box_id": self.box.id},
        ):
            with self.refused():
                self.cable("CB-W", **values)

    def test_only_transport_goes_without_a_pm(self):
        trunk = self.cable("CT-1", kind="transport", pm_id=False)
        self.assertFalse(trunk.pm_id)
        for kind in ("distribution", "drop"):
            with self.refused():
                self.cable(f"CB-{kind}", kind=kind, pm_id=False)

    def test_ends_are_on_the_network_of_the_cable(self):
        other = Network(self.env, "T98")
        box = other.make("oiconnect.splice.box", reference="BPE-OTHER")
        with self.assertRaises(ValidationError):
            self.cable(end_box_id=box.id)

    def test_transport_fibres_are_not_spliced_behind_a_pm(self):
        fibres = [
            self.env["oiconnect.pbo.fibre"].create(
                {"cable_id": cable.id, "tube": "1", "fibre": "1"}
            )
            for cable in (
                self.cable("CT-1", kind="transport", pm_id=False),
                self.cable("CT-2", kind="transport"),
                self.cable("CB-1"),
            )
        ]
        trunk, branch, feeder = (fibre.id for fibre in fibres)
        problems = self.env["oiconnect.splice"]._problems(
            [(trunk, branch), (branch, feeder)]
        )
        self.assertEqual(list(problems), [(branch, feeder)])
        self.assertIn("transport", problems[branch, feeder][0])


@tagged("post_install", "-at_install")
class TestCableLine(BoxCase):
    def test_what_is_no_line_is_refused(self):
        cable = self.cable()
        for code, text in {
            "unreadable": "n'importe quoi",
            "not_line": '{"type": "Point", "coordinates": [5.2, 46]}',
            "empty": geo.as_text([(5.2, 46), (5.2, 46)]),
            "not_degrees": geo.as_text([(700_000, 6_600_000), (700_010, 6_600_000)]),
            "too_long": geo.as_text([(rank / 1e5, 46) for rank in range(5001)]),
        }.items():
            with self.subTest(code), self.assertRaises(ValidationError) as refused:
                cable.line = text
            self.assertIn(cable._line_problem(code), str(refused.exception))

    def test_a_line_tells_where_the_cable_is(self):
        cable = self.cable(line=geo.as_text([(5.2, 46.0), (5.25, 46.1), (5.3, 46.05)]))
        self.assertEqual(
            [cable.south, cable.west, cable.north, cable.east], [46.0, 5.2, 46.1, 5.3]
        )
        self.assertTrue(cable.has_line)
        self.assertEqual(cable.map_bounds, [46.0, 5.2, 46.1, 5.3])
        cable.line = False
        self.assertFalse(cable.has_line)

    def test_a_straight_line_joins_the_two_ends(self):
        cable = self.cable(start_kind="pm", end_box_id=self.box.id)
        cable.action_straight_line()
        self.assertEqual(
            geo.drawn(cable.line, 0), [[46.0, 5.2], [46.01, 5.21]], cable.line
        )

    def test_no_straight_line_without_two_places(self):
        for values in (
            {},
            {"start_kind": "pm"},
            {"start_kind": "pm", "end_kind": "pm"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.cable(f"CB-{len(values)}", **values).action_straight_line()

    def test_lists_do_not_read_lines(self):
        self.assertFalse(self.env["oiconnect.pbo.cable"]._fields["line"].prefetch)
