from psycopg2.errors import CheckViolation

from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from ..common import InfraCase


@tagged("post_install", "-at_install")
class TestCapacity(InfraCase):
    """Number of routes left, counted from the routes themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cable = cls.net.cable(cls.pm)
        cls.module = cls.net.module(cls.pm)
        cls.routes = cls.net.routes(cls.pbo, 6, cls.cable, cls.module)
        cls.pto = cls.net.pto(cls.building, "ZZ-0000-0001")

    def take(self, count, state="used"):
        """Give ``count`` free routes to an operator."""
        routes = self.routes.filtered(
            lambda route: route.state == "free" and not route.pto_id
        )[:count]
        self.assertEqual(len(routes), count)
        routes.write({"state": state, "operator_id": self.ocaa.id})
        return routes

    def counts(self, record):
        names = ("total", "free", "wired", "reserved", "used", "out")
        return [record[f"capacity_{name}"] for name in names]

    # ------------------------------------------------------------------

    def test_each_route_is_counted_once_at_every_level(self):
        self.take(2)
        self.take(1, "reserved")
        self.routes[4].write({"pto_id": self.pto.id, "connector_number": 1})
        self.routes[5].state = "out_of_service"
        for record in (self.pbo, self.cable, self.module, self.pm):
            with self.subTest(record._name):
                self.assertEqual(self.counts(record), [6, 1, 1, 1, 2, 1])
                self.assertEqual(sum(self.counts(record)[1:]), 6)
                self.assertEqual(record.occupation["reserved"], 1)

    def test_a_reservation_is_seen_at_once(self):
        self.assertEqual(self.pbo.capacity_free, 6)
        self.env["oiconnect.route"]._reserve_free(self.pbo, self.ocaa, self.pto)
        self.assertEqual(self.pbo.capacity_free, 5)
        self.assertEqual(self.pm.capacity_reserved, 1)

    def test_fibres_and_positions_without_a_route_are_distinguished(self):
        self.env["oiconnect.pbo.fibre"].create(
            {
                "cable_id": self.cable.id,
                "tube": "9",
                "fibre": "9",
                "pbo_id": self.pbo.id,
            }
        )
        self.env["oiconnect.pm.position"].create(
            [{"module_id": self.module.id, "name": f"LIBRE {n}"} for n in range(2)]
        )
        self.assertEqual((self.pbo.capacity_bare, self.cable.capacity_bare), (1, 1))
        self.assertEqual((self.module.capacity_bare, self.pm.capacity_bare), (2, 2))
        self.assertEqual(self.pbo.capacity_total, 6)

    def test_a_cable_behind_the_pm_carries_the_routes_that_go_on_in_another(self):
        """Its fibres are spliced: the routes end in the next cable, and fill both."""
        feeder = self.net.cable(self.pm, "CB-TRANSPORT")
        fibres = self.env["oiconnect.pbo.fibre"].create(
            [{"cable_id": feeder.id, "tube": "1", "fibre": str(n)} for n in range(8)]
        )
        for position, fibre in zip(self.routes.position_id, fibres, strict=False):
            position.write(
                {"cable_id": feeder.id, "tube": fibre.tube, "fibre": fibre.fibre}
            )
        self.assertEqual(feeder.saturation, "free")
        self.take(5)
        self.take(1, "reserved")
        for cable in (feeder, self.cable):
            with self.subTest(cable.reference):
                self.assertEqual(self.counts(cable), [6, 0, 0, 1, 5, 0])
                self.assertEqual(cable.saturation, "full")
                self.assertEqual(cable.route_count, 6)
        full = self.env["oiconnect.pbo.cable"].search([("saturation", "=", "full")])
        self.assertLessEqual({feeder, self.cable}, set(full))
        action = feeder.with_context(neighbours="route_ids").action_view_neighbours()
        shown = self.env["oiconnect.route"].search(action["domain"])
        self.assertEqual(shown, self.routes.sorted())
        self.assertEqual(feeder.capacity_bare, 2)
        lower = self.net.cable(self.pm, "CB-SUITE")
        end = fibres.create({"cable_id": lower.id, "tube": "1", "fibre": "1"})
        self.env["oiconnect.splice"].create(
            {"upstream_id": fibres[7].id, "downstream_id": end.id, "box": "CH-1"}
        )
        self.env.invalidate_all()
        self.assertEqual((feeder.capacity_bare, lower.capacity_bare), (1, 1))

    def test_a_page_of_records_is_counted_in_one_query(self):
        pbos = self.pbo
        for rank in range(3):
            pbos |= self.net.pbo(self.pm, f"PBO-{rank}")
        pbos.invalidate_recordset()
        self.env.flush_all()
        pbos.mapped("network_id.saturation_low_count")
        with self.assertQueryCount(2):
            pbos.mapped("saturation")

    # ------------------------------------------------------------------

    def test_from_free_to_full(self):
        self.assertEqual(self.pbo.saturation, "free")
        self.take(5)
        self.assertEqual(self.pbo.saturation, "low")
        self.take(1, "reserved")
        self.assertEqual(self.pbo.saturation, "full")

    def test_a_pbo_without_routes_is_neither_free_nor_full(self):
        bare = self.net.pbo(self.pm, "PBO-SANS-ROUTE")
        self.assertEqual((bare.saturation, bare.capacity_total), ("none", 0))
        self.assertEqual(bare.occupation["total"], 0)

    def test_a_free_route_of_another_dwelling_does_not_help_a_new_one(self):
        """After a termination the route stays at its PTO."""
        self.take(5)
        self.routes[5].write({"pto_id": self.pto.id, "connector_number": 1})
        self.assertEqual(self.pbo.capacity_wired, 1)
        self.assertEqual(self.pbo.saturation, "full")
        other = self.net.pto(self.building, "ZZ-0000-0002")
        reserve = self.env["oiconnect.route"]._reserve_free
        self.assertFalse(reserve(self.pbo, self.ocbb, other))
        self.assertTrue(reserve(self.pbo, self.ocbb, self.pto))

    def test_each_network_has_its_thresholds(self):
        self.take(3)
        self.assertEqual(self.pbo.saturation, "free")
        self.net.network.saturation_low_percent = 60
        self.env.invalidate_all()
        self.assertEqual(self.pbo.saturation, "low")
        self.net.network.write({"saturation_low_percent": 0, "saturation_low_count": 3})
        self.env.invalidate_all()
        self.assertEqual(self.pbo.saturation, "low")
        self.assertIn(self.pbo, self.search(self.pbo, "low"))

    @mute_logger("odoo.sql_db")
    def test_thresholds_that_mean_nothing_are_refused(self):
        for values in ({"saturation_low_percent": 101}, {"saturation_low_count": -1}):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.net.network.write(values)
                self.env.flush_all()

    # ------------------------------------------------------------------

    def search(self, record, *values, operator="in"):
        return record.search([("saturation", operator, values)])

    def test_filtered_by_saturation_like_the_badge_says(self):
        bare = self.net.pbo(self.pm, "PBO-SANS-ROUTE")
        for taken, level in ((0, "free"), (5, "low"), (1, "full")):
            self.take(taken)
            for record in (self.pbo, self.cable, self.module, self.pm):
                with self.subTest(record._name, level=level):
                    self.assertEqual(record.saturation, level)
                    self.assertIn(record, self.search(record, level))
                    self.assertIn(record, self.search(record, level, "none"))
                    self.assertNotIn(
                        record, self.search(record, level, operator="not in")
                    )
                    self.assertEqual(
                        record.filtered_domain([("saturation", "=", level)]), record
                    )
        self.assertIn(bare, self.search(bare, "none"))
        self.assertNotIn(bare, self.search(bare, "free", "low", "full"))

    def test_a_filter_on_an_unknown_level_finds_nothing(self):
        self.assertFalse(self.search(self.pbo, "overflowing"))

    def test_grouped_by_saturation(self):
        self.net.pbo(self.pm, "PBO-SANS-ROUTE")
        self.take(6)
        groups = self.pbo._read_group(
            [("pm_id", "=", self.pm.id)], ["saturation"], ["__count"]
        )
        self.assertEqual(dict(groups), {"full": 1, "none": 1})
        self.assertTrue(self.pbo.fields_get(["saturation"])["saturation"]["groupable"])

    def test_many_at_once_for_the_map(self):
        bare = self.net.pbo(self.pm, "PBO-SANS-ROUTE")
        self.take(6)
        with self.assertQueryCount(2):
            levels = self.pbo._saturations([self.pbo.id, bare.id])
        self.assertEqual(levels, {self.pbo.id: "full", bare.id: "none"})
        self.assertEqual(self.pbo._saturations([]), {})

    def test_the_routes_of_a_pbo_are_counted_in_the_index(self):
        # Of a few rows, anything else is as cheap.
        for other in ("seqscan", "bitmapscan"):
            self.env.cr.execute(SQL("SET LOCAL %s = off", SQL(f"enable_{other}")))
        for record, index in (
            (self.pbo, "oiconnect_route_pbo_state_idx"),
            (self.cable, "oiconnect_route_cable_state_idx"),
            (self.module, "oiconnect_route_module_state_idx"),
            (self.pm, "oiconnect_route_pm_state_idx"),
        ):
            query = record._search([("saturation", "=", "full")], limit=80)
            self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(line for (line,) in self.env.cr.fetchall())
            self.assertRegex(plan, rf"Index Only Scan using {index}")


@tagged("post_install", "-at_install")
class TestLinkCapacity(InfraCase):
    """A link counts its fibres, listed one by one or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.link = cls.net.make(
            "oiconnect.pm.link",
            reference="OICN-LNP-0001",
            pm_id=cls.pm.id,
            prdm_id=cls.net.make("oiconnect.prdm", reference="PRDM-1").id,
            capacity=24,
            used_fibre_count=4,
        )

    def test_by_its_two_numbers(self):
        self.assertEqual((self.link.capacity_total, self.link.capacity_free), (24, 20))
        self.assertEqual(self.link.saturation, "free")
        with Form(self.link) as form:
            form.used_fibre_count = 23
        self.assertEqual(self.link.saturation, "low")
        self.link.used_fibre_count = 24
        self.assertEqual(self.link.saturation, "full")
        self.assertIn(self.link, self.link.search([("saturation", "=", "full")]))

    def test_a_link_without_fibres_is_not_full(self):
        self.link.write({"capacity": 0, "used_fibre_count": 0})
        self.assertEqual(self.link.saturation, "none")

    def test_by_its_fibres_when_they_are_listed(self):
        fibres = self.env["oiconnect.pm.link.fibre"].create(
            [{"link_id": self.link.id, "number": number} for number in range(1, 5)]
        )
        fibres[0].write({"state": "used", "operator_id": self.ocaa.id})
        fibres[1].write({"state": "reserved", "operator_id": self.ocaa.id})
        fibres[2].state = "out_of_service"
        self.assertEqual(
            self.link.occupation,
            {"total": 4, "free": 1, "wired": 0, "reserved": 1, "used": 1, "out": 1},
        )
        self.assertEqual(self.link.saturation, "low")
