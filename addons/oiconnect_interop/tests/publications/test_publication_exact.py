from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.time_zone import local_today

from ..imports.import_common import ipe_line
from .published_common import CpnOperator, Operator, PublishedCase


class ExactCase(PublishedCase):
    """A full file, deltas, and what an operator makes of them."""

    def assertInStep(self, plan, operator, version="V3.1"):
        """The deltas so far are the full file of this moment, byte for byte."""
        [delta] = self._published(plan, "delta", version=version)
        [full] = self._published(plan, "full", version=version)
        operator.apply(delta)
        self.assertEqual(operator.lines, sorted(full.lines))
        return delta


@tagged("post_install", "-at_install")
class TestPublicationDelta(ExactCase):
    """Lines of a delta for a change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.building = cls._building(1)
        cls.other = cls._building(2)

    def setUp(self):
        super().setUp()
        [full] = self._published(self.plan, "full")
        self.operator = Operator(full)

    def _kinds(self):
        delta = self.assertInStep(self.plan, self.operator)
        return [row["TypeMouvement"] for row in delta.rows]

    def test_nothing_changed(self):
        delta = self.assertInStep(self.plan, self.operator)
        self.assertFalse(delta.lines)
        self.assertEqual(
            delta.header[:3],
            [*"TypeMouvement DateMouvement".split(), "IdentifiantImmeuble"],
        )

    def test_a_building_created_changed_and_deleted(self):
        self._building(3)
        self.assertEqual(self._kinds(), ["C"])
        self.building.street_name = "DES LILAS"
        self.assertEqual(self._kinds(), ["M"])
        self.other.unlink()
        self.assertEqual(self._kinds(), ["S"])

    def test_changed_and_changed_back_tells_nothing(self):
        day = self.building.last_change_date
        self.building.street_name = "DES LILAS"
        self.building.write({"street_name": "DES TILLEULS", "last_change_date": day})
        self.assertEqual(self._kinds(), [])

    def test_a_change_of_the_pm_changes_all_its_lines(self):
        self.pm.comment = "Face à la mairie"
        self.assertEqual(self._kinds(), ["M", "M"])

    def test_the_lot_of_a_pm_takes_another_reference(self):
        lot = self.env["oiconnect.lot"].create(
            {"reference": "LOT-01", "network_id": self.network.id}
        )
        self.pm.lot_id = lot
        self.assertEqual(self._kinds(), ["M", "M"])
        lot.reference = "LOT-02"
        self.assertEqual(self._kinds(), ["M", "M"])

    def test_another_identifier_is_another_line(self):
        self.building.identifier = "IMB/01004/X/0009"
        self.assertEqual(self._kinds(), ["S", "C"])

    def test_two_buildings_swap_their_identifiers(self):
        first, second = self.building.identifier, self.other.identifier
        for building, name in (
            (self.building, "X"),
            (self.other, first),
            (self.building, second),
        ):
            building.identifier = name
            building.flush_recordset()
        self.assertEqual(self._kinds(), ["S", "S", "C", "C"])

    def test_an_identifier_goes_from_a_deleted_building_to_a_new_one(self):
        self.building.unlink()
        self._building(1, street_name="DES LILAS")
        self.assertEqual(self._kinds(), ["S", "C"])

    def test_three_months_after_it_was_abandoned_it_is_removed(self):
        self.building.state = "abandoned"
        self.assertEqual(self._kinds(), ["M"])
        self.building.abandoned_date = local_today() - timedelta(days=100)
        delta = self.assertInStep(self.plan, self.operator)
        [row] = delta.rows
        self.assertEqual(row["TypeMouvement"], "S")
        # Before the movement: the line as it was last published
        self.assertEqual(row["EtatImmeuble"], "ABANDONNE")

    def test_written_below_the_orm_without_a_date(self):
        self.env.cr.execute(
            "UPDATE oiconnect_building SET city = 'BUGEY' WHERE id = %s",
            [self.building.id],
        )
        self.assertEqual(self._kinds(), ["M"])

    def test_the_delta_of_a_day_counts_its_lines(self):
        self._building(3)
        self.building.city = "BUGEY"
        self.other.unlink()
        [delta] = self._publish(self.plan, "delta")
        self.assertEqual(
            (delta.created_count, delta.modified_count, delta.removed_count), (1, 1, 1)
        )
        self.assertEqual(delta.line_count, 3)

    def test_a_first_delta_without_full_file_tells_everything(self):
        [delta] = self._published(self._plan(name="Autre"), "delta")
        self.assertEqual([row["TypeMouvement"] for row in delta.rows], ["C", "C"])

    def test_a_first_delta_with_its_full_file_tells_nothing(self):
        delta, full = self._published(self._plan(name="Autre"), "delta", "full")
        self.assertFalse(delta.lines)
        self.assertEqual(len(full.lines), 2)

    def test_two_versions_each_with_its_own_lines(self):
        [old] = self._published(self.plan, "full", version="V3.0")
        operator = Operator(old)
        self.building.rnb_code = "ABCD1234EFGH"
        self.assertInStep(self.plan, operator, "V3.0")
        self.assertEqual(self._kinds(), ["M"])

    def test_the_scope_of_the_plan_changes(self):
        self.other.pm_id = self._pm("OITI-01004-0002")
        self.assertEqual(self._kinds(), ["M"])
        self.plan.pm_ids = self.pm
        self.assertEqual(self._kinds(), ["S"])
        self.plan.pm_ids = False
        self.assertEqual(self._kinds(), ["C"])

    def test_an_import_is_published_as_the_form_is(self):
        self._imported(ipe_line(1), ipe_line(7))
        self.assertEqual(sorted(self._kinds()), ["C", "M", "M"])


# -- random histories ----------------------------------------------------------------

texts = (
    st.text(alphabet="ABCé ;\"'0129-", min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
dates = st.dates(date(2020, 1, 1), date(2026, 9, 1))
prose = st.text(alphabet='ABCé ;"\n\r\v.', max_size=20)
ranks = st.integers(1, 6)
building_changes = st.fixed_dictionaries(
    {},
    optional={
        "street_name": texts.filter(lambda text: text[0] not in "=+-@"),
        "building_name": st.sampled_from([False, "BAT A", "BAT B"]),
        "dwelling_count": st.integers(0, 400),
        "state": st.sampled_from(["target", "deploying", "abandoned"]),
        "syndic_conditions": prose,
        "line_length_km": st.sampled_from([0, 0.1, 1.25, 12]),
        "x": st.floats(800_000, 999_999, allow_nan=False),
        "rnb_code": st.sampled_from([False, "ABCD1234EFGH"]),
        "commercial_date": st.one_of(st.just(False), dates),
        "is_new": st.booleans(),
        "abandoned_date": dates,
    },
)
pm_changes = st.fixed_dictionaries(
    {},
    optional={
        "comment": prose,
        "max_capacity": st.integers(0, 1000),
        "installation_date": dates,
        "active_equipment_slot": st.booleans(),
        "address_quality": st.sampled_from([False, "precise", "approximate"]),
        "y": st.floats(6_000_000, 6_999_999, allow_nan=False),
    },
)
steps = st.one_of(
    st.tuples(st.just("building"), ranks, building_changes),
    st.tuples(st.just("pm"), st.integers(0, 1), pm_changes),
    st.tuples(st.just("move"), ranks, st.integers(0, 2)),
    st.tuples(st.just("rename"), ranks, ranks),
    st.tuples(st.just("unlink"), ranks, st.none()),
    st.tuples(st.just("import"), ranks, st.integers(1, 9)),
)
histories = st.lists(st.lists(steps, max_size=4), min_size=1, max_size=3)
# Behind the separator, which no cell holds, comes a sign that begins a formula.
NAMED = {"street_name": ";-0A-12"}
# A building takes the identifier that another has just left. Written by one statement,
# the second could come first and meet the first: each step is saved before the next.
CHAIN = [
    [("pm", 0, {"max_capacity": 273}), ("move", 3, 2), ("building", 3, NAMED)],
    [
        ("rename", 6, 5),
        ("pm", 0, {"comment": ""}),
        ("rename", 4, 1),
        ("unlink", 6, None),
    ],
]
# An example takes a second: what fails is shown as it was found, not made smaller.
RANDOM = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@tagged("post_install", "-at_install")
class TestPublicationHistories(ExactCase):
    """Invariant: full + deltas = full, and importing our files changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.pms = cls.pm | cls._pm("OITI-01004-0002")
        # Histories go where rules do not: nothing is to stop the files.
        cls.env["oiconnect.rule"].search(
            [("network_id", "=", cls.network.id)]
        ).filtered(lambda rule: not rule.fixed).severity = "warning"

    def _buildings(self):
        return self.env["oiconnect.building"].search(
            [("network_id", "=", self.network.id)], order="id"
        )

    def _play(self, kind, rank, value):
        buildings = self._buildings()
        building = buildings[rank % len(buildings) :][:1] if buildings else buildings
        if kind == "building":
            (building or self._building(rank)).write(value)
        elif kind == "pm":
            self.pms[rank].write(value)
        elif kind == "move" and building:
            building.pm_id = (self.pms | self.pms.browse(False))[value : value + 1]
        elif kind == "rename" and building:
            name = f"IMB/01004/X/{value:04d}"
            if name not in buildings.mapped("identifier"):
                building.identifier = name
        elif kind == "unlink":
            building.unlink()
        elif kind == "import":
            self._imported(ipe_line(rank, {"NumeroVoieImmeuble": str(value)}))

    def _example(self, history, version):
        with self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
            for rank in (1, 2, 3):
                self._building(rank)
            [full] = self._published(self.plan, "full", version=version)
            operator = Operator(full)
            for period in history:
                for step in period:
                    self._play(*step)
                    self.env.flush_all()
                self.assertInStep(self.plan, operator, version)
            self._check_import(version)
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _check_import(self, version):
        [full] = self._published(self.plan, "full", version=version)
        if not full.lines:
            return
        done = self._import(full.raw, full.publication.name)
        errors = done.error_ids.filtered(lambda error: error.severity == "error")
        self.assertFalse(errors.mapped("message"))
        self.assertEqual(
            [(c.created, c.changed) for c in done.count_ids],
            [(0, 0)] * len(done.count_ids),
        )
        [again] = self._published(self.plan, "full", version=version)
        self.assertEqual(again.lines, full.lines)

    @RANDOM
    @given(histories)
    @example(CHAIN)
    def test_random_histories_v31(self, history):
        self._example(history, "V3.1")

    # Another version has other columns; what histories are made of is the same.
    @settings(RANDOM, max_examples=2)
    @given(histories)
    @example(CHAIN)
    def test_random_histories_v30(self, history):
        self._example(history, "V3.0")


@tagged("post_install", "-at_install")
class TestPublicationCpn(ExactCase):
    """The CPN: links of PMs, to their PRDM and NRO."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan("cpn")
        own = {"network_id": cls.network.id}
        cls.nro = cls.env["oiconnect.nro"].create(
            {
                **own,
                "reference": "01004NRO1",
                "state": "deployed",
                "nro_type": "pon_ptp",
                "insee_code": "01004",
                "city": "AMBERIEU-EN-BUGEY",
                "projection": "RGF93",
                "x": 870000,
                "y": 6547000,
            }
        )
        cls.prdm = cls.env["oiconnect.prdm"].create(
            {**own, "reference": "OITI-PRDM-0001", "nro_id": cls.nro.id}
        )
        cls.pm.prdm_id = cls.prdm
        cls.link = cls.env["oiconnect.pm.link"].create(
            {
                **own,
                "reference": "OITI-LNP-0001",
                "state": "deployed",
                "pm_id": cls.pm.id,
                "prdm_id": cls.prdm.id,
                "length_km": 2.15,
                "capacity": 36,
                "used_fibre_count": 12,
            }
        )

    def test_the_line_of_a_link(self):
        [full] = self._published(self.plan, "full")
        [row] = full.rows
        expected = {
            "CodeOI": "OITI",
            "ReferencePM": "OITI-01004-0001",
            "ReferencePRDM": "OITI-PRDM-0001",
            "ReferenceNRO": "01004NRO1",
            "TypeNRO": "NRO-PON-PTP",
            "EtatNRO": "DEPLOYE",
            "EtatLienPMPRDM": "DEPLOYE",
            "ReferenceLienPMPRDM": "OITI-LNP-0001",
            "LongueurLienPMPRDM": "2,15",
            "CapaciteLienPMPRDM": "36",
            "NbFODisponibles": "24",
            "CoordonneeNROX": "870000,00",
        }
        self.assertEqual({name: row[name] for name in expected}, expected)

    def test_a_link_without_free_fibre_says_zero(self):
        self.link.used_fibre_count = 36
        [full] = self._published(self.plan, "full")
        self.assertEqual(full.rows[0]["NbFODisponibles"], "0")

    def test_a_pm_without_link_tells_its_prdm(self):
        self.link.unlink()
        [full] = self._published(self.plan, "full")
        [row] = full.rows
        self.assertEqual(row["ReferencePRDM"], "OITI-PRDM-0001")
        self.assertEqual(row["ReferenceLienPMPRDM"], "")

    def test_a_pm_that_reaches_no_nro_is_not_published(self):
        self._pm("OITI-01004-0002")
        [full] = self._published(self.plan, "full")
        self.assertEqual(len(full.lines), 1)

    def test_deltas_of_links_and_nros(self):
        [full] = self._published(self.plan, "full")
        operator = CpnOperator(full)
        self.nro.city = "BUGEY"
        self.assertInStep(self.plan, operator)
        self.link.copy({"reference": "OITI-LNP-0002"})
        self.assertInStep(self.plan, operator)
        self.link.unlink()
        delta = self.assertInStep(self.plan, operator)
        self.assertEqual([row["TypeMouvement"] for row in delta.rows], ["S"])
        self.prdm.reference = "OITI-PRDM-0009"
        self.assertInStep(self.plan, operator)

    def test_what_we_publish_changes_nothing(self):
        self._pm("OITI-01004-0002", prdm_id=self.prdm.id)
        [full] = self._published(self.plan, "full")
        done = self._import(full.raw, full.publication.name)
        self.assertFalse(done.error_ids.mapped("message"))
        self.assertEqual(sum(c.created + c.changed for c in done.count_ids), 0)
