from odoo.tests import tagged

from .published_common import PublishedCase


@tagged("post_install", "-at_install")
class TestKnownKeyPublished(PublishedCase):
    """The action announces exactly what the next delta has."""

    def setUp(self):
        super().setUp()
        self.plan = self._plan(name="IPE du jour")
        self.buildings = self._building(1) | self._building(2)

    def _effects(self, record):
        return " ".join(record.with_context(lang="fr_FR")._key_change_effects())

    def test_a_building_is_removed_then_created(self):
        self._published(self.plan, "full")
        building = self.buildings[0]
        effects = self._effects(building)
        self.assertIn("« IPE du jour »", effects)
        self.assertIn("supprimées", effects)
        self.assertIn(" : 1.", effects)
        building._change_key("IMB/01004/X/0042", "Renumérotation")
        [delta] = self._published(self.plan, "delta")
        self.assertEqual(
            [(row["TypeMouvement"], row["IdentifiantImmeuble"]) for row in delta.rows],
            [("S", "IMB/01004/X/0001"), ("C", "IMB/01004/X/0042")],
        )

    def test_the_buildings_that_operators_have_a_line_of(self):
        network = self.network.id
        query = self.env["oiconnect.building"]._published_ids(network)
        self.assertEqual(self.env.execute_query(query), [])
        self._published(self.plan, "full")
        found = {record for (record,) in self.env.execute_query(query)}
        self.assertEqual(found, set(self.buildings.ids))
        self.assertIsNone(self.env["oiconnect.pm"]._published_ids(network))

    def test_the_buildings_of_a_pm_are_modified(self):
        self._published(self.plan, "full")
        effects = self._effects(self.pm)
        self.assertIn("modifiées", effects)
        self.assertIn(" : 2.", effects)
        self.pm._change_key("OITI-01004-0042", "Renumérotation")
        [delta] = self._published(self.plan, "delta")
        self.assertEqual(
            [(row["TypeMouvement"], row["ReferencePM"]) for row in delta.rows],
            [("M", "OITI-01004-0042")] * 2,
        )

    def test_what_no_file_tells_is_said(self):
        pbo = self.env["oiconnect.pbo"].create(
            {
                "network_id": self.network.id,
                "pm_id": self.pm.id,
                "reference": "PBO-01-004-001-0001",
            }
        )
        for record in (self.buildings[0], self.pm, pbo):
            with self.subTest(record._name):
                self.assertIn("Aucun fichier publié", self._effects(record))
