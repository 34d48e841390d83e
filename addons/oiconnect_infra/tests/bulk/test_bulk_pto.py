# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

import random

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, Form, tagged

from odoo.addons.oiconnect_base.tests.two_transactions import WAIT, TwoTransactionsCase

from ...pto_reference import ALPHABET, FORM, SIZE, reference_of
from ..common import Network
from .test_bulk_fibres import BulkCase

numbers = st.integers(0, SIZE - 1)


@tagged("post_install", "-at_install")
class TestPtoReference(BaseCase):
    """References OO-XXXX-XXXX, without the letters that are read as digits."""

    @given(numbers)
    def test_the_form(self, number):
        self.assertTrue(FORM.fullmatch(reference_of("ZZ", number)))

    @given(numbers, numbers)
    def test_two_numbers_never_give_one_reference(self, one, other):
        same = reference_of("ZZ", one) == reference_of("ZZ", other)
        self.assertEqual(same, one == other)

    def test_neighbours_do_not_look_alike(self):
        made = [reference_of("ZZ", number) for number in range(20_000)]
        self.assertEqual(len(set(made)), len(made))
        self.assertGreater(len({reference[3] for reference in made[:200]}), 20)
        self.assertFalse({"I", "O"} & set("".join(made).replace("ZZ", "")))
        self.assertEqual(len(ALPHABET), 34)

    def test_no_number_beyond_the_last(self):
        for number in (-1, SIZE):
            with self.assertRaises(ValueError):
                reference_of("ZZ", number)


@tagged("post_install", "-at_install")
class TestPtoGeneration(BulkCase):
    """New references for the PTOs of a building, or for labels."""

    def generate(self, **values):
        return self.wizard("oiconnect.pto.generation", **values)

    def test_one_pto_for_each_dwelling_of_a_building(self):
        self.building.write({"dwelling_count": 6, "pbo_ids": [(4, self.pbo.id)]})
        self.net.pto(self.building, "ZZ-0000-0001")
        wizard = self.generate(building_id=self.building.id, reason="Pré-câblage")
        self.assertEqual(wizard.count, 5)
        self.assertIn("IMB/99001/X/0001", wizard.preview)
        action = wizard.action_apply()
        made = self.env["oiconnect.pto"].search(action["domain"])
        self.assertEqual(len(made), 5)
        self.assertEqual(self.building.pto_count, 6)
        self.assertEqual(made.pbo_id, self.pbo)
        self.assertEqual(set(made.mapped("state")), {"to_build"})
        for reference in made.mapped("reference"):
            self.assertTrue(FORM.fullmatch(reference))
            self.assertTrue(reference.startswith("ZZ-"))
        lines = self.batch(wizard)
        self.assertEqual(set(lines.mapped("res_id")), set(made.ids))
        self.assertEqual(set(lines.mapped("reason")), {"Pré-câblage"})

    def test_level_by_level(self):
        self.building.dwelling_count = 5
        for floor, dwellings, pbo in (("1", 2, self.pbo), ("2", 3, self.other_pbo)):
            self.env["oiconnect.building.level"].create(
                {
                    "building_id": self.building.id,
                    "floor": floor,
                    "dwelling_count": dwellings,
                    "pbo_id": pbo.id,
                }
            )
        wizard = self.generate(building_id=self.building.id, by_level=True)
        wizard.action_apply()
        by_floor = self.building.pto_ids.grouped(lambda pto: pto.level_id.floor)
        self.assertEqual({floor: len(ptos) for floor, ptos in by_floor.items()},
                         {"1": 2, "2": 3})  # fmt: skip
        self.assertEqual(by_floor["2"].pbo_id, self.other_pbo)

    def test_not_more_ptos_than_dwellings(self):
        self.building.dwelling_count = 2
        self.refused(
            self.generate(building_id=self.building.id, count=3),
            "Dwellings without a socket in building",
        )
        self.generate(building_id=self.building.id).action_apply()
        wizard = self.generate(building_id=self.building.id)
        self.refused(wizard, *self.building.pto_ids.mapped("reference"))

    def test_missing_values_are_required(self):
        self.refused(self.generate(), "Choose the building")
        self.refused(
            self.generate(building_id=self.building.id, by_level=True), "no levels"
        )
        self.refused(self.generate(target="lot"), "name")
        self.refused(self.generate(target="lot", name="A", count=9999), "1 to 5000")

    def test_a_lot_of_references_for_labels(self):
        wizards = self.env["oiconnect.pto.generation"].with_user(self.user)
        with Form(wizards) as form:
            form.target = "lot"
            form.network_id = self.net.network
            form.name = "Étiquettes de mars"
            form.count = 50
        action = form.record.action_apply()
        lot = self.env["oiconnect.pto.lot"].browse(action["res_id"])
        references = lot.references.split("\n")
        self.assertEqual((len(set(references)), lot.count), (50, 50))
        self.assertEqual(self.batch(form.record).res_id, lot.id)
        self.building.dwelling_count = 40
        self.generate(building_id=self.building.id).action_apply()
        given_out = set(self.building.pto_ids.mapped("reference"))
        self.assertFalse(given_out & set(references))

    def test_a_reference_that_was_imported_is_passed_over(self):
        lots = self.env["oiconnect.pto.lot"]
        self.env.cr.execute("SELECT nextval('oiconnect_pto_number')")
        [number] = self.env.cr.fetchone()
        taken = [reference_of("ZZ", number + rank) for rank in (1, 3)]
        for reference in taken:
            self.net.pto(self.building, reference)
        made = lots._new_references(self.net.network, 4)
        self.assertEqual(
            made, [reference_of("ZZ", number + rank) for rank in (2, 4, 5, 6)]
        )

    def test_labels_pass_over_ptos_of_another_network_and_of_another_series(self):
        """References of orders from before labels and orders shared one counter."""
        other = Network(self.env, "T97")
        self.env.cr.execute("SELECT nextval('oiconnect_pto_number')")
        [number] = self.env.cr.fetchone()
        taken = reference_of("ZZ", number + 1)
        other.pto(other.building("IMB/99001/X/0097"), taken)
        existing = self.net.pto(self.building, "ZZ-0000-0001")
        made = self.env["oiconnect.pto.lot"]._new_references(self.net.network, 30)
        self.assertFalse({taken, existing.reference} & set(made))
        self.assertEqual(existing.reference, "ZZ-0000-0001", "what exists stays")


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestPtoConcurrency(TwoTransactionsCase):
    """Users who generate at the same time share no reference."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self.network_id = Network(self._env(cr), "T96").network.id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            self._delete(cr, "oiconnect_network", "id", self.network_id)

    def _generate(self, cr):
        env = self._env(cr)
        network = env["oiconnect.network"].browse(self.network_id)
        return [
            reference
            for _round in range(5)
            for reference in env["oiconnect.pto.lot"]._new_references(
                network, random.randint(10, 60)
            )
        ]

    def test_four_at_once(self):
        rivals = [self._start_rival(self._generate) for _user in range(4)]
        for rival in rivals:
            rival.join(WAIT)
        made = [reference for rival in rivals for reference in rival.found]
        self.assertGreater(len(made), 200)
        self.assertEqual(len(set(made)), len(made))
