from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import InfraCase, Network
from ..wiring import Wiring


@tagged("post_install", "-at_install")
class TestSplice(InfraCase):
    """Fibres are welded end to end; each end is used once, and no chain closes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiring = Wiring(cls.env, "T95")
        cls.feeder = cls.wiring.strand_cable("CB-A")
        cls.drop = cls.wiring.strand_cable("CB-B", pbo=cls.wiring.box)
        cls.far = cls.wiring.strand_cable("CB-C")

    def wizard(self, upper, lower, **values):
        return self.env["oiconnect.splice.range"].create(
            {
                "upstream_cable_id": upper.cable_id.id,
                "upstream_first_id": upper[0].id,
                "upstream_last_id": upper[-1].id,
                "downstream_cable_id": lower.cable_id.id,
                "downstream_first_id": lower[0].id,
                "downstream_last_id": lower[-1].id,
                "pbo_id": self.wiring.box.id,
                **values,
            }
        )

    def test_a_range_is_spliced_in_the_order_of_the_cables(self):
        wizard = self.wizard(self.feeder[2:5], self.drop[6:9])
        self.assertEqual((wizard.pair_count, wizard.problem_count), (3, 0))
        self.assertIn("CB-A / ROUGE / 3", wizard.preview)
        action = wizard.action_splice()
        splices = self.env["oiconnect.splice"].search(action["domain"])
        self.assertEqual(splices.upstream_id, self.feeder[2:5])
        self.assertEqual(splices.downstream_id, self.drop[6:9])
        self.assertEqual(set(splices.mapped("place")), {"PBO-99-001-001-0009"})

    def test_making_and_undoing_stay_in_the_history(self):
        splice = self.wiring.splice(self.feeder[0], self.drop[0])
        splice.box = "CH-1"
        name = "CB-A / ROUGE / 1 → CB-B / ROUGE / 1"
        domain = [("res_model", "=", splice._name), ("res_id", "=", splice.id)]
        wizard = self.env["oiconnect.splice.undo"].create(
            {"splice_ids": [(6, 0, splice.ids)], "reason": "Câble remplacé"}
        )
        wizard.action_undo()
        self.assertFalse(splice.exists())
        lines = self.env["oiconnect.change"].search(domain, order="id")
        self.assertEqual(lines.mapped("kind"), ["create", "write", "unlink"])
        self.assertEqual(set(lines.mapped("reference")), {name})
        self.assertEqual(lines[-1].reason, "Câble remplacé")
        self.assertEqual(lines[-1].snapshot["upstream_id"], self.feeder[0].id)

    def test_all_fibres_in_use_are_named_at_once(self):
        self.wiring.splice(self.feeder[0], self.far[0])
        self.wiring.splice(self.far[1], self.drop[1])
        self.wiring.position("P1", self.drop[2])
        self.wiring.route(fibre=self.feeder[3], name="R-TAKEN")
        wizard = self.wizard(self.feeder[:4], self.drop[:4])
        self.assertEqual(wizard.problem_count, 4)
        with self.assertRaises(UserError) as refused:
            wizard.action_splice()
        for text in (
            "CB-C / ROUGE / 1",
            "CB-C / ROUGE / 2",
            "TIROIR 09 / P1",
            "R-TAKEN",
        ):
            self.assertIn(text, str(refused.exception))
        self.assertFalse(self.feeder[1].lower_splice_ids)

    def test_two_routes_are_never_joined(self):
        self.wiring.route(self.wiring.position("P1", self.feeder[0]), name="R-UP")
        self.wiring.route(fibre=self.drop[0], name="R-DOWN")
        with self.assertRaisesRegex(UserError, "R-UP.*R-DOWN"):
            self.wiring.splice(self.feeder[0], self.drop[0])

    def test_the_missing_splice_of_a_used_route_may_be_made(self):
        position = self.wiring.position("P1", self.feeder[0])
        route = self.wiring.route(position, self.drop[0])
        route.write({"state": "used", "operator_id": self.ocaa.id})
        self.wiring.splice(self.feeder[0], self.drop[0])
        [path] = self.env["oiconnect.trace"]._trace([("route", route.id)])
        self.assertTrue(path.is_continuous)

    def test_what_carries_a_service_is_not_undone(self):
        position = self.wiring.position("P1", self.feeder[0])
        route = self.wiring.route(position, self.drop[0], name="R-USED")
        splices = self.wiring.splice(self.feeder[:2], self.drop[:2])
        route.write({"state": "reserved", "operator_id": self.ocaa.id})
        wizard = self.env["oiconnect.splice.undo"].create(
            {"splice_ids": [(6, 0, splices.ids)]}
        )
        self.assertEqual(wizard.route_ids, route)
        with self.assertRaisesRegex(UserError, "R-USED"):
            splices.unlink()
        route.write({"state": "free", "operator_id": False})
        splices.unlink()

    def test_a_chain_never_comes_back_to_its_beginning(self):
        self.wiring.splice(self.feeder[0], self.drop[0])
        self.wiring.splice(self.drop[0], self.far[0])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "CB-A / ROUGE / 1"),
            self.cr.savepoint(),
        ):
            self.wiring.splice(self.far[0], self.feeder[0])

    def test_a_circle_made_in_one_go_is_refused_too(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ValidationError),
            self.cr.savepoint(),
        ):
            self.wiring.splice(
                self.feeder[0] | self.drop[0], self.drop[0] | self.feeder[0]
            )

    def test_the_database_refuses_an_end_used_twice(self):
        splice = self.wiring.splice(self.feeder[0], self.drop[0])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "INSERT INTO oiconnect_splice (upstream_id, downstream_id, network_id)"
                " VALUES (%s, %s, %s)",
                [self.feeder[0].id, self.drop[5].id, splice.network_id.id],
            )

    def test_both_fibres_are_of_one_pm(self):
        pm = self.wiring.pm("OICN-99001-0002")
        cable = self.wiring.cable(pm, "CB-ELSEWHERE")
        fibre = self.env["oiconnect.pbo.fibre"].create(
            {"cable_id": cable.id, "tube": "1", "fibre": "1"}
        )
        with self.assertRaisesRegex(UserError, "CB-ELSEWHERE"):
            self.wiring.splice(self.feeder[0], fibre)
        other = Network(self.env, "T94")
        pbo = other.pbo(other.pm(), "PBO-ELSEWHERE")
        with self.assertRaisesRegex(ValidationError, "one network"):
            self.wiring.splice(self.feeder[0], self.drop[0], pbo_id=pbo.id)

    def test_a_spliced_fibre_is_not_deleted(self):
        self.wiring.splice(self.feeder[0], self.drop[0])
        for fibre in (self.feeder[0], self.drop[0]):
            with self.assertRaisesRegex(UserError, "CB-A / ROUGE / 1 →"):
                fibre.unlink()

    def test_a_position_is_on_the_first_fibre_only(self):
        self.wiring.splice(self.feeder[0], self.drop[0])
        with self.assertRaisesRegex(ValidationError, "CB-B / ROUGE / 1"):
            self.wiring.position("P1", self.drop[0])

    def test_ranges_have_the_same_size_and_a_place(self):
        with self.assertRaisesRegex(UserError, ": 3, onto 2"):
            self.wizard(self.feeder[:3], self.drop[:2]).action_splice()
        with self.assertRaisesRegex(UserError, "box"):
            self.wizard(self.feeder[:1], self.drop[:1], pbo_id=False).action_splice()
        backwards = self.wizard(self.feeder[:1], self.drop[:1])
        backwards.upstream_first_id = self.feeder[5]
        with self.assertRaisesRegex(UserError, "order"):
            backwards.action_splice()

    def test_a_thousand_splices_cost_as_many_queries_as_ten(self):
        upper = self.wiring.strand_cable("CB-X", 400)
        lower = self.wiring.strand_cable("CB-Y", 400)

        def cost(first, last):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.wizard(upper[first:last], lower[first:last]).action_splice()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(0, 2)
        self.assertLessEqual(cost(20, 400), cost(2, 12) + 8)
